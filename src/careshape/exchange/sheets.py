"""A statement as sheets: a CSV file for each of its lists, which a spreadsheet opens, fills and saves.

``statement.csv`` holds what stands once, a field a line; each list has its own file, a column a field. Several values
of one cell are parted by semicolons; a group of fields is a column each, such as interval.low.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from careshape.exchange.bounds import Unreadable
from careshape.exchange.csv_lines import csv_lines, uneven
from careshape.exchange.fault import Fault, Path, fault
from careshape.exchange.form import LISTS, VERSION, columns, resolve, schema
from careshape.language import say
from careshape.spreadsheets import plain

ONCE: Final = "statement.csv"
SAID: Final = ("suppressed", "unknown")
"""What a cell of a number may say instead of one."""
TABLE_FIELDS: Final = ("id", "title", "segment", "note", "source", "card", "file")
_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,2})?")
"""Digits without end would be text to a person, and infinity or an error to a machine: they are left as text."""


@dataclass
class Sheets:
    """A statement read from sheets: what they say, where each part stands, and what could not be read of them."""

    statement: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, path: Path) -> str:
        """The place of a part as file:row:column, or that of the nearest around it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.places:
                left = ".".join(str(one) for one in path[end:])
                return self.places[path[:end]] + (f":{left}" if left else "")
        named = str(path[0]) if path else ""
        return f"{named}.csv" if named in LISTS else f"{ONCE}:{'.'.join(str(one) for one in path)}"


def scalars(version: str = VERSION) -> dict[str, dict[str, Any]]:
    """What stands once in a statement, by the name that its line has: council.code."""
    return dict(_flat(schema(version)["properties"], ""))


def fields_of(part: str, version: str = VERSION) -> dict[str, dict[str, Any]]:
    """The columns of the sheet of a list."""
    if part == "tables":
        found = columns(part, version)
        return {name: found.get(name, {"type": "string"}) for name in TABLE_FIELDS}
    return dict(_flat(columns(part, version), ""))


