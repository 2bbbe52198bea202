"""Measures as entries of a data file: kind of counting, filter, unit, direction of good and indicator card."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.catalogue import catalogue
from careshape.declared import declared, read_toml
from careshape.errors import CallError, CatalogueError
from careshape.evaluate.measure.dimensions import LISTS

Kind = Literal[
    "people_on_date",
    "people_over_period",
    "lines",
    "lines_over_period",
    "times",
    "starts",
    "ends",
    "nights",
    "days",
    "hours",
    "weekly_cost",
    "cost",
    "mean_weekly_cost",
    "share",
]

FILTERABLE = (*sorted(LISTS), "age_band", "working_age_band")
FILE = "evaluate/data/measures.toml"
FILES_VARIABLE = "CARESHAPE_MEASURES"


class Card(BaseModel):
    """The indicator card of a measure: five fields that a reader needs before using a figure."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str = Field(min_length=20)
    source: str = Field(min_length=5)
    formula: str = Field(min_length=10)
    updated: str = Field(min_length=5)
    limitations: str = Field(min_length=5)
    owner: str = "Commissioning analyst of the council"


class Measure(BaseModel):
    """One way of counting the ledger.

    ``kind`` names the counting (see ``careshape.evaluate.measure.kinds``); ``of`` what a head count counts; ``where``
    the lines it takes; ``numerator``, ``denominator`` and ``population`` belong to shares, whose denominator is either
    taken ``within`` the same cell (a rate) or over all (a composition); ``per`` says whether a mean is over
    people or over line items; ``weekly`` divides a flow by the weeks of its period; ``open_at_end`` keeps the lines
    that are open on the last day and starts the count with that day's financial year.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    kind: Kind
    unit: str
    decimals: int = Field(default=0, ge=0, le=6)
    good: Literal["up", "down", "neither"] = "neither"
    of: Literal["person", "provider", "setting"] = "person"
    record: tuple[Literal["planned", "delivered", "one-off", "unmet", "contribution"], ...] = ("planned",)
    where: dict[str, str | tuple[str, ...]] = {}
    numerator: str | None = None
    denominator: str | None = None
    denominator_where: dict[str, str | tuple[str, ...]] = {}
    population: str | None = None
    within: Literal["cell", "all"] = "cell"
    per: Literal["person", "line"] = "person"
    weekly: bool = False
    open_at_end: bool = False
    card: Card

    @model_validator(mode="after")
    def _share_names_its_parts(self) -> Measure:
        over = (self.denominator is None) + (self.population is None)
        if self.kind == "share" and (self.numerator is None or over != 1):
            raise ValueError("a share names a numerator and a denominator (a measure) or a population (an observation)")
        if self.kind != "share" and (self.numerator or self.denominator or self.population):
            raise ValueError("only a share names a numerator, denominator or population")
        return self

    @model_validator(mode="after")
    def _filter_names_known_columns(self) -> Measure:
        for column in (*self.where, *self.denominator_where):
            if column not in FILTERABLE:
                raise ValueError(f"where: '{column}' is no dimension; choose from {', '.join(FILTERABLE)}")
        return self

    @property
    def is_stock(self) -> bool:
        """Whether the measure describes one day rather than a span."""
        return self.kind in ("people_on_date", "lines", "weekly_cost", "mean_weekly_cost") or (
            self.kind == "hours" and self.record == ("planned",)
        )


def parse_measures(text: str, file: str, beside: Mapping[str, Measure] = MappingProxyType({})) -> dict[str, Measure]:
    """Read measure entries from TOML ``text`` and add them to those ``beside``; ``file`` names it in errors.

    Raises CatalogueError naming file, entry, field, value and rule.
    """
    found = dict(beside)
    for number, raw in enumerate(read_toml(text, file).get("measure", []), start=1):
        name = str(raw.get("id", f"number {number}"))
        entry = declared(Measure, raw, file, name)
        if entry.id in found:
            raise CatalogueError(file, name, "id", entry.id, "Another entry has this id; ids are unique.")
        found[entry.id] = entry
    _check_references(found, file)
    return found


def _check_references(found: dict[str, Measure], file: str) -> None:
    """Refuse shares of unknown measures and filters on ids the catalogue does not hold."""
    for entry in found.values():
        for field in ("numerator", "denominator"):
            other = getattr(entry, field)
            if other is not None and other not in found:
                raise CatalogueError(file, entry.id, field, other, "No measure has this id.")
        for column, value in (*entry.where.items(), *entry.denominator_where.items()):
            for one in (value,) if isinstance(value, str) else value:
                if column not in LISTS:
                    continue
                try:
                    catalogue().members(LISTS[column], one)
                except CallError as error:
                    raise CatalogueError(file, entry.id, f"where.{column}", one, str(error)) from error


def measures() -> dict[str, Measure]:
    """Every measure by id: the packaged ones, and those of the council's own files.

    The files are those that the environment variable CARESHAPE_MEASURES names, separated as in PATH. Raises
    CatalogueError for a faulty entry, naming file, entry, field, value and rule.
    """
    return _read(os.environ.get(FILES_VARIABLE, ""))


@lru_cache(maxsize=4)
def _read(own: str) -> dict[str, Measure]:
    text = files("careshape.evaluate").joinpath("data/measures.toml").read_text("utf-8")
    found = parse_measures(text, FILE)
    for name in filter(None, own.split(os.pathsep)):
        try:
            text = Path(name).read_text("utf-8")
        except OSError as error:
            raise CallError(f"{FILES_VARIABLE} names '{name}', which cannot be read: {error.strerror}.") from error
        found = parse_measures(text, Path(name).name, beside=found)
    return found


def find_measure(name: str) -> Measure:
    """Return the measure called ``name``. Raises CallError with near matches."""
    known = measures()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    raise CallError(f"No measure is called '{name}'.{hint} `careshape measures` lists all {len(known)}.")
