"""Functions that compare the parts of a measure or of a table of observations along one dimension."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from careshape.errors import CallError
from careshape.evaluate.measure import measures
from careshape.statement.calls import Call, near
from careshape.statement.cards import Card, Line, measure_card, total_card
from careshape.statement.figures import FigureBook, Reading, WithheldError
from careshape.statement.formatting import Withheld, title_of
from careshape.statement.functions.arguments import Number, filters
from careshape.statement.functions.counted import NO_PARTS
from careshape.statement.functions.function import Function, Parameter
from careshape.statement.labels import NAMELESS, label_of


@dataclass(frozen=True)
class _Part:
    id: str
    label: str
    value: Number


def _ranked(book: FigureBook, call: Call) -> tuple[list[_Part], str, Card]:
    """The parts of a measure or table along the dimension ``by``, the largest first, without the nameless ones."""
    by = str(call.options.get("by", ""))
    if not by:
        raise CallError(f'{call.name} needs by=, the dimension whose parts are compared, such as by="district".')
    parts, what, card = _of_measure(book, call, by) if call.first in measures() else _of_table(book, call, by)
    parts = [part for part in parts if part.id.lower().replace(" ", "-") not in {*NAMELESS, "all"}]
    parts.sort(key=lambda part: (-part.value, part.label))
    if not parts:
        raise CallError(f"Nothing is left to compare in {call}.")
    return parts, what, card


def _of_measure(book: FigureBook, call: Call, by: str) -> tuple[list[_Part], str, Card]:
    entry, period = measures()[call.first], str(call.options.get("period", ""))
    where = {key: value for key, value in filters(call, "period", "by").items() if call.name != "rank" or key != by}
    rows = book.result(entry.id, (by,), where, period).rows
    for row in rows:
        if isinstance(row["value"], Withheld):
            raise WithheldError(row["value"])  # which part is the largest would say something of it
    parts = [_Part(str(row[by]), label_of(by, str(row[by])), row["value"]) for row in rows if row["value"] is not None]
    return parts, entry.label, measure_card(entry, where, period, book.sources.known, book.sources.rounded)


def _of_table(book: FigureBook, call: Call, by: str) -> tuple[list[_Part], str, Card]:
    where = {key: value for key, value in filters(call, "by").items() if call.name != "rank" or key != by}
    observations = book.sources.observations
    found = [row for row in observations.find(table=call.first, **where) if row.row_kind not in NO_PARTS]
    parts = [_Part(str(row.get(by)), label_of(by, str(row.get(by))), row.value) for row in found if row.get(by)]
    if not parts:
        raise CallError(f"No observation matches {call}. {near(call.first, observations.values('table'))}")
    if len({part.id for part in parts}) < len(parts):
        raise CallError(f"'{call.first}' has several values for one {by}. Add measure=, period= or another dimension.")
    card = total_card(found, book.sources.dataset, False)
    return parts, title_of(found[0].measure), Card(card.kind, card.lines[1:])


def _extreme(book: FigureBook, call: Call) -> Reading:
    parts, what, card = _ranked(book, call)
    part = parts[0] if call.name == "largest" else parts[-1]
    how = Line("How it is found", f"The {call.name} of {len(parts)} parts, each with its own value of: {what}")
    return Reading(part.label, "", f"{title_of(call.name)} part of: {what}", Card(card.kind, (how, *card.lines)))


def _rank(book: FigureBook, call: Call) -> Reading:
    by = str(call.options.get("by", ""))
    wanted = str(call.options.get(by, ""))
    if not wanted:
        raise CallError(f"rank needs {by or 'the dimension'}=, the part whose place is asked for.")
    parts, what, card = _ranked(book, call)
    for part in parts:
        if wanted.lower() in (part.id.lower(), part.label.lower()):
            place = 1 + sum(other.value > part.value for other in parts)
            how = Line(
                "How it is found", f"The place of {part.label} among {len(parts)} parts, the largest being first"
            )
            return Reading(place, "", f"Place of {part.label}: {what}", Card(card.kind, (how, *card.lines)))
    raise CallError(f"'{wanted}' is none of the parts. {near(wanted, [part.id for part in parts])}")


_OF: Final = (
    Parameter("id", "a measure, or a table of observations"),
    Parameter("by", "the dimension whose parts are compared", "name"),
    Parameter("dimension", "a filter, and for a measure the period", "name", several=True),
)
_WITHOUT: Final = "The parts “unknown” and “not applicable” are left out."

FUNCTIONS: Final = (
    Function(
        "largest",
        _OF,
        "measure or table",
        "the name of the largest part",
        _WITHOUT,
        'largest("home_care_hours", by="district", period="2021-03")',
        _extreme,
    ),
    Function(
        "smallest",
        _OF,
        "measure or table",
        "the name of the smallest part",
        _WITHOUT,
        'smallest("home_care_hours", by="district", period="2021-03")',
        _extreme,
    ),
    Function(
        "rank",
        _OF,
        "measure or table",
        "the place of a part among all, the largest being first",
        f"The part is named under its dimension. {_WITHOUT}",
        'rank("home_care_hours", by="district", district="wychavon", period="2021-03")',
        _rank,
    ),
)
