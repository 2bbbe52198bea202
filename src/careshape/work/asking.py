"""Ask a measure by the words of an address: which one, split how, of which lines, over which period, as known when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.evaluate.measure import Result, measure, measures
from careshape.evaluate.measure.dimensions import DIMENSIONS, LISTS, TIME
from careshape.evaluate.measure.entry import find_measure
from careshape.evaluate.measure.evaluate import Context, open_context
from careshape.evaluate.measure.reach import beyond
from careshape.policy.listing import Column, Listing
from careshape.statement.charts import Chart, draw
from careshape.statement.council import Council
from careshape.statement.formatting import cell
from careshape.statement.labels import dimension_title, label_of, period_title
from careshape.statement.tables import Column as TableColumn
from careshape.statement.tables import Row, Table, valued
from careshape.work.unposted import context_with_waiting

MOST_SPLITS: Final = 2
"""Dimensions by which a page splits a measure."""
MOST_KNOWN: Final = 24
"""Postings after which a figure is told, the latest ones."""


@dataclass(frozen=True)
class Question:
    """What is asked."""

    measure: str
    by: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    period: str = ""
    known_on: date | None = None


def question(asked: Any) -> Question:
    """The question that an address asks: measure, by, by2, where and value (again with 2 and 3), period, known_on.

    Raises CallError for a day that is none, and for a filter without a value or without a dimension.
    """
    by = [asked.get(name, "") for name in ("by", "by2")]
    where: dict[str, str] = {}
    for ending in ("", "2", "3"):
        name, value = asked.get(f"where{ending}", ""), asked.get(f"value{ending}", "").strip()
        if bool(name) != bool(value):
            missing = "which value it should have" if name else "what the value is of"
            raise CallError(f"Say {missing}: '{name or value}' stands alone.")
        if name in where:
            raise CallError(f"'{name}' is asked for twice. Write both values in one, with | between.")
        if name:
            where[name] = identified(name, value)
    return Question(
        asked.get("measure", ""), tuple(dict.fromkeys(one for one in by if one)), where,
        asked.get("period", "").strip(), day(asked.get("known_on", "").strip()),
    )  # fmt: skip


def ask(council: Council, asked: Question) -> Result:
    """The answer. Raises CareshapeError, in a sentence, where the question is wrong or nothing was imported."""
    return measure(
        context_of(council, asked.known_on), asked.measure, by=asked.by, where=dict(asked.where) or None,
        period=asked.period or None,
    )  # fmt: skip


def amiss(council: Council, asked: Question, result: Result) -> str:
    """What must be known of an answer for days outside of the records, in a sentence; empty where they cover it."""
    return beyond(context_of(council, asked.known_on), result.measure, result.periods) if asked.period else ""


def context_of(council: Council, known_on: date | None = None) -> Context:
    """The council's records as they were known on a day; now by default. Raises CallError where there are none."""
    if council.sources.context is None:
        raise CallError("No records have been imported yet, so no measure can be asked.")
    return now_of(council) if known_on is None else open_context(council.ledger, known_on)


def now_of(council: Council) -> Context:
    """The council's records as they are, with what is still on its way into them."""
    context, _ = context_with_waiting(council)
    assert context is not None
    return context


def listing_of(result: Result) -> Listing:
    """An answer as a list, with words for ids."""
    unit = result.measure.unit
    rows = []
    for row in result.rows:
        named = {f"{name}_title": _label(name, row[name]) for name in result.dimensions}
        rows.append({**row, **named})
    columns: list[Column] = []
    for name in result.dimensions:
        columns += [Column(f"{name}_title", dimension_title(name)), Column(name, name, shown=False)]
    columns.append(Column("value", result.measure.label, numeric=True, text=lambda value: cell(value, unit)))
    return Listing("answer", result.measure.label, tuple(columns), rows, "No line fits.")


def chart_of(result: Result) -> Chart | None:
    """The picture of an answer that is split; None where it has nothing that can be drawn."""
    if not result.dimensions or not result.cells:
        return None
    table = _table(result)
    return draw(table) if table is not None else None


def known_after(council: Council, asked: Question) -> list[tuple[int, str, Any]]:
    """Posting, its file and the figure as it was known after it, for the latest postings: by which import it moved."""
    found = []
    # The period is that of the figure as it is known now, so that only knowledge differs.
    period = asked.period or ",".join(one.label for one in ask(council, asked).periods)
    for posting in council.postings[-MOST_KNOWN:]:
        context = open_context(council.ledger, posting.recorded_at)
        try:
            result = measure(context, asked.measure, where=dict(asked.where) or None, period=period)
            value = result.value_of(result.cells[0]) if result.cells else None
        except CallError:
            value = None
        found.append((posting.number, posting.source, value))
    return found


def choices() -> dict[str, Any]:
    """What a form offers: measures, dimensions, and values of dimensions that have a list."""
    return {
        "measures": [(one.id, one.label) for one in sorted(measures().values(), key=lambda one: one.label)],
        "dimensions": [(name, dimension_title(name)) for name in DIMENSIONS],
        "filters": [(name, dimension_title(name)) for name in DIMENSIONS if name not in TIME],
    }


def identified(name: str, value: str) -> str:
    """The id of what was written: labels are taken for ids where a dimension has a list."""
    if name not in LISTS:
        return value
    by_label = {entry.label.casefold(): entry.id for entry in catalogue().lists[LISTS[name]].entries}
    return "|".join(by_label.get(one.strip().casefold(), one.strip()) for one in value.split("|"))


def day(text: str) -> date | None:
    """A day; None for an empty text. Raises CallError for anything else."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CallError(f"'{text}' is not a day. Write it as 2021-03-31.") from None


def _label(name: str, value: str) -> str:
    return period_title(value) if name in TIME else label_of(name, value)


def _table(result: Result) -> Table | None:
    """An answer as a table that can be drawn: rows by the first dimension, series or a line along the second."""
    unit, title = result.measure.unit, result.measure.label
    names = list(result.dimensions)
    if len(names) > MOST_SPLITS:
        return None
    if len(names) == 1:
        rows = [Row((_label(names[0], row[names[0]]),), (valued(row["value"], unit),)) for row in result.rows]
        heads, columns = (dimension_title(names[0]),), (TableColumn(title, "value", numeric=True),)
        return Table("answer", title, heads, columns, tuple(rows), (), chart="bar")
    along = next((name for name in names if name in TIME), names[1])
    other = names[1 - names.index(along)]
    values = {(row[other], row[along]): row["value"] for row in result.rows}
    across = list(dict.fromkeys(row[along] for row in result.rows))
    if along in TIME:
        across.sort()
    rows = [
        Row((_label(other, one),), tuple(valued(values.get((one, at)), unit) for at in across))
        for one in dict.fromkeys(row[other] for row in result.rows)
    ]
    dates = tuple(TableColumn(_label(along, at), at, numeric=True) for at in across)
    chart = "line" if along in TIME else "bar"
    return Table("answer", title, (dimension_title(other),), dates, tuple(rows), (), chart=chart)


__all__ = ["Question", "amiss", "ask", "chart_of", "choices", "find_measure", "known_after", "listing_of", "question"]
