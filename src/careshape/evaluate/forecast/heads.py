"""People of each age band in each area by month: what entries are counted per head of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from careshape.errors import CallError
from careshape.language import say

Floats = NDArray[np.float64]


class PopulationLike(Protocol):
    """What a forecast needs of a population: people on 30 June of a year, in an area, between two ages."""

    @property
    def areas(self) -> tuple[str, ...]:
        """Ids of the areas it knows."""

    @property
    def years(self) -> tuple[int, ...]:
        """Years it knows, rising."""

    @property
    def label(self) -> str:
        """Kind of figures."""

    def total(self, area: str, year: int, ages: tuple[int, int | None] = (0, None)) -> float:
        """People in an area on 30 June of a year, from the first age to the last, included; None has no last."""

    def holds(self, area: str, year: int, ages: tuple[int, int | None] = (0, None)) -> bool:
        """Whether there are figures for these ages."""


@dataclass(frozen=True)
class Heads:
    """People by area and age band in each month of a run."""

    values: Floats
    """[area, age band, month]; the last age band is everybody. Areas that the population does not know are 0."""
    known: NDArray[np.bool_]
    """Areas that the population knows."""
    note: str = ""


def heads(
    population: PopulationLike, areas: Sequence[str], bands: Sequence[int], first_month: int, months: int
) -> Heads:
    """People by month, on a straight line between the mid-years; months are ordinals (year * 12 + month - 1).

    Before the first year of the population its first year stands, and the note says so. Raises CallError for a month
    in a year after the last: a longer population, or a shorter forecast, is needed.
    """
    years = tuple(population.years)
    last_month = first_month + months - 1
    if last_month // 12 > years[-1]:
        raise CallError(
            f"The population ends in {years[-1]}, and the forecast needs {last_month // 12}. Load a longer projection, "
            "or forecast fewer months."
        )
    known = np.asarray([area in population.areas for area in areas])
    edges = [*zip(bands, [band - 1 for band in bands[1:]], strict=False), (bands[-1], None)]
    mid_year, missing = _mid_years(population, areas, known, edges, years)
    # The end of June is month 5 of 0 to 11.
    when = np.asarray([year * 12 + 5 for year in years], float)
    wanted = np.arange(first_month, first_month + months, dtype=float)
    flat = mid_year.reshape(-1, len(years))
    values = np.stack([np.interp(wanted, when, row) for row in flat]).reshape(*mid_year.shape[:2], months)
    notes = []
    if first_month < years[0] * 12:
        notes.append(
            say("people before {years}, where the population begins, are taken to be those of {years}", years=years[0])
        )
    if missing:
        notes.append(
            say(
                "the population has no figures for ages {missing}: entries at them are constant",
                missing=", ".join(missing),
            )
        )
    return Heads(values, known, "; ".join(notes))


def _mid_years(
    population: PopulationLike,
    areas: Sequence[str],
    known: NDArray[np.bool_],
    edges: Sequence[Any],
    years: Sequence[int],
) -> tuple[Floats, list[str]]:
    """[area, age band, year] people, everybody last; bands without figures are constant, and are named."""
    found = np.zeros((len(areas), len(edges) + 1, len(years)))
    missing: list[str] = []
    for j, (low, high) in enumerate(edges):
        here = [areas[i] for i in np.flatnonzero(known).tolist()]
        if all(population.holds(area, year, ages=(low, high)) for area in here for year in years):
            found[known, j] = [[population.total(area, year, ages=(low, high)) for year in years] for area in here]
        else:
            missing.append(f"{low}+" if high is None else f"{low}-{high}")
    found[:, -1] = found[:, :-1].sum(axis=1)
    for j, (low, high) in enumerate(edges):
        if (f"{low}+" if high is None else f"{low}-{high}") in missing:
            # As many as all others in the first year, throughout: older people's growth is not theirs.
            found[:, j] = found[:, -1, :1]
    if len(missing) == len(edges):
        raise CallError(
            "The population has no figures for any of the age bands. Load another, or forecast without one."
        )
    return found, missing
