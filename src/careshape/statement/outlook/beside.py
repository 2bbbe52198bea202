"""The page of costs beside others': published comparisons, unit costs, the local market, what care costs to give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from careshape.catalogue import parse_period
from careshape.catalogue.periods import day_date
from careshape.errors import CareshapeError
from careshape.evaluate.cost import (
    Benchmark,
    benchmark,
    compare,
    concentration,
    fee_model,
    indicators,
    placement_mix,
    provider_mix,
    spending_shift,
    unit_cost_entries,
    unit_costs,
    uplift,
    work_out,
)
from careshape.evaluate.cost.fees.compare import year_paid
from careshape.evaluate.cost.ranks import meaning_of_first
from careshape.evaluate.forecast import read_spells
from careshape.evaluate.measure.evaluate import Context, open_context
from careshape.home import Home
from careshape.language import say
from careshape.statement.council import Council
from careshape.statement.downloads import PUBLISHED
from careshape.statement.formatting import Value, money, plain
from careshape.statement.labels import label_of
from careshape.statement.outlook.funnels import funnels, price
from careshape.statement.outlook.report import Leaf, Report, Section, headed, numeric
from careshape.statement.tables import Column, simple

FEE_MODELS: Final = {
    "home-care": ("An hour of home care", "home-care"),
    "care-home": ("A week in a care home", "residential"),
}
"""Fee model -> what it is of, and the service that it is worked out for."""
_PROVISIONS: Final = {"all": "All", "own": "The council's own", "external": "External"}


def beside_report(council: Council) -> Report:
    """What can be compared of what is at hand, and what would have to be loaded."""
    home = Home(council.ledger.path.parents[1])
    found: list[Benchmark] = []
    lacking: list[str] = []
    for name, one in indicators().items():
        try:
            found.append(benchmark(home, council.slug, name))
        except CareshapeError:
            lacking.append(one.label)
    sections = _compared(found)
    if not council.empty:
        sections += _own(council, home)
    if not found and council.empty:
        return Report(problem="Nothing is at hand to compare: no records, no official statistics, no printed figures.")
    sections += _lacking(lacking)
    lead = (
        "A figure beside others' is a question, not an answer: councils differ in need, in what they count and in what "
        "they buy. There is no league table here; the caveat of each figure stands beside it."
    )
    notes = dict.fromkeys(f"{one.method[:1].upper()}{one.method[1:]}." for one in found)
    pages = {section.page for section in sections}
    leaves = (Leaf(one.indicator.id, f"{one.indicator.label}, {year_of(one.year)}", one.caveat) for one in found)
    return Report(
        lead, tuple(sections), tuple(notes), leaves=tuple(one for one in leaves if one.id in pages),
        leaves_title="Each figure, council by council",
    )  # fmt: skip


def year_of(year: str) -> str:
    """A financial year as pages write it: 2020/21 for 2020-21."""
    return year.replace("-", "/")


def _compared(found: Sequence[Benchmark]) -> list[Section]:
    """The council's rank in each group, with ties and the interval of the rank, and each group's spread."""
    if not found:
        return []
    columns = (
        Column("Figure", "indicator"),
        Column("Year", "year"),
        numeric("The council", "value"),
        Column("Rank", "standing"),
        Column("First is", "rank_1_is"),
        Column("True rank lies", "rank_interval"),
        Column("Funnel", "position"),
        numeric("Mean of the others", "average"),
        Column("Lowest to highest", "range"),
    )
    rows: list[tuple[Value, ...]] = []
    records = []
    for one in found:
        for row in _standings(one):
            unit = one.indicator.unit
            interval = f"{row['rank_low']} to {row['rank_high']}" if row.get("rank_low") else "not known"
            low, high = (price(row[name], unit) for name in ("minimum", "maximum"))
            standing = f"{row['standing']} {row['group']}"
            rows.append(
                (
                    one.indicator.label, year_of(one.year), price(row["value"], unit), standing, row["rank_1_is"],
                    interval, row["position"] or "no limits", price(row["average"], unit), f"{low} to {high}",
                )
            )  # fmt: skip
            records.append({name: row.get(name) for name in _RECORD})
    table = simple("comparison", "The council's published figures beside others'", columns, rows, records)
    caveats: dict[str, list[str]] = {}
    for one in found:
        caveats.setdefault(f"{one.caveat} Source: {one.source}.", []).append(one.indicator.label)
    said = ("A joint rank says so. A rank is sure only within the interval beside it, where one could be worked out.",)
    first = Section("comparison", "Beside other councils", said, None, table, records=PUBLISHED,
                    listed=tuple(f"{'; '.join(labels)}. {said}" for said, labels in caveats.items()))  # fmt: skip
    each = [*funnels(found), *filter(None, map(_areas, found))]
    return [first, *_every(each), *each]


_RECORD: Final = (
    *("indicator", "year", "area", "value", "unit", "standing", "rank", "of", "joint", "rank_low", "rank_high", "band"),
    *("position", "average", "average_is", "minimum", "maximum", "group", "good", "rank_1_is", "method", "source"),
    "caveat",
)


def _standings(one: Benchmark) -> list[dict[str, Any]]:
    """The rows that tell where the council stands: its own, or those of groups as they were printed."""
    rows = one.rows
    printed = [row for row in rows if row["kind"] == "as published"]
    return printed or [
        row | {"rank_1_is": meaning_of_first(one.indicator.good)} for row in rows if row["kind"] == "own"
    ]


def _areas(made: Benchmark) -> Section | None:
    """One figure of each council, by band and name: never by rank. None where only groups were printed."""
    if made.summaries:
        return None
    kinds = {"own": "The council", "comparator": "Comparator", "reference": "Not ranked"}
    rows: list[tuple[Value, ...]] = [
        (row["area"], kinds[row["kind"]], price(row["value"], made.indicator.unit), row["standing"])
        for row in made.rows
    ]
    columns = (
        Column("Area", "area"),
        Column("What it is here", "kind"),
        numeric("Value", "value"),
        Column("Rank", "standing"),
    )
    records = [{name: row.get(name) for name in _RECORD} for row in made.rows]
    name = f"areas-{made.indicator.id}"
    said_of = {"figure": made.indicator.label, "year": year_of(made.year)}
    title = say("{figure}, {year}: every council, by band and name", **said_of)
    table = simple(name, title, columns, rows, records)
    return Section(name, "Every council's figure", (), None, table, records=PUBLISHED, page=made.indicator.id)


def _every(each: Sequence[Section]) -> list[Section]:
    """The figures of all councils in one file; each that is known of every council has a page to be read on."""
    tables = [one.table for one in each if one.id.startswith("areas-") and one.table is not None]
    if not tables:
        return []
    records = [record for one in tables for record in one.records]
    table = simple("areas", "Every figure of every council", (Column("Figure", "indicator"),), [], records)
    said = (
        say(
            "{records} figures in one file. What is known of every council has a page below, council by council; of "
            "the others only groups were printed.",
            records=plain(len(records)),
        ),
    )
    return [Section("areas", "Every figure of every council", said, None, table, records=PUBLISHED, shown=False)]


def _own(council: Council, home: Home) -> list[Section]:
    """What the council's own records say of cost and market, in their last complete financial year."""
    context = open_context(council.ledger)
    last = day_date(read_spells(council.ledger, areas=None).window[1])
    end = last.year if (last.month, last.day) >= (3, 31) else last.year - 1
    year = f"{end - 1}/{end % 100:02d}"
    makers: tuple[Callable[[Context, str], Section], ...] = (
        _unit_costs,
        _concentration,
        _not_for_profit,
        _placements,
        _shift,
    )
    found = []
    for make in makers:
        try:
            found.append(make(context, year))
        except CareshapeError:
            continue  # the records hold none of it
    return [one for one in found if one.table is not None and one.table.rows] + _fees(
        council, home, context, f"{end}-03-31"
    )


