"""Packages of care: what is told of them, the lines that follow, and their way into the records."""
