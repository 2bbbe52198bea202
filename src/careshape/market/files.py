"""The regulator's files, row by row: what can be read is kept, and what cannot is said with its row and heading.

Recognised by the headings that `records.official` knows, wherever the header stands and in whichever order the columns
come. Of the directories and of the de-activated locations no real file was at hand: their readers are built from
published lists of columns, and each reading says so (``untested``).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from careshape.declared import declared, read_toml
from careshape.errors import InputError
from careshape.market.cells import MONTHS, read_cell
from careshape.market.faults import LEFT_UNKNOWN, REFUSED, TOLD, Fault
from careshape.market.rows import settle
from careshape.records.official.recognise import Match, recognise, unknown
from careshape.records.official.sheets import Sheet, open_sheets
from careshape.records.official.source import find_source

NEAR: Final = 0.6
_NAMED: Final = re.compile(r"(?<!\d)(\d{1,2})[_ -]([A-Z][a-z]{2})[a-z]*[_ -](20\d\d)(?!\d)|(20\d\d)-(\d\d)-(\d\d)")
_PRODUCED: Final = re.compile(r"produced on (\d{1,2}) ([A-Z][a-z]{2})[a-z]* (20\d\d)")


class FileRules(BaseModel):
    """What must hold of the rows of one kind of file; see the notes in ``data/files.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    need: tuple[str, ...]
    key: tuple[str, ...]
    filled: tuple[str, ...] = ()
    least: dict[str, int] = {}
    order: tuple[tuple[str, str], ...] = ()
    not_after_file: tuple[str, ...] = ()
    parts: dict[str, str] = {}


