"""What careshape knows of an official source: how its files look, what they hold, and on what terms they are used.

One TOML file a source, in `sources/`; docs/how-to/add-official-statistics.md describes the fields.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from careshape.declared import declared, read_toml
from careshape.errors import CallError, CatalogueError

SOURCES = files("careshape.records.official") / "sources"

ColumnType = Literal["text", "integer", "age", "number", "day", "flag"]
"""text; whole number; age in years, where "90 and over" is 90; number; day; yes (Y) or no (N or blank)."""


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as fault:
        raise ValueError(f"It must be a regular expression ({fault})") from fault
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Edition(_Part):
    """How the edition of a file is told.

    Attributes:
        from_: "first" or "last" (value of a column), "file name" (by the pattern),
            "month in the file name" (01_July_2026 or 2026-07) or "newest day" (month of a column).
        column: the column that it is read from, or that it is written to where the file name tells it.
        pattern: what is taken from the file name or the value; template: how the groups are put together.
        known: editions that have been published, with their first and last year.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, alias_generator=lambda n: n.strip("_")
    )

    from_: Literal["first", "last", "file name", "month in the file name", "newest day"]
    column: str = ""
    pattern: Pattern = ""
    template: str = "{0}"
    known: dict[str, tuple[int, int]] = {}


class Check(_Part):
    """What must hold of a whole file.

    Attributes:
        key: columns that together name a row; no two rows have the same.
        complete: columns whose combinations must all be there, for each value of `per` (an area).
        ages: whether every single year of age must be there, and each with people.
        years: the column of years that must run without a gap.
    """

    key: tuple[str, ...]
    complete: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    ages: bool = False
    years: str = ""


class Layout(_Part):
    """One way in which the source's files are laid out.

    Attributes:
        name: in words; signature: names of columns by which it is recognised; without: names that it lacks.
        sheet, title: patterns that the sheet's name and a line above the header must fit, where given.
        header_rows: lines of the header; several are joined with "|", blanks taken from the left.
        melt: pattern of the columns that hold a figure each; its groups become columns.
        read: column of the long form -> names of the file's columns, the first that is filled.
        constant: column -> value that is the same for every row.
        values: column -> what stands in the file -> what it means; other values are refused.
        drop: column -> values whose rows are left out.
        optional: columns that are empty where the file does not have them.
        flags: column -> pattern of the columns whose names are joined where they say Y.
        untested: no file of this layout was at hand: it is built from a list of the columns.
    """

    name: str
    signature: tuple[str, ...]
    without: tuple[str, ...] = ()
    sheet: Pattern = ""
    title: Pattern = ""
    header_rows: int = 1
    melt: Pattern = ""
    read: dict[str, tuple[str, ...]]
    constant: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    drop: dict[str, tuple[str, ...]] = {}
    optional: tuple[str, ...] = ()
    flags: dict[str, Pattern] = {}
    untested: bool = False


class Source(_Part):
    """An official source."""

    id: str
    title: str
    publisher: str
    licence: str
    attribution: str
    description: str
    caveats: tuple[str, ...] = ()
    official: bool = True
    variants: bool = False
    columns: dict[str, ColumnType]
    edition: Edition
    check: Check
    layout: tuple[Layout, ...]

    @model_validator(mode="after")
    def _columns_are_filled(self) -> Source:
        for layout in self.layout:
            groups = tuple(re.compile(layout.melt).groupindex) if layout.melt else ()
            derived = {"area_level", "marker", self.edition.column} | ({"value"} if layout.melt else set())
            filled = {*layout.read, *layout.constant, *layout.flags, *groups, *derived}
            if unknown := filled - set(self.columns) - {"", "area_level", "marker"}:
                raise ValueError(f"The layout '{layout.name}' fills {', '.join(sorted(unknown))}, which is no column")
            if missing := set(self.columns) - filled - {self.edition.column}:
                raise ValueError(f"The layout '{layout.name}' leaves {', '.join(sorted(missing))} empty")
        return self

    @cached_property
    def figures(self) -> bool:
        """Whether each row is one figure (column `value`), with what stood in its place (column `marker`)."""
        return self.columns.get("value") == "number"


@cache
def sources() -> dict[str, Source]:
    """Every source, by id.

    Raises:
        CatalogueError: a file breaks the schema.
    """
    found = [read_source(file) for file in sorted(SOURCES.iterdir(), key=lambda file: file.name)]
    return {one.id: one for one in found}


def find_source(name: str) -> Source:
    """The source with an id. Raises CallError where there is none."""
    if name not in sources():
        raise CallError(f"There is no official source '{name}'. careshape knows {', '.join(sources())}.")
    return sources()[name]


def read_source(file: Traversable) -> Source:
    """Read and check one source file. Raises CatalogueError on the first fault."""
    source = declared(Source, read_toml(file.read_text(encoding="utf-8"), file.name), file.name)
    if f"{source.id}.toml" != file.name:
        raise CatalogueError(file.name, source.id, "id", source.id, "The file bears the name of its source.")
    return source
