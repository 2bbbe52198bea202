"""What others than the council arrange: people who pay for themselves, the NHS and other councils."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from careshape.catalogue import catalogue
from careshape.evaluate.gap.gap import Expected
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.evaluate.need.draws import generator
from careshape.evaluate.need.shares import COUNCIL, LOCAL, Share, shares
from careshape.home import Home


@dataclass(frozen=True)
class Others:
    """Estimates the demand of others from the council's share of each market, as far as that is known."""

    home: Home
    authority: str
    seed: int = 1

    @cached_property
    def _shares(self) -> list[Share]:
        """The council's shares: local ones first, those for certain people before those for everybody."""
        known = [one for one in shares(self.home, self.authority) if one.segment == COUNCIL]
        return sorted(known, key=lambda one: (one.scope != LOCAL, not one.client_group))

    def _share(self, service: str, client_group: str) -> Share | None:
        book = catalogue()
        people = set() if client_group == ALL else set(book.members("client_group", client_group))
        for one in self._shares:
            served = one.service == service or service in book.members("service", one.service)
            of = set(book.members("client_group", one.client_group)) if one.client_group else None
            if served and (of is None or (people and people <= of)):
                return one
        return None

    def _of(self, segment: Segment, client_group: str) -> Share | None:
        """The one share that holds for all services of a segment; None where there is none, or several."""
        found = {self._share(one, client_group) for one in segment.service_ids()}
        return found.pop() if len(found) == 1 else None

    def whole(self, segment: Segment, client_group: str = ALL) -> bool:
        """Whether `expected` is all that others arrange, and not only the part of which a share is known."""
        share = self._of(segment, client_group)
        return share is not None and not share.least

    def expected(self, segment: Segment, needed: Expected, client_group: str = ALL) -> Expected | None:
        """What others will arrange beside what the council needs; None where its share of the market is not known.

        Others = the council's x (1 / its share - 1), the share anywhere in its range. The mean is taken at the middle
        of the range. One share is drawn for all days of one future. Where the council's share follows from England's
        of people who pay for themselves, it is the least that others arrange, and the method says so.
        """
        share = self._of(segment, client_group)
        if share is None:
            return None
        chance = generator(f"outside {self.authority} {share.service}", self.seed)
        drawn = chance.uniform(share.low, share.high, len(needed.draws))
        middle = (share.low + share.high) / 2
        method = f"others by the council's share of the market, {share.low:.0%} to {share.high:.0%} ({share.source})"
        return Expected(needed.mean * (1 / middle - 1), needed.values * (1 / drawn - 1), method)
