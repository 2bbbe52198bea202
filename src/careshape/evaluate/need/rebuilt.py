"""Published projections of need, rebuilt from population and prevalence and set beside what was published."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from careshape.errors import CatalogueError
from careshape.evaluate.need.compute import need
from careshape.evaluate.need.draws import variant_limits
from careshape.evaluate.need.prevalence import DATA, missing, prevalences
from careshape.evaluate.population import SEXES, Ages, Population, population
from careshape.evaluate.population.grid import Values, age_span, ages_label, parse_ages
from careshape.home import Home
from careshape.language import numeral, say
from careshape.records import Observation, observations, slug
from careshape.records.official import editions

POPULATION = "population"
COLUMNS = (
    "observation",
    "measure",
    "area",
    "ages",
    "period",
    "unit",
    "published",
    "rebuilt",
    "lower_95",
    "upper_95",
    "difference",
    "difference_percent",
    "published_share",
    "rebuilt_share",
    "label",
    "explanation",
)
"""Columns of a comparison. The shares are of the people of those ages: they show where the difference lies."""

_FIELDS = {"authority", "observations", "table", "measure", "condition", "ages", "sex", "explanation"}


@dataclass(frozen=True)
class Figure:
    """Published figures that one rule rebuilds.

    Attributes:
        authority: the council; rows: the observations.
        condition: what rebuilds them; ages, sex: of whom; explanation: why the two differ, where they do.
    """

    authority: str
    rows: tuple[Observation, ...]
    condition: str
    ages: Ages
    sex: str | None
    explanation: str


@cache
def figures(authority: str) -> tuple[Figure, ...]:
    """The declared figures of a council. Raises CatalogueError for an unknown field or condition."""
    raw = tomllib.loads((DATA / "rebuilt.toml").read_text(encoding="utf-8"))
    return tuple(_figure(one) for one in raw["figure"] if one["authority"] == authority)


def _figure(raw: dict[str, Any]) -> Figure:
    name = str(raw.get("table") or raw.get("observations"))
    for field in raw:
        if field not in _FIELDS:
            raise CatalogueError("rebuilt.toml", name, field, raw[field], f"Known: {', '.join(sorted(_FIELDS))}.")
    if raw["condition"] not in {POPULATION, *prevalences(), *missing()}:
        raise CatalogueError("rebuilt.toml", name, "condition", raw["condition"], "No such condition is known.")
    known = observations(raw["authority"])
    if "table" in raw:
        rows = tuple(known.find(table=raw["table"], measure=raw["measure"]))
    else:
        rows = tuple(known[one] for one in raw["observations"])
    return Figure(raw["authority"], rows, raw["condition"], parse_ages(raw["ages"]), raw.get("sex"), raw["explanation"])


def compare(home: Home, authority: str) -> list[dict[str, Any]]:
    """Every declared figure beside its rebuilt one: rows of COLUMNS.

    A figure for which no confirmed rate is there has no rebuilt value, and its explanation says which is missing.
    """
    folder = home.council_path(authority) / "prevalence"
    known = prevalences(folder)
    held = _Populations(home, authority)
    rows = []
    for figure in figures(authority):
        for row in figure.rows:
            rows.append(_row(home, figure, row, held, known=figure.condition in {POPULATION, *known}))
    return rows


class _Populations:
    """The populations of a council, each read once: the default one, and estimates for the years before it."""

    def __init__(self, home: Home, authority: str) -> None:
        self.main = population(home, authority)
        loaded = not self.main.is_modelled and editions(home, "mid-year-estimates")
        self.past = population(home, authority, "mid-year-estimates") if loaded else None

    def of(self, area: str, year: int, ages: Ages) -> Population | None:
        """The population that has a year and ages of an area; None where there is none."""
        for one in (self.main, self.past):
            if one is None or area not in one.areas or not one.first_year <= year <= one.last_year:
                continue
            if not np.isnan(one.at(year)[one.place(area)][:, slice(*age_span(ages))]).any():
                return one
        return None


def _row(home: Home, figure: Figure, row: Observation, held: _Populations, known: bool) -> dict[str, Any]:
    area = slug(row.dims.get("district") or figure.authority)
    years = [int(part[:4]) for part in row.period.text.split("/")]
    found: dict[str, Any] = {
        "observation": row.id,
        "measure": row.measure,
        "area": area,
        "ages": ages_label(figure.ages),
        "period": row.period.text,
        "unit": row.unit,
        "published": row.value,
        "explanation": figure.explanation,
    }
    people = [held.of(area, year, figure.ages) for year in years]
    if any(one is None for one in people):
        absent = next(year for year, one in zip(years, people, strict=True) if one is None)
        return found | {"explanation": say("Not rebuilt: no population of {absent} is loaded.", absent=absent)}
    totals = [one.total(area, year, figure.ages, figure.sex) for one, year in _pairs(people, years)]
    if figure.condition == POPULATION and held.main.is_modelled:
        found["explanation"] = "No official projection is loaded: this rests on the council's own published totals."
    found["label"] = " and ".join(dict.fromkeys(one.label for one, _ in _pairs(people, years)))
    if len(years) == 1:
        found["published_share"] = float(row.value) / totals[0]
    if not known:
        lack = missing()[figure.condition]
        found["explanation"] = say(
            "Not rebuilt: no confirmed rate. {why} Wanted: {wanted}.", why=lack.why, wanted=lack.wanted
        )
        return found | _growth(row, years, totals)
    cells = [_value(home, figure, area, year, one) for one, year in _pairs(people, years)]
    return found | _beside(row, years, cells, totals)


def _pairs(people: list[Population | None], years: list[int]) -> Iterator[tuple[Population, int]]:
    for one, year in zip(people, years, strict=True):
        assert one is not None
        yield one, year


def _growth(row: Observation, years: list[int], totals: list[float]) -> dict[str, Any]:
    """For a change without a rate: how the people themselves change, as the explanation's last sentence."""
    if len(years) != 2 or row.unit != "percent":
        return {}
    change = 100 * (totals[1] / totals[0] - 1)
    return {
        "explanation": say(
            "No confirmed rate; the people of these ages change by {change}% in these years.",
            change=numeral(f"{change:.1f}"),
        )
    }


