"""The page of scenarios: what would change if something were done, side by side, and the cheapest mix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.errors import CallError, CareshapeError
from careshape.evaluate.forecast import Forecast, Lever, Scenario, forecast
from careshape.evaluate.intervals import QUANTILES
from careshape.evaluate.numbers import MINUS
from careshape.evaluate.scenario import BASELINE, Comparison, compare, scenarios
from careshape.evaluate.scenario.council import council_mix, read_mix
from careshape.evaluate.scenario.files import mix_file
from careshape.home import Home
from careshape.language import say
from careshape.statement.charts import Chart
from careshape.statement.council import Council
from careshape.statement.formatting import Value, day, money, plain
from careshape.statement.labels import label_of
from careshape.statement.outlook.report import Report, Section, numeric
from careshape.statement.outlook.words import signed, tenth
from careshape.statement.pictures import Difference, draw_differences
from careshape.statement.tables import Column, Table, simple

YEARS: Final = (1, 3)
DRAWS: Final = 300
MIX_YEARS: Final = 5
LIMITS: Final = tuple(QUANTILES)


def whatif_report(council: Council) -> Report:
    """Every scenario beside what is expected without, its levers in words, and the cheapest mix."""
    outlook, home = council.outlook, council.outlook.home
    if outlook.problem:
        return Report(problem=outlook.problem)
    try:
        known = scenarios(home, council.slug)
        if not known:
            raise CallError("No scenario is known for this council yet. `careshape scenario save FILE` keeps one.")
        rates, months = outlook.made.forecast.rates, outlook.made.forecast.months
        years = [one for one in YEARS if 12 * one <= months] or [max(1, months // 12)]
        base = forecast(rates, 12 * max(years), DRAWS, outlook.made.forecast.seed)
        forecasts, left = _forecasts(base, known)
        rows = Comparison(forecasts).rows([12 * one for one in years])
    except CareshapeError as error:
        return Report(problem=str(error))
    last = max(row["period"] for row in rows)
    sections = (
        *(_section(rows, known, measure, last) for measure in ("yearly_cost", "people")),
        _levers(known, left),
        *_mix(home, council.slug, outlook.made.forecast),
    )
    lead = say(
        "What would be different if something were done, from {day} on. All scenarios are drawn "
        "alike, so that a difference holds what is done and nothing of the luck of the draw.",
        day=day(outlook.made.origin),
    )
    notes = (
        f"{base.method[:1].upper()}{base.method[1:]}.",
        *(f"{note[:1].upper()}{note[1:]}." for note in base.notes),
    )
    return Report(lead, sections, notes)


def _forecasts(base: Forecast, known: Mapping[str, Scenario]) -> tuple[dict[str, Forecast], tuple[str, ...]]:
    """The forecast of each scenario, the baseline first, and what is said of those that do not fit the records, or
    ask for people whom nobody is there for."""
    found: dict[str, Forecast] = {BASELINE.id: base}
    left: list[str] = []
    for one in known.values():
        try:
            made = compare(base, [one])
            found |= made.forecasts
            left += made.unmet
        except CareshapeError as error:
            left.append(f"{one.name}: not worked out. {error}")
    return found, tuple(left)


_TITLES: Final = {"yearly_cost": "Cost a year", "people": "People in services"}


def _section(rows: list[dict[str, Any]], known: Mapping[str, Scenario], measure: str, last: str) -> Section:
    """One measure: the picture of the differences at the end, and the table of all years."""
    mine = [row for row in rows if row["measure"] == measure]
    names = {**{one.id: one.name for one in known.values()}, BASELINE.id: BASELINE.name}
    columns = (
        Column("Scenario", "scenario"),
        Column("By", "period"),
        numeric("Expected", "value"),
        numeric("Difference", "change"),
        Column("80% interval of the difference", "interval", line=True),
    )
    shown: list[tuple[Value, ...]] = []
    for row in mine:
        none = row["scenario"] == BASELINE.id
        interval = (
            "" if none else f"{_change(row['change_lower_80'], measure)} to {_change(row['change_upper_80'], measure)}"
        )
        change = "" if none else _change(row["change"], measure)
        shown.append((names[row["scenario"]], label_of("month", row["period"]), _value(row["value"], measure), change,
                      interval))  # fmt: skip
    records = [
        {"scenario": row["scenario"], "name": names[row["scenario"]], "period": row["period"], "measure": measure}
        | {name: tenth(row[name]) for name in ("value", "change", *(f"change_{limit}" for limit in LIMITS))}
        for row in mine
    ]
    title = say("{measure}: with each scenario and without", measure=_TITLES[measure])
    id = measure.replace("_", "-")
    return Section(
        id, _TITLES[measure], _said(mine, last, measure), _picture(mine, names, measure, last),
        simple(id, title, columns, shown, records), folded=False,
    )  # fmt: skip


def _said(rows: list[dict[str, Any]], last: str, measure: str) -> tuple[str, ...]:
    base = next(row for row in rows if row["scenario"] == BASELINE.id and row["period"] == last)
    what = "the cost of a year" if measure == "yearly_cost" else "people in services"
    return (
        say(
            "As things go on, {what} will come to {value} by {when}.",
            what=what,
            value=_value(base["value"], measure),
            when=label_of("month", last),
        ),
    )


def _picture(rows: list[dict[str, Any]], names: Mapping[str, str], measure: str, last: str) -> Chart | None:
    found = [
        Difference(
            names[row["scenario"]], row["change"], row["change_lower_80"], row["change_upper_80"],
            _change(row["change"], measure),
        )
        for row in rows
        if row["period"] == last and row["scenario"] != BASELINE.id
    ]  # fmt: skip
    unit = "gbp" if measure == "yearly_cost" else "persons"
    title = say(
        "{measure}, {when}: difference from what is expected without",
        measure=_TITLES[measure],
        when=label_of("month", last),
    )
    return draw_differences(f"scenarios-{measure}", title, unit, found) if found else None


def _value(value: float, measure: str) -> str:
    return f"£{plain(tenth(value / 1e6), 1)}m" if measure == "yearly_cost" else plain(round(value))


def _change(value: float, measure: str) -> str:
    if measure != "yearly_cost":
        return signed(value)
    if abs(value) < 50_000:
        return "less than £0.1m" if value else "none"
    return f"{'+' if value > 0 else MINUS}£{plain(tenth(abs(value) / 1e6), 1)}m"


def _levers(known: Mapping[str, Scenario], left: tuple[str, ...]) -> Section:
    columns = (
        Column("Scenario", "scenario"),
        Column("What changes", "lever", wide=True),
        Column("Why", "note", wide=True),
    )
    rows: list[tuple[Value, ...]] = [
        (one.name, "; ".join(lever_words(lever) for lever in one.levers), one.note) for one in known.values()
    ]
    table = simple("levers", "The levers of each scenario", columns, rows)
    return Section("levers", "What each scenario changes", (), None, table, listed=left, download=False)


_KINDS: Final = {
    "entries": "new people in {what}",
    "entries_a_week": "people a week who start {what}",
    "leaving": "odds of leaving {what}",
    "share": "share of {what} among {what} and {others}",
    "moves": "people a month who move to {what} from {others}",
    "stock": "people in {what}, added in all",
    "price": "cost of a person's week in {what}",
    "fixed_price": "price of a person's week in {what}",
    "quantity": "weekly amount for each person in {what}",
}


def lever_words(lever: Lever) -> str:
    """A lever in a sentence: what it changes, by how much, from when."""
    services = catalogue().lists["service"]

    def name(id_: str | None) -> str:
        label = services.label(id_) if id_ else "all services"
        return label if any(letter.isupper() for letter in label[1:]) else label[:1].lower() + label[1:]

    text = _KINDS[lever.kind].format(what=name(lever.service), others=" and ".join(name(one) for one in lever.others))
    if lever.group:
        text += f", {label_of('client_group', lever.group).lower()}"
    if lever.area:
        text += f" in {label_of('district', lever.area)}"
    path = ", ".join(f"{_amount(lever.kind, point.value)} on {day(point.on)}" for point in lever.path)
    return f"{text[:1].upper()}{text[1:]}: {path}"


def _amount(kind: str, value: float) -> str:
    if kind in ("entries", "leaving", "price", "quantity"):
        return "as now" if value == 1 else f"{'+' if value > 1 else MINUS}{plain(tenth(abs(100 * (value - 1))))}%"
    if kind == "share":
        return f"{plain(tenth(100 * value))}%"
    return money(tenth(value)) if kind == "fixed_price" else plain(tenth(value))


def _mix(home: Home, authority: str, made: Forecast) -> list[Section]:
    title = "The cheapest mix"
    try:
        options, limits = read_mix(*mix_file(home, authority))
    except CareshapeError:
        return []
    years = min(MIX_YEARS, made.months // 12)
    try:
        plan = council_mix(made, years, options, limits)
    except CareshapeError as error:
        return [Section("mix", title, (str(error),))]
    columns = [Column("Instead of what is expected", "option")]
    columns += [numeric(f"Year {year + 1}", f"people_{year + 1}") for year in range(years)]
    columns += [numeric("Pays up to, once for a person", "break_even")]
    rows: list[tuple[Value, ...]] = [
        (
            one.label, *(round(float(plan.taken[one.id][year])) for year in range(years)),
            f"£{plain(round(plan.break_even[one.id]))}",
        )
        for one in options
    ]  # fmt: skip
    proven = "This is proven to be the cheapest" if plan.gap < 1e-6 else "It is within a small margin of the cheapest"
    said = (
        say(
            "Within the stated limits the cheapest mix over {years} years costs {cost}, {saving} less "
            "than with no option. {proven}.",
            years=years,
            cost=_value(plan.cost, "yearly_cost"),
            saving=_value(plan.saving, "yearly_cost"),
            proven=proven,
        ),
        "The table holds people who take each option in each year, and the cost, once for a person, above which it "
        "would no longer pay. The options, their limits and one-off costs are planning assumptions, to be replaced by "
        "the council's own.",
    )
    table: Table = simple("mix", "People a year who take each option in the cheapest mix", columns, rows)
    return [Section("mix", title, said, None, table, listed=tuple(f"{one.label}: {one.source}" for one in options))]
