"""What others than the council arrange: people who pay for themselves, the NHS and other councils."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from careshape.catalogue import catalogue
from careshape.evaluate.gap.gap import Expected, Outside
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.evaluate.need.payers import Payers
from careshape.evaluate.need.shares import COUNCIL, LOCAL, Share, shares
from careshape.home import Home


@dataclass(frozen=True)
class Others:
    """Estimates the demand of others from the council's share of each market, as far as that is known."""

    home: Home
    authority: str
    seed: int = 1

    @cached_property
    def _known(self) -> list[Share]:
        return shares(self.home, self.authority)

    @cached_property
    def _shares(self) -> list[Share]:
        """The council's shares: local ones first, those for certain people before those for everybody."""
        known = [one for one in self._known if one.segment == COUNCIL]
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
        """The council's one share that holds for all services of a segment; None where there is none, or several."""
        found = {self._share(one, client_group) for one in segment.service_ids()}
        return found.pop() if len(found) == 1 else None

    def expected(self, segment: Segment, needed: Expected, client_group: str = ALL) -> Outside | None:
        """What others will arrange beside what the council needs; None where its share of the market is not known.

        Each part is what the council needs x what that part buys for each that the council buys (`Payers`), in every
        future. One set of shares is drawn for all days of one future.
        """
        share = self._of(segment, client_group)
        if share is None:
            return None
        known = [one for one in self._known if one.market == share.market]
        payers = Payers(known, self.authority, share.service, self.seed, len(needed.draws))
        parts = {}
        for name in payers.parts():
            middle, drawn = payers.times(name)
            method = f"{payers.method(name)} ({payers.source(name)})"
            parts[name] = Expected(needed.mean * middle, needed.values * drawn, method)
        caveats = dict.fromkeys(payers.caveat(name) for name in parts)
        return Outside(parts, payers.least, " ".join(one for one in caveats if one))
