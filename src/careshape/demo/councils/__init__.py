"""The synthetic councils: what is particular to each, on the common mechanism."""
