"""Supported living by component and cost centre: people, share, yearly and weekly cost (Worcestershire's table 9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from careshape.evaluate.measure.evaluate import Context, measure, open_context
from careshape.evaluate.measure.frames import LedgerLike

PARTS = {
    "people": "supported_living_placements_people",
    "share_of_people": "supported_living_share",
    "yearly_cost": "supported_living_cost_of_open_lines",
    "weekly_cost_per_person": "supported_living_mean_weekly_cost",
}
"""Column -> the measure that fills it."""

COLUMNS = ("component", "cost_centre", "row", *PARTS, "period")


def supported_living(ledger: LedgerLike | Context, period: str, known_on: date | None = None) -> list[dict[str, Any]]:
    """Rows of each component: its cost centres (part), all of them (subtotal), and everything together (total).

    People with more than one component are counted in each and once in the total, so that shares add up to more than a
    hundred. The yearly cost is that of the lines open on the last day since 1 April.
    """
    context = ledger if isinstance(ledger, Context) else open_context(ledger, known_on)
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for column, name in PARTS.items():
        for by in (("component", "cost_centre"), ("component",), ()):
            for row in measure(context, name, by=by, period=period).rows:
                key = (row.get("component", "all"), row.get("cost_centre", "all"))
                rows.setdefault(key, {})[column] = row["value"]
    found = []
    for component, centre in sorted(rows, key=_order):
        kind = "total" if component == "all" else "subtotal" if centre == "all" else "part"
        named = {"component": component, "cost_centre": centre, "row": kind, "period": period}
        found.append(named | {column: rows[component, centre].get(column) for column in PARTS})
    return found


def _order(key: tuple[str, str]) -> tuple[bool, str, bool, str]:
    component, centre = key
    return component == "all", component, centre == "all", centre
