"""People by area, year, sex and single year of age, with where the figures come from."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from careshape.errors import CallError
from careshape.language import say

SEXES: Final = ("female", "male")
TOP_AGE: Final = 90
"""The last age stands for 90 and over, as in official projections."""
AGES: Final = tuple(range(TOP_AGE + 1))
TREND_YEARS: Final = 5
"""Extrapolation, where it is asked for, carries on the mean yearly change of this many years."""

Ages = tuple[int, int | None]
"""First and last age, both inside; None for no upper end."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Population:
    """Residents at the middle of each year.

    Attributes:
        authority: the council; areas: ids of the catalogue, the council first where it has several districts.
        years: the years that there are figures for, without a gap.
        values: people, by area, year, sex (SEXES) and age (AGES). Not a number where no source says.
        source, edition: id and edition of the source; title: its title; attribution: as its licence asks.
        label: "official projection", "mid-year estimate" or "spread from published totals".
        is_modelled: whether careshape worked the ages out itself.
        method: in a sentence, how the figures came to be; caveats: what a reader should know.
        low, high: the same figures under the low and the high variant, where variants are loaded.
        variants: what low and high are, in a sentence.
    """

    authority: str
    areas: tuple[str, ...]
    years: tuple[int, ...]
    values: Values
    source: str
    edition: str
    title: str
    attribution: str
    label: str
    is_modelled: bool
    method: str
    caveats: tuple[str, ...] = ()
    low: Values | None = None
    high: Values | None = None
    variants: str = ""

    sexes = SEXES
    ages = AGES

    @property
    def last_year(self) -> int:
        """The last year that there are figures for."""
        return self.years[-1]

    @property
    def first_year(self) -> int:
        """The first year that there are figures for."""
        return self.years[0]

    def place(self, area: str) -> int:
        """Where an area stands in `areas`. Raises CallError where it is none of them."""
        if area not in self.areas:
            raise CallError(
                say(
                    "The population of '{area}' is not known here. There is {areas}.",
                    area=area,
                    areas=", ".join(self.areas),
                )
            )
        return self.areas.index(area)

    def at(self, year: float, extrapolate: bool = False, values: Values | None = None) -> Values:
        """People by area, sex and age in a year; between two years on the straight line.

        Args:
            year: 2030, or 2030.25 for the end of September (mid-year is the whole number).
            extrapolate: carry the mean yearly change of the last years on, where the year is past the last.
            values: `low` or `high` in place of `values`.

        Raises:
            CallError: the year is before the first, or past the last and `extrapolate` is not set.
        """
        grid = self.values if values is None else values
        if year < self.first_year:
            raise CallError(
                say(
                    "{title} ({edition}) begins in {first_year}: there is no {year}.",
                    title=self.title,
                    edition=self.edition,
                    first_year=self.first_year,
                    year=f"{year:g}",
                )
            )
        if year > self.last_year:
            return self._beyond(grid, year, extrapolate)
        before = math.floor(year)
        share = year - before
        place = before - self.first_year
        if not share:
            return grid[:, place].copy()
        return (1 - share) * grid[:, place] + share * grid[:, place + 1]

    def _beyond(self, grid: Values, year: float, extrapolate: bool) -> Values:
        if not extrapolate:
            raise CallError(
                say(
                    "The population ({title}, {edition}) ends in {last_year}: there is no {year}. Ask "
                    "for a year up to then, load a longer edition, or ask for extrapolation, which "
                    "carries change on.",
                    title=self.title,
                    edition=self.edition,
                    last_year=self.last_year,
                    year=f"{year:g}",
                )
            )
        span = min(TREND_YEARS, len(self.years) - 1)
        if not span:
            raise CallError(
                say(
                    "There is one year of figures, {last_year}: no change that could be carried on.",
                    last_year=self.last_year,
                )
            )
        change = (grid[:, -1] - grid[:, -1 - span]) / span
        beyond: Values = np.maximum(grid[:, -1] + change * (year - self.last_year), 0.0)
        return beyond

    def label_of(self, year: float) -> str:
        """The label of the figures of a year: it says where they are extrapolated."""
        return (
            self.label
            if year <= self.last_year
            else say("{label}, extrapolated from {last_year}", label=self.label, last_year=self.last_year)
        )

    def total(
        self, area: str, year: float, ages: Ages = (0, None), sex: str | None = None, extrapolate: bool = False
    ) -> float:
        """People of an area in a year.

        Args:
            ages: first and last age, both inside: (65, None) is 65 and over. sex: one of SEXES, None for both.

        Raises:
            CallError: area, year, ages or sex are not there; no source says how many people of these ages there are.
        """
        first, beyond = age_span(ages)
        people = self.at(year, extrapolate)[self.place(area)]
        chosen = people if sex is None else people[sex_place(sex)][None]
        total = float(chosen[:, first:beyond].sum())
        if math.isnan(total):
            raise CallError(
                say(
                    "No published total says how many people of {ages} live in {area}, and no official "
                    "projection is loaded: download one and `careshape data add FILE`.",
                    ages=ages_label(ages),
                    area=area,
                )
            )
        return total

    def holds(self, area: str, year: float, ages: Ages = (0, None)) -> bool:
        """Whether a source says how many people of these ages live in an area in a year. Raises as `total` does."""
        first, beyond = age_span(ages)
        return not bool(np.isnan(self.at(year)[self.place(area)][:, first:beyond]).any())

    def series(self, area: str, ages: Ages = (0, None), sex: str | None = None) -> list[tuple[int, float]]:
        """Year and people, for every year. Raises CallError as `total` does."""
        return [(year, self.total(area, year, ages, sex)) for year in self.years]

    def rows(self, ages: Ages = (0, None)) -> list[dict[str, object]]:
        """One row an area, year, sex and age, with the label: for a table or a file."""
        first, beyond = age_span(ages)
        return [
            {"area": area, "year": year, "sex": sex, "age": age, "value": float(self.values[a, y, s, age])}
            | {"label": self.label, "source": self.source, "edition": self.edition}
            for a, area in enumerate(self.areas)
            for y, year in enumerate(self.years)
            for s, sex in enumerate(SEXES)
            for age in AGES[first:beyond]
        ]

    def between(self, first: int, last: int) -> Population:
        """The same for fewer years. Raises CallError where one of them is not there."""
        if first < self.first_year or last > self.last_year or first > last:
            raise CallError(
                say(
                    "There are the years {first_year} to {last_year}, not {first} to {last}.",
                    first_year=self.first_year,
                    last_year=self.last_year,
                    first=first,
                    last=last,
                )
            )
        part = slice(first - self.first_year, last - self.first_year + 1)
        low, high = (None if one is None else one[:, part] for one in (self.low, self.high))
        years = tuple(range(first, last + 1))
        return replace(self, years=years, values=self.values[:, part], low=low, high=high)


