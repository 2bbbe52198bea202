"""A figure of the gate in words: what it counts, where and when, and in which tables and segments it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from careshape.editions.limits import ON_DATE, OVER_PERIOD
from careshape.editions.questions import Counted, Place, place_of
from careshape.editions.reuse.side import sides
from careshape.errors import CareshapeError
from careshape.evaluate.measure import Result, measures
from careshape.evaluate.measure.evaluate import Context
from careshape.statement.council import Council
from careshape.statement.figures import FigureBook
from careshape.statement.fill import fill
from careshape.statement.functions import read
from careshape.statement.labels import dimension_title, in_sentence, label_of

COUNTED_AS: Final = {
    ON_DATE: "people", OVER_PERIOD: "people over the period", "lines": "line items",
    "lines_over_period": "line items over the period", "times": "times", "starts": "starts", "ends": "ends",
    "nights": "nights", "days": "days of care", "hours": "hours", "weekly_cost": "weekly cost", "cost": "cost",
    "mean_weekly_cost": "mean weekly cost",
}  # fmt: skip
_OF: Final = {"provider": "providers in use", "setting": "homes in use"}
MOST_NAMED: Final = 3
"""Values of one dimension that are named one by one."""
_REST: Final = re.compile(r"^the rest of (?P<total>.+) by (?P<dimension>\w+), (?:finest|broadest)$")
_QUOTED: Final = re.compile(r"'([^']+)'")


def in_words(place: Place) -> str:
    """A place as a reader would call it: "people, 30 June 2021: nursing care, Wychavon"."""
    kind = place.kind
    if kind == "share":
        counted = measures()[place.counting.removeprefix("share ")].label
    else:
        counted = next((words for of, words in _OF.items() if place.counting.endswith(of)), COUNTED_AS.get(kind, kind))
    where = ", ".join(_values(name, ids) for name, ids in place.where)
    return f"{counted}, {place.period.title}{f': {where}' if where else ''}"


def _values(dimension: str, ids: Sequence[str]) -> str:
    if len(ids) > MOST_NAMED:
        return f"{len(ids)} values of {dimension_title(dimension).lower()}"
    return " and ".join(in_sentence(dimension, label_of(dimension, one)) for one in ids)


def name_of(id_: str, cells: Mapping[str, Counted]) -> str:
    """A cell of the gate in words; a rest as what is left of its total."""
    if id_ in cells:
        return in_words(cells[id_].place)
    rest = _REST.match(id_)
    if rest and rest["total"] in cells:
        by = dimension_title(rest["dimension"]).lower()
        return f"what is left of {in_words(cells[rest['total']].place)}, without what is shown of it by {by}"
    return id_


def plainly(sentence: str, cells: Mapping[str, Counted]) -> str:
    """A sentence of the attack with its figures in words."""
    return _QUOTED.sub(lambda match: f"“{name_of(match[1], cells)}”", sentence)


@dataclass(frozen=True)
class Stand:
    """A table, a segment, or what is neither (an empty ``id``), with its name in a sentence."""

    kind: str
    id: str
    title: str


def stands_in(council: Council, wanted: Iterable[str], cells: Mapping[str, Counted]) -> dict[str, list[Stand]]:
    """Cell -> the tables and segments that ask for it; of a rest, those of its total."""
    places = {id_: _REST.match(id_)["total"] if _REST.match(id_) else id_ for id_ in wanted}  # type: ignore[index]
    made_of: dict[str, set[str]] = {}
    for id_, one in cells.items():
        for half in one.over or ():
            made_of.setdefault(half, set()).add(id_)
    found: dict[str, list[Stand]] = {}
    for stand, ids in _asked_by(council):
        for id_, place in places.items():
            if place in ids or made_of.get(place, set()) & ids:
                found.setdefault(id_, []).append(stand)
    return found


def _asked_by(council: Council) -> Iterable[tuple[Stand, set[str]]]:
    """Each table and each segment's text, and the places of the figures that it asks for. Asks the ledger nothing."""
    if council.statement is None or council.written is None:
        return
    for name, spec in council.statement.tables.items():
        seen = _Seen(council.book)
        fill(FigureBook(council.sources, read, seen), council.written.tables[name])
        yield Stand("table", name, f"the table “{spec.title}”"), seen.ids
    for segment in council.statement.segments.values():
        seen = _Seen(council.book)
        book = FigureBook(council.sources, read, seen)
        for each in (one for one in segment.found if not one.call.block):
            book.figure(each.call)
        yield Stand("segment", segment.id, f"the text of “{segment.title}”"), seen.ids
    seen = _Seen(council.book)
    sides(replace(council, ask=seen))
    yield Stand("side", "", "the figures by which councils are compared"), seen.ids


class _Seen:
    """Answers with what a book was answered before, and notes the places."""

    def __init__(self, book: FigureBook) -> None:
        self.book = book
        self.ids: set[str] = set()

    def __call__(
        self, context: Context, name: str, *, by: Sequence[str] = (), where: Mapping[str, Any] | None = None,
        period: str | None = None,
    ) -> Result:  # fmt: skip
        result = self.book.result(name, by, dict(where or {}), period or "")
        self.ids |= {place_of(result, cell.key, where or {}).id for cell in result.cells}
        return result


def faults_of(
    council: Council, cells: Mapping[str, Counted], findings: Iterable[tuple[str, str]]
) -> list[dict[str, Any]]:
    """What stops a release, for those who mend it: each figure in words, where it stands, and what gives it away."""
    listed = list(findings)
    try:
        stands = stands_in(council, {id_ for id_, _ in listed}, cells)
    except CareshapeError:
        stands = {}
    return [
        {
            "figure": name_of(id_, cells), "stands": [one.title for one in stands.get(id_, [])],
            "places": [asdict(one) for one in stands.get(id_, [])], "why": plainly(why, cells),
        }
        for id_, why in listed
    ]  # fmt: skip
