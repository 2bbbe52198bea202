"""Prevalence as data: for a condition, the share of people of each age and sex who have it, and how sure that is.

Only rates whose source was confirmed come with careshape (`data/prevalence/`). A council adds or replaces rates with
files of the same schema in its own folder `prevalence/`.
"""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import combinations
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from careshape.declared import declared, read_toml
from careshape.errors import CallError, CatalogueError
from careshape.evaluate.intervals import Z_95
from careshape.evaluate.population.grid import Ages, age_span, ages_label, parse_ages

DATA: Final = files("careshape.evaluate.need") / "data"
FEWEST: Final = 30
"""People in whom a rate must have been found, at the least: surveys commonly report nothing of fewer."""
CORRELATION: Final = 0.5
"""How far errors of one study go together across its ages and sexes, where a file does not say.

Chance is apart in each cell; who took part and how a case was told are the same in all. Half and half is assumed.
"""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rate(_Strict):
    """The rate of one band of ages.

    Attributes:
        ages: "65-69", "90+" or "all"; sex: "female", "male" or "persons" (both).
        rate: share of people, 0 to 1; lower, upper: its 95% limits, where the study gives them.
        sample: how many people it was found in (FEWEST at least), from which limits are worked out where the study
            gives none.
    """

    ages: Ages
    sex: Literal["female", "male", "persons"]
    rate: float = Field(ge=0, le=1)
    lower: float | None = Field(default=None, ge=0, le=1)
    upper: float | None = Field(default=None, ge=0, le=1)
    sample: int | None = None

    @field_validator("ages", mode="before")
    @classmethod
    def _ages(cls, text: Any) -> Ages:
        if not isinstance(text, str):
            raise ValueError("It must be a span of ages, such as 65-69, 90+ or all.")
        try:
            ages = parse_ages(text)
            age_span(ages)
        except CallError as fault:
            raise ValueError(str(fault)) from None
        return ages

    @model_validator(mode="after")
    def _enough(self) -> Rate:
        if self.sample is not None and self.sample < FEWEST:
            raise ValueError(f"A rate found in {self.sample} people is too unsure to count by: at least {FEWEST}.")
        return self

    @model_validator(mode="after")
    def _limits(self) -> Rate:
        if (self.lower is None) != (self.upper is None):
            raise ValueError("lower and upper stand together, or neither does.")
        if self.lower is not None and self.upper is not None:
            if not self.lower <= self.rate <= self.upper:
                raise ValueError(f"The rate {self.rate} must lie between lower {self.lower} and upper {self.upper}.")
            if not (self.lower > 0 and self.upper < 1):
                raise ValueError("Limits lie inside 0 and 1: 0 or 1 itself leaves no doubt, which no study does.")
        return self

    @property
    def limits(self) -> tuple[float, float] | None:
        """The 95% limits: those of the study, else worked out from the number of people (Wilson), else None."""
        if self.lower is not None and self.upper is not None:
            return self.lower, self.upper
        return None if self.sample is None else wilson(self.rate, self.sample)


class Prevalence(_Strict):
    """The rates of a condition from one study.

    Attributes:
        condition: its id; label, what: in words; client_group: of the catalogue.
        study, year, source: where the rates come from; address: where that can be read. confirmed: whether they were
            seen in their source.
        caveat: what a reader should know. no_interval: why some rate has no limits.
        partial: whether ages between the bands are left out. correlation: see CORRELATION.
        own: whether the rates are a council's own.
    """

    condition: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    label: str
    client_group: str
    what: str
    study: str
    year: int | None = Field(default=None, ge=1950, le=2100)
    source: str
    address: str = ""
    confirmed: bool
    caveat: str
    no_interval: str = ""
    partial: bool = False
    correlation: float = Field(default=CORRELATION, ge=0, le=1)
    rate: tuple[Rate, ...] = Field(min_length=1)
    own: bool = False

    @model_validator(mode="after")
    def _rates(self) -> Prevalence:
        for one, other in combinations(self.rate, 2):
            if _meet(one.ages, other.ages) and _same_people(one.sex, other.sex):
                raise ValueError(f"Two rates hold for {one.sex}, {ages_label(one.ages)} and {ages_label(other.ages)}.")
        if any(one.limits is None for one in self.rate) and not self.no_interval:
            raise ValueError("A rate has no limits: give lower and upper, or sample, or say why in no_interval.")
        return self

    @property
    def has_interval(self) -> bool:
        """Whether every rate has limits."""
        return all(one.limits is not None for one in self.rate)

    @property
    def citation(self) -> str:
        """The study, as it is named beside a figure."""
        return f"{self.study}{', the council’s own rates' if self.own else ''}"


