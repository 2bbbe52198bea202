"""Rank among comparators, with ties stated: standard competition rank, "joint 3rd of 152"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Good = Literal["up", "down", "neither"]


@dataclass(frozen=True)
class Standing:
    """The place of one area among those that have a figure.

    Attributes:
        rank: 1 + how many areas stand before it; areas with one figure share a rank, and the next ranks are left out.
        of: how many areas have a figure; sharing: how many of them have this very figure.
        quarter: 1 to 4; 1 holds the first quarter of the places.
    """

    rank: int
    of: int
    sharing: int

    @property
    def joint(self) -> bool:
        """Whether others have the same figure."""
        return self.sharing > 1

    @property
    def quarter(self) -> int:
        """Quarter of the places in which the rank falls."""
        return 1 + 4 * (self.rank - 1) // self.of

    @property
    def text(self) -> str:
        """ "joint 3rd of 152"."""
        return f"{'joint ' if self.joint else ''}{ordinal(self.rank)} of {self.of}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 22nd."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def standings(
    values: Sequence[float | None], good: Good = "neither", decimals: int | None = None
) -> list[Standing | None]:
    """The standing of each value; None where there is none, which is neither ranked nor counted.

    Args:
        good: "up" ranks from the highest; "down" and "neither" from the lowest.
        decimals: places to which the figures are printed: what prints the same is a tie.
    """
    kept = [one if one is None or decimals is None else round(one, decimals) for one in values]
    present = [one for one in kept if one is not None]
    counts: dict[float, int] = {}
    for one in present:
        counts[one] = counts.get(one, 0) + 1
    before, ranks = 0, {}
    for one in sorted(counts, reverse=good == "up"):
        ranks[one] = 1 + before
        before += counts[one]
    return [None if one is None else Standing(ranks[one], len(present), counts[one]) for one in kept]


def meaning_of_first(good: Good) -> str:
    """What rank 1 says."""
    return {
        "up": "highest, which is best",
        "down": "lowest, which is best",
        "neither": "lowest; neither end is better",
    }[good]
