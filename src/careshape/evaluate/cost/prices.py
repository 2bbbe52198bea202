"""Prices paid, from the ledger: at which price how many lines and units are bought, by any dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import narwhals as nw

from careshape.catalogue.periods import Period
from careshape.evaluate.measure.dimensions import NAMED, Where, add_key, check_dimension, condition, labeller
from careshape.evaluate.measure.evaluate import Context
from careshape.evaluate.measure.frames import rows_of
from careshape.evaluate.measure.named import register_of
from careshape.ledger.columns import PLANNED


@dataclass(frozen=True)
class Price:
    """Lines open on a day at one price.

    Attributes:
        key: ids of the dimensions asked for; price: pounds a unit; units: units a week; lines: how many.
    """

    key: tuple[str, ...]
    price: Fraction
    units: Fraction
    lines: int


def prices_paid(context: Context, period: Period, where: Where, by: Sequence[str] = ()) -> list[Price]:
    """Prices of the lines open on the last day of ``period``; lines without a price are left out.

    ``where`` narrows by catalogue ids and age bands, as measures do. Raises CallError for unknown dimensions and ids.
    """
    with context.lock:
        grouped = _grouped(context, period, where, by)
    labels = [labeller(name, _names(context, name)) for name in by]
    found = []
    for *codes, price, units, lines in grouped:
        key = tuple(label(int(code)) for label, code in zip(labels, codes, strict=True))
        if lines:
            found.append(Price(key, Fraction(int(price), 100), Fraction(int(units), 100), int(lines)))
    return sorted(found, key=lambda one: (one.key, one.price))


def _grouped(context: Context, period: Period, where: Where, by: Sequence[str]) -> list[tuple[Any, ...]]:
    """The codes of the dimensions, price in pence, units in hundredths and lines; of all that are open on the day."""
    day = period.end_day
    frame = context.frame.filter(
        nw.col("record") == PLANNED,
        nw.col("start_day") <= day,
        nw.col("end_day") >= day,
        nw.col("unit_price") > 0,
        *[condition(name, value, period) for name, value in where.items()],
    )
    for name in by:
        frame = add_key(frame, check_dimension(name), period)
    sign = nw.col("sign").cast(nw.Int64)
    return list(
        rows_of(
            frame.group_by([*by, "unit_price"]).agg(
                (sign * nw.col("quantity").cast(nw.Int64)).sum().alias("units"), sign.sum().alias("lines")
            )
        )
    )


def _names(context: Context, dimension: str) -> Mapping[int, str]:
    if dimension not in NAMED:
        return {}
    register = register_of(context.ledgers, context.posting, dimension)
    return {number: str(entry["name"]) for number, entry in register.items()}


def mean_price(prices: Sequence[Price]) -> Fraction | None:
    """Mean price, each weighed by its units; None where there are none."""
    units = sum((one.units for one in prices), Fraction(0))
    return sum((one.price * one.units for one in prices), Fraction(0)) / units if units else None