def _unit_costs(context: Context, year: str) -> Section:
    columns = (
        Column("Service", "service"),
        Column("Provision", "provision"),
        numeric("Unit cost", "value"),
        Column("Unit", "unit"),
        numeric("Mean of the last day", "mean"),
    )
    entries = unit_cost_entries()
    found = unit_costs(context, year)
    rows: list[tuple[Value, ...]] = [
        (
            label_of("service", row["service"]), _PROVISIONS[row["provision"]], money(row["value"]),
            "a week" if row["unit"] == "gbp-per-week" else "an hour",
            "" if row.get("mean_weekly_cost") is None else money(row["mean_weekly_cost"]),
        )
        for row in found
    ]  # fmt: skip
    names = ("unit_cost", "service", "provision", "value", "unit", "mean_weekly_cost", "period", "method", "note")
    said = (
        say(
            "As official statistics define it: cost over the weeks of {year}. Statements print the mean "
            "weekly cost of the placements open on the last day, which is at that day's prices.",
            year=year,
        ),
    )
    listed = tuple(f"{entries[name].label}: {entries[name].card.limitations}" for name in entries)
    table = headed(simple("unit-costs", f"Unit costs, {year}", columns, rows, _only(found, names)), 2)
    return Section("unit-costs", "Unit costs", said, None, table, listed=listed)


