"""Scenarios: what would change if something were done, side by side, and the cheapest mix within stated limits."""
