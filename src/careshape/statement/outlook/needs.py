"""The page of need: how many people have a condition or need help, how sure that is, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from careshape.errors import CareshapeError
from careshape.evaluate.gap.paying import MARKETS, who_pays
from careshape.evaluate.measure.evaluate import open_context
from careshape.evaluate.need import coming_of_age, compare, missing, need
from careshape.evaluate.need.coming_of_age import FILE as REGISTER
from careshape.evaluate.need.payers import OTHERS
from careshape.evaluate.need.prevalence import Prevalence, prevalences
from careshape.evaluate.need.recorded import recorded
from careshape.evaluate.population import Population, population
from careshape.home import Home
from careshape.language import say
from careshape.statement.council import Council
from careshape.statement.downloads import PUBLISHED
from careshape.statement.formatting import Value, plain, title_of
from careshape.statement.labels import age_title, label_of, period_title
from careshape.statement.outlook.conditions import LIMITS, between, condition_sections, leaves, record
from careshape.statement.outlook.market import group_label
from careshape.statement.outlook.people import span
from careshape.statement.outlook.report import Report, Section, headed, numeric
from careshape.statement.outlook.words import tenth
from careshape.statement.tables import Column, simple

FEWEST: Final = 5
"""Below so many young people a count is not shown: they could be recognised."""


def needs_report(council: Council) -> Report:
    """Need by condition and year, beside what was published, with what others buy and what is not known."""
    home = Home(council.ledger.path.parents[1])
    try:
        people = population(home, council.slug)
        known = prevalences(home.council_path(council.slug) / "prevalence")
        first, last = span(council, people)
        rows, without = _rows(home, council.slug, known, people)
        compared = compare(home, council.slug)
        local = _local(home, council, people, first)
    except CareshapeError as error:
        return Report(problem=str(error))
    if not rows:
        return Report(problem=" ".join(without.values()))
    sections = [_conditions(rows, known, without, first, last)]
    sections += [_outside(home, council), *_published(compared), local, _young(home, council.slug), _missing(known)]
    shown = [known[name] for name in rows]
    sections += condition_sections(home, council, people, shown, rows, last)
    lead = (
        "Need is people times the share of them who have a condition, from a named study. People can have several "
        "conditions: the rows must not be added up."
    )
    caveats = dict.fromkeys(f"{one.label}: {one.caveat}" for one in known.values() if one.condition in rows)
    sources = dict.fromkeys(f"{one.citation}. {one.source}" for one in known.values() if one.condition in rows)
    notes = (f"People: {people.method}", *people.caveats, *caveats, *sources)
    return Report(lead, tuple(sections), notes, leaves=leaves(shown), leaves_title="Each condition by itself")


Rows = Mapping[str, list[dict[str, Any]]]


def _rows(
    home: Home, authority: str, known: Mapping[str, Prevalence], people: Population
) -> tuple[Rows, dict[str, str]]:
    """Condition -> its rows by year; and condition -> why it could not be worked out."""
    found, without = {}, {}
    for name in known:
        try:
            rows = need(home, authority, name, people=people).rows
        except CareshapeError as error:
            without[name] = f"{known[name].label}: {error}"
            continue
        if rows:
            found[name] = rows
    return found, without


def _at(rows: Sequence[dict[str, Any]], year: int) -> dict[str, Any]:
    return next(row for row in rows if row["year"] == year)


def _conditions(
    rows: Rows, known: Mapping[str, Prevalence], without: Mapping[str, str], first: int, last: int
) -> Section:
    columns = (
        Column("Condition", "condition"),
        numeric(str(first), f"people_{first}"),
        Column(f"95% interval, {first}", f"interval_{first}", line=True),
        numeric(str(last), f"people_{last}"),
        Column(f"95% interval, {last}", f"interval_{last}", line=True),
        Column("Study", "study", wide=True),
    )
    shown = [
        (
            known[name].label, round(_at(found, first)["value"]), between(_at(found, first)),
            round(_at(found, last)["value"]), between(_at(found, last)), _at(found, last)["study"],
        )
        for name, found in rows.items()
    ]  # fmt: skip
    records = [record(row) for found in rows.values() for row in found]
    title = say("People with a condition or a need for help, {first} and {last}", first=first, last=last)
    none = [known[name] for name in rows if not known[name].has_interval]
    reasons: dict[str, list[str]] = {}
    for one in none:
        reasons.setdefault(one.no_interval, []).append(one.label)
    listed = [f"No interval for {'; '.join(labels)}. {reason}" for reason, labels in reasons.items()]
    said = ("The download holds every year. Each condition has a page with its picture and its districts.",)
    return Section(
        "conditions", "People with a condition or a need for help", said, None,
        simple("conditions", title, columns, shown, records), listed=(*listed, *without.values()), records=PUBLISHED,
    )  # fmt: skip


def _local(home: Home, council: Council, people: Population, year: int) -> Section:
    """National figures beside those adjusted to what the council itself counted."""
    adjusted = [
        row
        for name in prevalences(home.council_path(council.slug) / "prevalence")
        for row in _adjusted(home, council.slug, name, people, year)
    ]
    columns = (
        Column("Condition", "condition"),
        numeric("By national rates", "national"),
        numeric("Adjusted", "adjusted"),
        numeric("Factor", "factor"),
    )
    rows: list[tuple[Value, ...]] = [
        (title_of(row["condition"]), round(row["national_value"]), round(row["value"]), f"{row['factor']:.2f}")
        for row in adjusted
    ]
    counts = recorded(home, council.slug)
    listed = tuple(
        f"{title_of(row['condition'])}, {row['ages']}, {row['year']}: {plain(row['recorded'])} people are recorded, "
        f"{row['percent']:.0f}% of those expected. {row['source']}"
        for row in counts
    )
    if not rows:
        said: tuple[str, ...] = (
            "The council has entered no complete counts of its own, so nothing is adjusted: every figure is by "
            "national rates.",
        )
        return Section("local", "Adjusted to the council's own counts", said, listed=listed)
    said = ("National and adjusted figures stand side by side; small counts move a figure little.",)
    title = say("By national rates and adjusted to local counts, {year}", year=year)
    return Section("local", "Adjusted to the council's own counts", said, None,
                   simple("local", title, columns, rows), listed=listed)  # fmt: skip


def _adjusted(home: Home, authority: str, name: str, people: Population, year: int) -> list[dict[str, Any]]:
    try:
        rows = need(home, authority, name, people=people, years=[year], local=True).rows
    except CareshapeError:
        return []
    return [row for row in rows if row["factor"] is not None]


def _published(compared: Sequence[Mapping[str, Any]]) -> list[Section]:
    if not compared:
        return []
    columns = (
        Column("What", "measure"),
        Column("District", "area"),
        Column("Period", "period"),
        numeric("Published", "published"),
        numeric("Worked out here", "rebuilt"),
        numeric("Difference", "difference"),
        Column("Why they differ", "explanation", wide=True),
    )
    rows: list[tuple[Value, ...]] = []
    for row in compared:
        percent = row["unit"] == "percent"
        made, gap = row.get("rebuilt"), row.get("difference_percent")
        rows.append(
            (
                f"{title_of(row['measure'])}, {_ages(row['ages'])}", label_of("district", row["area"]),
                period_title(row["period"]), f"{plain(row['published'])}{'%' if percent else ''}",
                "not worked out" if made is None else f"{plain(tenth(made), 1)}%" if percent else plain(round(made)),
                "" if gap is None else f"{plain(tenth(gap), 1)}%", row["explanation"],
            )
        )  # fmt: skip
    names = ("observation", "measure", "area", "ages", "period", "unit", "published")
    numbers = ("rebuilt", "lower_95", "upper_95", "difference", "difference_percent")
    records = [
        {name: row[name] for name in names}
        | {name: None if row.get(name) is None else tenth(row[name]) for name in numbers}
        | {"explanation": row["explanation"]}
        for row in compared
    ]
    title = "Published projections beside those worked out here"
    table = simple("published", title, columns, rows, records)
    return [Section("published", "Beside what was published", (), None, table, folded=True, records=PUBLISHED)]


def _ages(ages: str) -> str:
    return "all ages" if ages == "all ages" else age_title(ages)


def _outside(home: Home, council: Council) -> Section:
    """Care that others buy, beside what the council buys."""
    said = (
        "The council buys part of the care in its area. People who pay for themselves, the NHS and other councils buy "
        "the rest; a gap that leaves them out is only the council's.",
        "Where the beds of the area are known, so is how many people live in them, and what the council leaves is "
        "others'. Otherwise the council's share of the market is used, or England's shares stand in; where these leave "
        "some out, another council's share is borrowed and made wider. “At least” is what follows where one of the "
        "others' shares is not known and none can be borrowed. What the council buys outside its area is no part "
        "of the market there.",
    )
    if council.empty:
        return Section("outside", "Care that others buy", (*said, "No records have been imported yet."))
    found = who_pays(home, council.slug, open_context(council.ledger))
    rows: list[tuple[Value, ...]] = []
    for row in found:
        value = row["value"]
        text: Value = row["status"] if value is None else round(value)
        interval = "" if row["lower_80"] is None else between(row, 80)
        rows.append((_market(row), row["label"], text, interval, _known(row)))
    names = ("service", "client_group", "segment", "unit", "status", "scope", "method", "source", "caveat")
    numbers = ("value", *LIMITS)
    records = [
        {name: row[name] for name in names}
        | {name: None if row[name] is None else tenth(row[name]) for name in numbers}
        for row in found
    ]
    columns = (
        Column("Market", "service"),
        Column("Who pays", "segment"),
        numeric("People", "people"),
        Column("80% interval", "interval", line=True),
        Column("How it is known", "known", wide=True),
    )
    title = "People in care by who pays, on the last day of the records"
    return Section("outside", "Care that others buy", said, None,
                   headed(simple("outside", title, columns, rows, records), 2), folded=True,
                   listed=_sources(found))  # fmt: skip


def _market(row: Mapping[str, Any]) -> str:
    label = MARKETS.get(row["service"], label_of("service", row["service"]))
    group = row["client_group"]
    return label if not group else f"{label}, {group_label(group)}"


def _known(row: Mapping[str, Any]) -> str:
    """How a part is known, in a sentence; what to enter where it is not."""
    status, method = row["status"], row["method"]
    if status in ("estimated", "at least"):
        return f"{title_of(status)}: {method}."
    if status == "counted":
        return "Counted in the council's records."
    return f"{method[:1].upper()}{method[1:]}."


def _sources(found: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What to know of each part, and where its shares come from, each once; of the sum nothing that its parts say."""
    said: dict[str, dict[str, None]] = {}
    sources: dict[str, None] = {}
    for row in found:
        if row["segment"] == OTHERS:
            continue
        if row["caveat"]:
            said.setdefault(row["caveat"], {})[row["label"]] = None
        if row["scope"]:
            sources[row["source"]] = None
    caveats = tuple(f"{', '.join(labels)}. {caveat}" for caveat, labels in said.items())
    whole = [one for one in sources if not any(one != other and one in other for other in sources)]
    return (*caveats, *(f"Source: {one}." for one in whole))


