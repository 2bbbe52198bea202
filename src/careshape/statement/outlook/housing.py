"""The page of housing with support and care homes: from people to places, less what frees itself and what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from careshape.catalogue.outlines import outlines
from careshape.errors import CareshapeError
from careshape.evaluate.gap.plans import Plan, Plans, plans
from careshape.evaluate.gap.requirements import NETTINGS, HomePlaces, Requirement, Units
from careshape.evaluate.gap.supply import ALL
from careshape.home import Home
from careshape.language import say
from careshape.statement.charts import Chart, draw
from careshape.statement.council import Council
from careshape.statement.downloads import PUBLISHED
from careshape.statement.formatting import Value, plain, title_of
from careshape.statement.labels import label_of
from careshape.statement.outlook.expected import month_of
from careshape.statement.outlook.report import Report, Section, numeric
from careshape.statement.outlook.words import interval_of, signed, size_of, tenth
from careshape.statement.pictures import AreaValue, draw_map
from careshape.statement.tables import Column, Table, simple

CARE_HOMES: Final = "care-homes-older-people"
TENURES: Final = {"sale": "For sale or shared ownership", "rent": "For rent"}
LACKING: Final = (
    "{units} units are lacking by {year}: {parts}. Units wanted are older people times units a thousand of them; units "
    "lacking are those wanted less those there are."
)
LACKING_OPENING: Final = (
    "{units} units are lacking by {year}: {parts}. Units wanted are older people times units a thousand of them; units "
    "lacking are those wanted less those there are and those that open by then."
)


def housing_report(council: Council) -> Report:
    """Places for adults of working age, extra care by tenure and district, and care homes with a range."""
    home = Home(council.ledger.path.parents[1])
    try:
        found = plans(home, council.slug)
    except CareshapeError as error:
        return Report(problem=str(error))
    lead = (
        "Housing takes years to build: it is planned from the people who will need it, and not from today's use. Each "
        "table goes from people to places and takes off what frees itself and what there is."
    )
    sections = [
        *_accommodation(found),
        *_extra_care(council.slug, found.extra_care, found),
        *_care_homes(found.care_homes, _by_records(council)),
    ]
    people = found.older_people
    notes = () if people is None else (f"Older people: {people.title}, {people.edition}. {people.method}",)
    return Report(lead, tuple(sections), notes)


def _sourced(plan: Plan[Requirement] | Plan[Units] | Plan[HomePlaces]) -> tuple[str, ...]:
    return (*plan.notes, f"Source: {plan.source}.")


def _accommodation(found: Plans) -> list[Section]:
    title, plan = "Places for adults of working age", found.accommodation
    if not plan.rows:
        return [Section("accommodation", title, (plan.problem,))]
    off = [kind for kind in NETTINGS if any(one.off.get(kind) for one in plan.rows)]
    brought = any(one.brought for one in plan.rows)
    columns = (
        Column("Year", "year"),
        Column("Type of place", "type"),
        numeric("People who come", "people"),
        *([numeric("Left over from before", "brought")] if brought else []),
        *(numeric(_OFF[kind], kind.replace("-", "_")) for kind in off),
        numeric("Places to commission", "places"),
        *([numeric("Asked for by the statement", "published")] if found.published else []),
    )
    rows: list[tuple[Value, ...]] = [
        (
            one.year, found.types[one.type], _whole(one.people), *([_whole(one.brought)] if brought else []),
            *(_whole(one.off.get(kind, Decimal(0))) for kind in off), _whole(one.places),
            *([_whole(found.published.get((one.year, one.type), Decimal(0)))] if found.published else []),
        )
        for one in plan.rows
    ]  # fmt: skip
    records = [
        one.row() | ({"published": found.published.get((one.year, one.type), Decimal(0))} if found.published else {})
        for one in plan.rows
    ]
    people, places = (sum(each) for each in zip(*((one.people, one.places) for one in plan.rows), strict=True))
    said = (
        say(
            "{people} people come, and {places} places are to be commissioned for them. Places to "
            "commission are the people less what is taken off, and never fewer than none; what is left "
            "over is carried to the next year.",
            people=plain(people),
            places=plain(places),
        ),
    )
    table = simple("accommodation", "People who come, what is taken off, places to commission", columns, rows, records)
    first = Section("accommodation", title, said, None, table, listed=_sourced(plan), records=_whose(found),
                    arranged=True, filters=("year", "type"))  # fmt: skip
    return [first, _coming(found)]


_OFF: Final[Mapping[str, str]] = {
    "void": "Freed in existing houses",
    "de-registration": "From care homes that change their registration",
    "implied": "Taken off by the statement",
}


def _whose(found: Plans) -> str:
    """Figures of the printed statement are published; a council's own are its records."""
    return PUBLISHED if found.published else ""


