"""Need = people x prevalence, by area, age, sex and year, with the interval of both carried through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from careshape.errors import CallError
from careshape.evaluate.intervals import bounds
from careshape.evaluate.need.draws import Array, generator, population_draws, rate_draws
from careshape.evaluate.need.local import PRIOR, Observed, check_counts, read_observed, shrunk
from careshape.evaluate.need.prevalence import Prevalence, Rate, choose, prevalences
from careshape.evaluate.need.result import NeedResult
from careshape.evaluate.population import SEXES, Ages, Population, neighbourhoods, population
from careshape.evaluate.population.grid import TOP_AGE, age_span, ages_label
from careshape.home import Home

DIMENSIONS = ("area", "age_band", "sex", "year")
LEVELS = ("district", "neighbourhood")
WHOLE = "council"
"""The level of a row that is of the whole council."""
DRAWS = 4000
METHOD = "population x prevalence; limits from {draws} draws of the study's limits{variants}"


@dataclass(frozen=True)
class Cell:
    """One rate, held to the ages that were asked for: a band of ages of one sex, or of both together."""

    place: int
    rate: Rate
    first: int
    beyond: int

    @property
    def label(self) -> str:
        """The ages, as written: "65-69", "90+", "all ages"."""
        return ages_label((self.first, _last(self.beyond)))

    def people(self, grid: Array) -> Array:
        """People of the cell in a grid whose last axes are sex and age."""
        chosen = grid if self.rate.sex == "persons" else grid[..., [SEXES.index(self.rate.sex)], :]
        people: Array = chosen[..., self.first : self.beyond].sum(axis=(-2, -1))
        return people


def need(
    home: Home,
    authority: str,
    condition: str | Sequence[str] | None = None,
    area: str | None = None,
    years: Iterable[int] | None = None,
    by: Sequence[str] = ("year",),
    *,
    ages: Ages | None = None,
    people: Population | None = None,
    basis: str | None = None,
    level: str = "district",
    local: bool = False,
    prior: float = PRIOR,
    draws: int = DRAWS,
    seed: int = 1,
    extrapolate: bool = False,
) -> NeedResult:
    """How many people have a condition, or each of several.

    Args:
        condition: ids of prevalence files; None for all.
        area: a district, or the council (also None); years: mid-years, None for all that the population has.
        by: what to split by, of DIMENSIONS. With "area", every district and the council itself have rows.
        ages: only these ages (rates of a band are taken to hold throughout it).
        people: the population, if it is at hand; else `basis` says on what it rests, as for `population`.
        level: "neighbourhood" to have areas be neighbourhoods.
        local: adjust to the council's own complete counts, shrunk to the national rate by `prior`.
        draws, seed: how many draws, and where chance begins: the same seed gives the same figures.
        extrapolate: allow years past the last of the population.

    Raises:
        CallError: an unknown condition, area, year or dimension; ages of which no source says how many people.
        InputError, CatalogueError: a file of the council's own breaks its rules.
    """
    _check(by, level)
    base = people or population(home, authority, basis)
    folder = home.council_path(authority) / "prevalence"
    known = prevalences(folder)
    names = list(known) if condition is None else [condition] if isinstance(condition, str) else list(condition)
    chosen = [choose(known, name) for name in names]
    observed = [one for one in read_observed(folder / "observed.csv") if one.kind == "complete"] if local else []
    for one in observed:
        choose(known, one.condition)
    check_counts((one for one in observed if one.condition in {study.condition for study in chosen}), base)
    used = neighbourhoods(home, base) if level == "neighbourhood" else base
    wanted = tuple(years) if years is not None else used.years
    areas = _areas(used, area, by)
    if condition is not None and ages is not None:
        _check_ages(chosen, ages)
    rows: list[dict[str, Any]] = []
    for study in chosen:
        mine = [one for one in observed if one.condition == study.condition]
        work = _Work(study, used, base, ages, mine, local, prior, draws, seed, extrapolate, level)
        rows += work.rows(areas, wanted, tuple(by))
    counted = {one.condition for one in observed}
    uncounted = tuple(one.condition for one in chosen if local and one.condition not in counted)
    return NeedResult(rows, tuple(by), tuple(chosen), used, local, uncounted)


def _check(by: Sequence[str], level: str) -> None:
    for name in by:
        if name not in DIMENSIONS:
            raise CallError(f"Need cannot be split by '{name}'. It can by {', '.join(DIMENSIONS)}.")
    if level not in LEVELS:
        raise CallError(f"There is no level '{level}' of areas. There is {' and '.join(LEVELS)}.")


def _check_ages(chosen: Sequence[Prevalence], ages: Ages) -> None:
    """Raise CallError where a condition that was asked for has no rate of the ages that were: that is not nobody."""
    for study in chosen:
        if not _cells(study, ages):
            raise CallError(
                f"No rate of {study.condition} holds for ages {ages_label(ages)}: {study.citation} is of "
                f"{_together(_cells(study, None))}. Ask for ages within it, or leave --ages out."
            )


def _areas(people: Population, area: str | None, by: Sequence[str]) -> list[list[str]]:
    """Groups of areas, each summed: the first of each names it."""
    if area is not None:
        people.place(area)
        return [[area]]
    if "area" in by:
        return [[one] for one in people.areas]
    if people.authority in people.areas:
        return [[people.authority]]
    return [[people.authority, *people.areas]]


@dataclass(frozen=True)
class _Work:
    """What is needed to work out the rows of one condition."""

    study: Prevalence
    people: Population
    base: Population
    ages: Ages | None
    observed: list[Observed]
    local: bool
    prior: float
    draws: int
    seed: int
    extrapolate: bool
    level: str

    def rows(self, areas: list[list[str]], years: Sequence[int], by: tuple[str, ...]) -> list[dict[str, Any]]:
        """Rows by area and year, and within them by age band and sex where asked for."""
        chance = generator(self.study.condition, self.seed)
        rates = rate_draws(self.study, self.draws, chance)
        z = chance.standard_normal(self.draws)
        cells = _cells(self.study, self.ages)
        if not cells:
            return []
        factors = self._factors(rates, chance)
        groups = _groups(cells, by)
        found = []
        for group in areas:
            spans = [[year] for year in years] if "year" in by else [list(years)]
            if "year" not in by and len(years) != 1:
                raise CallError("People of several years do not add up. Split by year, or ask for one year.")
            for span in spans:
                found += self._year(group, span[0], groups, rates, z, factors)
        return found

    def _year(
        self,
        group: list[str],
        year: int,
        groups: dict[tuple[str, str], list[Cell]],
        rates: Array,
        z: Array,
        factors: dict[str, tuple[float, Array]],
    ) -> list[dict[str, Any]]:
        places = [self.people.place(one) for one in (group[1:] if len(group) > 1 else group)]
        grids = [
            None if grid is None else self.people.at(year, self.extrapolate, grid)[places].sum(axis=0)
            for grid in (self.people.values, self.people.low, self.people.high)
        ]
        factor, chances = factors.get(group[0], factors[self.base.authority])
        rows = []
        for (band, sex), cells in groups.items():
            people, low, high = (
                None if grid is None else np.array([cell.people(grid) for cell in cells]) for grid in grids
            )
            assert people is not None
            if np.isnan(people).any():
                self._unknown(group[0], cells)
            point = np.array([cell.rate.rate for cell in cells])
            drawn = population_draws(people, low, high, z) * rates[:, [cell.place for cell in cells]]
            national = float(people @ point)
            limits = bounds(drawn.sum(axis=1) * chances, median=True)[0]
            rows.append(self._row(group[0], band, sex, year, national, factor, limits))
        return rows

    def _unknown(self, area: str, cells: list[Cell]) -> None:
        first, last = cells[0].first, cells[-1].label
        raise CallError(
            f"No published total says how many people from {first} to {last} live in {area}, and no official "
            "projection is loaded: download one and `careshape data add FILE`."
        )

    def _row(
        self, area: str, band: str, sex: str, year: int, national: float, factor: float, limits: dict[str, float | None]
    ) -> dict[str, Any]:
        method = METHOD.format(
            draws=f"{self.draws:,}", variants=" and of the population's variants" if self.people.low is not None else ""
        )
        own: dict[str, float | None] = {"national_value": None, "factor": None}
        if self.local:
            own = {"national_value": national, "factor": factor if self.observed else None}
        return {
            "condition": self.study.condition,
            "area": area,
            "level": WHOLE if area == self.base.authority else self.level,
            "age_band": band,
            "sex": sex,
            "year": year,
            "value": national * factor,
            **limits,
            **own,
            "study": self.study.citation,
            "label": f"{self.people.label_of(year)}{', adjusted to local counts' if factor != 1 else ''}",
            "method": method if self.study.has_interval else "population x prevalence",
            "no_interval": "" if self.study.has_interval else self.study.no_interval,
        }

    def _factors(self, rates: Array, chance: np.random.Generator) -> dict[str, tuple[float, Array]]:
        """Local factor and its draws by area; an area without a count of its own has the council's."""
        none = (1.0, np.ones(self.draws))
        found = {self.base.authority: none}
        for area in dict.fromkeys(one.area for one in self.observed):
            self.base.place(area)
            found[area] = self._factor([one for one in self.observed if one.area == area], rates, chance)
        counted = {one.area for one in self.observed}
        if self.base.authority not in counted and counted and counted == set(self.base.areas) - {self.base.authority}:
            found[self.base.authority] = self._factor(self.observed, rates, chance)
        return found

    def _factor(self, counts: list[Observed], rates: Array, chance: np.random.Generator) -> tuple[float, Array]:
        observed = sum(one.count for one in counts)
        expected, drawn = 0.0, np.zeros(self.draws)
        for one in counts:
            grid = self.base.at(one.year)[self.base.place(one.area)]
            for cell in _cells(self.study, one.ages):
                people = float(cell.people(grid))
                expected += people * cell.rate.rate
                drawn = drawn + people * np.nan_to_num(rates[:, cell.place], nan=cell.rate.rate)
        # the same chance of a count as in a Poisson count, with a prior worth `prior` expected people
        draws = chance.gamma(self.prior + observed, 1.0, self.draws) / (self.prior + drawn)
        return shrunk(observed, expected, self.prior), draws


