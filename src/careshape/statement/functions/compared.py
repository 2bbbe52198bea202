"""Functions that compare the parts of a measure or of a table of observations along one dimension.

Where a part is withheld, which one is the largest would say something of it, unless what is shown proves it already:
with a total that is shown, what is not shown of its parts can be no more than what is left of it. Only then is a part
named, so that a reader is told nothing that the figures beside the sentence do not say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

from careshape.errors import CallError, CareshapeError
from careshape.evaluate.measure import Measure, measures
from careshape.statement.calls import Call, near
from careshape.statement.cards import Card, Line, measure_card, total_card
from careshape.statement.figures import FigureBook, Reading, WithheldError
from careshape.statement.formatting import Withheld, title_of
from careshape.statement.functions.arguments import Number, filters
from careshape.statement.functions.counted import NO_PARTS
from careshape.statement.functions.function import Function, Parameter
from careshape.statement.labels import NAMELESS, label_of

ADD_UP: Final = ("nights", "days", "hours", "cost", "weekly_cost")
"""Kinds of counting that add up over every dimension and are printed exactly or not at all."""


@dataclass(frozen=True)
class _Part:
    id: str
    label: str
    value: Number


@dataclass(frozen=True)
class _Unseen:
    """The parts that are withheld: which, why, and what each can be at most (None: nobody can say)."""

    ids: frozenset[str] = frozenset()
    why: Withheld | None = None
    most: Fraction | None = None

    def below(self, value: Number) -> bool:
        """Whether what is shown proves that each of them is less than a value."""
        return self.why is None or (self.most is not None and self.most < value)


@dataclass(frozen=True)
class _Parts:
    """The parts that are shown, what was compared, its card, and what is withheld."""

    shown: list[_Part]
    what: str
    card: Card
    unseen: _Unseen = field(default_factory=_Unseen)


def _nameless(id_: str) -> bool:
    return id_.lower().replace(" ", "-") in {*NAMELESS, "all"}


def _ranked(book: FigureBook, call: Call) -> _Parts:
    """The parts of a measure or table along the dimension ``by``, the largest first, without the nameless ones."""
    by = str(call.options.get("by", ""))
    if not by:
        raise CallError(f'{call.name} needs by=, the dimension whose parts are compared, such as by="district".')
    found = _of_measure(book, call, by) if call.first in measures() else _of_table(book, call, by)
    named = [part for part in found.shown if not _nameless(part.id)]
    named.sort(key=lambda part: (-part.value, part.label))
    if not named and found.unseen.why is not None:
        raise WithheldError(found.unseen.why)
    if not named:
        raise CallError(f"Nothing is left to compare in {call}.")
    return replace(found, shown=named)


def _of_measure(book: FigureBook, call: Call, by: str) -> _Parts:
    entry, period = measures()[call.first], str(call.options.get("period", ""))
    where = {key: value for key, value in filters(call, "period", "by").items() if call.name != "rank" or key != by}
    rows = book.result(entry.id, (by,), where, period).rows
    values = {str(row[by]): row["value"] for row in rows if row["value"] is not None}
    kept_back = {id_: value for id_, value in values.items() if isinstance(value, Withheld)}
    parts = [_Part(id_, label_of(by, id_), value) for id_, value in values.items() if id_ not in kept_back]
    unseen = _Unseen()
    if why := next((value for id_, value in kept_back.items() if not _nameless(id_)), None):
        ids = frozenset(id_ for id_ in kept_back if not _nameless(id_))
        left = _left(book, entry, where, period, parts) if len(values) == len(rows) else None
        unseen = _Unseen(ids, why, left)
    card = measure_card(entry, where, period, book.sources.known, book.sources.rounded)
    return _Parts(parts, entry.label, card, unseen)


def _left(
    book: FigureBook, entry: Measure, where: Mapping[str, Any], period: str, shown: Sequence[_Part]
) -> Fraction | None:
    """The most that can be left for parts that are not shown, by the figures as they are printed; None: unknown."""
    if entry.kind not in ADD_UP:
        return None
    try:
        total = book.result(entry.id, (), dict(where), period).value
    except CareshapeError:  # no page of this edition shows the total
        return None
    if total is None or isinstance(total, Withheld):
        return None
    rounding = Fraction(len(shown) + 1, 2 * 10**entry.decimals)
    return Fraction(total) - sum(Fraction(part.value) for part in shown) + rounding


def _of_table(book: FigureBook, call: Call, by: str) -> _Parts:
    where = {key: value for key, value in filters(call, "by").items() if call.name != "rank" or key != by}
    observations = book.sources.observations
    found = [row for row in observations.find(table=call.first, **where) if row.row_kind not in NO_PARTS]
    parts = [_Part(str(row.get(by)), label_of(by, str(row.get(by))), row.value) for row in found if row.get(by)]
    if not parts:
        raise CallError(f"No observation matches {call}. {near(call.first, observations.values('table'))}")
    if len({part.id for part in parts}) < len(parts):
        raise CallError(f"'{call.first}' has several values for one {by}. Add measure=, period= or another dimension.")
    card = total_card(found, book.sources.dataset, False)
    return _Parts(parts, title_of(found[0].measure), Card(card.kind, card.lines[1:]))


def _extreme(book: FigureBook, call: Call) -> Reading:
    found = _ranked(book, call)
    part = found.shown[0] if call.name == "largest" else found.shown[-1]
    if found.unseen.why is not None and (call.name == "smallest" or not found.unseen.below(part.value)):
        raise WithheldError(found.unseen.why)
    many = len(found.shown) + len(found.unseen.ids)
    how = Line("How it is found", f"The {call.name} of {many} parts, each with its own value of: {found.what}")
    what = f"{title_of(call.name)} part of: {found.what}"
    return Reading(part.label, "", what, Card(found.card.kind, (how, *found.card.lines)))


def _rank(book: FigureBook, call: Call) -> Reading:
    by = str(call.options.get("by", ""))
    wanted = str(call.options.get(by, ""))
    if not wanted:
        raise CallError(f"rank needs {by or 'the dimension'}=, the part whose place is asked for.")
    found = _ranked(book, call)
    labels = {id_: label_of(by, id_) for id_ in found.unseen.ids}
    if found.unseen.why is not None and wanted.lower() in {one.lower() for pair in labels.items() for one in pair}:
        raise WithheldError(found.unseen.why)
    for part in found.shown:
        if wanted.lower() in (part.id.lower(), part.label.lower()):
            if found.unseen.why is not None and not found.unseen.below(part.value):
                raise WithheldError(found.unseen.why)
            return _placed(found, part)
    raise CallError(f"'{wanted}' is none of the parts. {near(wanted, [part.id for part in found.shown])}")


def _placed(found: _Parts, part: _Part) -> Reading:
    """The place of a part; what is not shown is known to be less than it."""
    place = 1 + sum(other.value > part.value for other in found.shown)
    many = len(found.shown) + len(found.unseen.ids)
    how = Line("How it is found", f"The place of {part.label} among {many} parts, the largest being first")
    return Reading(place, "", f"Place of {part.label}: {found.what}", Card(found.card.kind, (how, *found.card.lines)))


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