def _whole(value: Decimal) -> Value:
    return int(value) if value == value.to_integral_value() else value


def _coming(found: Plans) -> Section:
    """Who comes, by year, client group and type: where the arithmetic begins."""
    columns = (
        Column("Year", "year"),
        Column("Client group", "client_group"),
        Column("Type of place", "type"),
        numeric("People", "people"),
    )
    rows: list[tuple[Value, ...]] = [
        (one.year, label_of("client_group", one.client_group), found.types[one.type], _whole(one.people))
        for one in sorted(found.coming, key=lambda one: (one.year, one.client_group, one.type))
    ]
    table = simple("coming", "People who come, by the year in which their place is to be commissioned", columns, rows)
    return Section("coming", "Who comes", (), None, table, folded=True, records=_whose(found))


def _extra_care(authority: str, plan: Plan[Units], found: Plans) -> list[Section]:
    title = "Extra care housing"
    if not plan.rows:
        return [Section("extra-care", title, (plan.problem,))]
    year, ages = plan.rows[0].year, f"People of {plan.ages_from} and over, {plan.rows[0].year}"
    tenures = list(dict.fromkeys(one.tenure for one in plan.rows))
    opening = any(one.coming for one in plan.rows)
    steps = (
        numeric("Units a thousand of them", "per_thousand"),
        numeric("Units wanted", "required"),
        numeric("Units there are", "present"),
        *([numeric(f"Opening by {year}", "coming")] if opening else []),
        numeric("Units lacking", "lacking"),
    )
    each = {tenure: [one for one in plan.rows if one.tenure == tenure] for tenure in tenures}
    totals: list[tuple[Value, ...]] = [
        (
            _tenure(tenure), round(sum(one.older_people for one in units)), tenth(units[0].ratio),
            *(sum(getattr(one, name) for one in units) for name in _names(opening)),
        )
        for tenure, units in each.items()
    ]  # fmt: skip
    lacking = sum(one.lacking for one in plan.rows)
    parts = " and ".join(f"{plain(sum(one.lacking for one in each[name]))} {_tenure(name).lower()}" for name in tenures)
    said = (
        say(LACKING_OPENING if opening else LACKING, units=plain(lacking), year=year, parts=parts),
        "There is no interval: the ratio is a planning choice, and nobody has said how sure it is.",
    )
    head = Column("Tenure", "tenure")
    whole = simple(
        "extra-care",
        say("Extra care by tenure, {year}", year=year),
        (head, numeric(ages, "older_people"), *steps),
        totals,
    )
    rows: list[tuple[Value, ...]] = [
        (
            label_of("district", one.area), _tenure(one.tenure), round(one.older_people), tenth(one.ratio),
            *(getattr(one, name) for name in _names(opening)),
        )
        for one in plan.rows
    ]  # fmt: skip
    columns = (Column("District", "area"), head, numeric(ages, "older_people"), *steps)
    split = simple("extra-care-districts", say("Extra care by district and tenure, {year}", year=year), columns, rows,
                   [one.row() for one in plan.rows])  # fmt: skip
    return [
        Section("extra-care", title, said, None, whole, listed=_sourced(plan), records=_whose(found)),
        Section("extra-care-districts", "Extra care by district and tenure", (), _map(authority, plan.rows), split,
                records=_whose(found), arranged=True, filters=("area", "tenure")),
    ]  # fmt: skip