def _value(
    home: Home, figure: Figure, area: str, year: int, people: Population
) -> tuple[float, float | None, float | None]:
    """Value and 95% limits of one year."""
    if figure.condition == POPULATION:
        total = people.total(area, year, figure.ages, figure.sex)
        low, high = (_part(figure, area, year, people, grid) for grid in (people.low, people.high))
        return total, *variant_limits(total, low, high)
    result = need(home, figure.authority, figure.condition, area, [year], people=people, ages=figure.ages)
    row = result.rows[0]
    return row["value"], row["lower_95"], row["upper_95"]


def _part(figure: Figure, area: str, year: int, people: Population, grid: Values | None) -> float | None:
    """The people of a figure under a variant; None where none is loaded."""
    if grid is None:
        return None
    ages = slice(*age_span(figure.ages))
    return float(people.at(year, values=grid)[people.place(area)][_sexes(figure), ages].sum())


def _sexes(figure: Figure) -> slice:
    if figure.sex is None:
        return slice(None)
    place = SEXES.index(figure.sex)
    return slice(place, place + 1)


def _beside(
    row: Observation,
    years: list[int],
    cells: list[tuple[float, float | None, float | None]],
    totals: list[float],
) -> dict[str, Any]:
    published = float(row.value)
    if len(years) == 1:
        value, lower, upper = cells[0]
        share = {"rebuilt_share": value / totals[0]}
    else:
        first, last = cells[0][0], cells[1][0]
        value = 100 * (last / first - 1) if row.unit == "percent" else last - first
        lower = upper = None
        share = {}
    percent = 100 * (value / published - 1) if row.unit != "percent" and published else None
    return {
        "rebuilt": value,
        "lower_95": lower,
        "upper_95": upper,
        "difference": value - published,
        "difference_percent": percent,
    } | share
