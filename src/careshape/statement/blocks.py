"""What stands on a line of its own in the text: tables, charts and lists, as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from careshape.records import Action
from careshape.statement.calls import Call
from careshape.statement.council import Council
from careshape.statement.formatting import title_of
from careshape.statement.functions import find_intentions
from careshape.statement.functions.arguments import filters, several
from careshape.statement.labels import period_title
from careshape.statement.outlook.ahead import NotWorkedOutError
from careshape.statement.outlook.expected import expected
from careshape.statement.outlook.tables import gaps_table

WITHHELD: Final = "it could tell of a few people"
ENTRY_TITLES: Final = {
    "intelligence": "What the council knows",
    "user-view": "What people said",
    "provider-implication": "What it asks of providers",
    "intervention": "What the council does",
    "update": "What has happened since",
    "outcome": "How it came out",
    "driver": "The driver",
}
OUTCOME_TAGS: Final = {
    "achieved": "govuk-tag--green",
    "partly": "govuk-tag--yellow",
    "not-yet": "govuk-tag--grey",
}


@dataclass(frozen=True)
class Entry:
    """An action as a page shows it."""

    statement: str
    outcome: str
    tag: str


@dataclass(frozen=True)
class EntryGroup:
    """The actions of one kind under a segment or driver."""

    title: str
    actions: tuple[Entry, ...]


@dataclass(frozen=True)
class Driver:
    """One driver of the earlier statement, with everything said of it."""

    number: int
    title: str
    groups: tuple[EntryGroup, ...]


@dataclass(frozen=True)
class Intended:
    """An intention as a page shows it."""

    id: str
    statement: str
    by: str


def block_context(council: Council, call: Call) -> dict[str, Any]:
    """What the template of blocks needs for a call that stands on a line of its own."""
    return {"kind": call.name, "slug": council.slug, "edition": council.edition, **LAYOUTS[call.name](council, call)}


def _table(council: Council, call: Call) -> dict[str, Any]:
    return {"table": council.table(call.first), "chart": council.chart(call.first)}


def _outlook(council: Council, call: Call) -> dict[str, Any]:
    try:
        found = council.ahead
    except NotWorkedOutError as error:
        return {"problem": str(error), "name": call.first}
    if found.problem or call.first not in found.segments:
        return {"problem": found.problem or "Nobody is expected in this segment.", "name": call.first}
    one = found.segments[call.first]
    shown = [
        expected(found, one, group)
        for group in found.groups_of(one.id)
        if call.options.get("client_group", group) == group
    ]
    if not shown:
        return {"problem": f"What is to come of {one.label} is suppressed: {WITHHELD}.", "name": one.id}
    return {"problem": "", "name": one.id, "shown": shown, "table": None, "title": one.label, "ahead": found}


def _gap_table(council: Council, call: Call) -> dict[str, Any]:
    context = _outlook(council, call)
    if context["problem"]:
        return context
    gaps = [each for shown in context["shown"] for each in shown.gaps]
    title = f"{context['title']}: needed, there is, gap, in {gaps[0].unit}"
    return context | {"table": gaps_table(gaps, f"gaps-{context['name']}", title, "year"), "basis": gaps[0].basis}


def _intentions(council: Council, call: Call) -> dict[str, Any]:
    found = find_intentions(council.book, filters(call))
    return {"intentions": [intended(one) for one in found]}


def _entries(council: Council, call: Call) -> dict[str, Any]:
    return {"groups": grouped(_actions(council, call))}


def _review(council: Council, call: Call) -> dict[str, Any]:
    return {"many": len(drivers(council))}


def _views(council: Council, call: Call) -> dict[str, Any]:
    topics = several(filters(call)["topic"]) if "topic" in call.options else ()
    said = [view for view in council.sources.views if not topics or view.group_or_topic in topics]
    found = {kind: [view for view in said if view.record_type == type] for kind, type in _VIEWS.items()}
    return found | {"all_views": not topics}


_VIEWS: Final = {"asked": "group", "said": "view"}

LAYOUTS: Final[dict[str, Callable[[Council, Call], dict[str, Any]]]] = {
    "table": _table,
    "chart": _table,
    "outlook": _outlook,
    "gap_table": _gap_table,
    "intentions": _intentions,
    "actions": _entries,
    "review": _review,
    "views": _views,
}
"""What the template needs for each function that stands on a line of its own."""


def intended(one: Any) -> Intended:
    """An intention with its date in words, left empty where its sentence already says it."""
    by = period_title(one.by_date.text) if one.by_date.text else one.by_date.label
    return Intended(one.id, one.statement, "" if _says(one.statement, by) else by)


def _says(statement: str, by: str) -> bool:
    """Whether a sentence names a date: as it is, by its month, or by the financial year that ends on it."""
    ways = [by]
    if match := re.fullmatch(r"31 March (\d{4})", by):
        year = int(match[1])
        ways += [f"March {year}", *(f"{year - 1}{sign}{year % 100:02d}" for sign in "/-\u2013")]
    return any(re.search(rf"(?<![\d/]){re.escape(way)}(?![\d/])", statement) for way in ways if way)


def drivers(council: Council) -> list[Driver]:
    """The drivers of the earlier statement, in order."""
    found: dict[int, list[Action]] = {}
    for action in council.sources.actions:
        if action.part == "driver":
            found.setdefault(action.number, []).append(action)
    return [Driver(number, rows[0].segment_or_driver, grouped(rows)) for number, rows in sorted(found.items())]


def grouped(actions: Sequence[Action]) -> tuple[EntryGroup, ...]:
    """Actions by kind, in the order in which a reader asks."""
    groups = []
    for kind, title in ENTRY_TITLES.items():
        rows = tuple(_entry(one) for one in actions if one.entry_type == kind)
        if rows:
            groups.append(EntryGroup(title, rows))
    return tuple(groups)


def _entry(one: Action) -> Entry:
    return Entry(one.statement, title_of(one.outcome), OUTCOME_TAGS.get(one.outcome, ""))


def _actions(council: Council, call: Call) -> list[Action]:
    options = call.options
    part = "driver" if "driver" in options else "segment"
    number, kind = options.get(part), options.get("entry")
    return [
        one
        for one in council.sources.actions
        if one.part == part and (number is None or str(one.number) == str(number)) and kind in (None, one.entry_type)
    ]