class Missing(_Strict):
    """A condition for which no confirmed rate comes with careshape: what would be wanted, and why it is not there."""

    condition: str
    label: str
    wanted: str
    why: str


def wilson(rate: float, people: int) -> tuple[float, float]:
    """95% limits of a share found among a number of people (Wilson 1927), kept off 0 and 1."""
    middle = rate + Z_95**2 / (2 * people)
    spread = Z_95 * math.sqrt(rate * (1 - rate) / people + Z_95**2 / (4 * people**2))
    scale = 1 + Z_95**2 / people
    least = 1e-9
    return max((middle - spread) / scale, least), min((middle + spread) / scale, 1 - least)


def _meet(one: Ages, other: Ages) -> bool:
    first, second = age_span(one), age_span(other)
    return first[0] < second[1] and second[0] < first[1]


def _same_people(one: str, other: str) -> bool:
    return one == other or "persons" in (one, other)


@cache
def packaged() -> dict[str, Prevalence]:
    """The rates that come with careshape, by condition. Raises CatalogueError where a file breaks the schema."""
    return _by_condition(one for one in sorted((DATA / "prevalence").iterdir(), key=lambda file: file.name))


@cache
def missing() -> dict[str, Missing]:
    """Conditions without a confirmed rate."""
    raw = tomllib.loads((DATA / "missing.toml").read_text(encoding="utf-8"))
    return {one.condition: one for one in (Missing.model_validate(row) for row in raw["missing"])}


def prevalences(folder: Path | None = None) -> dict[str, Prevalence]:
    """Rates by condition: those packaged, and a council's own from a folder, which come before them.

    Raises:
        CatalogueError: a file breaks the schema; file, condition, field, value and rule are named.
    """
    found = dict(packaged())
    if folder is not None and folder.is_dir():
        own = _by_condition(folder.glob("*.toml"))
        found |= {name: one.model_copy(update={"own": True}) for name, one in own.items()}
    return found


def _by_condition(paths: Iterable[Traversable]) -> dict[str, Prevalence]:
    found: dict[str, Prevalence] = {}
    for path in sorted(paths, key=lambda file: file.name):
        one = read_prevalence(path)
        if one.condition in found:
            rule = "Another file of this folder holds the same condition; a condition has one set of rates."
            raise CatalogueError(path.name, one.condition, "condition", one.condition, rule)
        found[one.condition] = one
    return found


def read_prevalence(file: Traversable) -> Prevalence:
    """Read and check one file of rates. Raises CatalogueError on the first fault."""
    raw = read_toml(file.read_text(encoding="utf-8"), file.name)
    name = str(raw.get("condition", "-"))
    if "own" in raw:
        raise CatalogueError(file.name, name, "own", raw["own"], "There is no such field.")
    return declared(Prevalence, raw, file.name, name)


def choose(conditions: dict[str, Prevalence], wanted: str) -> Prevalence:
    """The rates of a condition. Raises CallError where there are none: it says which study would be needed."""
    if wanted in conditions:
        return conditions[wanted]
    if wanted in missing():
        lack = missing()[wanted]
        raise CallError(
            f"No confirmed rate of '{wanted}' comes with careshape. {lack.why} Wanted: {lack.wanted}. Add it as a file "
            "of TOML to the council's folder 'prevalence', with its source."
        )
    near = difflib.get_close_matches(wanted, [*conditions, *missing()], n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise CallError(f"There are no rates of '{wanted}'.{hint} There are {', '.join(conditions)}.")