def _flat(given: Mapping[str, Any], before: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, one in given.items():
        part = resolve(one)
        if part.get("type") == "object" and "properties" in part:
            yield from _flat(part["properties"], f"{before}{name}.")
        elif name not in LISTS or before:
            yield f"{before}{name}", part


def read_sheets(files: Mapping[str, bytes]) -> Sheets:
    """The statement that sheets hold; what cannot be read of them is among its faults."""
    found = Sheets()
    _once(found, files)
    for part in LISTS:
        name = f"{part}.csv"
        if name in files:
            fields = fields_of(part)
            entries: list[dict[str, Any]] = []
            found.statement[part] = entries
            for line, row in _rows(found, name, files[name], fields):
                path: Path = (part, len(entries))
                found.places[path] = f"{name}:{line}"
                entries.append(_entry(found, path, f"{name}:{line}", row, fields))
    for number, one in enumerate(found.statement.get("tables", [])):
        _fill_table(found, one, number, files)
    return found


def _once(found: Sheets, files: Mapping[str, bytes]) -> None:
    if ONCE not in files:
        rule = "The file is missing: it says whose statement it is"
        found.faults.append(fault(ONCE, None, rule, "Make an empty form with careshape statement form, and fill it"))
        return
    known = scalars()
    two = {"field": {"type": "string"}, "value": {"type": "string"}}
    for line, row in _rows(found, ONCE, files[ONCE], two):
        name, value = row.get("field", "").strip(), row.get("value", "")
        if not value.strip():
            continue
        if name not in known:
            rule, remedy = "There is no such field", say("Use one of {known}", known=", ".join(known))
            found.faults.append(fault(f"{ONCE}:{line}:field", name, rule, remedy))
            continue
        path: Path = tuple(name.split("."))
        found.places[path] = f"{ONCE}:{line}:value"
        _put(found.statement, path, _cell(found, found.places[path], value, known[name]))


def _rows(
    found: Sheets, name: str, content: bytes, fields: Mapping[str, Any] | None = None
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a file with the lines on which they begin, as column -> text. Blank rows are passed over."""
    try:
        yield from _read(found, name, csv_lines(content, name), fields)
    except Unreadable as error:
        found.faults.append(error.fault)


def _read(
    found: Sheets, name: str, lines: Iterator[tuple[int, list[str]]], fields: Mapping[str, Any] | None
) -> Iterator[tuple[int, dict[str, str]]]:
    head = [plain(one.strip()) for one in next(lines, (1, []))[1]]
    if not any(head):
        found.faults.append(fault(f"{name}:1", None, "The file is empty", "Begin with a line of column names"))
        return
    for number, one in enumerate(head):
        if one in head[:number] and one:
            found.faults.append(fault(f"{name}:1", one, "Two columns have this name", "Rename or remove one"))
        elif fields is not None and one and one not in fields:
            remedy = say("Remove the column, or use one of {fields}", fields=", ".join(fields))
            found.faults.append(fault(f"{name}:1", one, "There is no such column", remedy))
    for begins, row in lines:
        if any(one.strip() for one in row):
            if len(row) > len(head) and any(one.strip() for one in row[len(head) :]):
                rule = uneven(row, head)
                found.faults.append(fault(f"{name}:{begins}", None, rule, "Put double quotes around cells with commas"))
            yield begins, {key: plain(one) for key, one in zip(head, row, strict=False) if key}


def _entry(
    found: Sheets, path: Path, place: str, row: Mapping[str, str], fields: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    for name, text in row.items():
        if name not in fields or not text.strip():
            continue
        inner = tuple(name.split("."))
        found.places[(*path, *inner)] = f"{place}:{name}"
        said = text.strip().lower()
        if name == "value" and said in SAID:
            entry.setdefault("status", said)
            continue
        _put(entry, inner, _cell(found, f"{place}:{name}", text, fields[name]))
    return entry


def _put(into: dict[str, Any], path: Path, value: Any) -> None:
    for name in path[:-1]:
        into = into.setdefault(str(name), {})
    into[str(path[-1])] = value


def _cell(found: Sheets, place: str, text: str, part: Mapping[str, Any]) -> Any:
    """The value of a cell, by what the schema says stands there; text where it is not that."""
    types = part.get("type", "string")
    named = [types] if isinstance(types, str) else types
    stripped = text.strip()
    if "array" in named:
        return [one.strip() for one in text.split(";") if one.strip()]
    if "object" in named:
        pairs = [one.partition("=") for one in text.split(";") if one.strip()]
        return {name.strip(): value.strip() for name, _, value in pairs}
    if "number" in named and _NUMBER.fullmatch(stripped):
        return float(stripped) if re.search("[.eE]", stripped) else int(stripped)
    if "boolean" in named and stripped.lower() in ("true", "false", "yes", "no"):
        return stripped.lower() in ("true", "yes")
    return text


def _fill_table(found: Sheets, one: dict[str, Any], number: int, files: Mapping[str, bytes]) -> None:
    """Give a table the columns and rows of its file; every cell is text, but in columns of numbers alone."""
    name = str(one.pop("file", ""))
    place = found.places.get(("tables", number), "tables.csv")
    if not name or name not in files or PurePosixPath(name).suffix != ".csv":
        remedy = "Name the CSV file with its rows, such as tables/beds.csv, and put it beside the others"
        found.faults.append(fault(f"{place}:file", name, "There is no such file", remedy))
        one |= {"schema": {"fields": [{"name": "value", "type": "string"}]}, "rows": []}
        return
    rows = list(_rows(found, name, files[name]))
    head = list(dict.fromkeys(key for _, row in rows for key in row))
    numeric = {key for key in head if all(_number(row.get(key, "")) for _, row in rows)}
    fields = [{"name": key[:200], "type": "number" if key in numeric else "string"} for key in head]
    one["schema"] = {"fields": fields or [{"name": "value", "type": "string"}]}
    one["rows"] = [[_in_table(row.get(key, ""), key in numeric) for key in head] for _, row in rows]
    for at, (line, _) in enumerate(rows):
        found.places["tables", number, "rows", at] = f"{name}:{line}"


def _number(text: str) -> bool:
    return not text.strip() or bool(_NUMBER.fullmatch(text.strip()))


def _in_table(text: str, numeric: bool) -> str | float | None:
    if not text.strip():
        return None
    return float(text) if numeric else text
