"""The population of a generated county as its official projection gives it: right so far, and a little wrong ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from careshape.catalogue.periods import day_date
from careshape.demo.worlds.truth import Truth
from careshape.errors import CallError


@dataclass(frozen=True)
class WorldPopulation:
    """People by area, year and single year of age; the last age holds everybody older."""

    areas: tuple[str, ...]
    years: tuple[int, ...]
    values: np.ndarray
    """[area, year, age]"""
    label: str = "synthetic projection"

    def holds(self, area: str, year: int, ages: tuple[int, int | None] = (0, None)) -> bool:
        """Whether there are figures: always, for what is made."""
        return True

    def total(self, area: str, year: int, ages: tuple[int, int | None] = (0, None)) -> float:
        """People in an area on 30 June of a year, from the first age to the last, included; None has no last.

        Raises CallError for an area or a year that it does not have.
        """
        if area not in self.areas or year not in self.years:
            raise CallError(f"The synthetic projection has no figures for {area} in {year}.")
        low, high = ages
        people = self.values[self.areas.index(area), self.years.index(year)]
        return float(people[low : None if high is None else high + 1].sum())


def project_population(truth: Truth, areas: tuple[str, ...], rng: Generator) -> WorldPopulation:
    """The projection that stood at the end of the history."""
    choices = truth.plan["projection"]
    first, origin, last = (day_date(day).year for day in (truth.start_day, truth.origin, truth.last_day))
    years = np.arange(first, last + 2)
    younger = np.mean([truth.growth[group] for group in choices["below"]], axis=0)
    size = choices["people-a-stay"] * truth.stock.sum(axis=0)
    bands = choices["bands"]
    values = np.zeros((len(areas), len(years), bands[-1][1] + 1))
    for growth, old in ((younger, False), (truth.growth[choices["from-age-65"]], True)):
        wrong = rng.normal(0, choices["error"], len(areas))
        so_far, ahead = np.minimum(years, origin) - first, np.maximum(years - origin, 0)
        course = (1 + growth[:, None]) ** so_far * (1 + (growth + wrong)[:, None]) ** ahead
        for low, high, share in bands:
            if (low >= 65) == old:
                values[:, :, low : high + 1] = (size[:, None] * course * share / (high - low + 1))[:, :, None]
    return WorldPopulation(areas, tuple(int(year) for year in years), values)
