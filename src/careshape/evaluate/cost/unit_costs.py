"""Unit costs as official statistics define them, beside the mean weekly cost of the lines open on a day.

The two differ, and the rows say how: the official unit cost is cost over the resident weeks of a year, the mean weekly
cost that a statement prints is that of the placements open on its last day.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from careshape.catalogue.periods import Period, parse_period
from careshape.errors import CallError
from careshape.evaluate.cost.prices import mean_price, prices_paid
from careshape.evaluate.measure.entry import Card
from careshape.evaluate.measure.evaluate import Context, measure, open_context
from careshape.evaluate.measure.frames import LedgerLike
from careshape.evaluate.numbers import rounded
from careshape.language import say

PROVISION: dict[str, tuple[str, ...]] = {
    "all": (),
    "own": ("in-house",),
    "external": ("private", "not-for-profit", "micro-enterprise", "nhs", "individual-carer", "unknown"),
}
"""Provision of the national return -> types of provider; a provider of unknown type is not the council."""

COLUMNS = (
    "unit_cost",
    "service",
    "provision",
    "value",
    "unit",
    "cost",
    "weeks",
    "hours_a_week",
    "mean_weekly_cost",
    "placements",
    "difference",
    "period",
    "method",
    "note",
)


class UnitCost(BaseModel):
    """One unit cost: what it divides by what, for which services, and its card."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    label: str
    unit: str
    kind: Literal["per-week", "hourly-rate"]
    services: tuple[str, ...]
    card: Card


@cache
def unit_cost_entries() -> dict[str, UnitCost]:
    """Every unit cost by id, with its card."""
    raw = tomllib.loads(files("careshape.evaluate.cost").joinpath("data/unit_costs.toml").read_text("utf-8"))
    return {one.id: one for one in (UnitCost.model_validate(entry) for entry in raw["unit_cost"])}


def unit_costs(
    ledger: LedgerLike | Context,
    period: str,
    *,
    by: Sequence[str] = (),
    provisions: Sequence[str] = tuple(PROVISION),
    known_on: date | None = None,
) -> list[dict[str, Any]]:
    """Unit costs of care homes and home care in a financial year, in all and split by ``by``.

    Args:
        by: dimensions, such as working_age_band and support_reason, as the return splits them.
        provisions: any of all, own, external.

    Returns:
        rows under ``COLUMNS`` and the dimensions of ``by``; cells that hold nothing are left out.

    Raises:
        CallError: no such dimension, provision or period.
    """
    if unknown := [one for one in provisions if one not in PROVISION]:
        raise CallError(f"'{unknown[0]}' is no provision. Choose from {', '.join(PROVISION)}.")
    context = ledger if isinstance(ledger, Context) else open_context(ledger, known_on)
    days = parse_period(period)
    found: list[dict[str, Any]] = []
    for entry in unit_cost_entries().values():
        work = _weekly if entry.kind == "per-week" else _hourly
        for provision in provisions:
            found += work(context, entry, provision, days, tuple(by))
    return found


def _where(provision: str) -> dict[str, tuple[str, ...]]:
    return {"provider_type": PROVISION[provision]} if PROVISION[provision] else {}


def _weekly(
    context: Context, entry: UnitCost, provision: str, days: Period, by: tuple[str, ...]
) -> list[dict[str, Any]]:
    keys, where = ("service", *by), {"service": entry.services, **_where(provision)}
    ask = {"by": keys, "where": where, "period": [days]}
    cost = {cell.key: cell.exact for cell in measure(context, "cost", **ask).cells}  # type: ignore[arg-type]
    held = measure(context, "care_days", **ask)  # type: ignore[arg-type]
    # The mean weekly cost that a statement prints stands on the last day.
    last = {"by": keys, "where": where, "period": [Period(days.end, days.end, days.end.isoformat(), "day")]}
    weekly = measure(context, "weekly_cost", **last)  # type: ignore[arg-type]
    placements = measure(context, "line_items", **last)  # type: ignore[arg-type]
    rows = []
    for cell in held.cells:
        if not cell.exact:
            continue
        weeks = Fraction(cell.exact) / 7
        value = (cost.get(cell.key) or Fraction(0)) / weeks
        open_cost, open_lines = weekly.get(*cell.key), placements.get(*cell.key)
        mean = open_cost / open_lines if open_cost and open_lines else None
        row = dict(zip(keys, cell.key, strict=True)) | _row(entry, provision, days, value)
        rows.append(
            row
            | {
                "cost": rounded(cost.get(cell.key) or 0, 2),
                "weeks": rounded(weeks, 2),
                "mean_weekly_cost": None if mean is None else rounded(mean, 2),
                "placements": int(open_lines or 0),
                "difference": None if mean is None else rounded(mean - value, 2),
                "note": say(
                    "The unit cost is of every week in the year; the mean weekly cost of the placements "
                    "open on {end}, at that day's prices.",
                    end=days.end.isoformat(),
                ),
            }
        )
    return rows


def _hourly(
    context: Context, entry: UnitCost, provision: str, days: Period, by: tuple[str, ...]
) -> list[dict[str, Any]]:
    keys = ("service", *by)
    where = {"service": entry.services, "unit": "hour", "delivery_mechanism": _commissioned(), **_where(provision)}
    cells: dict[tuple[str, ...], list[Any]] = {}
    for one in prices_paid(context, days, where, keys):
        cells.setdefault(one.key, []).append(one)
    rows = []
    for key, prices in cells.items():
        value = mean_price(prices)
        if value is None:
            continue
        hours = sum((one.units for one in prices), Fraction(0))
        row = dict(zip(keys, key, strict=True)) | _row(entry, provision, days, value)
        note = say(
            "Prices in use on {end}, from {low} to {high}.",
            end=days.end.isoformat(),
            low=money(prices[0].price),
            high=money(prices[-1].price),
        )
        rows.append(
            row | {"hours_a_week": rounded(hours, 2), "placements": sum(one.lines for one in prices), "note": note}
        )
    return rows


def _commissioned() -> tuple[str, ...]:
    """Delivery mechanisms in which the council buys or gives the hours itself."""
    from careshape.catalogue import catalogue

    return tuple(one.id for one in catalogue().lists["delivery_mechanism"].entries if one.id != "direct-payment")


def _row(entry: UnitCost, provision: str, days: Period, value: Fraction) -> dict[str, Any]:
    return {
        "unit_cost": entry.id,
        "provision": provision,
        "value": rounded(value, 2),
        "unit": entry.unit,
        "period": days.label,
        "method": entry.card.formula,
    }


def money(value: Fraction) -> Decimal:
    """Pounds and pence."""
    return rounded(value, 2)
