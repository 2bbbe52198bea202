"""Bring a draft up to date with what came into force meanwhile: heading by heading, with nobody's words lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

Rows = Sequence[dict[str, str]]
_HEADING: Final = re.compile(r"^(?=## )", re.MULTILINE)
PARTICULARS: Final = "the particulars"


@dataclass(frozen=True)
class Merged:
    """A draft brought up to date; ``both`` names the parts that both changed, in which the draft's words stand."""

    content: str
    both: tuple[str, ...]
    theirs: tuple[str, ...]
    """The parts that were taken from what is in force."""


def merge(base: str, mine: str, now: str, split: Callable[[str], dict[str, str]] | None = None) -> Merged:
    """Take from ``now`` what the draft ``mine`` left as it was in ``base``, piece by piece as ``split`` gives them."""
    was, own, other = ((split or split_headings)(one) for one in (base, mine, now))
    both: list[str] = []
    theirs: list[str] = []
    made: list[str] = []
    for name in _order(own, other):
        before, here, there = (one.get(name) for one in (was, own, other))
        if here == before and there != before:
            theirs.append(name)
            chosen = there
        else:
            if here not in (before, there) and there != before:
                both.append(name)
            chosen = here
        if chosen is not None:
            made.append(chosen)
    return Merged("\n\n".join(one.strip("\n") for one in made) + "\n", tuple(both), tuple(theirs))


def merge_rows(base: Rows, mine: Rows, now: Rows, key: str = "id") -> tuple[list[dict[str, str]], tuple[str, ...]]:
    """Rows brought up to date, by their key and field by field; with the keys of those in which both changed a field.

    Where both did, what stands in ``mine`` is kept.
    """
    was, own, other = ({row[key]: row for row in rows} for rows in (base, mine, now))
    both: list[str] = []
    made: list[dict[str, str]] = []
    for name in dict.fromkeys((*other, *own)):
        before, here, there = (one.get(name) for one in (was, own, other))
        chosen = there if here == before else here
        if here not in (before, there) and there != before:
            if before and here and there:
                chosen = {field: there[field] if here[field] == before[field] else here[field] for field in here}
                clash = any(
                    here[field] not in (before[field], there[field]) and there[field] != before[field] for field in here
                )
            else:
                clash = True
            both += [name] if clash else []
        if chosen is not None:
            made.append(chosen)
    return made, tuple(both)


def split_headings(content: str) -> dict[str, str]:
    """Heading -> its whole part; what stands before the first heading comes first."""
    found: dict[str, str] = {}
    for piece in _HEADING.split(content):
        heading = re.match(r"## +(.+?) *(?:\n|\Z)", piece)
        name = heading[1] if heading else PARTICULARS
        found[name] = f"{found[name]}\n{piece.strip()}" if name in found else piece.strip()
    return found


def _order(own: dict[str, str], other: dict[str, str]) -> list[str]:
    """The parts in the draft's order; each that only the other has stands behind the one that it follows there."""
    order = list(own)
    before = ""
    for name in other:
        if name not in own:
            order.insert(order.index(before) + 1 if before else 0, name)
        before = name
    return order
