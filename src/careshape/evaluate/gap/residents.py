"""People who live in the homes of an area, whoever pays for them: beds of the whole market times the share in use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from careshape.evaluate.gap.supply import ALL, Supply, by_origin
from careshape.evaluate.need.occupancy import ROUNDED, Occupancy, occupancy
from careshape.evaluate.need.payers import Residents
from careshape.evaluate.numbers import written_out
from careshape.home import Home
from careshape.language import say


def residents(
    home: Home,
    authority: str,
    supplies: Sequence[Supply],
    service: str,
    client_group: str,
    bought: float,
    *,
    on: date,
    area: str = ALL,
) -> Residents | None:
    """Everybody in the homes of an area; None where its beds are not known, or only those the council has contracted.

    Args:
        supplies: what there is, by every source; service: the service that they are about.
        client_group: whose homes; ALL for everybody's. bought: people whom the council pays for there.
        on: the day; area: a district, or ALL.

    Raises:
        CatalogueError: the council's file of shares breaks its rules.
    """
    there = by_origin(supplies, service, client_group, area, on=on)[0]
    if not there.whole_market or not there.quantity or bought <= 0:
        return None
    beds = float(there.quantity)
    if there.void_rate is not None:
        used = _less_voids(there.void_rate, there.origin == "printed")
    else:
        used = occupancy(home, authority, "" if client_group == ALL else client_group)
    share = f"{used.low:.1%}" if used.low == used.high else f"{used.low:.1%} to {used.high:.1%}"
    method = say("{beds} beds, {share} of them in use", beds=written_out(round(beds)), share=share)
    sources = dict.fromkeys([there.source, used.source])
    return Residents(
        bought, beds * used.low, beds * used.high, method, "; ".join(one for one in sources if one), used.scope
    )


def _less_voids(rate: float, printed: bool) -> Occupancy:
    """What is in use of beds with so many empty; a printed percentage is known to half of one."""
    around = ROUNDED if printed else 0.0
    return Occupancy(low=max(1 - rate - around, 0.01), high=min(1 - rate + around, 1.0), source="empty beds as told")
