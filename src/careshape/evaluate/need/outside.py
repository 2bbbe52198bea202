"""People whose care the council does not buy: those who pay for themselves, the NHS's, and other councils'.

The council knows what it buys. From its share of the market follows the whole market, and from the shares of others
what they buy: whole = council / share. Nothing says where in a range the share lies, so every value in it counts alike.
Where it is known how many people live in the homes of the area, whoever pays, that is the whole market.

Where a place has no share of its own, the official one of England stands in, with the range of its regions. Where the
council's share is not known and that of people who pay for themselves is, the council has what the known shares leave.
If one of the others' is not known, the council's share is borrowed from a council that published its own, made wider;
where no council did, what follows is the least that others buy, and says so. A part of which nothing is
known is "not estimated", and never 0.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from careshape.evaluate.intervals import WITH_MEDIAN, bounds
from careshape.evaluate.need.draws import Array
from careshape.evaluate.need.payers import ELSEWHERE, LABELS, OTHERS, REST, Payers, Residents
from careshape.evaluate.need.shares import COUNCIL, NHS, OTHER_COUNCILS, SEGMENTS, shares
from careshape.home import Home
from careshape.language import say

COLUMNS = (
    "service",
    "client_group",
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
"""The columns of a market's row. `scope` says whose shares it rests on: local ones, borrowed (another council's) ones,
England's, or several."""


def outside(
    home: Home,
    authority: str,
    service: str,
    bought: float,
    unit: str = "people",
    seed: int = 1,
    client_group: str = "",
    *,
    elsewhere: float = 0.0,
    residents: Residents | None = None,
) -> list[dict[str, Any]]:
    """A market split by who pays: rows of COLUMNS, the council's part first, then each other, then all others together.

    Args:
        service: of the catalogue, or a group of services; bought: what the council buys of it in its area, counted in
            its ledger. elsewhere: what it buys of it outside its area, which is no part of the market there.
        unit: what is counted ("people", "hours a week"). seed: where chance begins.
        client_group: only these people, where shares of theirs are known; everybody if left out.
        residents: everybody in the homes of the area, where that is known: what others buy is then what is left.

    Raises:
        CatalogueError: the council's file of shares breaks its rules.
    """
    known = [one for one in shares(home, authority) if one.market == (service, client_group)]
    payers = Payers(known, authority, service, seed, residents=residents)
    counted = {COUNCIL: bought} | ({ELSEWHERE: elsewhere} if elsewhere else {})
    row = partial(_row, service, client_group, unit)
    rows = [
        row(name, "counted", value, method="counted in the ledger", source="the council's records")
        for name, value in counted.items()
    ]
    parts = payers.parts()
    for name in dict.fromkeys([name for name in SEGMENTS if name != COUNCIL] + (parts or [OTHERS])):
        if name in parts:
            middle, drawn = payers.times(name)
            rows.append(
                row(
                    name, "at least" if payers.least else "estimated", bought * middle, bought * drawn,
                    method=payers.method(name), source=payers.source(name), scope=payers.scope(name),
                    caveat=payers.caveat(name),
                )
            )  # fmt: skip
        else:
            status, reason = _without(payers, name)
            rows.append(row(name, status, method=reason))
    return rows


def _without(payers: Payers, name: str) -> tuple[str, str]:
    """Why a part is not told by itself, and what to do."""
    enter = say("enter it in outside.toml, with its source")
    if REST in payers.parts() and name in (NHS, OTHER_COUNCILS):
        return "together", say(
            "told together with the other of the two, for no share of either is known: {enter}", enter=enter
        )
    lacking = "no share of this part is known" if payers.known else "the council's share of this market is not known"
    return "not estimated", f"{lacking}: {enter}"


def _row(
    service: str,
    client_group: str,
    unit: str,
    segment: str,
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
        "client_group": client_group,
        "segment": segment,
        "label": LABELS[segment],
        "unit": unit,
        "value": value,
        **limits,
        "status": status,
        "scope": scope,
        "method": method,
        "source": source,
        "caveat": caveat,
    }
