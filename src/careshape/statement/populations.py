"""Whom a figure counts, so that a forecast stands beside a figure of the same people or hours, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.errors import CareshapeError
from careshape.evaluate.measure import measures
from careshape.evaluate.measure.dimensions import LISTS
from careshape.statement.calls import Call, Found
from careshape.statement.figures import FigureBook
from careshape.statement.functions.ahead import quoted_cell

ALL: Final = "all"
_KINDS: Final = {"people_on_date": "persons", "hours": "hours-per-week"}
"""Kinds of counting that a forecast may stand beside, and the unit of such a forecast."""
_ASIDE: Final = ("period", "known_on", "unit")
"""What does not say whom a measure counts; of hours, the unit says no more than that they are hours."""
_SAME: Final = {
    "persons": 'measure("people_supported", {0}, period=...)',
    "hours-per-week": 'measure("hours_commissioned", {0}, period=...)',
}
_PARAGRAPH: Final = re.compile(r"\n\s*\n|\n(?=[-*] )")

Population = dict[str, frozenset[str]]
"""For each dimension by which it is narrowed, the single entries that are counted."""


@dataclass(frozen=True)
class Beside:
    """A measure beside a forecast of others: where it begins, and what is wrong."""

    start: int
    message: str


def forecasts_beside_others(text: str, found: Sequence[Found], book: FigureBook) -> Iterator[Beside]:
    """Measures in one paragraph with a forecast, in the same unit, that count other people or hours than it does."""
    inline = [one for one in found if not one.call.block]
    edges = [0, *(match.start() for match in _PARAGRAPH.finditer(text)), len(text) + 1]
    for start, end in pairwise(edges):
        here = [one for one in inline if start <= one.start < end]
        forecasts = [one for one in chain(*(each.call.calls() for each in here)) if one.name == "forecast"]
        measured = [(each, one) for each in here for one in _compared(each.call)]
        for forecast in forecasts:
            for each, one in measured:
                message = _differs(forecast, one, book)
                if message:
                    yield Beside(each.start, message)


def _compared(call: Call) -> Iterator[Call]:
    """The measures that are read beside a forecast: those that stand alone, and those compared with one."""
    if call.name == "measure" or any(one.name == "forecast" for one in call.calls()):
        yield from (one for one in call.calls() if one.name == "measure")


def _differs(forecast: Call, one: Call, book: FigureBook) -> str:
    """Why a measure counts others than a forecast; empty where it counts the same, or is in another unit."""
    entry = measures().get(one.first)
    try:
        segment, _, group, area = quoted_cell(book, forecast)
        expected = _of(_narrowed(segment.service_ids(), group, area))
        counted = _of({**(entry.where if entry else {}), **one.options})
    except CareshapeError:
        return ""  # a name that is not there is told of by itself
    unit = "hours-per-week" if segment.unit == "hours a week" else "persons"
    if entry is None or entry.unit != unit:
        return ""
    same = _SAME[unit].format(", ".join(f'{name}="{value}"' for name, value in _asked(segment.services, group, area)))
    said = f"{{{{ {forecast} }}}} stands beside {{{{ {one} }}}}, which counts"
    if counted != expected:
        return f"{said} others than it expects. Quote the same beside it: {same}."
    return "" if _KINDS.get(entry.kind) == unit else f"{said} otherwise: a forecast is of one day. Quote {same}."


def _narrowed(services: Sequence[str], group: str, area: str) -> dict[str, Any]:
    return {"service": tuple(services), **{name: one for name, one in _places(group, area) if one != ALL}}


def _asked(services: Sequence[str], group: str, area: str) -> list[tuple[str, str]]:
    return [("service", services[0]), *((name, one) for name, one in _places(group, area) if one != ALL)]


def _places(group: str, area: str) -> list[tuple[str, str]]:
    return [("client_group", group), ("district", area)]


def _of(where: dict[str, Any]) -> Population:
    """A filter by single entries, without what does not narrow it."""
    found: Population = {}
    for name, value in where.items():
        if name in _ASIDE or value == ALL:
            continue
        listed = LISTS.get(name, "")
        values = (value,) if isinstance(value, str) else tuple(value)
        members = (catalogue().members(listed, one) if listed else (one,) for one in values)
        found[name] = frozenset(chain(*members))
    return found
