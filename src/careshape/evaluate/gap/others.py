"""What others than the council arrange: people who pay for themselves, the NHS and other councils."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from careshape.catalogue import catalogue
from careshape.evaluate.gap.gap import Expected, Outside
from careshape.evaluate.gap.residents import residents
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL, Supply
from careshape.evaluate.need.payers import Payers
from careshape.evaluate.need.shares import COUNCIL, LOCAL, Share, each_once, shares
from careshape.home import Home


@dataclass(frozen=True)
class Today:
    """What the council arranges of a cell on the day that a forecast starts from.

    Attributes:
        people: how many, in its area and outside it. here: the share of them in its area. on: the day.
    """

    people: float
    here: float
    on: date


@dataclass(frozen=True)
class Others:
    """Estimates the demand of others from the council's share of each market, as far as that is known.

    Attributes:
        supplies: what there is: where beds of the whole market are known, the market is who lives in them.
    """

    home: Home
    authority: str
    seed: int = 1
    supplies: Sequence[Supply] = ()
    _made: dict[tuple[str, str, str, int], Payers] = field(default_factory=dict, compare=False)

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

    def expected(
        self,
        segment: Segment,
        needed: Expected,
        client_group: str = ALL,
        area: str = ALL,
        *,
        today: Today | None = None,
    ) -> Outside | None:
        """What others will arrange beside what the council needs; None where its share of the market is not known.

        Each part is what the council needs in its area x what that part buys for each that the council buys (`Payers`),
        in every future. One set of shares is drawn for all days of one future.

        Args:
            today: what the council arranges at the start, and how much of it in its area.
        """
        share = self._of(segment, client_group)
        here = 1.0 if today is None else today.here
        if share is None or not here:
            return None
        payers = self._payers(segment, client_group, area, share, len(needed.draws), today)
        parts = {}
        for name in payers.parts():
            middle, drawn = payers.times(name)
            parts[name] = Expected(needed.mean * here * middle, needed.values * here * drawn, payers.method(name))
        caveat = each_once(payers.caveat(name) for name in parts)
        return Outside(
            parts, payers.least, caveat, here, payers.placed,
            {name: payers.source(name) for name in parts}, payers.lender,
        )  # fmt: skip

    def _payers(
        self, segment: Segment, client_group: str, area: str, share: Share, draws: int, today: Today | None
    ) -> Payers:
        key = (segment.id, client_group, area, draws)
        if key not in self._made:
            known = [one for one in self._known if one.market == share.market]
            there = None
            if today is not None and segment.unit == "places":
                service = segment.supply or segment.services[0]
                there = residents(
                    self.home, self.authority, self.supplies, service, client_group, today.people * today.here,
                    on=today.on, area=area,
                )  # fmt: skip
            self._made[key] = Payers(known, self.authority, share.service, self.seed, draws, there)
        return self._made[key]