class _Rules(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    file: tuple[FileRules, ...]


@cache
def file_rules() -> dict[str, FileRules]:
    """Rules by source, for every kind of file that the market reads."""
    name = "market/data/files.toml"
    text = files("careshape.market").joinpath("data", "files.toml").read_text("utf-8")
    found = declared(_Rules, read_toml(text, name), name).file
    return {find_source(one.source).id: one for one in found}


@dataclass(frozen=True)
class RegulatorFile:
    """A file of the regulator as it was read.

    Attributes:
        source: id of the official source; layout: in words.
        as_of: the day of the file, and ``dated_by`` how it is known; None where nothing tells.
        untested: whether no real file of this layout was at hand when its reader was written.
        rows: one mapping a row, with the columns of the source and ``row``, where it stands.
        unread: headings of the file that are not read, the names of people among them.
    """

    file: str
    source: str
    title: str
    layout: str
    as_of: date | None
    dated_by: str
    untested: bool
    rows: tuple[Mapping[str, Any], ...]
    faults: tuple[Fault, ...]
    unread: tuple[str, ...]

    def of_authority(self, name: str) -> RegulatorFile:
        """The same file with the rows of one local authority, as the file names it."""
        kept = tuple(row for row in self.rows if (row.get("authority_name") or "").casefold() == name.casefold())
        return RegulatorFile(**{**self.__dict__, "rows": kept})


def read_file(path: Path, as_of: date | None = None) -> RegulatorFile:
    """Read a directory, a file of ratings or of de-activated locations (CSV, XLSX, ODS; in zip or gz too).

    Args:
        as_of: the day of the file, where its caller knows better than its name.

    Raises:
        InputError: it is none of these files, or a heading has moved on: the message names what comes near.
    """
    known = [find_source(name) for name in file_rules()]
    sheets = list(open_sheets(path))
    found = [match for sheet in sheets for match in recognise(sheet, known)]
    if not found:
        raise unknown(sheets, known)
    match = found[0]
    if others := sorted({one.source.id for one in found} - {match.source.id}):
        raise InputError(
            f"{path.name} holds {match.source.id} and {', '.join(others)}. Save each sheet as a file of its own."
        )
    rules = file_rules()[match.source.id]
    day, dated_by = (as_of, "as you said") if as_of else _day_of(path.name, match.sheet)
    rows: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for one in found:
        _read_sheet(one, rules, rows, faults)
    rows = settle(rows, rules, day, path.name, headings(match), faults)
    if day is None and rows:
        day, dated_by = _newest(rows, rules)
    return RegulatorFile(
        path.name, match.source.id, match.source.title, match.layout.name, day, dated_by, match.layout.untested,
        tuple(rows), tuple(sorted(faults)), _unread(match),
    )  # fmt: skip


def headings(match: Match) -> dict[str, str]:
    """Column of the source -> heading under which the file gives it.

    Raises InputError where a heading is missing, with the one that comes near.
    """
    found, missing = {}, []
    for name, names in match.layout.read.items():
        there = [one for one in names if one in match.header]
        if there:
            found[name] = there[0]
        elif name not in match.layout.optional:
            missing.append(names[0])
    if missing:
        spare = [one for one in match.header if one not in found.values()]
        raise InputError(_moved(match, missing, spare))
    return found


def _moved(match: Match, missing: Sequence[str], spare: Sequence[str]) -> str:
    said = []
    for name in missing:
        near = difflib.get_close_matches(name, spare, n=1, cutoff=NEAR)
        said.append(f"'{name}'" + (f" (perhaps it is '{near[0]}' now)" if near else ""))
    return (
        f"{match.sheet.file} is laid out as {match.source.id}, but lacks the column{'s' if len(said) > 1 else ''} "
        f"{', '.join(said)}. Nothing of it was read. Give each column its published heading, and read it again."
    )


def _unread(match: Match) -> tuple[str, ...]:
    read = {one for names in match.layout.read.values() for one in names}
    flags = [re.compile(one) for one in match.layout.flags.values()]
    return tuple(one for one in match.header if one and one not in read and not any(f.fullmatch(one) for f in flags))


def _read_sheet(match: Match, rules: FileRules, rows: list[dict[str, Any]], faults: list[Fault]) -> None:
    """Read every row of a sheet into ``rows``; what cannot be read goes to ``faults``."""
    named = headings(match)
    body = match.sheet.body(match.below, len(match.header))
    lines = match.sheet.lines(match.below)
    places: dict[str, int] = {}
    for place, heading in enumerate(match.header):
        places.setdefault(heading, place)
    columns = {name: body[places[heading]].to_pylist() for name, heading in named.items()}
    flags = {name: _flagged(match, pattern, body) for name, pattern in match.layout.flags.items()}
    filled = _filled(body)
    for number, line in enumerate(lines):
        if not filled[number]:
            continue  # a note below the table
        cells = {name: (column[number] or "").strip() for name, column in columns.items()}
        row = _row(match, cells, named, line, rules, faults)
        if row is not None:
            rows.append(row | {name: tuple(said[number]) for name, said in flags.items()})


def _filled(body: Sequence[Any]) -> list[bool]:
    """Whether each row holds something beyond its first cell."""
    found = [False] * len(body[0])
    for column in body[1:]:
        for number, cell in enumerate(column.to_pylist()):
            if cell:
                found[number] = True
    return found


def _flagged(match: Match, pattern: str, body: Sequence[Any]) -> list[list[str]]:
    """For each row what the columns say Y to, by the part of the heading that the pattern takes."""
    said: list[list[str]] = [[] for _ in range(len(body[0]))]
    for place, heading in enumerate(match.header):
        fits = re.fullmatch(pattern, heading)
        if fits is not None:
            for number, cell in enumerate(body[place].to_pylist()):
                if cell and cell.strip().upper() == "Y":
                    said[number].append(fits[1])
    return said


def _row(
    match: Match, cells: Mapping[str, str], named: Mapping[str, str], line: int, rules: FileRules, faults: list[Fault]
) -> dict[str, Any] | None:
    """One row as values; None where a cell that it needs is blank or cannot be read."""
    row: dict[str, Any] = dict.fromkeys(match.layout.optional) | {"row": line}
    whole = True
    for name, text in cells.items():
        needed = name in rules.need
        outcome = REFUSED if needed else LEFT_UNKNOWN
        try:
            row[name] = read_cell(match.source.columns[name], text, rules.parts.get(name, ""))
        except ValueError as rule:
            row[name] = None
            message = f"'{text}' is not {rule}. {_what_then(needed)}"
            faults.append(Fault(match.sheet.file, line, named[name], text, message, outcome))
            whole = whole and not needed
            continue
        if row[name] in (None, "", ()) and (needed or name in rules.filled):
            message = f"It is blank, which the published file never has. {_what_then(needed)}"
            faults.append(Fault(match.sheet.file, line, named[name], "", message, REFUSED if needed else TOLD))
            whole = whole and not needed
    return row if whole else None


def _what_then(needed: bool) -> str:
    if needed:
        return "The row is not counted. Look the location up in the register, and mend the cell."
    return "It is left unknown; the rest of the row is read."


def _day_of(name: str, sheet: Sheet) -> tuple[date | None, str]:
    """The day of a file by its name, else by its preamble."""
    fits = _NAMED.search(name)
    if fits is not None and (day := _day(*fits.groups()[:3]) or _iso(*fits.groups()[3:])):
        return day, "by the file's name"
    for line in sheet.head:
        told = _PRODUCED.search(" ".join(line))
        if told is not None and (day := _day(*told.groups())):
            return day, "by the file's preamble"
    return None, "nothing tells"


def _day(day: str | None, month: str | None, year: str | None) -> date | None:
    if not day or month not in MONTHS or not year:
        return None
    return _iso(year, str(MONTHS.index(month) + 1), day)


def _iso(year: str | None, month: str | None, day: str | None) -> date | None:
    try:
        return date(int(year or 0), int(month or 0), int(day or 0))
    except ValueError:
        return None


def _newest(rows: Iterable[Mapping[str, Any]], rules: FileRules) -> tuple[date | None, str]:
    days = [row[name] for row in rows for name in rules.not_after_file if row.get(name)]
    return (max(days), "by its newest day: the file may be younger") if days else (None, "nothing tells")
