"""Cards: where a figure comes from, in lines that a reader can follow to the measure or to the printed table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from careshape.evaluate.measure import Measure
from careshape.records import Dataset, Observation
from careshape.statement import formatting
from careshape.statement.labels import label_of, period_title

GOOD = {"up": "Higher is better", "down": "Lower is better", "neither": "Neither higher nor lower is better in itself"}

QUALIFIED = {
    "approx": "about",
    "nearly": "nearly",
    "over": "more than",
    "just-over": "just over",
    "under": "less than",
    "up-to": "up to",
    "range-low": "the lower end of a range",
    "range-high": "the upper end of a range",
}


@dataclass(frozen=True)
class Line:
    """One line of a card; ``page`` and ``item`` name the page that it leads to, if any."""

    label: str
    text: str
    page: str = ""
    item: str = ""
    anchor: str = ""


COUNTED: Final = "Computed from line items"


@dataclass(frozen=True)
class Card:
    """What stands behind a figure."""

    kind: str
    lines: tuple[Line, ...]


def how_counted(rounded: int = 0) -> str:
    """The method of a measure in words; ``rounded`` says to multiples of what its edition rounds counts."""
    if not rounded:
        return COUNTED
    return (
        f"{COUNTED}. In this edition counts are rounded to multiples of {rounded}, so that nobody can be recognised; "
        "shares and means rest on the rounded counts"
    )


def measure_lines(entry: Measure, rounded: int = 0) -> tuple[Line, ...]:
    """The indicator card of a measure."""
    card = entry.card
    return (
        Line("What it measures", card.what),
        Line("Source", card.source),
        Line("How it is worked out", card.formula),
        Line("Counted in", formatting.unit_words(entry.unit)),
        Line("How often it is updated", card.updated),
        Line("What to bear in mind", card.limitations),
        Line("Direction", GOOD[entry.good]),
        Line("Owner", card.owner),
        Line("Method", how_counted(rounded)),
    )


def measure_card(
    entry: Measure, where: Mapping[str, str | Sequence[str]], period: str, posting: str, rounded: int = 0
) -> Card:
    """The card of one value of a measure: what was asked, then the measure's own card."""
    asked = [Line(formatting.title_of(name), _listed(name, value)) for name, value in where.items()]
    if period:
        asked.append(Line("Period", period_title(period)))
    head = Line("Measure", entry.label, "measure", entry.id)
    return Card("measure", (head, *asked, Line("As known on", posting), *measure_lines(entry, rounded)))


def observation_card(row: Observation, data: Dataset | None) -> Card:
    """The card of a quoted observation: the document it stands in, where, for when, and of what kind."""
    return Card("observation", tuple(line for line in _observation_lines(row, data) if line.text))


def total_card(rows: Sequence[Observation], data: Dataset | None, counted: bool) -> Card:
    """The card of a sum or count of observations."""
    first, many = rows[0], len(rows)
    how = f"The number of observations that match: {many}" if counted else f"The sum of {many} observations"
    lines = [
        Line("How it is worked out", how),
        *(line for line in _observation_lines(first, data) if line.label in _SHARED),
    ]
    return Card("observation", tuple(line for line in lines if line.text))


_SHARED = ("Quoted from", "Table", "Kind")


def _observation_lines(row: Observation, data: Dataset | None) -> list[Line]:
    entry = data.tables.get(row.table) if data else None
    title = f"{entry.number}: {entry.title}" if entry else row.table
    what = [Line(formatting.title_of(name), label_of(name, value)) for name, value in row.dims.items() if value]
    stated = QUALIFIED.get(row.qualifier, "")
    return [
        Line("What it is", formatting.title_of(row.measure)),
        *what,
        Line("Period", period_title(row.period.text) if row.period.text else row.period.label),
        Line("Counted in", formatting.unit_words(row.unit)),
        Line("Kind", formatting.title_of(row.kind)),
        Line("How firmly it is stated", f"The source says “{stated}”" if stated else ""),
        Line("Quoted from", row.source),
        Line("Table", title, "observations", row.table, anchor_of(row)),
        Line("Line of the document's text", f"{row.source_line}" if row.source_line else ""),
        Line("As printed", row.as_published),
        Line("Note", row.note),
        Line("Reference", row.id),
    ]


def anchor_of(row: Observation) -> str:
    """The anchor of an observation on the page of its table."""
    return row.id.replace("/", "-").replace(" ", "-")


def derived_card(how: str) -> Card:
    """The card of a figure that is worked out from other figures."""
    return Card("derived", (Line("How it is worked out", how),))


def _listed(name: str, value: str | Sequence[str]) -> str:
    values = value.split("|") if isinstance(value, str) else value
    return ", ".join(label_of(name, one) for one in values)
