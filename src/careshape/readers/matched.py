"""Which figure of one edition is which of another: by what it asks, not by how it is printed or where it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from careshape.readers.stated import Stated


def matched(new: Mapping[str, Stated], old: Mapping[str, Stated]) -> dict[str, str]:
    """The name of each figure of the later edition -> its name in the earlier; what has none there is left out.

    By name first. What then is left on both sides is matched by its shape (growth between two other years), and at last
    by its label (a figure that went from the text into a table, a table under another name), where that is one's alone.
    """
    found = {name: name for name in new if name in old}
    for alike in (_shape, _label):
        here = _only(alike, {name: one for name, one in new.items() if name not in found})
        taken = set(found.values())
        there = _only(alike, {name: one for name, one in old.items() if name not in taken})
        found |= {here[key]: there[key] for key in here if key in there}
    return found


def _shape(one: Stated) -> str:
    return one.shape


def _label(one: Stated) -> str:
    return one.label


def _only(key: Callable[[Stated], str], figures: Mapping[str, Stated]) -> dict[tuple[str, str], str]:
    """Key and unit -> name of the figures that alone have both: people are never set beside hours."""
    names = defaultdict(list)
    for name, one in figures.items():
        names[key(one), one.unit].append(name)
    return {given: only[0] for given, only in names.items() if given[0] and len(only) == 1}
