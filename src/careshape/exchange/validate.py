"""Validate a statement of any council: JSON, a Data Package, or the sheets of a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

from careshape.exchange.bounds import Unreadable, json_of
from careshape.exchange.bundle import files_in, files_of
from careshape.exchange.check import check
from careshape.exchange.conform import Broken
from careshape.exchange.fault import MOST, Fault, fault, pointer
from careshape.exchange.form import FORMAT, LISTS, VERSION, VERSIONS, version_of
from careshape.exchange.packages import NAME, package_faults
from careshape.exchange.sheets import ONCE, Sheets, read_sheets
from careshape.language import say

STATEMENT: Final = "statement.json"
COUNTED: Final = 10_000
"""Faults after which no more are looked for: a file of nothing but faults must not keep a reader waiting."""


@dataclass(frozen=True)
class Validated:
    """What became of a file: its statement (None where none could be read), and its faults."""

    file: str
    kind: str
    """json, package or sheets; empty where the file is none of them."""
    statement: dict[str, Any] | None
    faults: tuple[Fault, ...] = ()
    more: int = 0
    """Faults beyond those that are told, as far as they are counted."""
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        """Whether it is a statement without a fault."""
        return not self.faults and self.statement is not None

    def as_dict(self) -> dict[str, Any]:
        """The result as a program reads it."""
        return {
            "file": self.file, "format": FORMAT, "version": version_of(self.statement), "kind": self.kind,
            "valid": self.valid,
            "counts": dict(self.counts), "faults": [one.as_dict() for one in self.faults], "more": self.more,
        }  # fmt: skip


def validate(path: Path) -> Validated:
    """Validate what lies at a path: a JSON file, a ZIP file, or a folder.

    Raises CallError where nothing lies there; whatever else is wrong is a fault.
    """
    try:
        return validate_files(path.name, files_of(path), folder=path.is_dir())
    except Unreadable as error:
        return Validated(path.name, "", None, (error.fault,))


def validate_content(name: str, content: bytes) -> Validated:
    """Validate a file that was sent under a name."""
    try:
        return validate_files(name, files_in(name, content))
    except Unreadable as error:
        return Validated(name, "", None, (error.fault,))


def validate_files(name: str, files: Mapping[str, bytes], folder: bool = False) -> Validated:
    """Validate files by their names. Raises Unreadable."""
    single = len(files) == 1 and not folder
    if STATEMENT in files or (single and ONCE not in files and not _is_sheet(files)):
        main = STATEMENT if STATEMENT in files else next(iter(files))
        statement = json_of(files[main], main)
        told = (_told(one, f"{main}#{pointer(one.path)}") for one in _checked(statement))
        more = package_faults(files) if NAME in files else iter(())
        return _result(name, "package" if NAME in files else "json", statement, _chain(told, more))
    if ONCE in files or any(f"{part}.csv" in files for part in LISTS):
        sheets = read_sheets(files)
        return _result(name, "sheets", sheets.statement, _of_sheets(sheets))
    rule = say("It holds no {statement}, and no {once} with sheets beside it", statement=STATEMENT, once=ONCE)
    remedy = "Give a statement as JSON, as a Data Package with a statement.json, or as a folder of sheets"
    return Validated(name, "", None, (fault(name, None, rule, remedy),))


def _is_sheet(files: Mapping[str, bytes]) -> bool:
    return any(one.endswith(".csv") for one in files)


def _checked(statement: Any) -> Iterator[Broken]:
    """What is wrong with a statement; of one of another form or version only that."""
    if isinstance(statement, dict):
        version = statement.get("version")
        if statement.get("format") == FORMAT and isinstance(version, str) and version not in VERSIONS:
            remedy = say(
                "Write it as version {own}, or ask a validator that knows {version}",
                own=VERSION,
                version=version[:20],
            )
            yield Broken(
                ("version",),
                version,
                say("The versions known here are {versions}", versions=", ".join(VERSIONS)),
                remedy,
            )
            return
    yield from check(statement)


def _told(one: Broken, place: str) -> Fault:
    return fault(place, one.value, one.rule, one.remedy)


def _of_sheets(sheets: Sheets) -> Iterator[Fault]:
    yield from sheets.faults
    if any(one.place == ONCE for one in sheets.faults):
        return
    yield from (_told(one, sheets.place(one.path)) for one in _checked(sheets.statement))


def _chain(*several: Iterator[Fault]) -> Iterator[Fault]:
    for each in several:
        yield from each


def _result(name: str, kind: str, statement: Any, found: Iterator[Fault]) -> Validated:
    faults = tuple(islice(found, MOST))
    more = sum(1 for _ in islice(found, COUNTED))
    if not isinstance(statement, dict):
        return Validated(name, kind, None, faults, more)
    counts = {part: len(statement[part]) for part in LISTS if isinstance(statement.get(part), list)}
    return Validated(name, kind, statement, faults, more, counts)