def _only(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    return [{name: row.get(name) for name in names} for row in rows]


def _concentration(context: Context, year: str) -> Section:
    columns = (
        Column("Service", "service"),
        numeric("Providers", "providers"),
        numeric("Index", "hhi"),
        numeric("As many as equal ones", "equal_providers"),
        numeric("Share of the largest", "top_1_share"),
        numeric("Share of the largest five", "top_5_share"),
        numeric("Without a provider", "unknown_share"),
    )
    found = concentration(context, period=year)
    rows: list[tuple[Value, ...]] = [
        (
            label_of("service", row["service"]), row["providers"], row["hhi"], row["equal_providers"],
            *(_percent(row[name]) for name in ("top_1_share", "top_5_share", "unknown_share")),
        )
        for row in found
    ]  # fmt: skip
    names = ("service", "providers", "hhi", "equal_providers", "top_1_share", "top_3_share", "top_5_share",
             "unknown_share", "unit", "period", "method")  # fmt: skip
    said = (
        "The Herfindahl-Hirschman index adds up squared percentage shares of spending: 10,000 for one provider alone, "
        "less for many. “As many as equal ones” says how many providers of one size would give the same.",
    )
    table = simple(
        "concentration", say("How concentrated spending is, {year}", year=year), columns, rows, _only(found, names)
    )
    return Section("concentration", "How concentrated the market is", said, None, table)


def _not_for_profit(context: Context, year: str) -> Section:
    found = [row for row in provider_mix(context, period=year) if row["provider_type"] == "not-for-profit"]
    columns = (Column("Service", "service"), numeric("Spending", "amount"), numeric("Share of the service", "value"))
    rows: list[tuple[Value, ...]] = [
        (label_of("service", row["service"]), money(row["amount"]), _percent(row["value"])) for row in found
    ]
    names = ("service", "provider_type", "amount", "value", "unit", "period", "method")
    title = say("Spending with not-for-profit providers, {year}", year=year)
    return Section("not-for-profit", "Not for profit", (), None,
                   simple("not-for-profit", title, columns, rows, _only(found, names)))  # fmt: skip


def _placements(context: Context, year: str) -> Section:
    found = placement_mix(context, period=year)
    columns = (Column("Service", "service"), Column("Where", "placement_area"), numeric("Placements", "amount"),
               numeric("Share", "value"))  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (
            label_of("service", row["service"]), label_of("placement_area", row["placement_area"]),
            int(row["amount"] or 0), _percent(row["value"]),
        )
        for row in found
    ]  # fmt: skip
    names = ("service", "placement_area", "amount", "value", "period", "method")
    title = say("Care home placements in the council's area and outside it, on the last day of {year}", year=year)
    table = headed(simple("placements", title, columns, rows, _only(found, names)), 2)
    return Section("placements", "In the area and outside it", (), None, table)


def _shift(context: Context, year: str) -> Section:
    found = spending_shift(context)
    columns = (Column("Financial year", "financial_year"), numeric("Care homes", "care_home_share"),
               numeric("In the community", "community_share"), numeric("Other", "other_share"))  # fmt: skip
    names = ("care_home_share", "community_share", "other_share")
    rows: list[tuple[Value, ...]] = [(row["financial_year"], *(_percent(row[name]) for name in names)) for row in found]
    title = "Share of spending on care homes and in the community"
    return Section("shift", "From care homes to the community", (), None,
                   simple("shift", title, columns, rows, found))  # fmt: skip


def _percent(value: Any) -> str:
    return "not known" if value is None else f"{plain(value, 1)}%"


def _fees(council: Council, home: Home, context: Context, day: str) -> list[Section]:
    """What care costs to give by the models, beside the prices paid, both at the prices of the year in which they were.

    A model that cannot be moved to that year stands with its cost and is not compared: its pounds are others.
    """
    rows: list[tuple[Value, ...]] = []
    listed: list[str] = []
    year = year_paid(parse_period(day))
    for name, (title, service) in FEE_MODELS.items():
        try:
            model = fee_model(home, council.slug, name, illustrative=council.demonstration)
            modelled = work_out(model, service, "")
            apart = ""
            try:
                modelled = work_out(uplift(model, year), service, "")
            except CareshapeError as error:
                apart = str(error)
            if modelled.missing or modelled.total is None:
                listed.append(f"{title}: {modelled.what_is_missing()}")
                continue
            if apart:
                rows.append((title, money(modelled.total), *(["not compared"] * 4)))
                listed.append(say(
                    "{title}: its prices are of {year}, those paid of {paid}, which are not the same pounds. {why}",
                    title=title, year=modelled.year, paid=year, why=apart,
                ))  # fmt: skip
                continue
            found = compare(context, modelled, day)
        except CareshapeError as error:
            listed.append(f"{title}: {error}")
            continue
        rows.append(
            (
                title, money(modelled.total), found.paid_less, found.paid_more, money(found.yearly_now),
                money(found.yearly_raise),
            )
        )  # fmt: skip
        listed.append(f"{title}: {found.label}")
    columns = (
        Column("What", "model"),
        numeric("Cost by the model", "modelled"),
        numeric("Providers paid less", "paid_less"),
        numeric("Providers paid more", "paid_more"),
        numeric("Paid now, a year", "yearly_now"),
        numeric("To raise those below, a year", "yearly_raise"),
    )
    said = (
        "A cost model is not a fee. Its lines and values are the council's to enter.",
        say("Costs are at the prices of {year}, in which the prices were paid.", year=year),
    )
    table = (
        simple("fees", say("Cost models beside the prices paid on {when}", when=label_of("period", day)), columns, rows)
        if rows
        else None
    )
    return [Section("fees", "What care costs to give", said, None, table, listed=tuple(dict.fromkeys(listed)))]


def _lacking(labels: Sequence[str]) -> list[Section]:
    if not labels:
        return []
    said = ("These can be compared once the official files are loaded.",)
    return [Section("lacking", "What would have to be loaded", said, listed=tuple(labels))]