def _names(opening: bool) -> tuple[str, ...]:
    return ("required", "present", *(["coming"] if opening else []), "lacking")


def _tenure(id_: str) -> str:
    return TENURES.get(id_, title_of(id_))


def _map(authority: str, rows: Sequence[Units]) -> Chart | None:
    """Units lacking by district, both tenures together; None for a council of one district."""
    areas = outlines(authority)
    if len(areas) < 2:
        return None
    values = {}
    for outline in areas:
        lacking = sum(one.lacking for one in rows if one.area == outline.district)
        values[outline.code] = AreaValue(float(lacking), plain(lacking))
    return draw_map(
        "extra-care-map", say("Units of extra care lacking by {year}", year=rows[0].year), "units", areas, values
    )


def _care_homes(plan: Plan[HomePlaces], by_records: tuple[str, ...]) -> list[Section]:
    title = "Care homes for older people"
    if not plan.rows:
        return [Section("care-homes", title, (plan.problem, *by_records))]
    last = plan.rows[-1]
    said = (
        say(
            "From {low} to {high} placements by {year}. The lower end lets placements go on as they did "
            "between the two counts, which holds what demography added and what care at home took away; "
            "the upper end lets them keep up with older people. Neither end is a limit of probability.",
            low=plain(round(last.low)),
            high=plain(round(last.high)),
            year=last.year,
        ),
        say(
            "{empty} places stand empty. With these used, {lacking_low} to {lacking_high} places are "
            "lacking by {year}; below none, places are left over.",
            empty=plain(tenth(last.empty)),
            lacking_low=signed(last.lacking_low),
            lacking_high=signed(last.lacking_high),
            year=last.year,
        ),
        *by_records,
    )
    columns = (
        Column("Year", "year"),
        numeric(f"People of {plan.ages_from} and over", "older_people"),
        numeric("Placements, low", "low"),
        numeric("Placements, high", "high"),
        numeric("Places that stand empty", "empty"),
        numeric("Lacking, low", "lacking_low"),
        numeric("Lacking, high", "lacking_high"),
    )
    rows: list[tuple[Value, ...]] = [
        (
            str(one.year), round(one.older_people), round(one.low), round(one.high), tenth(one.empty),
            round(one.lacking_low), round(one.lacking_high),
        )
        for one in plan.rows
    ]  # fmt: skip
    table = simple("care-homes", "Placements of older people, low and high, and places lacking", columns, rows,
                   [one.row() for one in plan.rows])  # fmt: skip
    return [
        Section("care-homes", title, said, None, table, listed=_sourced(plan), records=PUBLISHED, arranged=True),
        Section("care-homes-range", "Placements, low and high", (), draw(_range(plan.rows)), _range(plan.rows),
                folded=True, records=PUBLISHED),
    ]  # fmt: skip


def _range(rows: Sequence[HomePlaces]) -> Table:
    """Both ends by year: the table of the picture."""
    columns = (Column("End of the range", "end"), *(numeric(str(one.year), f"y{one.year}") for one in rows))
    ends: list[tuple[Value, ...]] = [
        ("High: as older people", *(round(one.high) for one in rows)),
        ("Low: as it went on", *(round(one.low) for one in rows)),
    ]
    return simple(
        "care-homes-range", "Placements of older people in care homes", columns, ends, unit="people", chart="line"
    )


def _by_records(council: Council) -> tuple[str, ...]:
    """What the council's own records lead to, where a forecast of care homes can be made."""
    outlook = council.outlook
    if outlook.problem or CARE_HOMES not in outlook.segments:
        return ()
    gaps = [one for one in outlook.gaps_of(CARE_HOMES, area=ALL) if outlook.in_years(one) == outlook.ahead]
    return tuple(
        say(
            "By the council's own records, by {month}: {size} (80% interval {interval}).",
            month=month_of(one),
            size=size_of(one),
            interval=interval_of(one),
        )
        for one in gaps
    )
