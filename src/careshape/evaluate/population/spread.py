"""Where no official figures are loaded: a council's published totals, spread over sex and age by a stated model.

Within each band of ages that the council published, people are shared out by sex and age as they are in England in the
same year (2018-based national projection, packaged). Totals between two published years lie on the straight line.
What nobody published is left empty: nothing is made up below 65 for a district of which 65 and over is published.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import numpy as np

from careshape.errors import CallError
from careshape.evaluate.population.grid import AGES, SEXES, Ages, Population, Values, age_span, parse_ages
from careshape.evaluate.population.official import districts_of
from careshape.home import Home
from careshape.records import Observation, council_observations, slug

METHOD = (
    "Published totals by area and band of ages, spread to sex and single year of age as in England in the same year "
    "(Office for National Statistics, 2018-based); between published years on the straight line."
)
ATTRIBUTION = "Age structure: Office for National Statistics licensed under the Open Government Licence v.3.0."
MEASURES = ("population", "population-projection")
OLDER: Ages = (65, None)

Totals = dict[Ages, dict[int, float]]
"""Band of ages -> year -> people."""


def from_published(home: Home, authority: str) -> Population:
    """The population of a council from the totals that it published.

    Raises:
        CallError: nothing that could be spread was published.
    """
    areas = list(districts_of(authority))
    rows = council_observations(authority, home.council_path(authority) / "observations")
    totals = {area: _totals(rows, authority, area) for area in {authority: None} | dict.fromkeys(areas)}
    if areas != [authority]:
        totals[authority] = _summed(totals, authority, areas)
        areas = [authority, *areas]
    span = _span(totals[authority])
    if span is None:
        raise CallError(
            f"No official population is loaded, and {authority} has published none that could be spread over ages. "
            "Download the projections of the Office for National Statistics and `careshape data add FILE`."
        )
    years = tuple(range(span[0], span[1] + 1))
    values = np.stack([_spread(totals[area], years) for area in areas])
    return Population(
        authority,
        tuple(areas),
        years,
        values,
        "published-totals",
        "as published by the council",
        "Published totals",
        ATTRIBUTION,
        "spread from published totals",
        True,
        METHOD,
        ("The age structure is England's, not the council's: figures of single bands may be some percent off.",),
    )


def _totals(rows: Iterable[Observation], authority: str, area: str) -> Totals:
    """The totals published for an area, by band and year. A council's own rows name it as area, without a district."""
    found: Totals = {}
    for row in rows:
        district = slug(row.dims.get("district", ""))
        mine = district == area or (area == authority and not district and slug(row.dims.get("area", "")) == area)
        # a total over several years or a change is no stock; only figures of persons are
        if not mine or row.measure not in MEASURES or row.unit != "persons" or len(row.period.text) != 4:
            continue
        ages = parse_ages(row.dims.get("age_band", "all"))
        found.setdefault(ages, {})[int(row.period.text)] = float(row.value)
    return found


def _summed(totals: dict[str, Totals], authority: str, districts: list[str]) -> Totals:
    """The council's totals, with bands that only its districts publish as their sum."""
    whole = dict(totals[authority])
    for ages in totals[districts[0]]:
        shared = set.intersection(*(set(totals[one].get(ages, {})) for one in districts))
        if ages not in whole and shared:
            whole[ages] = {year: sum(totals[one][ages][year] for one in districts) for year in sorted(shared)}
    return whole


def _span(totals: Totals) -> tuple[int, int] | None:
    """The years for which 65 and over, on which most need rests, lies between published figures."""
    years = totals.get(OLDER) or totals.get((0, None)) or {}
    return (min(years), max(years)) if len(years) > 1 else None


def _spread(totals: Totals, years: tuple[int, ...]) -> Values:
    """People by year, sex and age."""
    values = np.full((len(years), len(SEXES), len(AGES)), np.nan)
    bands = dict(totals)
    if (0, None) in bands and OLDER in bands:
        bands[0, OLDER[0] - 1] = _less(bands.pop((0, None)), bands[OLDER])
    for ages, known in sorted(bands.items(), key=lambda item: age_span(item[0])[0] - age_span(item[0])[1]):
        first, beyond = age_span(ages)
        for place, year in enumerate(years):
            if not min(known) <= year <= max(known):
                continue
            people = float(np.interp(year, sorted(known), [known[one] for one in sorted(known)]))
            shape = national(year)[:, first:beyond]
            values[place, :, first:beyond] = people * shape / shape.sum()
    return values


def _less(whole: dict[int, float], part: dict[int, float]) -> dict[int, float]:
    """The rest of a total, in every year in which both can be told."""
    first, last = max(min(whole), min(part)), min(max(whole), max(part))
    years = sorted({year for year in (*whole, *part, first, last) if first <= year <= last})

    def at(known: dict[int, float], year: int) -> float:
        return float(np.interp(year, sorted(known), [known[one] for one in sorted(known)]))

    return {year: at(whole, year) - at(part, year) for year in years}


@cache
def _national() -> tuple[tuple[int, ...], Values]:
    text = (files("careshape.evaluate.population") / "data" / "england.csv").read_text(encoding="utf-8")
    header, *rows = csv.reader(text.splitlines())
    years = tuple(int(year) for year in header[2:])
    values = np.zeros((len(years), len(SEXES), len(AGES)))
    for sex, age, *people in rows:
        values[:, SEXES.index(sex), int(age)] = [float(one) for one in people]
    return years, values


def national(year: float) -> Values:
    """People of England by sex and age: packaged for every fifth year from 2018 to 2043, between them on the line."""
    years, values = _national()
    held = min(max(year, years[0]), years[-1])
    place = min(int(np.searchsorted(years, held, side="right")) - 1, len(years) - 2)
    share = (held - years[place]) / (years[place + 1] - years[place])
    return (1 - share) * values[place] + share * values[place + 1]
