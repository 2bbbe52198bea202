"""What others than the council arrange: people who pay for themselves, the NHS and other councils."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from careshape.catalogue import catalogue
from careshape.evaluate.gap.gap import Expected
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.need.draws import generator
from careshape.evaluate.need.outside import COUNCIL, Share, shares
from careshape.home import Home


@dataclass(frozen=True)
class Others:
    """Estimates the demand of others from the council's share of each market, as far as that is known."""

    home: Home
    authority: str
    seed: int = 1

    @cached_property
    def _shares(self) -> dict[str, Share]:
        known = [one for one in shares(self.home, self.authority) if one.segment == COUNCIL]
        book = catalogue()
        return {service: one for one in known for service in (one.service, *book.members("service", one.service))}

    def expected(self, segment: Segment, needed: Expected) -> Expected | None:
        """What others will arrange beside what the council needs; None where its share of the market is not known.

        Others = the council's x (1 / its share - 1), the share anywhere in its published range. The mean is taken at
        the middle of the range. One share is drawn for all days of one future.
        """
        found = {self._shares.get(one) for one in segment.services}
        if len(found) != 1 or (share := found.pop()) is None:
            return None
        chance = generator(f"outside {self.authority} {share.service}", self.seed)
        drawn = chance.uniform(share.low, share.high, len(needed.draws))
        middle = (share.low + share.high) / 2
        method = f"others by the council's share of the market, {share.low:.0%} to {share.high:.0%} ({share.source})"
        return Expected(needed.mean * (1 / middle - 1), needed.values * (1 / drawn - 1), method)
