"""What kind of area a code of the Office for National Statistics names."""

from __future__ import annotations

LEVELS = {
    "E92": "country",
    "K02": "country",
    "K03": "country",
    "K04": "country",
    "W92": "country",
    "S92": "country",
    "N92": "country",
    "E12": "region",
    "E10": "council",
    "E06": "council",
    "E08": "council",
    "E09": "council",
    "E07": "district",
    "E13": "group",
    "E11": "group",
    "E47": "group",
    "E54": "integrated-care-board",
    "E01": "neighbourhood",
    "E02": "neighbourhood-group",
    "W06": "council",
    "S12": "council",
    "N09": "council",
}
"""First three characters -> level. A unitary authority is a council and its own district at once."""


def level_of(code: str) -> str:
    """The level of an area by its code; "other" where the code is of no known kind."""
    return LEVELS.get(code[:3], "other")
