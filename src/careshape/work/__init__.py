"""A place to work: each role's home, imports, registers, measures, search, and the API over the same acts."""
