"""A modelled cost beside the prices paid: who is paid less, who more, and what moving everybody to it would cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from careshape.catalogue.periods import Period, financial_year_of, financial_year_period, parse_period
from careshape.errors import CallError
from careshape.evaluate.cost.fees.arithmetic import Modelled
from careshape.evaluate.cost.prices import Price, prices_paid
from careshape.evaluate.measure.evaluate import Context, open_context
from careshape.evaluate.measure.frames import LedgerLike
from careshape.evaluate.numbers import WEEKS_A_YEAR, YEARLY, rounded
from careshape.language import numeral, say

COLUMNS = (
    "provider",
    "outcome",
    "lines",
    "units_a_week",
    "price_paid",
    "lowest_price",
    "highest_price",
    "modelled",
    "difference",
    "yearly_change",
    "unit",
    "period",
    "method",
    "label",
)
METHOD = f"modelled cost less the price of each line, by its units a week; yearly: {YEARLY}"


@dataclass(frozen=True)
class Comparison:
    """Prices paid on a day beside a modelled cost.

    Attributes:
        rows: one a provider, under ``COLUMNS``, those who would gain most first.
        paid_less, paid_more, paid_same: providers whose mean price is below, above or at the modelled cost.
        lines_less, lines_more: the same for line items, each by its own price.
        yearly_all: pounds a year to move every line to the modelled cost; yearly_raise: only those below it.
        yearly_now: pounds a year at today's prices.
    """

    rows: tuple[dict[str, Any], ...]
    paid_less: int
    paid_more: int
    paid_same: int
    lines_less: int
    lines_more: int
    yearly_all: Decimal
    yearly_raise: Decimal
    yearly_now: Decimal
    modelled: Decimal
    label: str

    def summary(self) -> str:
        """The comparison in a sentence."""
        return say(
            "Modelled cost {modelled}: {less} providers are paid less on average, {more} more, {same} the same; "
            "{lines_less} line items less, {lines_more} more. Moving every line to it would change {now} a year by "
            "{all}; raising only those below by {raised} ({yearly}). {label}",
            modelled=self.modelled, less=self.paid_less, more=self.paid_more, same=self.paid_same,
            lines_less=self.lines_less, lines_more=self.lines_more, now=numeral(f"{self.yearly_now:,}"),
            all=numeral(f"{self.yearly_all:+,}"), raised=numeral(f"{self.yearly_raise:+,}"), yearly=YEARLY,
            label=self.label,
        )  # fmt: skip


def compare(
    ledger: LedgerLike | Context,
    modelled: Modelled,
    period: str,
    *,
    where: Mapping[str, str] | None = None,
    known_on: date | None = None,
) -> Comparison:
    """Set a modelled cost beside the prices of the lines open on the last day of ``period``.

    Args:
        where: further narrowing, over that of the model (long-term care of people of 65 and over, priced by the week).

    Raises:
        CallError: values of the model are missing, or no line with a price fits.
    """
    if modelled.total is None:
        raise CallError(modelled.what_is_missing())
    context = ledger if isinstance(ledger, Context) else open_context(ledger, known_on)
    days = parse_period(period)
    narrowed = {**modelled.model.where, "service": modelled.service, **(where or {})}
    prices = prices_paid(context, days, narrowed, ("provider",))
    if not prices:
        said = ", ".join(f"{name} {value}" for name, value in narrowed.items())
        raise CallError(f"No line with a price was open on {days.end.isoformat()} for {said}.")
    label = _label(modelled, days)
    target = Fraction(modelled.total)
    groups: dict[str, list[Price]] = {}
    for one in prices:
        groups.setdefault(one.key[0], []).append(one)
    rows = [_row(name, group, target, modelled, days) | {"label": label} for name, group in groups.items()]
    rows.sort(key=lambda row: (-row["yearly_change"], row["provider"]))
    gaps = [(one, (target - one.price) * one.units * WEEKS_A_YEAR) for one in prices]
    return Comparison(
        tuple(rows),
        sum(row["difference"] > 0 for row in rows),
        sum(row["difference"] < 0 for row in rows),
        sum(row["difference"] == 0 for row in rows),
        sum(one.lines for one, gap in gaps if gap > 0),
        sum(one.lines for one, gap in gaps if gap < 0),
        rounded(sum((gap for _, gap in gaps), Fraction(0)), 2),
        rounded(sum((gap for _, gap in gaps if gap > 0), Fraction(0)), 2),
        rounded(sum((one.price * one.units for one in prices), Fraction(0)) * WEEKS_A_YEAR, 2),
        modelled.total,
        label,
    )


def year_paid(days: Period) -> str:
    """The financial year of the prices that were paid on the last day of a period: 2020/21."""
    return financial_year_period(financial_year_of(days.end)).label


def _label(modelled: Modelled, days: Period) -> str:
    """What must stand beside the comparison; prices of two years are not the same pounds."""
    paid = year_paid(days)
    if not modelled.year or modelled.year == paid:
        return modelled.label
    prices = say(
        "Modelled at prices of {year}, paid in {paid}. Move the model to that year to compare them.",
        year=modelled.year,
        paid=paid,
    )
    return f"{prices} {modelled.label}"


def _row(name: str, group: list[Price], target: Fraction, modelled: Modelled, days: Period) -> dict[str, Any]:
    units = sum((one.units for one in group), Fraction(0))
    spent = sum((one.price * one.units for one in group), Fraction(0))
    mean = spent / units if units else group[0].price
    difference = rounded(target, 2) - rounded(mean, 2)
    return {
        "provider": name,
        "outcome": "paid less" if difference > 0 else "paid more" if difference < 0 else "paid the same",
        "lines": sum(one.lines for one in group),
        "units_a_week": rounded(units, 2),
        "price_paid": rounded(mean, 2),
        "lowest_price": rounded(min(one.price for one in group), 2),
        "highest_price": rounded(max(one.price for one in group), 2),
        "modelled": modelled.total,
        "difference": difference,
        "yearly_change": rounded((target * units - spent) * WEEKS_A_YEAR, 2),
        "unit": modelled.model.unit,
        "period": days.end.isoformat(),
        "method": METHOD,
    }
