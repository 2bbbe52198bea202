"""Reading returns of capacity: a CSV or a workbook of one kind of rows, or JSON of whole locations."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from careshape.catalogue.lists import normalise
from careshape.errors import InputError
from careshape.market.capacity.fields import PARTS, Figure, Kind, capacity, heading_of
from careshape.market.capacity.lines import Line, Number, Raw, Return
from careshape.market.cells import read_day
from careshape.market.faults import TOLD, Fault
from careshape.records.official.sheets import Sheet, open_sheets

_WHOLE: Final = re.compile(r"-?\d+(\.0+)?")
_HOURS: Final = re.compile(r"-?\d+(\.\d{1,2})?")
HOURS: Final = ("hours", "hour", "hrs")
LARGEST: Final = 100_000
"""No return of one location holds a larger figure; what does is in another unit, or in the wrong column."""


def read_return(path: Path) -> Return:
    """Read a file of returns, whichever of its kinds it holds. Its figures are not yet checked against each other.

    A row that cannot be read is refused with a sentence to the provider who sent it; the others are read.

    Raises:
        InputError: it is no file of returns, or a column that is needed is missing; the message names what comes near.
    """
    faults: list[Fault] = []
    lines: list[Line] = []
    unread: list[tuple[Kind, Raw]] = []
    if path.suffix.lower() == ".json":
        for kind, raw in _json_rows(path, faults):
            _append(path.name, kind, raw, lines, faults, unread)
    else:
        for sheet in open_sheets(path):
            if any(any(row) for row in sheet.head):
                kind, rows = _sheet_rows(sheet, faults)
                for raw in rows:
                    _append(path.name, kind, raw, lines, faults, unread)
    if not lines and not faults:
        raise InputError(f"{path.name} holds no row of a return. Put one row below the headings for each type of beds.")
    return Return(path.name, tuple(lines), tuple(sorted(faults)), tuple(unread))


def _append(
    file: str, kind: Kind, raw: Raw, lines: list[Line], faults: list[Fault], unread: list[tuple[Kind, Raw]]
) -> None:
    line = line_of(file, kind, raw, faults)
    if line is not None:
        lines.append(line)
    else:
        unread.append((kind, raw))


def _sheet_rows(sheet: Sheet, faults: list[Fault]) -> tuple[Kind, Iterator[Raw]]:
    """The kind of a sheet by its headings, and its rows."""
    found = None
    for below, row in enumerate(sheet.head):
        kinds = [kind for kind in PARTS if set(PARTS[kind]) <= {heading_of(kind).get(normalise(cell)) for cell in row}]
        if kinds:
            found = below, kinds[0]
            break
    if found is None:
        raise InputError(_no_kind(sheet))
    below, kind = found
    header = sheet.head[below]
    named, places = _columns(sheet.file, kind, header, below + 1, faults)
    return kind, _rows(sheet, below + 1, len(header), named, places)


def _no_kind(sheet: Sheet) -> str:
    header = next(row for row in sheet.head if any(row))
    wanted = {normalise(name): name for parts in PARTS.values() for name in parts}
    near = [
        f"'{cell}' (perhaps {wanted[close[0]]})"
        for cell in header
        if (close := difflib.get_close_matches(normalise(cell), wanted, n=1, cutoff=0.7))
    ]
    return (
        f"{sheet.file} is no return of capacity: it lacks the columns bed_type, zone and time_band, or staff_group. "
        + (f"It has {', '.join(near)}." if near else "docs/how-to/read-the-regulators-files.md lists the columns.")
    )


def _columns(
    file: str, kind: Kind, header: Sequence[str], line: int, faults: list[Fault]
) -> tuple[dict[str, str], dict[str, int]]:
    """Column -> its heading and its place. Raises InputError where one that is needed is missing or twice."""
    known = heading_of(kind)
    named: dict[str, str] = {}
    places: dict[str, int] = {}
    spare = []
    for place, heading in enumerate(header):
        column = known.get(normalise(heading))
        if column is None:
            spare += [heading] if heading else []
        elif column in places:
            raise InputError(f"{file} gives {column} twice, as '{named[column]}' and '{heading}'. Remove one of them.")
        else:
            named[column], places[column] = heading, place
    need = ["location_id", "day", *PARTS[kind], *(one.id for one in capacity().of_kind(kind) if one.need)]
    if missing := [name for name in need if name not in places]:
        said = []
        for name in missing:
            near = difflib.get_close_matches(name, spare, n=1)
            said.append(name + (f" (perhaps '{near[0]}')" if near else ""))
        raise InputError(
            f"{file} is a return of {kind} without the column {', '.join(said)}. Add it, and send it again."
        )
    for heading in spare:
        near = difflib.get_close_matches(normalise(heading), [one for one in known if known[one] not in places], n=1)
        hint = f" Did you mean {known[near[0]]}?" if near else ""
        faults.append(Fault(file, line, heading, "", f"The column '{heading}' was not read.{hint}", TOLD))
    return named, places


def _rows(sheet: Sheet, below: int, width: int, named: Mapping[str, str], places: Mapping[str, int]) -> Iterator[Raw]:
    columns = [column.to_pylist() for column in sheet.body(below, width)]
    for number, line in enumerate(sheet.lines(below)):
        cells = {name: (columns[place][number] or "").strip() for name, place in places.items()}
        if any(cells.values()):
            yield Raw(line, cells, named)


def _json_rows(path: Path, faults: list[Fault]) -> Iterator[tuple[Kind, Raw]]:
    """Rows of a JSON file: one location or a list of them, each with its day and its ``beds``, ``hours``, ``staff``."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        raise InputError(f"{path.name} is no JSON ({fault}).") from None
    for number, entry in enumerate(content if isinstance(content, list) else [content], start=1):
        if not isinstance(entry, dict) or not any(isinstance(entry.get(kind), list) for kind in PARTS):
            message = "It is no return: give location_id, day, and a list of beds, hours or staff."
            faults.append(Fault(path.name, number, "", "", message))
            continue
        for name in sorted(set(entry) - {"location_id", "day", *PARTS}):
            faults.append(Fault(path.name, number, name, "", f"The field '{name}' was not read.", TOLD))
        for kind in PARTS:
            given = entry.get(kind)
            if given is not None and not isinstance(given, list):
                faults.append(
                    Fault(path.name, number, kind, "", f"'{kind}' is no list. Put its rows in square brackets.")
                )
                continue
            for place, one in enumerate(given or (), start=1):
                yield kind, _json_row(path.name, number, f"{kind} {place}", kind, entry, one, faults)