def _cells(study: Prevalence, ages: Ages | None) -> list[Cell]:
    first, beyond = age_span(ages) if ages is not None else (0, TOP_AGE + 1)
    found = []
    for place, rate in enumerate(study.rate):
        begin, end = age_span(rate.ages)
        if max(begin, first) < min(end, beyond):
            found.append(Cell(place, rate, max(begin, first), min(end, beyond)))
    return found


def _groups(cells: list[Cell], by: Sequence[str]) -> dict[tuple[str, str], list[Cell]]:
    """Cells that are summed together, by the band and sex of their row."""
    whole = _together(cells)
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        band = cell.label if "age_band" in by else whole
        sex = cell.rate.sex if "sex" in by else "persons"
        groups.setdefault((band, sex), []).append(cell)
    return groups


def _together(cells: list[Cell]) -> str:
    """The ages of all cells: "65+", or "65-69 and 85+" where the rates leave ages out."""
    spans: list[list[int]] = []
    for first, beyond in sorted((cell.first, cell.beyond) for cell in cells):
        if spans and first <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], beyond)
        else:
            spans.append([first, beyond])
    return " and ".join(ages_label((first, _last(beyond))) for first, beyond in spans)


def _last(beyond: int) -> int | None:
    return None if beyond > TOP_AGE else beyond - 1
