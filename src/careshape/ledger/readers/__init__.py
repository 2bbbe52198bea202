"""Readers: for each kind of file, a declared mapping from its columns to fields of the ledger."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from careshape.catalogue.lists import normalise
from careshape.errors import CallError, CatalogueError, InputError

ValueKind = Literal["line", "person", "text", "date", "code", "money", "quantity", "postcode", "flag", "ignored"]
Fault = Literal["refuse", "repair"]


class ColumnRule(BaseModel):
    """One column of a kind of file: its names, and what becomes of its values."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1)]
    also: tuple[str, ...] = ()
    """Other headings under which files give the column; letter case and punctuation never matter."""
    field: str = ""
    """Field of the checking pass that the value becomes; empty for columns that are known and not kept."""
    kind: ValueKind = "ignored"
    list: str = ""
    """Catalogue list of a coded column."""
    need: bool = False
    """Whether a row with the cell blank is refused, and a file without the column too."""
    fault: Fault = "refuse"
    """What happens to a row whose value cannot be read: refuse the row, or repair it by leaving the value unknown."""
    masked: bool = False
    """Whether the value may say who a person is, so that no report shows it."""

    @model_validator(mode="after")
    def _kind_has_what_it_needs(self) -> ColumnRule:
        if (self.kind == "code") != bool(self.list):
            raise ValueError("A coded column names its list, and no other column does.")
        if (self.kind == "ignored") == bool(self.field):
            raise ValueError("A column that is kept names its field; an ignored one names none.")
        return self


class Reader(BaseModel):
    """A kind of file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    record: Literal["planned", "delivered"]
    place: Literal["line", "natural"]
    """Whether a line is known by its reference alone, or by what it says where the reference is not unique."""
    column: tuple[ColumnRule, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Fields that tell which line or delivery a row is about."""
        return ("line",) if self.record == "planned" else ("line", "start_day", "unit")

    def by_field(self, field: str) -> ColumnRule:
        """The column that gives a field."""
        return next(column for column in self.column if column.field == field)


@dataclass(frozen=True)
class Match:
    """A reader laid over the header of a file."""

    reader: Reader
    positions: Mapping[str, int]
    """Column name of the reader -> position in the file."""
    missing: tuple[str, ...]
    """Needed columns that the file does not have."""
    unread: tuple[str, ...]
    """Headings of the file that the reader does not know."""
    doubled: tuple[str, ...] = ()
    """Columns of the reader that the file has twice under their own name."""


ADDED: Final = ("why_refused", "refused_line", "refused_row")
"""Columns that files of refused rows have behind their own, and that nobody misses."""
UNREAD_SHOWN: Final = 10
READER_IDS: Final = ("cld", "packages", "deliveries")


@lru_cache
def reader(reader_id: str) -> Reader:
    """A packaged reader. Raises CallError where there is none, CatalogueError where its file breaks the schema."""
    if reader_id not in READER_IDS:
        near = difflib.get_close_matches(reader_id, READER_IDS, n=1)
        raise CallError(f"There is no reader '{reader_id}'. {_hint(near)}")
    file = f"readers/{reader_id}.toml"
    text = resources.files("careshape.ledger").joinpath(file).read_text("utf-8")
    try:
        return Reader.model_validate(tomllib.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CatalogueError(file, place, str(first["loc"][-1]), first["input"], first["msg"]) from None


def names_columns(header: Sequence[str]) -> bool:
    """Whether a row names columns of any kind of file: two of them, since one word proves little."""
    return any(len(lay_over(reader(one), header).positions) > 1 for one in READER_IDS)


def choose(
    header: Sequence[str],
    reader_id: str | None,
    file: str,
    top: Sequence[tuple[int, Sequence[str]]] = (),
    counted: str = "line",
) -> Match:
    """The reader for a file: the one named, else the one that knows most of its columns and misses none it needs.

    top: the first rows with their numbers, among which the header may stand lower; counted: what the numbers count.

    Raises InputError where no reader fits; the sentence says which columns are missing. It never quotes the first line,
    which in a file without header is somebody's record.
    """
    matches = [lay_over(reader(one), header) for one in ((reader_id,) if reader_id else READER_IDS)]
    best = max(matches, key=lambda match: (not match.missing, len(match.positions)))
    if not best.positions or (len(best.positions) == 1 and best.missing):
        lower = next((number for number, row in top[1:] if names_columns(row)), None)
        if lower:
            raise InputError(
                f"{file}: the column names stand on {counted} {lower}, below a title, another heading or blank lines. "
                "Remove what stands above them, so that they come first."
            )
        kinds = best.reader.title if reader_id else ", ".join(match.reader.title for match in matches)
        raise InputError(
            f"{file}: the first {counted} does not name the columns of any kind of file known here ({kinds}). "
            f"Put a header {counted} with the column names first; docs/reference/files.md lists them."
        )
    if best.missing:
        raise InputError(
            f"{file}: read as '{best.reader.title}', it lacks the column{'s' if len(best.missing) > 1 else ''} "
            f"{', '.join(best.missing)}. Add {'them' if len(best.missing) > 1 else 'it'} (docs/reference/files.md), or "
            "name the reader it is for."
        )
    if best.doubled:
        raise InputError(f"{file} has the column '{best.doubled[0]}' twice. Remove or rename one of them.")
    return best


def lay_over(chosen: Reader, header: Sequence[str]) -> Match:
    """Find a reader's columns in a header."""
    known = {normalise(name): column for column in chosen.column for name in (column.name, *column.also)}
    exact = {normalise(column.name) for column in chosen.column}
    positions: dict[str, int] = {}
    unread = []
    # A column's own name goes before its other names, so that "from" never takes the place of "start_date".
    for position, heading in sorted(enumerate(header), key=lambda item: normalise(item[1]) not in exact):
        column = known.get(normalise(heading))
        if column is None or column.name in positions:
            unread.append(heading)
        else:
            positions[column.name] = position
    missing = tuple(column.name for column in chosen.column if column.need and column.name not in positions)
    plain = [normalise(heading) for heading in header]
    doubled = tuple(name for name in positions if plain.count(normalise(name)) > 1)
    return Match(chosen, positions, missing, tuple(unread), doubled)


def unread_note(match: Match) -> str:
    """What is said of the columns that were not read: a misspelt one is named with what it may stand for."""
    names = {normalise(column.name): column.name for column in match.reader.column}
    told, others = [], []
    for heading in match.unread:
        near = difflib.get_close_matches(normalise(heading), names, n=1, cutoff=0.8)
        if near and names[near[0]] not in match.positions:
            told.append(f"'{heading}' was not read; did you mean {names[near[0]]}?")
        elif heading not in ADDED:
            others.append(f"'{heading}'" if heading else "one without a heading")
    if others:
        more = f" and {len(others) - UNREAD_SHOWN:,} more" if len(others) > UNREAD_SHOWN else ""
        told.append(f"Columns that were not read: {', '.join(others[:UNREAD_SHOWN])}{more}.")
    return " ".join(told)


def _hint(near: Sequence[str]) -> str:
    return f"Did you mean {near[0]}?" if near else f"The readers are {', '.join(READER_IDS)}."
