"""Suppression: the fewest cells to hide so that no protected one can be deduced."""