def sex_place(sex: str) -> int:
    """Where a sex stands in SEXES. Raises CallError for another word."""
    if sex not in SEXES:
        raise CallError(
            say(
                "'{sex}' is no sex of official statistics. There is {sexes}; none for both.",
                sex=sex,
                sexes=" and ".join(SEXES),
            )
        )
    return SEXES.index(sex)


def age_span(ages: Ages) -> tuple[int, int]:
    """First age and the one after the last, for a slice. Raises CallError where they cannot be told apart."""
    first, last = ages[0], TOP_AGE if ages[1] is None else ages[1]
    if first <= TOP_AGE and not 0 <= first <= last:
        raise CallError(
            say("{ages} are no ages: the first is 0 or more, and the last no less than it.", ages=ages_label(ages))
        )
    if (ages[1] is not None and (last > TOP_AGE or (last == TOP_AGE and first != TOP_AGE))) or first > TOP_AGE:
        raise CallError(
            say(
                "Ages above {last} are known together only, as {top}+: {ages} is not.",
                last=TOP_AGE - 1,
                top=TOP_AGE,
                ages=ages_label(ages),
            )
        )
    return first, last + 1


def ages_label(ages: Ages) -> str:
    """How a span of ages is written: "65+", "18-64", "all ages"."""
    if ages == (0, None):
        return "all ages"
    return f"{ages[0]}+" if ages[1] is None else f"{ages[0]}-{ages[1]}"


def parse_ages(text: str) -> Ages:
    """Read a span of ages: "65+", "18-64" or "all". Raises CallError for anything else."""
    bare = text.strip().lower()
    if bare in ("all", "all ages", ""):
        return (0, None)
    if bare.endswith("+") and bare[:-1].isdigit():
        return (int(bare[:-1]), None)
    first, _, last = bare.partition("-")
    if first.isdigit() and last.isdigit() and int(first) <= int(last):
        return (int(first), int(last))
    raise CallError(say("'{given}' is no span of ages. Write it as 65+, 18-64 or all.", given=text))
