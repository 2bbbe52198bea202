"""How each published cell is counted: a data file a council, checked at load."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from careshape.catalogue.periods import parse_period
from careshape.declared import declared, read_toml
from careshape.errors import CallError, InputError
from careshape.evaluate.measure.dimensions import DIMENSIONS
from careshape.evaluate.measure.entry import measures

Compute = Literal["value", "growth", "difference", "one_in", "annualised"]


class Counted(BaseModel):
    """What both kinds of entry share: a measure, its filters, and the decimals that were printed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    measure: str
    where: dict[str, str] = {}
    round: int | None = None
    note: str = ""

    @model_validator(mode="after")
    def _names_exist(self) -> Counted:
        if self.measure not in measures():
            raise ValueError(f"measure: no measure is called '{self.measure}'")
        unknown = [name for name in self.where if name not in DIMENSIONS]
        if unknown:
            raise ValueError(f"where: '{unknown[0]}' is no dimension")
        return self


class Count(Counted):
    """The rows of one published file whose ``rows`` columns match, with the dimension behind each published column."""

    file: str
    rows: dict[str, str] = {}
    columns: dict[str, str] = {}
    periods: dict[str, str] = {}

    @model_validator(mode="after")
    def _columns_are_dimensions(self) -> Count:
        unknown = [name for name in self.columns.values() if name not in DIMENSIONS]
        if unknown:
            raise ValueError(f"columns: '{unknown[0]}' is no dimension")
        return self


class Figure(Counted):
    """One published figure by its observation id, counted over ``period``, or computed from two periods.

    Where no ledger can give it beside other published figures, ``explained`` says so and ``instead`` names those.
    """

    row: str
    period: str
    start: str = ""
    compute: Compute = "value"
    explained: str = ""
    instead: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _periods_can_be_read(self) -> Figure:
        for field, text in (("period", self.period), ("from", self.start)):
            if text:
                try:
                    parse_period(text)
                except CallError as error:
                    raise ValueError(f"{field}: {error}") from error
        if (self.compute in ("growth", "difference")) != bool(self.start):
            raise ValueError("from: growth and difference, and no others, are counted from another period")
        return self

    @model_validator(mode="after")
    def _explanation_names_what_was_followed(self) -> Figure:
        if bool(self.explained) != bool(self.instead):
            raise ValueError("explained: an explanation names, in `instead`, the published figures that were followed")
        return self


class Mapping(BaseModel):
    """All entries of one council."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: tuple[Count, ...] = ()
    figure: tuple[Figure, ...] = ()
    translate: dict[str, dict[str, dict[str, str]]] = {}


class _File(BaseModel):
    """A file as it is written, before its entries are looked at one by one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: tuple[dict[str, Any], ...] = ()
    figure: tuple[dict[str, Any], ...] = ()
    translate: dict[str, dict[str, dict[str, str]]] = {}


def parse_mapping(text: str, file: str) -> Mapping:
    """Read a mapping from TOML. Raises CatalogueError naming file, entry, field, value and rule."""
    written = declared(_File, read_toml(text, file), file, "file")
    counts = [declared(Count, one, file, f"count {n}") for n, one in enumerate(written.count, start=1)]
    figures = [
        declared(Figure, {"start" if name == "from" else name: value for name, value in one.items()}, file, _name(one))
        for one in written.figure
    ]
    return Mapping(count=tuple(counts), figure=tuple(figures), translate=written.translate)


def _name(figure: dict[str, Any]) -> str:
    return f"figure {figure.get('row', '-')}"


@cache
def mapping(authority: str) -> Mapping:
    """The packaged mapping of a council's published figures. Raises CallError where there is none."""
    if not _packaged(authority).is_file():
        raise CallError(f"No published figures are packaged for '{authority}'.")
    return parse_mapping(_packaged(authority).read_text("utf-8"), f"evaluate/data/published/{authority}.toml")


def _packaged(authority: str) -> Traversable:
    return files("careshape.evaluate") / "data" / "published" / f"{authority}.toml"


def own_mapping(folder: Path) -> Path:
    """Where a council says, in its folder, how the figures that it published itself are counted."""
    return folder / "published.toml"


def is_mapped(authority: str, folder: Path | None = None) -> bool:
    """Whether any published figures of a council can be compared: packaged ones, or some of its own."""
    return _packaged(authority).is_file() or (folder is not None and own_mapping(folder).is_file())


def council_mapping(authority: str, folder: Path | None = None) -> Mapping:
    """The packaged mapping of a council, if there is one, and then what ``published.toml`` in its folder adds.

    Raises CallError where there is neither, and CatalogueError for a faulty entry.
    """
    if not is_mapped(authority, folder):
        where = "the council's folder" if folder is None else str(folder)
        raise CallError(
            f"No published figures are mapped for '{authority}'. Put them as CSV into {where}/observations, and say in "
            f"{where}/published.toml what counts each (see the guide 'Check published figures')."
        )
    found = mapping(authority) if _packaged(authority).is_file() else Mapping()
    if folder is None or not own_mapping(folder).is_file():
        return found
    try:
        own = parse_mapping(own_mapping(folder).read_text("utf-8"), own_mapping(folder).name)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{own_mapping(folder)} cannot be read as UTF-8 text: {error}.") from error
    return Mapping(
        count=(*found.count, *own.count), figure=(*found.figure, *own.figure), translate=found.translate | own.translate
    )


@cache
def left_out() -> dict[str, str]:
    """Published prose figures that line items cannot give: observation id -> reason."""
    text = (files("careshape.evaluate") / "data" / "published" / "left-out.csv").read_text("utf-8")
    return {row["figure"]: row["reason"] for row in csv.DictReader(text.splitlines())}
