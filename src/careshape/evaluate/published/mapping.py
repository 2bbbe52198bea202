"""How each published cell is counted: a data file a council, checked at load."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from careshape.errors import CallError, CatalogueError
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


def parse_mapping(text: str, file: str) -> Mapping:
    """Read a mapping from TOML. Raises CatalogueError naming file, entry, field, value and rule."""
    raw = tomllib.loads(text)
    for entry in raw.get("figure", []):
        if "from" in entry:
            entry["start"] = entry.pop("from")
    try:
        return Mapping.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = [str(part) for part in first["loc"]]
        entry = " ".join(place[:2]) or "file"
        raise CatalogueError(file, entry, ".".join(place[2:]) or "entry", first.get("input"), first["msg"]) from error


@cache
def mapping(authority: str) -> Mapping:
    """The packaged mapping of a council's published figures. Raises CallError where there is none."""
    folder = files("careshape.evaluate") / "data" / "published"
    source = folder / f"{authority}.toml"
    if not source.is_file():
        known = sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
        raise CallError(f"No published figures are mapped for '{authority}'. There are: {', '.join(known)}.")
    return parse_mapping(source.read_text("utf-8"), f"evaluate/data/published/{authority}.toml")


@cache
def left_out() -> dict[str, str]:
    """Published prose figures that line items cannot give: observation id -> reason."""
    text = (files("careshape.evaluate") / "data" / "published" / "left-out.csv").read_text("utf-8")
    return {row["figure"]: row["reason"] for row in csv.DictReader(text.splitlines())}