def _json_row(
    file: str, number: int, at: str, kind: Kind, entry: Mapping[str, Any], one: Any, faults: list[Fault]
) -> Raw:
    said = one if isinstance(one, dict) else {}
    known = heading_of(kind)
    cells = {"location_id": _json_text(entry.get("location_id")), "day": _json_text(entry.get("day"))}
    named = {"location_id": "location_id", "day": "day"}
    for name, value in said.items():
        column = known.get(normalise(name))
        if column is None:
            faults.append(Fault(file, number, f"{at}, {name}", "", f"The field '{name}' was not read.", TOLD))
        else:
            cells[column], named[column] = _json_text(value), f"{at}, {name}"
    for column in known.values():
        cells.setdefault(column, "")
        named.setdefault(column, f"{at}, {column}")
    return Raw(number, cells, named)


def _json_text(value: Any) -> str:
    """A value of JSON as a cell: true and false are no numbers, and neither is a list."""
    if value is None:
        return ""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return value.strip() if isinstance(value, str) else json.dumps(value, default=str)


def line_of(file: str, kind: Kind, raw: Raw, faults: list[Fault]) -> Line | None:
    """A row as a line; None where it is refused, with a fault for everything that is wrong with it."""
    before = len(faults)

    def refuse(column: str, message: str) -> None:
        faults.append(Fault(file, raw.row, raw.named.get(column, column), raw.cells.get(column, ""), message))

    if not raw.cells["location_id"]:
        refuse("location_id", "The location is blank. Give its id in the regulator's register, such as 1-123456789.")
    day = _day(raw, refuse)
    part = tuple(_code(name, raw, refuse) for name in PARTS[kind])
    reason = _code("closed_reason", raw, refuse) if raw.cells.get("closed_reason") else ""
    if kind == "hours" and (unit := raw.cells.get("unit", "")) and unit.casefold() not in HOURS:
        refuse("unit", f"The unit is '{unit}'. Give hours a week: visits and minutes cannot be added to them.")
    figures: dict[str, Number] = {}
    for one in capacity().of_kind(kind):
        text = raw.cells.get(one.id, "")
        if text:
            try:
                figures[one.id] = _number(one, text)
            except ValueError as fault:
                refuse(one.id, str(fault))
        elif one.need:
            refuse(one.id, f"It is blank: give the {one.label[0].lower()}{one.label[1:]}, and 0 where there are none.")
    if len(faults) > before or day is None:
        return None
    return Line(raw.cells["location_id"], day, kind, part, figures, raw.row, raw.named, reason, raw.cells)


def _day(raw: Raw, refuse: Any) -> date | None:
    text = raw.cells["day"]
    try:
        return read_day(text)
    except ValueError as rule:
        refuse("day", f"'{text}' is not {rule}. Give the day on which the figures were true." if text else _NO_DAY)
    return None


_NO_DAY: Final = "The day is blank. Give the day on which the figures were true, such as 31/03/2021."


def _code(column: str, raw: Raw, refuse: Any) -> str:
    text = raw.cells[column]
    if not text:
        refuse(column, f"It is blank. Say of which {column.replace('_', ' ')} the figures are.")
        return ""
    try:
        return capacity().code(column, text)
    except ValueError as fault:
        refuse(column, str(fault))
    return ""


def _number(field: Figure, text: str) -> Number:
    """A figure. Raises ValueError with a sentence where it is no number, below nought or past belief."""
    plain = text.replace(",", "")
    what = f"{field.label[0].lower()}{field.label[1:]}"
    if field.unit == "hours":
        if not _HOURS.fullmatch(plain):
            raise ValueError(
                f"'{text}' is no number of hours. Give the {what} with at most two decimals, such as 12.5."
            )
    elif not _WHOLE.fullmatch(plain):
        raise ValueError(f"'{text}' is no whole number. Give the {what} as a whole number, such as 12.")
    value = Decimal(plain)
    if value < 0:
        raise ValueError(f"{text} is below 0. There cannot be fewer than 0 {field.unit}: mend the {what}.")
    if value > LARGEST:
        raise ValueError(
            f"{text} {field.unit} is more than any location has. Look whether it stands in the right column."
        )
    return value if field.unit == "hours" else int(value)
