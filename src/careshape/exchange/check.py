"""Check a statement: first its form by the schema, then what a schema cannot say: names that lead somewhere, codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from careshape.exchange.conform import Broken, broken
from careshape.exchange.fault import Path
from careshape.exchange.form import FIRST, LISTED, LISTS, OWN, codes, schema, version_of
from careshape.language import say

NAMED: Final = ("segments", "figures", "tables", "intentions", "opportunities", "cards")
"""Lists whose entries have an id."""
LEADS: Final = {"segment": "segments", "card": "cards"}
"""Field -> the list among whose ids its value must be."""
_CELLS: Final = {"string": str, "number": (int, float), "integer": int, "boolean": bool, "date": str}


def check(statement: Any) -> Iterator[Broken]:
    """Every rule that a statement breaks, at most one for each place."""
    version, seen = version_of(statement), set[Path]()
    for one in (*broken(statement, schema(version), version=version), *_beyond(statement, version)):
        if one.path not in seen:
            seen.add(one.path)
            yield one


def _beyond(statement: Any, version: str) -> Iterator[Broken]:
    if not isinstance(statement, dict):
        return
    lists = {name: _entries(statement, name) for name in LISTS}
    for name in NAMED:
        yield from _unique(lists[name], name)
    ids = {name: {one["id"] for _, one in lists[name] if isinstance(one.get("id"), str)} for name in NAMED}
    known = _known(lists["codes"], version)
    yield from _leading(lists, ids)
    for name, entries in lists.items():
        for number, one in entries:
            if name != "codes":
                yield from _coded(one, (name, number), known)
    yield from _declared(lists["codes"], version)
    yield from _once(lists["slots"])
    for number, one in lists["figures"]:
        yield from _interval(one, ("figures", number))
    for number, one in lists["tables"]:
        yield from _table(one, ("tables", number))
    if version != FIRST:  # what was published once is never changed, its rules neither
        for number, one in lists["opportunities"]:
            yield from _open(one, ("opportunities", number))


def _entries(statement: Mapping[str, Any], name: str) -> list[tuple[int, dict[str, Any]]]:
    """The entries of a list that are groups of fields, with their numbers; the schema tells of the others."""
    found = statement.get(name)
    return [(n, one) for n, one in enumerate(found) if isinstance(one, dict)] if isinstance(found, list) else []


def _unique(entries: list[tuple[int, dict[str, Any]]], name: str) -> Iterator[Broken]:
    first: dict[str, int] = {}
    for number, one in entries:
        id_ = one.get("id")
        if isinstance(id_, str) and first.setdefault(id_, number) != number:
            rule = say("Entry {number} of {name} has this id already", number=first[id_] + 1, name=name)
            yield Broken((name, number, "id"), id_, rule, "Give each its own")


def _leading(
    lists: Mapping[str, list[tuple[int, dict[str, Any]]]], ids: Mapping[str, set[str]]
) -> Iterator[Broken]:  # fmt: skip
    """What leads nowhere: each name that is not there once, where it is met first, with how many more lead to it."""
    met: dict[tuple[str, str], Path] = {}
    many: Counter[tuple[str, str]] = Counter()
    for part, entries in lists.items():
        for number, one in entries:
            for field, name in LEADS.items():
                value = one.get(field)
                if isinstance(value, str) and value not in ids[name]:
                    met.setdefault((name, value), (part, number, field))
                    many[name, value] += 1
    for (name, value), path in met.items():
        more = many[name, value] - 1
        rule = say("No entry of {name} has this id", name=name)
        if more:
            rule = say(
                "No entry of {name} has this id, and entries that lead to it besides: {more}", name=name, more=more
            )
        yield Broken(path, value, rule, say("Add it to {name}, or correct it", name=name))


def _known(own: list[tuple[int, dict[str, Any]]], version: str) -> dict[str, set[str]]:
    found = {name: set(entries) for name, entries in codes(version).items()}
    for _, one in own:
        if one.get("list") in OWN and isinstance(one.get("code"), str):
            found[one["list"]].add(one["code"])
    return found


def _coded(one: Mapping[str, Any], path: Path, known: Mapping[str, set[str]]) -> Iterator[Broken]:
    for field, name in LISTED.items():
        value = one.get(field)
        several = isinstance(value, list)
        for number, code in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(code, str) and code and code not in known[name]:
                some = _some(known[name])
                remedy = say("Use a code of the list ({known})", known=some)
                if name in OWN:
                    remedy = say(
                        "Use a code of the list ({known}), or declare it under codes with its label", known=some
                    )
                at = (*path, field, number) if several else (*path, field)
                yield Broken(at, code, say("The list {name} has no such code", name=name), remedy)


def _some(known: set[str]) -> str:
    named = sorted(known)
    return ", ".join(named[:9]) + (", …" if len(named) > 9 else "")


def _declared(own: list[tuple[int, dict[str, Any]]], version: str) -> Iterator[Broken]:
    seen: set[tuple[str, str]] = set()
    for number, one in own:
        name, code = one.get("list"), one.get("code")
        if not isinstance(name, str) or not isinstance(code, str) or name not in OWN:
            continue
        if code in codes(version)[name]:
            yield Broken(
                ("codes", number, "code"), code, say("The list {name} has it already", name=name), "Take it away"
            )
        elif (name, code) in seen:
            yield Broken(("codes", number, "code"), code, "It is declared twice", "Take one away")
        seen.add((name, code))


def _once(slots: list[tuple[int, dict[str, Any]]]) -> Iterator[Broken]:
    seen: set[tuple[str, str]] = set()
    for number, one in slots:
        segment, slot = one.get("segment"), one.get("slot")
        if not isinstance(segment, str) or not isinstance(slot, str):
            continue
        if (segment, slot) in seen and slot != "context":
            yield Broken(
                ("slots", number, "slot"),
                slot,
                say("The segment {segment} has this slot twice", segment=segment),
                "Join the two",
            )
        seen.add((segment, slot))


def _interval(one: Mapping[str, Any], path: Path) -> Iterator[Broken]:
    interval = one.get("interval")
    if not isinstance(interval, dict):
        return
    low, high = interval.get("low"), interval.get("high")
    if one.get("status") not in (None, "value"):
        rule = "A figure that is kept back or unknown has no interval: it would tell what is kept back"
        yield Broken((*path, "interval"), interval, rule, "Leave the interval out")
    elif isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        yield Broken((*path, "interval"), interval, "It ends below where it begins", "Swap low and high")


def _open(one: Mapping[str, Any], path: Path) -> Iterator[Broken]:
    """An opportunity by what it says of how much is wanted and between which days."""
    opens, closes = one.get("opens"), one.get("closes")
    # Days of the form year-month-day stand in the order of their letters; any other is a fault of its own.
    if isinstance(opens, str) and isinstance(closes, str) and closes < opens:
        yield Broken((*path, "closes"), closes, say("It closes before it opens ({opens})", opens=opens), "Swap the two")
    if isinstance(one.get("size"), int | float) and not one.get("unit"):
        yield Broken(
            (*path, "unit"), None, "A size says nothing without its unit", "Add the unit, such as places or persons"
        )
    yield from _interval(one, path)


def _table(one: Mapping[str, Any], path: Path) -> Iterator[Broken]:
    described = one.get("schema")
    fields = described.get("fields") if isinstance(described, dict) else None
    rows = one.get("rows")
    if not isinstance(fields, list) or not isinstance(rows, list):
        return
    types = [field.get("type") if isinstance(field, dict) else None for field in fields]
    names = [field.get("name") if isinstance(field, dict) else None for field in fields]
    for number, name in enumerate(names):
        if name in names[:number]:
            at = (*path, "schema", "fields", number, "name")
            yield Broken(at, name, "Another column has this name", "Give each column its own name")
    for number, row in enumerate(rows):
        if not isinstance(row, list):
            continue
        if len(row) != len(types):
            rule = say("The row has {cells} cells, and the table {columns} columns", cells=len(row), columns=len(types))
            yield Broken(
                (*path, "rows", number), None, rule, "Give each row one cell a column, null where there is none"
            )
            continue
        for column, (cell, kind) in enumerate(zip(row, types, strict=True)):
            if cell is not None and kind in _CELLS and not _fits(cell, kind):
                rule = say("The column {name} holds values of type {kind}", name=names[column], kind=kind)
                yield Broken((*path, "rows", number, column), cell, rule, "Write one, or null where there is none")


def _fits(cell: Any, kind: str) -> bool:
    if isinstance(cell, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(cell, float):
        return cell.is_integer()
    return isinstance(cell, _CELLS[kind])  # type: ignore[arg-type]
