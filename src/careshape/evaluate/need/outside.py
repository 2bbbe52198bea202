"""People whose care the council does not buy: those who pay for themselves, the NHS's, and other councils'.

The council knows what it buys. From its share of the market follows the whole market, and from the shares of others
what they buy: whole = council / share. Nothing says where in a range the share lies, so every value in it counts alike.

Where a place has no share of its own, the official one of England stands in, with the range of its regions. Where the
council's share is not known and that of people who pay for themselves is, the council is taken to buy all that no share
is known of: what follows is then the least that others buy, and says so. A part of which nothing is known is "not
estimated", and never 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from careshape.evaluate.intervals import WITH_MEDIAN, bounds
from careshape.evaluate.need.draws import DRAWS_OUTSIDE, Array, generator
from careshape.evaluate.need.shares import (
    COUNCIL,
    SEGMENTS,
    SELF_FUNDED,
    Share,
    caveats_of,
    shares,
    sources_of,
)
from careshape.home import Home

REST: Final = "nhs-and-other-councils"
OTHERS: Final = "all-others"
TOGETHER: Final = {
    REST: "The NHS and other councils, together",
    OTHERS: "Everybody but the council, together",
}
COLUMNS = (
    "service",
    "segment",
    "label",
    "unit",
    "value",
    "lower_95",
    "lower_80",
    "median",
    "upper_80",
    "upper_95",
    "status",
    "scope",
    "method",
    "source",
    "caveat",
)
"""The columns of a market's row. `scope` says whose shares it rests on: local ones, England's, or both."""


class _Market:
    """A market split by who pays: the shares that are known, and draws of each."""

    def __init__(self, known: Iterable[Share], authority: str, service: str, bought: float, seed: int) -> None:
        self.shares: dict[str, Share] = {one.segment: one for one in known}
        self.bought = bought
        chance = generator(f"outside {authority} {service}", seed)
        given = {name: one for name, one in self.shares.items() if not one.derived}
        self.drawn: dict[str, Array] = {
            name: chance.uniform(one.low, one.high, DRAWS_OUTSIDE) for name, one in given.items()
        }
        self.middle: dict[str, float] = {name: one.middle for name, one in given.items()}
        if self.derived:
            self.drawn[COUNCIL] = np.maximum(1 - np.sum(list(self.drawn.values()), axis=0), 1e-6)
            self.middle[COUNCIL] = max(1 - sum(self.middle.values()), 1e-6)

    @property
    def derived(self) -> bool:
        """Whether the council's share follows from those of others."""
        return COUNCIL in self.shares and self.shares[COUNCIL].derived

    @property
    def least(self) -> bool:
        """Whether only the least that others buy is known: some of them are counted as the council's."""
        return self.derived and self.shares[COUNCIL].least

    @property
    def unknown(self) -> list[str]:
        """The parts of which no share is known."""
        return [name for name in SEGMENTS if name not in self.shares]

    def part(self, name: str) -> tuple[float, Array]:
        """What a part of the market buys: in the middle of the ranges, and drawn."""
        whole, likely = self.bought / self.drawn[COUNCIL], self.bought / self.middle[COUNCIL]
        if name == OTHERS:
            return likely - self.bought, whole - self.bought
        if name != REST:
            return likely * self.middle[name], whole * self.drawn[name]
        rest = 1 - sum(self.middle.values())
        drawn = 1 - np.sum(list(self.drawn.values()), axis=0)
        return likely * max(rest, 0.0), whole * np.maximum(drawn, 0.0)

    def has_rest(self) -> bool:
        """Whether what is left to the NHS and other councils together can be told: all else is known, they are not."""
        return not self.derived and self.unknown == ["nhs", "other-councils"]


def outside(
    home: Home,
    authority: str,
    service: str,
    bought: float,
    unit: str = "people",
    seed: int = 1,
    client_group: str = "",
) -> list[dict[str, Any]]:
    """A market split by who pays: rows of COLUMNS, the council's part first, then each other, then all others together.

    Args:
        service: of the catalogue, or a group of services; bought: what the council buys of it, counted in its ledger.
        unit: what is counted ("people", "hours a week"). seed: where chance begins.
        client_group: only these people, where shares of theirs are known; everybody if left out.

    Raises:
        CatalogueError: the council's file of shares breaks its rules.
    """
    known = [one for one in shares(home, authority) if one.market == (service, client_group)]
    market = _Market(known, authority, service, bought, seed)
    rows = [_row(service, COUNCIL, unit, "counted", bought, method="counted in the ledger",
                 source="the council's records")]  # fmt: skip
    rest = [name for name in SEGMENTS if name != COUNCIL]
    if COUNCIL not in market.shares:
        reason = "the council's share of this market is not known: enter it in outside.toml, with its source"
        return rows + [_row(service, name, unit, "not estimated", method=reason) for name in (*rest, OTHERS)]
    for name in rest:
        if name in market.shares:
            method = "council's quantity / its share x the share of this part, each anywhere in its range"
            rows.append(_estimate(market, service, name, unit, method, (COUNCIL, name)))
        else:
            reason = "no share of this part is known: enter it in outside.toml, with its source"
            rows.append(_row(service, name, unit, "not estimated", method=reason))
    if market.has_rest():
        method = "what the council and people who pay for themselves leave of the market, not below 0"
        rows.append(_estimate(market, service, REST, unit, method, (COUNCIL, SELF_FUNDED)))
    method = "council's quantity x (1 / its share - 1), the share anywhere in its range"
    rows.append(_estimate(market, service, OTHERS, unit, method, (COUNCIL,)))
    return rows


def _estimate(
    market: _Market, service: str, name: str, unit: str, method: str, rests_on: Iterable[str]
) -> dict[str, Any]:
    value, drawn = market.part(name)
    used = [market.shares[one] for one in rests_on]
    if market.derived:
        method += "; the council's share is what the known shares of others leave"
    if market.least:
        method += ": the least it can be, for the council is taken to buy all that no share is known of"
    if name == OTHERS and market.least:
        method += ". Of the others, only those with a known share are in it"
    given = [one for one in used if not one.derived] or used
    scopes = list(dict.fromkeys(one.scope for one in used))
    return _row(
        service, name, unit, "at least" if market.least else "estimated", value, drawn, method=method,
        source=sources_of(given), scope=" and ".join(scopes), caveat=caveats_of(given),
    )  # fmt: skip


def _row(
    service: str,
    segment: str,
    unit: str,
    status: str,
    value: float | None = None,
    drawn: Array | None = None,
    *,
    method: str,
    source: str = "",
    scope: str = "",
    caveat: str = "",
) -> dict[str, Any]:
    limits = dict.fromkeys(WITH_MEDIAN) if drawn is None else bounds(drawn, median=True)[0]
    return {
        "service": service,
        "segment": segment,
        "label": (SEGMENTS | TOGETHER)[segment],
        "unit": unit,
        "value": value,
        **limits,
        "status": status,
        "scope": scope,
        "method": method,
        "source": source,
        "caveat": caveat,
    }
