"""Councils, organisations, teams and the people who sign in, and in which role."""
