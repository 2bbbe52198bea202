"""Who pays for the care of a market, as multiples of what the council buys: the one computation behind every figure.

`careshape need --outside` multiplies what is bought today by it, the gap what will be needed, future by future.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from careshape.evaluate.need.draws import DRAWS_OUTSIDE, Array, generator
from careshape.evaluate.need.shares import (
    BORROWED,
    COUNCIL,
    LOCAL,
    NATIONAL,
    NHS,
    OTHER_COUNCILS,
    PUBLIC,
    SEGMENTS,
    SELF_FUNDED,
    Share,
    caveats_of,
    each_once,
    left_for_council,
    sources_of,
)
from careshape.language import say

REST: Final = "nhs-and-other-councils"
OTHERS: Final = "all-others"
ELSEWHERE: Final = "council-elsewhere"
"""What the council buys outside its area: it is no part of the market there."""
TOGETHER: Final = {
    REST: "The NHS and other councils, together",
    OTHERS: "Everybody but the council, together",
}
PAYERS: Final = SEGMENTS | TOGETHER
"""Everybody who pays, and those who are told only together."""
LABELS: Final = PAYERS | {ELSEWHERE: "Bought by the council outside its area"}
_PUBLIC_PAYERS: Final = (NHS, OTHER_COUNCILS)


@dataclass(frozen=True)
class Residents:
    """People who live in the homes of an area, whoever pays, as a range; and how many of them the council pays for.

    Attributes:
        bought: people whom the council pays for in these homes.
        low, high: everybody there. scope: LOCAL or NATIONAL, of what the range rests on.
        method: how they were counted, in words; source: where the figures come from.
    """

    bought: float
    low: float
    high: float
    method: str
    source: str
    scope: str = LOCAL


class Payers:
    """A market split by who pays: the shares that are known, and draws of each.

    The council's share is told, or it is what it buys of all residents (``residents``), or it is what the known shares
    of others leave. In the first two cases the NHS and other councils have what the council and people who pay for
    themselves leave; in the last each has its own share.
    """

    def __init__(
        self,
        known: Iterable[Share],
        authority: str,
        service: str,
        seed: int = 1,
        draws: int = DRAWS_OUTSIDE,
        residents: Residents | None = None,
    ) -> None:
        """Draw the shares of one market, each anywhere in its range; the council's is what is left where it follows."""
        self.shares: dict[str, Share] = {one.segment: one for one in known}
        own = self.shares.get(COUNCIL)
        self.residents = residents if own is None or own.derived else None
        chance = generator(f"outside {authority} {service}", seed)
        self._given = {name: one for name, one in self.shares.items() if not one.derived}
        drawn: dict[str, Array] = {name: chance.uniform(one.low, one.high, draws) for name, one in self._given.items()}
        middle: dict[str, Array] = {name: np.array([one.middle]) for name, one in self._given.items()}
        if self.residents is not None:
            everybody = chance.uniform(self.residents.low, self.residents.high, draws)
            drawn[COUNCIL] = self.residents.bought / np.maximum(everybody, self.residents.bought)
        self.drawn = self._split(drawn) if self.known else {}
        # Where residents are counted the rest is cut off at 0: the mean of what is drawn is its middle, so that parts
        # add up. Else the middle is that of the ranges.
        central = self._split(middle) if self.known and self.residents is None else self.drawn
        self._middle = {name: float((one / central[COUNCIL]).mean()) for name, one in central.items()}
        self._whole = float((1 / central[COUNCIL]).mean()) if self.known else 0.0

    @property
    def known(self) -> bool:
        """Whether the council's share is known, from which all else follows."""
        return COUNCIL in self.shares or self.residents is not None

    @property
    def derived(self) -> bool:
        """Whether the council's share follows from those of others."""
        return self.residents is None and self.known and self.shares[COUNCIL].derived

    @property
    def placed(self) -> bool:
        """Whether it rests on figures of the place, so that it may be set against what there is."""
        if self.residents is not None:
            return self.residents.scope == LOCAL
        return not self.lender

    @property
    def lender(self) -> str:
        """The council whose share was borrowed, in words; empty where none was."""
        own = self.shares.get(COUNCIL)
        return own.lender if own is not None and self.residents is None and own.scope == BORROWED else ""

    @property
    def least(self) -> bool:
        """Whether only the least that others buy is known: some of them are counted as the council's."""
        return self.derived and self.shares[COUNCIL].least

    def parts(self) -> list[str]:
        """Those but the council of whom it can be told how much they buy: each, some together, and all together."""
        return [name for name in PAYERS if name in self.drawn and name != COUNCIL] + ([OTHERS] if self.known else [])

    def times(self, name: str) -> tuple[float, Array]:
        """What a part buys for each that the council buys: in the middle of the ranges, and drawn."""
        if name == OTHERS:
            return self._whole - 1, 1 / self.drawn[COUNCIL] - 1
        return self._middle[name], self.drawn[name] / self.drawn[COUNCIL]

    def _split(self, raw: Mapping[str, Array]) -> dict[str, Array]:
        """Shares of the market by who buys, of draws (or middles) of what is known; never below 0."""
        return self._by_shares(raw) if self.derived else self._by_what_is_left(raw)

    def _by_shares(self, raw: Mapping[str, Array]) -> dict[str, Array]:
        """Each part by its own share; the council has what they leave."""
        public = 1 - raw[SELF_FUNDED]
        found = {name: one * public if self.shares[name].of == PUBLIC else one for name, one in raw.items()}
        return {COUNCIL: left_for_council(raw, self.shares), **found}

    def _by_what_is_left(self, raw: Mapping[str, Array]) -> dict[str, Array]:
        """What the council leaves: to people who pay for themselves their share, then to those whose share is told.

        The NHS and other councils have what is left: by the proportion of England's shares where both are known,
        else together.
        """
        left = 1 - raw[COUNCIL]
        found = {COUNCIL: raw[COUNCIL]}
        told = [name for name in (SELF_FUNDED, *_PUBLIC_PAYERS) if name in raw and self.shares[name].of != PUBLIC]
        for name in told:
            found[name] = np.minimum(raw[name], left)
            left = left - found[name]
        rest = [name for name in _PUBLIC_PAYERS if name not in found]
        if SELF_FUNDED not in found or not rest:
            return found
        weights = {name: raw[name] for name in rest if name in raw}
        if len(rest) == 1:
            return found | {rest[0]: left}
        if len(weights) == len(rest):
            whole = sum(weights.values())
            return found | {name: left * weight / whole for name, weight in weights.items()}
        return found | {REST: left}

    def method(self, name: str) -> str:
        """How a part is worked out, in words."""
        if self.residents is not None:
            text = self._of_residents(name)
        elif name == OTHERS:
            text = "what the council buys leaves of the market, by the council's share of it, anywhere in its range"
        elif name == REST:
            text = "what the council and people who pay for themselves leave of the market, not below 0"
        elif self._is_left(name):
            text = "what is left of the market, not below 0, in the proportion of England's shares"
        else:
            text = "from what the council buys, by its share of the market and this part's, each anywhere in its range"
        if self.derived:
            text += "; the council's share is what the known shares of others leave"
        if self.least:
            text += ": the least it can be, for the council is taken to buy all that no share is known of"
        if name == OTHERS and self.least:
            text += ". Of the others, only those with a known share are in it"
        ranges = ", ".join(self._range(one) for one in self._used(name))
        return f"{text}; {ranges}" if ranges else text

    def _of_residents(self, name: str) -> str:
        assert self.residents is not None
        people = say("people in the homes of the area ({method})", method=self.residents.method)
        if name == OTHERS:
            return say("{people} less those whom the council pays for", people=people)
        if name == SELF_FUNDED:
            return say("{people} x the share who pay for themselves, not more than the council leaves", people=people)
        left = say(
            "{people} less those whom the council pays for and those who pay for themselves, not below 0", people=people
        )
        return (
            left
            if name == REST or not self._is_left(name)
            else say("{left}, in the proportion of England's shares", left=left)
        )

    def _is_left(self, name: str) -> bool:
        """Whether a part is what the others leave."""
        return not self.derived and name in _PUBLIC_PAYERS and self._of_public(name)

    def _of_public(self, name: str) -> bool:
        return name not in self.shares or self.shares[name].of == PUBLIC

    def _range(self, one: Share) -> str:
        of = " of those who do not pay for themselves" if one.of == PUBLIC else ""
        label = PAYERS[one.segment]
        lent = say(" (borrowed from {lender})", lender=one.lender) if one.lender else ""
        return f"{label[:1].lower()}{label[1:]} {one.low:.0%} to {one.high:.0%}{of}{lent}"

    def _rests_on(self, name: str) -> list[Share]:
        own = () if self.residents is not None else (COUNCIL,)
        if name == OTHERS:
            names: tuple[str, ...] = own
        elif name == REST or self._is_left(name):
            names = (*own, SELF_FUNDED, *((*_PUBLIC_PAYERS,) if name != REST else ()))
        else:
            names = (*own, name)
        return [self.shares[one] for one in names if one in self.shares]

    def source(self, name: str) -> str:
        """Where the shares come from that a part rests on."""
        return "; ".join(
            one for one in (self.residents.source if self.residents else "", sources_of(self._used(name))) if one
        )

    def caveat(self, name: str) -> str:
        """What to know of these shares."""
        said = [caveats_of(self._used(name))]
        if name in (REST, *_PUBLIC_PAYERS) and name in self.drawn and not float(np.quantile(self.drawn[name], 0.1)) > 0:
            said.append("Its interval reaches 0: it may be that there are none.")
        return each_once(said)

    def scope(self, name: str) -> str:
        """Whose shares they are: local ones, another council's, England's, or several."""
        first = [self.residents.scope] if self.residents else []
        scopes = dict.fromkeys([*first, *(one.scope for one in self._rests_on(name))])
        return " and ".join(one for one in (LOCAL, BORROWED, NATIONAL) if one in scopes)

    def _used(self, name: str) -> list[Share]:
        """The shares that were given, among those that a part rests on; the derived one's parts where it has none."""
        used = self._rests_on(name)
        return [one for one in used if not one.derived] or used
