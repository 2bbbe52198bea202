"""The money of packages: what is owed, what was paid, and the visits by which some of it is counted."""
