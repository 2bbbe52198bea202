"""The page of what there is: every source beside the others, which one counts, and the register with its ratings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from careshape.catalogue.outlines import outlines
from careshape.errors import CareshapeError
from careshape.evaluate.gap.council import known_supply
from careshape.evaluate.gap.listing import COLUMNS, differences, supply_rows
from careshape.evaluate.gap.register import Ended, Register, read_ended, read_register, reading
from careshape.evaluate.gap.registered import COLUMNS as REGISTERED
from careshape.evaluate.gap.registered import notes_of, register_rows
from careshape.evaluate.gap.supply import ALL, Supply
from careshape.home import Home
from careshape.language import say
from careshape.market.kept import KeptClosures, kept_closures
from careshape.statement.charts import Chart
from careshape.statement.council import Council
from careshape.statement.downloads import PUBLISHED
from careshape.statement.formatting import Value, day, plain, title_of
from careshape.statement.labels import label_of
from careshape.statement.outlook.report import Report, Section, even, numeric
from careshape.statement.outlook.words import tenth
from careshape.statement.pictures import AreaValue, draw_map
from careshape.statement.tables import Column, simple

ADD: Final = (
    "No file of the regulator is kept for this area. Its directory of active locations (beds, types) and its latest "
    "ratings can be loaded."
)
HELD_AGAINST: Final = (
    "Of several sources one counts. A gap is held against it where everybody who needs these places is counted too. "
    "Where others' need is not known, or how much stands empty, the gap is the change from what was arranged on the "
    "last day of the records, and the page of the service says so."
)
HOMES: Final = "residential-and-nursing"


def supply_report(council: Council) -> Report:
    """What there is by the council's own figures, the regulator's register and the printed statement."""
    home = Home(council.ledger.path.parents[1])
    try:
        register = read_register(home, council.slug)
        known = known_supply(home, council.slug)
        ended = read_ended(home, council.slug)
        closed = kept_closures(home, council.slug)
    except CareshapeError as error:
        return Report(problem=str(error))
    lead = (
        "What there is decides, beside what will be needed, what the market is asked for. The council's own figures go "
        "before the regulator's register and the printed statement, of which the newer one counts; where they differ, "
        "all are shown."
    )
    sections = [_counted(known, register), *_differ(known), *_registered(council.slug, register)]
    sections += _followed(closed) if closed is not None and closed.years else _ended(ended)
    notes = () if register is None else (f"{register.name}. {register.attribution}", *_untested(register))
    return Report(lead, tuple(sections), notes)


def _untested(register: Register) -> tuple[str, ...]:
    return ("No real file of this layout was at hand when its reader was written.",) if register.untested else ()


def _records_of(known: Sequence[Supply]) -> str:
    """Figures of a published document or register, unless the council entered some of its own."""
    return "" if any(one.origin == "own" for one in known) else PUBLISHED


def _counted(known: Sequence[Supply], register: Register | None) -> Section:
    title = "What there is, by source"
    found = supply_rows(known, register)
    if not found:
        said = (
            "Nothing is known of what there is, so that each gap is the change from what the council arranges today. "
            "The council can write what it knows to CSV files in its folder `supply`.",
        )
        return Section("sources", title, said)
    columns = (
        Column("Service", "service"),
        Column("What", "type"),
        Column("Client group", "client_group"),
        Column("Source", "origin"),
        Column("Kind", "kind"),
        numeric("How many", "quantity"),
        Column("Of", "unit"),
        Column("Day", "as_of"),
        Column("Counts among the sources", "counted"),
    )
    rows: list[tuple[Value, ...]] = [
        (
            label_of("service", row["service"]) if row["service"] else "Several services", _what(row),
            label_of("client_group", row["client_group"]), _sentence(row["origin"]), title_of(row["kind"]),
            _value(row["quantity"]), row["unit"] or "", _day(row["as_of"]), _sentence(row["counted"]),
        )
        for row in found
    ]  # fmt: skip
    records = [{name: row[name] for name in COLUMNS} for row in found]
    return Section(
        "sources", title, (HELD_AGAINST,), None,
        simple("sources", "What there is, by source and day", columns, rows, records),
        listed=tuple(dict.fromkeys(f"{_sentence(row['origin'])}: {row['source']}." for row in found)),
        records=_records_of(known), arranged=True, filters=("service", "origin"),
    )  # fmt: skip


def _what(row: dict[str, Any]) -> str:
    place = row["place"] or ("" if row["area"] == ALL else label_of("district", row["area"]))
    return ", ".join(part for part in (row["type"], place) if part) or "All of it"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _value(value: float | None) -> Value:
    return "not told" if value is None else tenth(value) if value != int(value) else int(value)


def _day(text: str | None) -> Value:
    return "" if text is None else date.fromisoformat(text)


def _differ(known: Sequence[Supply]) -> list[Section]:
    """Where two sources tell different quantities of the same."""
    found = differences(known)
    if not found:
        return []
    columns = (
        Column("Service", "service"),
        Column("Client group", "client_group"),
        Column("District", "area"),
        Column("Counts", "origin"),
        numeric("How many", "quantity"),
        Column("Day", "as_of"),
        Column("Does not count", "other_origin"),
        numeric("How many there", "other_quantity"),
        Column("Day there", "other_as_of"),
    )
    rows: list[tuple[Value, ...]] = [
        (
            label_of("service", row["service"]), label_of("client_group", row["client_group"]),
            _area(row["area"]), _sentence(row["origin"]), _value(row["quantity"]), _day(row["as_of"]),
            _sentence(row["other_origin"]), _value(row["other_quantity"]), _day(row["other_as_of"]),
        )
        for row in found
    ]  # fmt: skip
    said = (
        "A difference is not an error: places under contract, places in use and places on the register are different "
        "numbers, and each has its day.",
    )
    table = simple("differences", "Where sources tell different numbers", columns, rows, found)
    return [
        Section("differences", "Where sources differ", said, None, table, records=_records_of(known), arranged=True,
                filters=("service", "area"))
    ]  # fmt: skip


def _area(id_: str) -> str:
    return "The whole area" if id_ == ALL else label_of("district", id_)


def _registered(authority: str, register: Register | None) -> list[Section]:
    """The register by type and district, with ratings and their age, and what its figures can and cannot say."""
    title = "On the regulator's register"
    if register is None:
        return [Section("register", title, (ADD,))]
    found = register_rows(register, by_area=True)
    columns = (
        Column("Type", "type"),
        Column("District", "area"),
        numeric("Providers", "providers"),
        numeric("Locations", "locations"),
        numeric("Beds", "beds"),
        numeric("Outstanding", "outstanding"),
        numeric("Good", "good"),
        numeric("Requires improvement", "requires_improvement"),
        numeric("Inadequate", "inadequate"),
        numeric("Not rated", "not_yet_inspected"),
        numeric("Years since rated (median)", "median_rating_years"),
        Column("Oldest rating", "oldest_rating"),
    )
    rows: list[tuple[Value, ...]] = [
        (
            row["label"], _area(row["area"]), row["providers"], row["locations"], _told(row["beds"]),
            *(row[name] for name in ("outstanding", "good", "requires_improvement", "inadequate")),
            _told(row["not_yet_inspected"]), _age(row["median_rating_years"]), _day(row["oldest_rating"]),
        )
        for row in found
    ]  # fmt: skip
    said = (
        say(
            "As the register stood on {day}. The age of a rating is that on this day: it tells of the "
            "home as it was when it was rated.",
            day=day(register.as_of),
        ),
        *reading().can_say,
    )
    records = [{name: row[name] for name in REGISTERED} for row in found]
    table = even(simple("register", "Registered services by type and district, with ratings", columns, rows, records))
    return [
        Section("register", title, said, _map(authority, register), table, records=PUBLISHED, arranged=True,
                filters=("type", "area")),
        Section("cannot-say", "What a figure of the register cannot say",
                listed=(*reading().cannot_say, *notes_of(register))),
    ]  # fmt: skip


def _ended(found: Sequence[Ended]) -> list[Section]:
    """Registrations of care homes that ended, by year."""
    if not found:
        return []
    columns = (Column("Year", "year"), numeric("Care homes", "homes"), numeric("Beds they had", "beds"))
    rows: list[tuple[Value, ...]] = [(str(one.year), one.homes, one.beds) for one in found]
    said = ("A home that changes hands ends and begins again: an end is not always a closure.",)
    table = simple(
        "ended", "Registrations of care homes that ended, by year", columns, rows, [one.row() for one in found]
    )
    return [
        Section("ended", "Registrations that ended", said, None, table, listed=(f"{found[0].source}.",),
                records=PUBLISHED, arranged=True)
    ]  # fmt: skip


def _followed(found: KeptClosures) -> list[Section]:
    """Closures of care homes by year, with homes followed through new registrations."""
    columns = (
        Column("Year", "year"),
        numeric("Registrations that ended", "homes"),
        numeric("Beds they had", "beds"),
        numeric("Went on", "went_on"),
        numeric("Not known", "perhaps"),
        numeric("Closed", "closed"),
        numeric("Beds that closed", "closed_beds"),
    )
    records: list[dict[str, Any]] = [
        {"year": one.year, "homes": one.ended, "beds": one.ended_beds, "went_on": one.went_on, "perhaps": one.perhaps,
         "closed": one.closed, "closed_beds": one.closed_beds, "source": found.source}
        for one in found.years
    ]  # fmt: skip
    rows: list[tuple[Value, ...]] = [tuple(record[one.name] for one in columns) for record in records]
    said = (
        "A home that changes hands ends and begins again: an end is not always a closure. A home goes on where one "
        "begins at the same postcode about the same day, under a name or with beds that are alike.",
        "Where the files do not tell what became of a home, it is not known: the number of closures lies between those "
        "closed, and those closed and not known together.",
    )
    table = simple("ended", "Care homes whose registration ended, by year", columns, rows, records)
    return [
        Section("ended", "Closures of care homes", said, None, table, listed=(f"{found.source}.",), records=PUBLISHED,
                arranged=True)
    ]  # fmt: skip


def _told(value: int | None) -> Value:
    return "not told" if value is None else value


def _age(years: float | None) -> Value:
    return "" if years is None else tenth(years)


def _map(authority: str, register: Register) -> Chart | None:
    """Beds of care homes by district, or homes where the file tells no beds; None for a council of one district."""
    areas = outlines(authority)
    homes = {one.id for one in reading().type if one.service == HOMES}
    there = [one for one in register.locations if homes & set(one.types)]
    if len(areas) < 2 or not there:
        return None
    beds = register.has_types
    values = {}
    for outline in areas:
        here = [one for one in there if one.district == outline.district]
        total = sum(one.beds or 0 for one in here) if beds else len(here)
        values[outline.code] = AreaValue(float(total), plain(total))
    title = "Registered beds in care homes by district" if beds else "Rated care homes by district"
    return draw_map("supply-map", title, "beds" if beds else "homes", areas, values)