def _young(home: Home, authority: str) -> Section:
    """Young people with disabilities who come of age: by year, need and likely service, small counts withheld.

    Nothing is summed beside it: a sum would tell what is withheld of its parts.
    """
    title = "Young people who come of age"
    if not (home.council_path(authority) / REGISTER).is_file():
        said = (
            "The council has entered no register of young people with disabilities who come of age, so that they are "
            "not counted here by themselves. A register holds counts by year, need and likely service, and no names.",
        )
        return Section("coming-of-age", title, said)
    try:
        found = coming_of_age(home, authority)
    except CareshapeError as error:
        return Section("coming-of-age", title, (str(error),))
    columns = (
        Column("Year", "year"),
        Column("Need", "need"),
        Column("Likely service", "likely_service"),
        numeric("Young people", "people"),
        numeric("Expected to need care", "value"),
        Column("80% interval", "interval", line=True),
    )
    rows: list[tuple[Value, ...]] = []
    records = []
    for row in found:
        few = 0 < row["people"] < FEWEST
        cells: tuple[Value, ...] = (row["people"], round(row["value"]), between(row, 80))
        named = (
            str(row["year"]), label_of("client_group", row["need"]), label_of("service", row["likely_service"])
        )  # fmt: skip
        shown: tuple[Value, ...] = (f"fewer than {FEWEST}", "suppressed", "suppressed") if few else cells
        rows.append((*named, *shown))
        ids = {name: row[name] for name in ("year", "need", "likely_service")}
        records.append(ids | dict(zip(("people", "value", "interval"), shown, strict=True)))
    said = (
        f"Counts from the council's register, which holds no names. Fewer than {FEWEST} people are withheld, and so "
        "are sums, from which they could be worked out.",
    )
    table = simple("coming-of-age", "Young people with disabilities who come of age", columns, rows, records)
    return Section("coming-of-age", title, said, None, table, folded=True, arranged=True,
                   filters=("year", "need", "likely_service"))  # fmt: skip


def _missing(known: Mapping[str, Prevalence]) -> Section:
    listed = tuple(
        f"{one.label}. {one.why} Wanted: {one.wanted}." for one in missing().values() if one.condition not in known
    )
    said = ("No rate whose source could be confirmed is at hand for these. A council can enter its own.",)
    return Section("missing", "What is not known", said, listed=listed)
