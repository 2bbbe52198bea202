"""The page of the population: who lives here and who will, by age and district."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from careshape.catalogue.outlines import ATTRIBUTION, Outline, outlines
from careshape.errors import CallError, CareshapeError
from careshape.evaluate.population import Ages, Population, neighbourhoods, population
from careshape.evaluate.population.grid import TOP_AGE
from careshape.home import Home
from careshape.language import say
from careshape.statement.charts import Chart
from careshape.statement.council import Council
from careshape.statement.downloads import PUBLISHED
from careshape.statement.formatting import Value, plain
from careshape.statement.labels import age_title, label_of
from careshape.statement.outlook.report import Report, Section, headed, numeric
from careshape.statement.outlook.words import signed, tenth
from careshape.statement.pictures import AreaValue, Band, draw_map, draw_pyramid
from careshape.statement.tables import Column, simple

BANDS: Final[Mapping[str, Ages]] = {"all": (0, None), "65+": (65, None), "75+": (75, None), "85+": (85, None)}
MAPPED: Final = "75+"
"""The ages that the map of districts shows: most care is of people of 75 and over."""
YEARS_AHEAD: Final = 10
MOST_YEARS: Final = 6
"""Years that a table shows; the download has all."""


def people_report(council: Council) -> Report:
    """The population of a council, its districts and, where small areas are loaded, its neighbourhoods."""
    home = Home(council.ledger.path.parents[1])
    try:
        people = population(home, council.slug)
    except CareshapeError as error:
        return Report(problem=str(error))
    first, last = span(council, people)
    sections = [_pyramid(council, people, first, last), *_districts(council, people, first, last)]
    sections += [_projection(people, first, last), *_neighbourhoods(home, council, people, first)]
    lead = f"Figures are {_label(people)}: {people.title}, {people.edition}."
    return Report(lead, tuple(sections), (people.method, *people.caveats, people.attribution, ATTRIBUTION))


def span(council: Council, people: Population) -> tuple[int, int]:
    """The years that a page compares: that of the latest records, and ten years on, as far as there are figures."""
    known = people.last_year if council.outlook.problem else council.outlook.made.origin.year
    first = min(max(known, people.first_year), max(people.first_year, people.last_year - 1))
    return first, min(first + YEARS_AHEAD, people.last_year)


def count(people: Population, area: str, year: int, ages: Ages, sex: str | None = None) -> float | None:
    """People, or None where no source says."""
    try:
        return people.total(area, year, ages, sex)
    except CallError:
        return None


def place_name(area: str, authority: str) -> str:
    """A district, or the whole area."""
    return "The whole area" if area == authority else label_of("district", area)


def _label(people: Population) -> str:
    return f"{'an' if people.label[0] in 'aeiou' else 'a'} {people.label}" if not people.is_modelled else people.label


def _whole_of(people: Population) -> str:
    return people.authority if people.authority in people.areas else people.areas[0]


def _pyramid(council: Council, people: Population, first: int, last: int) -> Section:
    bands: list[Band] = []
    rows: list[tuple[Value, ...]] = []
    for low in range(0, TOP_AGE + 1, 5):
        ages: Ages = (low, None if low == TOP_AGE else low + 4)
        found = [
            count(people, _whole_of(people), year, ages, sex) for year in (first, last) for sex in ("female", "male")
        ]
        if any(one is None for one in found):
            continue
        women, men, later_women, later_men = (float(one or 0) for one in found)
        text = age_title("90+" if low == TOP_AGE else f"{low}-{low + 4}")
        bands.append(Band(text, women, men, later_women, later_men))
        rows.append((text, *(round(one) for one in (women, later_women, men, later_men))))
    columns = (
        Column("Age", "age"),
        numeric(f"Women, {first}", f"women_{first}"),
        numeric(f"Women, {last}", f"women_{last}"),
        numeric(f"Men, {first}", f"men_{first}"),
        numeric(f"Men, {last}", f"men_{last}"),
    )
    title = say("Women and men by age, {first} and {last}", first=first, last=last)
    table = simple("ages", title, columns, rows)
    chart = draw_pyramid("population-pyramid", title, (str(first), str(last)), bands) if bands else None
    said = ("No published total says how many people of each age live here.",) if not bands else ()
    return Section("ages", "By age", said, chart, table if bands else None, folded=True, records=PUBLISHED)


def _districts(council: Council, people: Population, first: int, last: int) -> list[Section]:
    districts = [area for area in people.areas if area != people.authority]
    if len(districts) < 2:
        return []
    rows = []
    for area in districts:
        before, after = count(people, area, first, BANDS[MAPPED]), count(people, area, last, BANDS[MAPPED])
        if before and after:
            rows.append((area, before, after, 100 * (after / before - 1)))
    if not rows:
        return []
    rows.sort(key=lambda row: -row[3])
    columns = (
        Column("District", "area"),
        numeric(f"{first}", f"people_{first}"),
        numeric(f"{last}", f"people_{last}"),
        numeric("Growth", "growth_percent"),
        numeric("Rank by growth", "rank"),
    )
    ages = age_title(MAPPED)
    title = say("People of {ages} by district: growth from {first} to {last}", ages=ages, first=first, last=last)
    shown = [
        (place_name(area, people.authority), round(before), round(after), f"{signed(growth)}%", place)
        for place, (area, before, after, growth) in enumerate(rows, start=1)
    ]
    records = [
        {"area": area, "ages": MAPPED, f"people_{first}": round(before), f"people_{last}": round(after)}
        | {"growth_percent": tenth(growth), "rank": place, "label": people.label}
        for place, (area, before, after, growth) in enumerate(rows, start=1)
    ]
    table = simple("districts", title, columns, shown, records)
    values = {area: AreaValue(growth, f"{signed(growth)}%") for area, _, _, growth in rows}
    return [
        Section(
            "districts",
            "By district",
            (),
            _map_of("population-map", title, outlines(council.slug), values),
            table,
            records=PUBLISHED,
        )
    ]


def _map_of(id: str, title: str, areas: tuple[Outline, ...], values: Mapping[str, AreaValue]) -> Chart | None:
    """A map of districts with a value; None where none is drawn."""
    drawn = {one.code: values[one.district] for one in areas if one.district in values}
    return draw_map(id, title, "percent-change", areas, drawn) if drawn else None


def _projection(people: Population, first: int, last: int) -> Section:
    step = max(1, math.ceil((last - first) / (MOST_YEARS - 1)))
    years = [*range(first, last, step), last]
    rows: list[tuple[Value, ...]] = []
    records = []
    for ages, band in BANDS.items():
        cells = {area: [count(people, area, year, band) for year in years] for area in people.areas}
        growths = {area: found[-1] / found[0] - 1 for area, found in cells.items() if found[0] and found[-1]}
        for area in people.areas:
            known = cells[area]
            if all(one is None for one in known):
                continue
            growth = growths.get(area)
            text = "not known" if growth is None else f"{signed(100 * growth)}%"
            numbers = tuple("not known" if one is None else round(one) for one in known)
            rows.append((label_of("age_band", ages), place_name(area, people.authority), *numbers, text))
        records += [
            {"ages": ages, "area": area, "year": year, "people": round(found), "label": people.label}
            for area in people.areas
            for year in people.years
            if (found := count(people, area, year, band)) is not None
        ]
    columns = [Column("Ages", "ages"), Column("District", "area")]
    columns += [numeric(str(year), f"y{year}") for year in years]
    columns += [numeric(f"{first} to {last}", "growth")]
    title = say("People by age and district, {first} to {last}", first=first, last=last)
    table = headed(simple("projection", title, columns, rows, records), 2)
    said = ("The download holds every year.",)
    return Section("projection", "Year by year", said, None, table, records=PUBLISHED)


def _neighbourhoods(home: Home, council: Council, people: Population, year: int) -> list[Section]:
    areas = outlines(council.slug, "neighbourhood")
    try:
        found = neighbourhoods(home, people)
    except CareshapeError:
        return []
    if not areas:
        return []
    names = {one.code: one for one in areas}
    rows, records, values = [], [], {}
    for code in found.areas:
        older = count(found, code, year, BANDS["65+"])
        if older is None or code not in names:
            continue
        values[code] = AreaValue(older, plain(round(older)))
        rows.append((names[code].name, code, label_of("district", names[code].district), round(older)))
        records.append({"area": code, "name": names[code].name, "ages": "65+", "year": year, "people": round(older)})
    if not values:
        return []
    rows.sort(key=lambda row: -row[3])
    title = f"People of {age_title('65+')} by neighbourhood, {year}"
    columns = (
        Column("Neighbourhood", "name"),
        Column("Code", "area"),
        Column("District", "district"),
        numeric("People", "people"),
    )
    chart = draw_map("population-neighbourhoods", title, "persons", areas, values)
    table = simple("neighbourhoods", title, columns, rows, records)
    said = (say("A neighbourhood is a lower layer super output area of 2011. {method}", method=found.method),)
    return [Section("neighbourhoods", "By neighbourhood", said, chart, table, folded=True, records=PUBLISHED)]
