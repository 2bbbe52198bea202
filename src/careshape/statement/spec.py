"""The tables that a statement declares in tables.toml, before they are filled."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from careshape.errors import CatalogueError, InputError
from careshape.statement.calls import Call, ExpressionError, Place
from careshape.statement.expressions import parse, pieces


class ExpressionRow(BaseModel):
    """One row of a table of expressions: its label and one expression a column (empty: a blank cell)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    cells: tuple[str, ...]

    def calls(self, file: str, table: str) -> tuple[Call | None, ...]:
        """The expressions, read. Raises ExpressionError, which names the table."""
        place = Place(f"{file}, table '{table}', row '{self.label}'", 0)
        return tuple(parse(text, place) if text.strip() else None for text in self.cells)


class TableSpec(BaseModel):
    """A declared table; docs/reference/statement-text.md describes every field.

    It is filled from measures, from a table of observations, or from expressions cell by cell.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str = Field(min_length=3)
    measures: tuple[str, ...] = ()
    observation: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    where: dict[str, str | tuple[str, ...]] = {}
    rows_order: tuple[str, ...] = ()
    columns_order: tuple[str, ...] = ()
    total: Literal["none", "rows", "columns", "both"] = "none"
    chart: Literal["bar", "line", "none"] = "none"
    note: str = ""
    head: str = ""
    row: tuple[ExpressionRow, ...] = ()
    unused: bool = False
    """Whether it stands on no page on purpose: a page is to name it later, or named it until now."""

    @model_validator(mode="before")
    @classmethod
    def _one_or_several(cls, raw: object) -> object:
        """Allow ``measure``, ``period`` and a single text where a list may stand; ``total = true`` totals the rows."""
        if not isinstance(raw, dict):
            return raw
        given = dict(raw)
        for single, several in (("measure", "measures"), ("period", "periods")):
            if single in given:
                given.setdefault(several, given.pop(single))
        for name in ("measures", "observation", "rows", "columns", "periods", "rows_order", "columns_order"):
            if isinstance(given.get(name), str):
                given[name] = (given[name],)
        if isinstance(given.get("total"), bool):
            given["total"] = "rows" if given["total"] else "none"
        return given

    @field_validator("where", mode="after")
    @classmethod
    def _tuples(cls, value: dict[str, str | tuple[str, ...]]) -> dict[str, str | tuple[str, ...]]:
        return {key: tuple(one) if not isinstance(one, str) else one for key, one in value.items()}

    @model_validator(mode="after")
    def _has_one_filling(self) -> TableSpec:
        if self.row:
            if self.measures or self.observation or self.rows:
                raise ValueError("a table of expressions names no measure, observation or rows")
            uneven = [row.label for row in self.row if len(row.cells) != len(self.columns)]
            if uneven:
                raise ValueError(f"row '{uneven[0]}' must have one cell for each of the {len(self.columns)} columns")
        elif self.head:
            raise ValueError("'head' names the rows of a table of expressions; other rows go by their dimension")
        elif not self.measures and not self.observation:
            raise ValueError("a table names a measure, an observation table, or rows of expressions")
        elif not self.rows:
            raise ValueError("'rows' names the dimension down the side")
        return self

    def texts(self) -> Iterator[tuple[str, str]]:
        """What a reader sees of the declaration, each with its field: title, note, headings and labels."""
        yield from (("title", self.title), ("note", self.note))
        if self.row:
            yield from (("head", self.head), *(("columns", title) for title in self.columns))
            yield from (("label", row.label) for row in self.row)

    def calls(self) -> Iterator[Call]:
        """Every expression of the declaration, in its cells and in its texts."""
        for row in self.row:
            yield from (call for call in row.calls("tables.toml", self.id) if call is not None)
        for field, text in self.texts():
            made = pieces(text, Place(f"tables.toml, table '{self.id}', {field}", 0))
            yield from (piece for piece in made if isinstance(piece, Call))

    @property
    def filling(self) -> Literal["measure", "observation", "expression"]:
        """What the table is filled from."""
        if self.row:
            return "expression"
        return "observation" if self.observation else "measure"


def read_tables(path: Path, text: str | None = None) -> dict[str, TableSpec]:
    """The tables of a file by id, or of a ``text`` in its place; none where there is no file.

    Raises CatalogueError or InputError.
    """
    if text is None and not path.is_file():
        return {}
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8") if text is None else text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name}: this is not valid TOML: {error}.") from None
    for name, entries in raw.items():
        if name != "table" or not isinstance(entries, list):
            raise InputError(
                f"{path.name}: there is no '{name}'. Each table stands under [[table]], in double brackets."
            )
    tables: dict[str, TableSpec] = {}
    for number, entry in enumerate(raw.get("table", []), start=1):
        name = str(entry.get("id", f"number {number}"))
        try:
            spec = TableSpec.model_validate(entry)
            list(spec.calls())
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "table"
            raise CatalogueError(path.name, name, field, first.get("input"), first["msg"]) from None
        except ExpressionError as error:
            raise InputError(str(error)) from None
        if name in tables:
            raise CatalogueError(path.name, name, "id", name, "Another table has this id; ids are unique.")
        tables[name] = spec
    return tables
