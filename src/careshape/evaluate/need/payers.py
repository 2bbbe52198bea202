"""Who pays for the care of a market, as multiples of what the council buys: the one computation behind every figure.

`careshape need --outside` multiplies what is bought today by it, the gap what will be needed, future by future.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from careshape.evaluate.need.draws import DRAWS_OUTSIDE, Array, generator
from careshape.evaluate.need.shares import COUNCIL, SEGMENTS, SELF_FUNDED, Share, caveats_of, sources_of

REST: Final = "nhs-and-other-councils"
OTHERS: Final = "all-others"
TOGETHER: Final = {
    REST: "The NHS and other councils, together",
    OTHERS: "Everybody but the council, together",
}
PAYERS: Final = SEGMENTS | TOGETHER
"""Everybody who pays, and those who are told only together."""


class Payers:
    """A market split by who pays: the shares that are known, and draws of each."""

    def __init__(
        self, known: Iterable[Share], authority: str, service: str, seed: int = 1, draws: int = DRAWS_OUTSIDE
    ) -> None:
        """Draw the shares of one market, each anywhere in its range; the council's is what is left where it follows."""
        self.shares: dict[str, Share] = {one.segment: one for one in known}
        chance = generator(f"outside {authority} {service}", seed)
        given = {name: one for name, one in self.shares.items() if not one.derived}
        self.drawn: dict[str, Array] = {name: chance.uniform(one.low, one.high, draws) for name, one in given.items()}
        self.middle: dict[str, float] = {name: one.middle for name, one in given.items()}
        if self.derived:
            self.drawn[COUNCIL] = np.maximum(1 - np.sum(list(self.drawn.values()), axis=0), 1e-6)
            self.middle[COUNCIL] = max(1 - sum(self.middle.values()), 1e-6)

    @property
    def known(self) -> bool:
        """Whether the council's share is known, from which all else follows."""
        return COUNCIL in self.shares

    @property
    def derived(self) -> bool:
        """Whether the council's share follows from those of others."""
        return self.known and self.shares[COUNCIL].derived

    @property
    def least(self) -> bool:
        """Whether only the least that others buy is known: some of them are counted as the council's."""
        return self.derived and self.shares[COUNCIL].least

    def parts(self) -> list[str]:
        """Those but the council of whom it can be told how much they buy: each, some together, and all together."""
        if not self.known:
            return []
        each = [name for name in SEGMENTS if name != COUNCIL and name in self.shares]
        unknown = [name for name in SEGMENTS if name not in self.shares]
        rest = [REST] if not self.derived and unknown == ["nhs", "other-councils"] else []
        return [*each, *rest, OTHERS]

    def times(self, name: str) -> tuple[float, Array]:
        """What a part buys for each that the council buys: in the middle of the ranges, and drawn."""
        middle, drawn = self.middle[COUNCIL], self.drawn[COUNCIL]
        if name == OTHERS:
            return 1 / middle - 1, 1 / drawn - 1
        if name == REST:
            left = 1 - np.sum(list(self.drawn.values()), axis=0)
            return max(1 - sum(self.middle.values()), 0.0) / middle, np.maximum(left, 0.0) / drawn
        return self.middle[name] / middle, self.drawn[name] / drawn

    def method(self, name: str) -> str:
        """How a part is worked out, in words."""
        if name == OTHERS:
            text = "council's quantity x (1 / its share - 1), the share anywhere in its range"
        elif name == REST:
            text = "what the council and people who pay for themselves leave of the market, not below 0"
        else:
            text = "council's quantity / its share x the share of this part, each anywhere in its range"
        if self.derived:
            text += "; the council's share is what the known shares of others leave"
        if self.least:
            text += ": the least it can be, for the council is taken to buy all that no share is known of"
        if name == OTHERS and self.least:
            text += ". Of the others, only those with a known share are in it"
        ranges = ", ".join(
            f"{PAYERS[one.segment].lower()} {one.low:.0%} to {one.high:.0%}" for one in self._given(name)
        )
        return f"{text}; {ranges}"

    def _rests_on(self, name: str) -> list[Share]:
        names = (COUNCIL,) if name == OTHERS else (COUNCIL, SELF_FUNDED) if name == REST else (COUNCIL, name)
        return [self.shares[one] for one in names]

    def source(self, name: str) -> str:
        """Where the shares come from that a part rests on."""
        return sources_of(self._given(name))

    def caveat(self, name: str) -> str:
        """What to know of these shares."""
        return caveats_of(self._given(name))

    def scope(self, name: str) -> str:
        """Whose shares they are: local ones, England's, or both."""
        return " and ".join(dict.fromkeys(one.scope for one in self._rests_on(name)))

    def _given(self, name: str) -> list[Share]:
        used = self._rests_on(name)
        return [one for one in used if not one.derived] or used
