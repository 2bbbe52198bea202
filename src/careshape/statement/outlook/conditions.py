"""Each condition on the page of need: a picture by year, and the people of each district."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from careshape.catalogue.outlines import outlines
from careshape.errors import CareshapeError
from careshape.evaluate.intervals import QUANTILES
from careshape.evaluate.need import Prevalence, need
from careshape.evaluate.population import Population
from careshape.home import Home
from careshape.statement.charts import Chart
from careshape.statement.council import Council
from careshape.statement.downloads import PUBLISHED
from careshape.statement.formatting import Value, plain
from careshape.statement.outlook.people import place_name
from careshape.statement.outlook.report import Leaf, Section, numeric
from careshape.statement.outlook.words import tenth
from careshape.statement.pictures import AreaValue, Fan, FanPoint, draw_course, draw_fan, draw_map
from careshape.statement.tables import Column, Table, simple

MAPPED: Final = "dementia"
"""The condition whose districts are drawn on a map: most statements turn on it, and by one map the places are found."""
LIMITS: Final = tuple(QUANTILES)
_OTHERS: Final = frozenset({"conditions", "local", "published", "outside", "coming-of-age", "missing", "how"})
"""Sections that the page has besides: a council may call a condition like one of them."""


def condition_sections(
    home: Home,
    council: Council,
    people: Population,
    conditions: Iterable[Prevalence],
    rows: Mapping[str, list[dict[str, Any]]],
    last: int,
) -> list[Section]:
    """For each condition a picture with its table by year, and the districts in the last year where there are any.

    Each stands on a page of its own (`leaves`): twenty-six pictures one below the other are read by nobody.
    """
    found = []
    for one in conditions:
        made = [_by_year(one, rows[one.condition])]
        if len(people.areas) > 2:
            made += _by_district(home, council, people, one, last)
        found += [replace(section, page=_anchor(one)) for section in made]
    return found


def leaves(conditions: Iterable[Prevalence]) -> tuple[Leaf, ...]:
    """A page for each condition."""
    return tuple(Leaf(_anchor(one), one.label, f"{one.what} By {one.citation}.") for one in conditions)


def between(row: Mapping[str, Any], share: int = 95) -> str:
    """The interval of a row in words; "not known" where its study gives none."""
    low, high = row[f"lower_{share}"], row[f"upper_{share}"]
    return "not known" if low is None else f"{plain(round(low))} to {plain(round(high))}"


def record(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of need as downloads have it."""
    limits = {name: None if row[name] is None else tenth(row[name]) for name in LIMITS}
    names = ("condition", "area", "age_band", "year")
    return (
        {name: row[name] for name in names}
        | {"people": tenth(row["value"])}
        | limits
        | {name: row[name] for name in ("study", "label", "method")}
    )


def _anchor(one: Prevalence) -> str:
    return f"{one.condition}-need" if one.condition in _OTHERS else one.condition


def _by_year(one: Prevalence, rows: Sequence[dict[str, Any]]) -> Section:
    name = _anchor(one)
    columns: tuple[Column, ...] = (Column("Year", "year"), numeric("People", "people"))
    shown: list[tuple[Value, ...]] = [(str(row["year"]), round(row["value"])) for row in rows]
    if one.has_interval:
        columns = (
            *columns,
            Column("80% interval", "interval_80", line=True),
            Column("95% interval", "interval_95", line=True),
        )
        shown = [
            (*cells, between(row, 80), between(row)) for cells, row in zip(shown, rows, strict=True)
        ]  # fmt: skip
    table = simple(name, f"{one.label}, by year", columns, shown, [record(row) for row in rows])
    return Section(name, "By year", _said(one), _course(one, name, rows), table, folded=True, records=PUBLISHED)


def _said(one: Prevalence) -> tuple[str, ...]:
    """What to know of its rate; why there is no interval."""
    said = (one.caveat,) if one.caveat else ()
    return said if one.has_interval else (*said, f"No interval. {one.no_interval}")


def _course(one: Prevalence, name: str, rows: Sequence[dict[str, Any]]) -> Chart:
    if not one.has_interval:
        return draw_course(f"need-{name}", one.label, "persons", [(row["year"], row["value"]) for row in rows])
    points = [
        FanPoint(
            date(row["year"], 6, 30), row["value"],
            **dict(zip(LIMITS, sorted(row[limit] for limit in LIMITS), strict=True)),
        )
        for row in rows
    ]  # fmt: skip
    return draw_fan(Fan(f"need-{name}", one.label, "persons", [], points))


def _by_district(home: Home, council: Council, people: Population, one: Prevalence, last: int) -> list[Section]:
    """The districts in the last year; nothing where no source says how many people of these ages live in each."""
    try:
        split = need(home, council.slug, one.condition, by=("area", "year"), years=[last], people=people).rows
    except CareshapeError:
        return []
    parts = sorted((row for row in split if row["area"] != council.slug), key=lambda row: -row["value"])
    name, title = f"{_anchor(one)}-districts", f"{one.label}, by district, {last}"
    table = _districts(one, council.slug, name, title, parts)
    chart = _map(title, council.slug, parts) if one.condition == MAPPED else None
    return [Section(name, f"By district, {last}", (), chart, table, records=PUBLISHED)]


def _districts(one: Prevalence, slug: str, name: str, title: str, parts: Sequence[dict[str, Any]]) -> Table:
    columns: tuple[Column, ...] = (Column("District", "area"), numeric("People", "people"))
    rows: list[tuple[Value, ...]] = [(place_name(row["area"], slug), round(row["value"])) for row in parts]
    if one.has_interval:
        columns = (*columns, Column("95% interval", "interval", line=True))
        rows = [(*cells, between(row)) for cells, row in zip(rows, parts, strict=True)]
    return simple(name, title, columns, rows, [record(row) for row in parts])


def _map(title: str, slug: str, rows: Sequence[Mapping[str, Any]]) -> Chart | None:
    areas = tuple(outlines(slug))
    codes = {one.district: one.code for one in areas}
    values = {
        codes[row["area"]]: AreaValue(row["value"], plain(round(row["value"]))) for row in rows if row["area"] in codes
    }
    return draw_map("need-map", title, "persons", areas, values) if values else None
