"""Functions that give one figure: counted from line items, or quoted from observations."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from careshape.errors import CallError
from careshape.evaluate.measure import measures
from careshape.records import Observation
from careshape.statement.calls import Call, near
from careshape.statement.cards import derived_card, measure_card, observation_card, total_card
from careshape.statement.figures import FigureBook, Reading
from careshape.statement.formatting import Value, title_of
from careshape.statement.functions.arguments import filters, several
from careshape.statement.functions.function import Function, Parameter
from careshape.statement.functions.intended import find_intentions
from careshape.statement.labels import TIME, in_sentence, label_of, period_title

NO_PARTS: Final = ("total", "subtotal", "derived")
"""Kinds of rows of a published table that are made of its other rows."""


def _measure(book: FigureBook, call: Call) -> Reading:
    if call.first not in measures():
        raise CallError(f"There is no measure '{call.first}'. {near(call.first, measures())}")
    amiss = book.beyond(call.first, str(call.options.get("period", "")))
    if amiss:
        raise CallError(amiss)
    return measure_reading(book, call, book.measured(call, filters(call, "period")))


def measure_reading(book: FigureBook, call: Call, value: Value) -> Reading:
    """The reading of a ``measure(...)`` call whose value is known: in which unit, in words, and its card."""
    entry, where = measures()[call.first], filters(call, "period")
    period = str(call.options.get("period", ""))
    card = measure_card(entry, where, period, book.sources.known, book.sources.rounded)
    named = [in_sentence(name, label_of(name, one)) for name, given in where.items() for one in several(given)]
    what = ", ".join([entry.label, *named, *([period_title(period)] if period else [])])
    return Reading(value, entry.unit, what, card)


def _observation(book: FigureBook, call: Call) -> Reading:
    row = _find(book, call)
    return Reading(row.value, row.unit, _what(row), observation_card(row, book.sources.dataset))


def _find(book: FigureBook, call: Call) -> Observation:
    """The one observation that a call names, by id or by table and dimensions."""
    if not call.named:
        return book.sources.observations[call.first]
    return book.sources.observations.one(table=call.first, **filters(call))


def _what(row: Observation) -> str:
    named = [in_sentence(name, label_of(name, value)) for name, value in row.dims.items() if value != "all"]
    when = period_title(row.period.text) if row.period.text else row.period.label
    return ", ".join([title_of(row.measure), *named, *([when] if when else [])])


def _parts(book: FigureBook, call: Call) -> list[Observation]:
    """The observations of a table that match, without those that are totals of others."""
    found = book.sources.observations.find(table=call.first, **filters(call))
    rows = [row for row in found if row.row_kind not in NO_PARTS]
    if not rows:
        known = book.sources.observations.values("table")
        hint = near(call.first, known) if call.first not in known else "The table is there, but no row of it matches."
        raise CallError(f"No observation matches {call}. {hint}")
    return rows


def _named(name: str, value: str | Sequence[str]) -> str:
    """A filter in words: the period, or the label of each value."""
    if name in TIME:
        return period_title(str(value))
    return " and ".join(in_sentence(name, label_of(name, one)) for one in several(value))


def _total(book: FigureBook, call: Call) -> Reading:
    rows = _parts(book, call)
    units = sorted({row.unit for row in rows})
    if len(units) > 1:
        raise CallError(f"The rows of '{call.first}' are counted in {', '.join(units)}: add measure= or unit=.")
    total = sum((row.value for row in rows), Decimal(0))
    asked = {name: value for name, value in filters(call).items() if name not in ("measure", "unit")}
    named = [_named(name, value) for name, value in asked.items()]
    what = ", ".join([f"Sum of {title_of(rows[0].measure).lower()}", *named])
    return Reading(total, units[0], what, total_card(rows, book.sources.dataset, False))


def _count(book: FigureBook, call: Call) -> Reading:
    if call.first == "intentions":
        many = len(find_intentions(book, filters(call)))
        return Reading(many, "intentions", "Number of intentions", derived_card("The number of intentions that match"))
    rows = _parts(book, call)
    what = f"Number of rows of {call.first}"
    return Reading(len(rows), "observations", what, total_card(rows, book.sources.dataset, True))


_PERIOD: Final = Parameter("period", "a date, month, year or span; the measure's own without it", "name")
_FILTERS: Final = Parameter("dimension", "a filter: an id, a group's id, or a list of them", "name", several=True)
_TABLE: Final = Parameter("table", "a table of observations")

FUNCTIONS: Final = (
    Function(
        "measure",
        (Parameter("id", "a measure"), _PERIOD, _FILTERS),
        "measure",
        "a figure counted from line items",
        "Every argument by name but the period is a filter by dimension.",
        'measure("home_care_hours", period="2021-03", district="wychavon")',
        _measure,
    ),
    Function(
        "observation",
        (Parameter("id", "an observation, or a table of observations whose one row the filters name"), _FILTERS),
        "names",
        "an observation, quoted",
        "It is named by its id, or by its table and as many of its dimensions as single it out.",
        'observation("table-01", district="Wychavon", period="2030")',
        _observation,
    ),
    Function(
        "total",
        (_TABLE, _FILTERS),
        "names",
        "the sum of the observations that match",
        "Rows that are totals of others are left out.",
        'total("table-01", period="2030")',
        _total,
    ),
    Function(
        "count",
        (Parameter("table", 'a table of observations, or "intentions"'), _FILTERS),
        "names",
        "how many observations, or intentions, match",
        "Rows that are totals of others are left out.",
        'count("table-15", registration_type="nursing")',
        _count,
    ),
)
