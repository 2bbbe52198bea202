"""What each function of the expression language gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.catalogue.periods import parse_period
from careshape.errors import CallError
from careshape.evaluate.measure import measures
from careshape.records import Observation
from careshape.statement.cards import (
    Card,
    Line,
    derived_card,
    measure_card,
    observation_card,
    total_card,
)
from careshape.statement.expressions import Call, near
from careshape.statement.figures import Figure, FigureBook, Reading
from careshape.statement.formatting import Value, title_of
from careshape.statement.labels import NAMELESS, age_title, in_sentence, label_of, period_title

Number = int | Decimal | Fraction
_TEXT: Final = Card("text", ())
MOST_WORDS: Final = 160
"""Characters that the title of a card may take."""
_NO_PARTS: Final = ("total", "subtotal", "derived")


def read(book: FigureBook, call: Call) -> Reading:
    """Compute one expression. Raises CareshapeError with what is wrong and what is near."""
    return _FUNCTIONS[call.name](book, call)


def _measure(book: FigureBook, call: Call) -> Reading:
    if call.first not in measures():
        raise CallError(f"There is no measure '{call.first}'. {near(call.first, measures())}")
    return measure_reading(book, call, book.measured(call, _where(call, "period")))


def measure_reading(book: FigureBook, call: Call, value: Value) -> Reading:
    """The reading of a ``measure(...)`` call whose value is known: in which unit, in words, and its card."""
    entry, where = measures()[call.first], _where(call, "period")
    period = str(call.options.get("period", ""))
    card = measure_card(entry, where, period, book.sources.known)
    named = [in_sentence(name, label_of(name, one)) for name, given in where.items() for one in _several(given)]
    what = ", ".join([entry.label, *named, *([period_title(period)] if period else [])])
    return Reading(value, entry.unit, what, card)


def _observation(book: FigureBook, call: Call) -> Reading:
    row = find_observation(book, call)
    return Reading(row.value, row.unit, _what(row), observation_card(row, book.sources.dataset))


def find_observation(book: FigureBook, call: Call) -> Observation:
    """The one observation that a call names, by id or by table and dimensions."""
    if not call.named:
        return book.sources.observations[call.first]
    return book.sources.observations.one(table=call.first, **_where(call))


def _parts(book: FigureBook, call: Call) -> list[Observation]:
    """The observations of a table that match, without those that are totals of others."""
    found = book.sources.observations.find(table=call.first, **_where(call))
    rows = [row for row in found if row.row_kind not in _NO_PARTS]
    if not rows:
        known = book.sources.observations.values("table")
        hint = near(call.first, known) if call.first not in known else "The table is there, but no row of it matches."
        raise CallError(f"No observation matches {call}. {hint}")
    return rows


def _total(book: FigureBook, call: Call) -> Reading:
    rows = _parts(book, call)
    units = sorted({row.unit for row in rows})
    if len(units) > 1:
        raise CallError(f"The rows of '{call.first}' are counted in {', '.join(units)}: add measure= or unit=.")
    total = sum((row.value for row in rows), Decimal(0))
    return Reading(
        total, units[0], f"Sum of {title_of(rows[0].measure).lower()}", total_card(rows, book.sources.dataset, False)
    )


def _count(book: FigureBook, call: Call) -> Reading:
    if call.first == "intentions":
        many = len(find_intentions(book, {key: str(value) for key, value in call.named}))
        return Reading(many, "intentions", "Number of intentions", derived_card("The number of intentions that match"))
    rows = _parts(book, call)
    return Reading(
        len(rows), "observations", f"Number of rows of {call.first}", total_card(rows, book.sources.dataset, True)
    )


def _growth(book: FigureBook, call: Call) -> Reading:
    (a, b), parents = _numbers(book, call)
    value = (b - a) / a * 100 if a is not None and b is not None and a != 0 else None
    return Reading(
        value,
        "percent-worked-out",
        _between("Change from {} to {}", parents),
        derived_card("The later figure less the earlier, as a percentage of the earlier"),
        parents,
    )


def _difference(book: FigureBook, call: Call) -> Reading:
    (a, b), parents = _numbers(book, call)
    value = b - a if a is not None and b is not None else None
    unit = parents[0].unit if parents[0].unit == parents[1].unit else ""
    return Reading(
        value,
        unit,
        _between("Difference between {} and {}", parents),
        derived_card("The second figure less the first"),
        parents,
    )


def _share(book: FigureBook, call: Call) -> Reading:
    (a, b), parents = _numbers(book, call)
    value = a / b * 100 if a is not None and b else None
    return Reading(
        value,
        "percent-worked-out",
        _between("{} as a share of {}", parents),
        derived_card("The first figure as a percentage of the second"),
        parents,
    )


def _ratio(book: FigureBook, call: Call) -> Reading:
    (a, b), parents = _numbers(book, call)
    value = a / b if a is not None and b else None
    return Reading(
        value,
        "",
        _between("{} divided by {}", parents),
        derived_card("The first figure divided by the second"),
        parents,
    )


def _sum(book: FigureBook, call: Call) -> Reading:
    values, parents = _numbers(book, call)
    known = [value for value in values if value is not None]
    value = sum(known, Fraction(0)) if len(known) == len(values) else None
    unit = parents[0].unit if len({parent.unit for parent in parents}) == 1 else ""
    return Reading(value, unit, "Sum", derived_card("The sum of these figures"), parents)


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
    if call.first in measures():
        entry, period = measures()[call.first], str(call.options.get("period", ""))
        where = {key: value for key, value in _where(call, "period", "by").items() if call.name != "rank" or key != by}
        rows = book.result(entry.id, (by,), where, period).rows
        parts = [
            _Part(str(row[by]), label_of(by, str(row[by])), row["value"]) for row in rows if row["value"] is not None
        ]
        card, what = measure_card(entry, where, period, book.sources.known), entry.label
    else:
        where = {key: value for key, value in _where(call, "by").items() if call.name != "rank" or key != by}
        found = [
            row for row in book.sources.observations.find(table=call.first, **where) if row.row_kind not in _NO_PARTS
        ]
        parts = [_Part(str(row.get(by)), label_of(by, str(row.get(by))), row.value) for row in found if row.get(by)]
        if not parts:
            raise CallError(
                f"No observation matches {call}. {near(call.first, book.sources.observations.values('table'))}"
            )
        if len({part.id for part in parts}) < len(parts):
            raise CallError(
                f"'{call.first}' has several values for one {by}. Add measure=, period= or another dimension."
            )
        card, what = total_card(found, book.sources.dataset, False), title_of(found[0].measure)
        card = Card(card.kind, card.lines[1:])
    parts = [part for part in parts if part.id.lower().replace(" ", "-") not in {*NAMELESS, "all"}]
    parts.sort(key=lambda part: (-part.value, part.label))
    if not parts:
        raise CallError(f"Nothing is left to compare in {call}.")
    return parts, what, card


def _largest(book: FigureBook, call: Call) -> Reading:
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


def _period(book: FigureBook, call: Call) -> Reading:
    period = parse_period(call.first)
    allowed = {"date": ("day",), "month": ("month",), "year": ("year", "financial_year", "span")}[call.name]
    if period.kind not in allowed:
        raise CallError(f"'{call.first}' is no {call.name}.")
    return Reading(period.title, "", "Period", _TEXT)


def _age(book: FigureBook, call: Call) -> Reading:
    return Reading(age_title(call.first), "", "Age", _TEXT)


def _label(book: FigureBook, call: Call) -> Reading:
    return Reading(catalogue().label(call.first, str(call.args[1])), "", "Label", _TEXT)


def _name(book: FigureBook, call: Call) -> Reading:
    return Reading(call.first, "", "Name", _TEXT)


def _intention(book: FigureBook, call: Call) -> Reading:
    known = {one.id: one for one in book.sources.intentions}
    if call.first not in known:
        raise CallError(f"There is no intention '{call.first}'. {near(call.first, known)}")
    one, wanted = known[call.first], str(call.options.get("field", "by_date"))
    if wanted not in ("by_date", "target_value"):
        raise CallError(f"An intention has no figure '{wanted}'. Ask for by_date or target_value.")
    card = Card("intention", (Line("Intention", one.statement, "intentions", "", one.id), Line("Reference", one.id)))
    if wanted == "target_value":
        return Reading(one.target_value, one.unit, f"Target: {title_of(one.target_measure)}", card)
    text = period_title(one.by_date.text) if one.by_date.text else None
    return Reading(text, "", "By when", card)


def find_intentions(book: FigureBook, wanted: dict[str, str]) -> list[Any]:
    """The intentions that match; ``section`` takes its subsections in."""
    return [
        one
        for one in book.sources.intentions
        if all(
            one.section == value or (name == "section" and one.section.startswith(f"{value}."))
            if name == "section"
            else getattr(one, name) == value
            for name, value in wanted.items()
        )
    ]


def _numbers(book: FigureBook, call: Call) -> tuple[list[Fraction | None], tuple[Figure, ...]]:
    """The arguments as numbers, with the figures they are. Raises CallError where one is none."""
    figures = []
    for one in call.args:
        if not isinstance(one, Call):
            raise CallError(f"{call.name} takes figures, such as measure(...); '{one}' is typed.")
        figure = book.figure(one)
        if figure.problem:
            raise CallError(f"{one}: {figure.problem}")
        if isinstance(figure.value, str) or not isinstance(figure.value, int | Decimal | Fraction | None):
            raise CallError(f"{one} gives words, not a number.")
        figures.append(figure)
    return [_number(figure.value) for figure in figures], tuple(figures)


def _between(form: str, parents: tuple[Figure, ...]) -> str:
    """What a figure worked out from two others is, in words; in short where the others take many words themselves."""
    said = form.format(*(f"“{parent.what}”" for parent in parents))
    return said if len(said) <= MOST_WORDS else form.format("one figure", "another").capitalize()


def _number(value: Value) -> Fraction | None:
    return Fraction(value) if isinstance(value, int | Decimal | Fraction) else None


def _where(call: Call, *without: str) -> dict[str, Any]:
    """The arguments by name, as filters: lists stay lists."""
    found = {}
    for name, value in call.named:
        if isinstance(value, Call):
            raise CallError(f"'{name}' must be a text or a list of texts.")
        if name not in without:
            found[name] = value if isinstance(value, str | tuple) else str(value)
    return found


def _several(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _what(row: Observation) -> str:
    named = [in_sentence(name, label_of(name, value)) for name, value in row.dims.items() if value != "all"]
    when = period_title(row.period.text) if row.period.text else row.period.label
    return ", ".join([title_of(row.measure), *named, *([when] if when else [])])


_FUNCTIONS: Final[dict[str, Callable[[FigureBook, Call], Reading]]] = {
    "measure": _measure,
    "observation": _observation,
    "total": _total,
    "count": _count,
    "growth": _growth,
    "difference": _difference,
    "share": _share,
    "ratio": _ratio,
    "sum": _sum,
    "largest": _largest,
    "smallest": _largest,
    "rank": _rank,
    "date": _period,
    "month": _period,
    "year": _period,
    "age": _age,
    "label": _label,
    "name": _name,
    "intention": _intention,
}
