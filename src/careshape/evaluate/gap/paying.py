"""Who pays for care in an area today, market by market: what the council buys, counted, and what others do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.evaluate.gap.council import known_supply
from careshape.evaluate.gap.residents import residents
from careshape.evaluate.gap.supply import ALL
from careshape.evaluate.measure import measure
from careshape.evaluate.measure.evaluate import Context
from careshape.evaluate.need.outside import outside
from careshape.evaluate.need.shares import LOCAL, shares
from careshape.home import Home

HOME_CARE: Final = "home-care"
CARE_HOMES: Final = "care-homes"
LONG_TERM: Final = "residential-and-nursing"
"""What the council buys of care homes for good; its short stays are with what others buy, as in official figures."""
OUT: Final = "out-of-county"
GROUPS: Final = ("older-people", "working-age-adults")
MARKETS: Final = {HOME_CARE: "Home care", CARE_HOMES: "Care homes"}
"""Services whose market is split by who pays."""


def who_pays(home: Home, authority: str, context: Context, seed: int = 1) -> list[dict[str, Any]]:
    """Rows of `careshape.evaluate.need.outside.COLUMNS`, on the last day of the records: people, by market and payer.

    Each has that day in ``on`` too.

    Care homes are split by whom they serve, unless the council has entered shares of all of them together.

    Raises:
        InputError, CatalogueError: a file of the council's own has a fault.
        CareshapeError: there are no records.
    """
    bought = measure(context, "people_supported", where={"service": HOME_CARE})
    rows = outside(home, authority, HOME_CARE, float(bought.value or 0), seed=seed)
    own = {(one.service, one.client_group) for one in shares(home, authority) if one.scope == LOCAL}
    service = next((one for one in (CARE_HOMES, LONG_TERM) if (one, "") in own), "")
    supplies = known_supply(home, authority)
    placed = measure(context, "people_supported", by=("client_group", "placement_area"), where={"service": LONG_TERM})
    for group in [""] if service else GROUPS:
        here, elsewhere = _here_and_elsewhere(placed.rows, group)
        known = residents(home, authority, supplies, LONG_TERM, group or ALL, here, on=placed.periods[-1].end)
        rows += outside(
            home, authority, service or CARE_HOMES, here, seed=seed, client_group=group, elsewhere=elsewhere,
            residents=known,
        )  # fmt: skip
    day = placed.periods[-1].end.isoformat()
    return [{**row, "on": day} for row in rows]


def _here_and_elsewhere(placed: Sequence[Mapping[str, Any]], client_group: str) -> tuple[float, float]:
    """People whom the council has placed in its area, and outside it; everybody where no group is named."""
    members = catalogue().members("client_group", client_group) if client_group else ()
    found = [one for one in placed if not client_group or one["client_group"] in members]
    elsewhere = sum(one["value"] for one in found if one["placement_area"] == OUT)
    return float(sum(one["value"] for one in found) - elsewhere), float(elsewhere)
