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

from careshape.errors import CallError, InputError
from careshape.evaluate.population.grid import AGES, SEXES, Ages, Population, Values, age_span, ages_label, parse_ages
from careshape.evaluate.population.official import districts_of
from careshape.home import Home
from careshape.language import numeral, say
from careshape.records import Observation, council_observations, slug

METHOD = (
    "Published totals by area and band of ages, spread to sex and single year of age as in England in the same year "
    "(Office for National Statistics, 2018-based); between published years on the straight line."
)
ATTRIBUTION = "Age structure: Office for National Statistics licensed under the Open Government Licence v.3.0."
MEASURES = ("population", "population-projection")
OLDER: Ages = (65, None)
SLACK = 0.01
"""By what share of a total the narrower bands in it may miss it: published figures are rounded."""

_PLACES = {"area", "area_type", "district", "age_band"}

Totals = dict[Ages, dict[int, float]]
"""Band of ages -> year -> people."""


def from_published(home: Home, authority: str) -> Population:
    """The population of a council from the totals that it published.

    Raises:
        CallError: nothing that could be spread was published.
        InputError: published totals contradict one another.
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
            say(
                "No official population is loaded, and {authority} has published none that could be "
                "spread over ages. Download the projections of the Office for National Statistics "
                "and `careshape data add FILE`.",
                authority=authority,
            )
        )
    years = tuple(range(span[0], span[1] + 1))
    values = np.stack([_spread(area, totals[area], years) for area in areas])
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
    """The totals published for an area, by band and year. A council's own rows name it as area, without a district.

    Raises InputError where two rows give different totals for one band and year: which holds, nobody could say.
    """
    found: dict[tuple[Ages, int], Observation] = {}
    for row in rows:
        district = slug(row.dims.get("district", ""))
        mine = district == area or (area == authority and not district and slug(row.dims.get("area", "")) == area)
        # a total over several years or a change is no stock; only figures of persons are
        if not mine or row.measure not in MEASURES or row.unit != "persons" or len(row.period.text) != 4:
            continue
        if any(value not in ("", "all") for name, value in row.dims.items() if name not in _PLACES):
            continue  # people of one sex or of one client group are not everybody of these ages
        ages, year = parse_ages(row.dims.get("age_band", "all")), int(row.period.text)
        first = found.setdefault((ages, year), row)
        if first.value != row.value:
            raise InputError(
                say(
                    "Two totals are published for {area}, {ages}, {year}: {value} ({row}, {measure}) and "
                    "{other} ({other_row}, {other_measure}). One of them must go, or be the same.",
                    area=area,
                    ages=ages_label(ages),
                    year=year,
                    value=first.value,
                    row=first.id,
                    measure=first.measure,
                    other=row.value,
                    other_row=row.id,
                    other_measure=row.measure,
                )
            )
    totals: Totals = {}
    for (ages, year), row in found.items():
        totals.setdefault(ages, {})[year] = float(row.value)
    return totals


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


def _spread(area: str, totals: Totals, years: tuple[int, ...]) -> Values:
    """People by year, sex and age."""
    values = np.full((len(years), len(SEXES), len(AGES)), np.nan)
    for place, year in enumerate(years):
        bands = {ages: _at(known, year) for ages, known in totals.items() if min(known) <= year <= max(known)}
        _fill(values[place], area, year, bands)
    return values


def _fill(grid: Values, area: str, year: int, bands: dict[Ages, float]) -> None:
    """Spread bands over a grid [sex, age] of one year, the narrowest first: a wider one has the rest of its total.

    Raises InputError where narrower bands hold more people than the wider one, or all of its ages and another sum.
    """
    for ages, people in sorted(bands.items(), key=lambda item: _width(item[0])):
        first, beyond = age_span(ages)
        part = grid[:, first:beyond]
        empty = np.isnan(part[0])
        rest = people - float(np.nansum(part))
        missed = -rest if empty.any() else abs(rest)
        if missed > SLACK * people:
            raise InputError(
                say(
                    "The totals published for {area} in {year} contradict one another: {ages} is "
                    "{people}, and the narrower bands in it hold {rest}.",
                    area=area,
                    year=year,
                    ages=ages_label(ages),
                    people=numeral(f"{people:,.0f}"),
                    rest=numeral(f"{people - rest:,.0f}"),
                )
            )
        if empty.any():
            shape = national(year)[:, first:beyond][:, empty]
            part[:, empty] = max(rest, 0.0) * shape / shape.sum()


def _width(ages: Ages) -> int:
    first, beyond = age_span(ages)
    return beyond - first


def _at(known: dict[int, float], year: int) -> float:
    """A total of a year, on the straight line between the years that were published."""
    return float(np.interp(year, sorted(known), [known[one] for one in sorted(known)]))


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
