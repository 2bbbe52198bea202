"""How much of what there is was taken: told beside a gap, which is no shortage while other places stand empty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from careshape.evaluate.gap.supply import ALL
from careshape.language import month_of, say

FULL: Final = 0.995
"""Share from which nothing worth telling stands empty."""


@dataclass(frozen=True)
class Taken:
    """The share of the places of a service that was taken on a day.

    Attributes:
        share: 0 to 1. as_of: the last day of the month that it is of.
        source: where it comes from, in words.
    """

    service: str
    share: float
    as_of: date
    source: str
    client_group: str = ALL
    area: str = ALL


@dataclass(frozen=True)
class Room:
    """A gap beside what was taken: its share and day, whether that is of the whole area though the gap is not.

    ``counted`` says that the empty places are counted in what there is; ``enough`` that they are more than the gap, and
    None that nothing is lacking.
    """

    share: float
    as_of: date
    whole: bool = False
    counted: bool = False
    enough: bool | None = None

    @property
    def said(self) -> str:
        """What that means for who reads the gap, in one sentence."""
        where = say(" in the whole area") if self.whole else ""
        lead = say(
            "About {share}% of the places{where} were taken in {month}",
            share=round(100 * self.share),
            where=where,
            month=month_of(self.as_of),
        )
        if self.counted:
            return say("{lead}; those that stood empty count among what there is.", lead=lead)
        if self.enough is None:
            return f"{lead}."
        here = say("if so here too, ") if self.whole else ""
        if not self.enough:
            return say("{lead}: {here}what stood empty would not be enough for this.", lead=lead, here=here)
        return say("{lead}: {here}more stood empty than this, which is no shortage of places.", lead=lead, here=here)


def taken_of(known: Iterable[Taken], service: str, client_group: str, area: str) -> Taken | None:
    """The newest of what is known of a service and client group: of the area, else of the whole area."""
    fitting = [one for one in known if (one.service, one.client_group) == (service, client_group)]
    for place in (area, ALL):
        here = [one for one in fitting if one.area == place]
        if here:
            return max(here, key=lambda one: one.as_of)
    return None


def room(found: Taken, area: str, *, bought: float, planned: float, more: float, counted: bool) -> Room | None:
    """What was taken beside a gap; None where all of it was.

    Args:
        bought: the places that the gap is measured against. planned: the share of places that is planned to be in use.
        more: the gap. counted: whether ``bought`` are all places there are, and not those that were in use.
    """
    if found.share >= FULL:
        return None
    empty = bought * (planned / found.share - 1) if found.share > 0 else float("inf")
    enough = None if more <= 0 else empty >= more
    return Room(found.share, found.as_of, area != found.area, counted, enough)
