"""What can be compared with other councils, as data: source, filter, unit, direction of good, caveat."""

from __future__ import annotations

import difflib
import re
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.declared import declared, read_toml
from careshape.errors import CallError, CatalogueError
from careshape.records.official import find_source, sources

FILE = "evaluate/cost/data/indicators.toml"
FRAMEWORK = "ascof"
"""The source whose codes change their meaning between framework years."""


class Indicator(BaseModel):
    """One figure that councils publish and that can be compared.

    Attributes:
        id, label, unit, decimals: its name and how it is printed; per: what a rate is a part of (100, 100000).
        source, where, code: the official source, the rows of it, and the code of the framework.
        years: first and last framework year in which the code has this meaning.
        observation: dimensions of packaged observations that hold the same figure for several areas.
        summary: dimensions of packaged observations that hold rank, count, mean and ends of a group only;
            statistics: what a council calls each of them -> rank, of, average, minimum or maximum.
        kind: what is known of its uncertainty: counts of a population or base, a cost, or a bare score.
        zero: what a figure of 0 says, where it says that there is nothing to measure.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9:-]*$")
    label: str
    source: str
    where: dict[str, str] = {}
    code: str = ""
    years: tuple[str, str] | None = None
    observation: dict[str, str] = {}
    summary: dict[str, str] = {}
    statistics: dict[str, Literal["rank", "of", "average", "minimum", "maximum"]] = {}
    unit: str
    per: int = 1
    decimals: int = Field(default=1, ge=0, le=6)
    kind: Literal["rate", "proportion", "unit-cost", "score"]
    good: Literal["up", "down", "neither"] = "neither"
    zero: str = ""
    caveat: str = Field(min_length=20)

    @model_validator(mode="after")
    def _names_what_there_is(self) -> Indicator:
        if self.source not in sources():
            raise ValueError(f"source: there is no official source '{self.source}'")
        columns = find_source(self.source).columns
        if missing := [name for name in self.where if name not in columns]:
            raise ValueError(f"where: {self.source} has no column {', '.join(missing)}")
        if (self.source == FRAMEWORK) != bool(self.code and self.years):
            raise ValueError("an indicator of the framework names its code and the years in which it means this")
        return self

    def holds_in(self, year: str) -> bool:
        """Whether the code of the framework means this in a year such as 2020-21; always so for other sources."""
        return self.years is None or self.years[0] <= year <= self.years[1]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    indicator: tuple[dict[str, Any], ...]


@cache
def indicators() -> dict[str, Indicator]:
    """Every packaged indicator by id. Raises CatalogueError for a faulty entry."""
    return parse_indicators(files("careshape.evaluate.cost").joinpath("data/indicators.toml").read_text("utf-8"), FILE)


def parse_indicators(text: str, file: str) -> dict[str, Indicator]:
    """The indicators that a TOML file declares. Raises CatalogueError naming file, entry, field, value and rule."""
    found: dict[str, Indicator] = {}
    for entry in declared(_File, read_toml(text, file), file).indicator:
        one = declared(Indicator, entry, file)
        if one.id in found:
            raise CatalogueError(file, one.id, "id", one.id, "Another entry has this id; ids are unique.")
        found[one.id] = one
    return found


def find_indicator(name: str) -> Indicator:
    """The indicator called ``name``, or any measure of the framework as ascof:YEAR:CODE (ascof:2020-21:1F).

    Raises CallError: no such indicator, or a code of the framework without its year, whose meaning is then not known.
    """
    if name in indicators():
        return indicators()[name]
    if fits := re.fullmatch(r"ascof:(\d{4}-\d\d):(\w+)", name):
        return _bare(name, fits[1], fits[2])
    if name.lower().startswith("ascof"):
        raise CallError(
            f"'{name}' does not say which framework year it is of, and codes change their meaning between years. "
            "Write ascof:YEAR:CODE, such as ascof:2020-21:1F."
        )
    near = difflib.get_close_matches(name, indicators(), n=3, cutoff=0.4)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    raise CallError(f"Nothing to compare is called '{name}'.{hint} `careshape benchmark --list` shows all.")


def _bare(name: str, year: str, code: str) -> Indicator:
    """A measure of the framework of which careshape knows no more than its code and year."""
    for one in indicators().values():
        if one.code == code and one.holds_in(year):
            return one
    return Indicator(
        id=name.lower(),
        label=f"ASCOF {code} of {year}",
        source=FRAMEWORK,
        code=code,
        years=(year, year),
        unit="as published",
        kind="score",
        caveat="careshape has no entry for this measure: which way is good, and how sure it is, are not known to it.",
    )
