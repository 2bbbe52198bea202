"""Supported living: who lives in it, in which components their support is bought, and what each component costs.

A person's stay is a holding; its support is one component or several, each a spell of its own. On the counted day the
components of each cost centre are as many, cost as much a week, and have cost as much since 1 April, as published.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from careshape.catalogue.periods import day_date
from careshape.demo.chance import choose, lognormal
from careshape.demo.councils.worcestershire.shared_lives import cost_centre
from careshape.demo.councils.worcestershire.supported_living_costs import fit_since
from careshape.demo.days import Span, first_april, span
from careshape.demo.fit import Printed, settle, share_out
from careshape.demo.model import Person, Setting, Spell, Step
from careshape.demo.pricing import by_the_hour, steps_with_uplift
from careshape.demo.stock import Anchor, Stretch, stock_path
from careshape.demo.world import World

SERVICE = "supported-living"
COMPONENTS = ("block", "package", "visits", "covid-19")
Cell = tuple[str, str]
"""Component and cost centre."""


@dataclass
class Holding:
    """One person's stay in supported living, and the spells that it is made of."""

    stretch: Stretch
    person: Person
    blank_until: int | None = None
    cost_centre: str = ""
    spells: list[Spell] = field(default_factory=list)


def build(world: World) -> None:
    """Fill supported living."""
    day, people = _counted(world)
    holdings = _holdings(world, day, people)
    now = sorted(
        (one for one in holdings if one.stretch.start <= day <= one.stretch.end), key=lambda one: one.stretch.start
    )
    cells = _cells(world)
    _deal(world, now, cells, people)
    rng = world.rng(SERVICE, "components")
    for one in holdings:
        if not one.spells:
            one.cost_centre = cost_centre(one.person.group)
            _spell(world, one, choose(rng, world.flows[SERVICE]["components"]), one.cost_centre)
    _price_open(world, cells, [spell for one in now for spell in one.spells], day)
    _price_others(world, [one for one in holdings if one.stretch.end < day or one.stretch.start > day], day)
    _settle_settings(world, holdings, day)
    for one in holdings:
        _leave_blank(one)
        for spell in one.spells:
            if spell.unit == "hour":
                spell.steps = by_the_hour(spell.steps, world.flows[SERVICE]["rate"])


# --- who, and when


def _counted(world: World) -> tuple[int, int]:
    """The day on which components are counted, and how many people hold any of them."""
    row = world.targets.observations.one(measure="people", service="supported-living-all")
    return span(row.period.text).last, int(row.value)


def _holdings(world: World, day: int, people: int) -> list[Holding]:
    """Holdings by client group, as many over each counted month as published."""
    counts: dict[str, dict[Span, int]] = defaultdict(dict)
    for one in world.targets.rows(measure="individuals-supported", service=SERVICE, row_kind="part", table="table-10"):
        counts[one.dims["client_group"]][span(one.period.text)] = int(one.value)
    blank = counts.pop("unknown", {})
    main = max(counts, key=lambda group: max(counts[group].values()))
    for month, number in blank.items():
        counts[main][month] += number  # their client group was recorded later
    last = max(month for by_month in counts.values() for month in by_month if month.last == day)
    over = sum(by_month.get(last, 0) for by_month in counts.values())
    leaving = share_out(
        max(0, over - people), {group: float(by_month.get(last, 0)) for group, by_month in counts.items()}
    )
    holdings = []
    for group, by_month in counts.items():
        rng = world.rng(SERVICE, group)
        months = sorted(by_month, key=lambda month: month.last)
        before = Span(world.window.first, world.window.first)
        anchors = [Anchor(before, round(by_month[months[0]] * world.flows[SERVICE]["start"]))]
        anchors += [Anchor(month, by_month[month], leaving[group] if month == last else None) for month in months]
        path = stock_path(rng, world.flows.stay(SERVICE, group), anchors, world.window.last, world.flows.shock(group))
        holdings += [
            Holding(stretch, world.new_person(rng, group, max(stretch.start, world.window.first)))
            for stretch in path
            if stretch.end >= world.window.first
        ]
    _blank(world, holdings, blank, main)
    return holdings


def _blank(world: World, holdings: list[Holding], blank: dict[Span, int], group: str) -> None:
    """Choose those whose client group is not on record until the end of a counted month."""
    rng = world.rng(SERVICE, "blank")
    for month, number in blank.items():
        suited = [
            one
            for one in holdings
            if one.person.group == group and one.stretch.start <= month.first and one.stretch.end > month.last + 400
        ]
        for one in rng.sample(suited, min(number, len(suited))):
            one.blank_until = month.last


def _leave_blank(one: Holding) -> None:
    """Steps that end by the day on which the client group was recorded have none."""
    if one.blank_until is None:
        return
    for spell in one.spells:
        later = [step for step in spell.steps if step.start > one.blank_until]
        if not later or later[0].start != one.blank_until + 1:
            held = [step for step in spell.steps if step.start <= one.blank_until][-1]
            spell.steps.append(Step(one.blank_until + 1, held.weekly, held.quantity, held.price))
            spell.steps.sort(key=lambda step: step.start)
        for step in spell.steps:
            if step.start <= one.blank_until:
                step.group = "unknown"


# --- components and cost centres


@dataclass
class Published:
    """One published cell: people, cost since 1 April and mean price a week, both in pounds."""

    people: int
    annual: Decimal
    weekly: Decimal


def _cells(world: World) -> dict[Cell, Published]:
    """The published parts, by component and cost centre."""
    rows = world.targets.rows(measure=["people", "annual-cost", "current-weekly-cost-per-person"], row_kind="part")
    values: dict[Cell, dict[str, Decimal]] = defaultdict(dict)
    for one in rows:
        if one.dims["service"].startswith(SERVICE):
            component = one.dims["service"].removeprefix(f"{SERVICE}-")
            values[component, one.dims["client_group"]][one.measure] = one.value
    return {
        cell: Published(int(found["people"]), found["annual-cost"], found["current-weekly-cost-per-person"])
        for cell, found in values.items()
    }


def _deal(world: World, now: list[Holding], cells: dict[Cell, Published], people: int) -> None:
    """Give each person a cost centre, and each cost centre's people their components."""
    lines: dict[str, dict[str, int]] = defaultdict(dict)
    for (component, centre), cell in cells.items():
        lines[centre][component] = cell.people
    beside = {
        centre: lines.pop(centre) for centre in list(lines) if sum(lines[centre].values()) == 1 and centre == "covid-19"
    }
    spare = {centre: sum(by.values()) - max(by.values()) for centre, by in lines.items()}
    doubled = sum(sum(by.values()) for by in lines.values()) - people
    overlaps = share_out(min(doubled, sum(spare.values())), {centre: float(n) for centre, n in spare.items()})
    holders = {centre: sum(lines[centre].values()) - overlaps[centre] for centre in lines}
    chosen = _by_cost_centre(world, now, holders)
    for centre, group in chosen.items():
        place = 0
        for component in COMPONENTS:
            for _ in range(lines[centre].get(component, 0)):
                _spell(world, group[place % len(group)], component, centre)
                place += 1
    for centre, by_component in beside.items():
        for component, number in by_component.items():
            for one in now[len(now) // 2 :][:number]:
                _spell(world, one, component, centre)


def _by_cost_centre(world: World, now: list[Holding], holders: dict[str, int]) -> dict[str, list[Holding]]:
    """People for each cost centre, those first whose client group is its own; in order of arrival."""
    rng = world.rng(SERVICE, "cost-centres")
    free = list(now)
    chosen: dict[str, list[Holding]] = {}
    for centre in sorted(holders, key=lambda name: holders[name]):
        liking = {id(one): (_dislike(one, centre, world.window.last) + rng.random(), one.stretch.start) for one in free}
        mine = sorted(free, key=lambda one: liking[id(one)])[: holders[centre]]
        for one in mine:
            one.cost_centre = centre
        taken = {id(one) for one in mine}
        free = [one for one in free if id(one) not in taken]
        chosen[centre] = sorted(mine, key=lambda one: one.stretch.start)
    return chosen


def _dislike(one: Holding, centre: str, day: int) -> float:
    """How badly a cost centre suits a person: 0 for the person's own client group."""
    group = one.person.group
    if centre == "young-adults":
        return 0.0 if one.person.age(day) < 25 else 2.0
    if centre == "learning-disability":
        return 0.0 if group == centre else 2.0
    if group == centre:
        return 0.0
    return 1.0 if group in ("other", "older-people") else 3.0


def _spell(world: World, one: Holding, component: str, centre: str) -> Spell:
    """Add a component to a holding; the first lasts as long as the holding."""
    end = one.stretch.end if one.stretch.end <= world.window.last else None
    spell = Spell(SERVICE, one.person.group, one.stretch.start, end, component=component, cost_centre=centre)
    spell.purchase = {"block": "block"}.get(component, "dynamic-purchasing-system")
    spell.unit = "hour" if component == "visits" else "week"
    one.spells.append(world.give(one.person, spell))
    return spell


# --- prices


def _price_open(world: World, cells: dict[Cell, Published], spells: list[Spell], day: int) -> None:
    """Prices on the counted day, and since when they have held, exact in each cell and in the printed totals."""
    rng = world.rng(SERVICE, "prices")
    names = list(cells)
    weekly = [float(cells[cell].weekly) * cells[cell].people for cell in names]
    weekly_sums = settle(weekly, _printed(world, cells, "current-weekly-cost-per-person"))
    groups = {cell: [one for one in spells if (one.component, one.cost_centre) == cell] for cell in names}
    totals = {cell: _whole_pence(cells[cell], pounds) for cell, pounds in zip(names, weekly_sums, strict=True)}
    single = [i for i, cell in enumerate(names) if cells[cell].people == 1]
    annual = [float(cells[cell].annual) for cell in names]
    for i in single:  # one price and whole days: what these rows can cost is given
        price = totals[names[i]]
        annual[i] = price * max(1, round(float(cells[names[i]].annual) * 700 / price)) / 700
    year, printed = Span(first_april(day_date(day).year - 1), day), _printed(world, cells, "annual-cost")
    few = [i for i, cell in enumerate(names) if cells[cell].people < MANY]
    for some, fixed in ((few, single), ([i for i in range(len(names)) if i not in few], few)):
        sums = settle(annual, printed, fixed=fixed)
        for i in some:
            cell = names[i]
            for spell in groups[cell]:
                spell.weight = lognormal(rng, world.flows[SERVICE]["sigma"][cell[0]])
            _fit_cell(world, rng, groups[cell], totals[cell], round(700 * sums[i]), year)
            annual[i] = _cost(groups[cell], year)


MANY = 12
"""People whose prices and days leave so many choices that any cost comes out to the penny; fewer come first."""


def _cost(spells: list[Spell], year: Span) -> float:
    """Pounds that open spells have cost since 1 April, from the day since which the last day's price has held."""
    held = [spell.step_on(year.last) for spell in spells]
    return sum(one.weekly * (year.last - max(one.start, year.first) + 1) for one in held) / 700


def _whole_pence(cell: Published, pounds: float) -> int:
    """A week's price of all people of a cell in whole pence, so near that their mean still rounds as printed."""
    printed, slack = round(100 * cell.weekly * cell.people), (cell.people - 1) // 2
    return min(max(round(100 * pounds), printed - slack), printed + slack)


def _printed(world: World, cells: dict[Cell, Published], measure: str) -> list[Printed]:
    """The printed parts, subtotals and total of a measure as bounds on the parts' sums."""
    names = list(cells)
    figures = []
    people = {
        one.dims["service"]: int(one.value)
        for one in world.targets.rows(measure="people", row_kind=["subtotal", "total"])
        if one.dims["service"].startswith(SERVICE)
    }
    per_person = measure == "current-weekly-cost-per-person"
    for i, cell in enumerate(names):
        published = cells[cell]
        number = Decimal(published.people)
        value = published.weekly * number if per_person else published.annual
        figures.append(Printed((i,), value, number / 100 if per_person else Decimal(1)))
    for one in world.targets.rows(measure=measure, row_kind=["subtotal", "total"]):
        name = one.dims["service"].removeprefix(f"{SERVICE}-")
        parts = tuple(i for i, cell in enumerate(names) if name in ("all", cell[0]))
        number = Decimal(people.get(one.dims["service"], 1)) if per_person else Decimal(1)
        if parts:
            figures.append(Printed(parts, one.value * number, number / 100 if per_person else Decimal(1)))
    return figures


def _fit_cell(world: World, rng: random.Random, spells: list[Spell], total: int, pence_days: int, year: Span) -> None:
    """Weekly prices that add up to ``total`` pence, held for so many days since 1 April as the year's cost tells."""
    prices, since = fit_since(
        rng, [spell.weight for spell in spells], [spell.start for spell in spells], total, pence_days, year
    )
    for spell, weekly, day in zip(spells, prices, since, strict=True):
        spell.start = min(spell.start, day)
        before = [
            Step(step.start, round(step.weekly * rng.uniform(0.85, 1.02)))
            for step in steps_with_uplift(world.flows, spell, weekly, day, year.last)
            if step.start < day
        ]
        after = [
            Step(step.start, step.weekly)
            for step in steps_with_uplift(world.flows, spell, weekly, year.last, world.window.last)
            if step.start > year.last
        ]
        spell.steps = [*before, Step(day, weekly), *after]


def _price_others(world: World, holdings: list[Holding], day: int) -> None:
    """Prices of those who left before the counted day, or came after it: like those of the day, on the uplift."""
    rng = world.rng(SERVICE, "other-prices")
    usual: dict[Cell, list[int]] = defaultdict(list)
    for spell in world.spells:
        if spell.service == SERVICE and spell.steps:
            usual[spell.component, spell.cost_centre].append(spell.step_on(day).weekly)
    everything = [price for prices in usual.values() for price in prices]
    for one in holdings:
        for spell in one.spells:
            weekly = rng.choice(usual.get((spell.component, spell.cost_centre), everything))
            spell.steps = steps_with_uplift(world.flows, spell, weekly, day, world.window.last)


# --- houses


def _settle_settings(world: World, holdings: list[Holding], day: int) -> None:
    """Settings run by providers: on the counted day as many are in use as published."""
    rng = world.rng(SERVICE, "settings")
    rates = world.flows[SERVICE]
    providers = [world.new_provider(rng, rates["not-for-profit"]) for _ in range(rates["providers"])]
    number = world.targets.count(measure="settings-with-commissioned-packages", service=SERVICE)
    settings: list[Setting] = []
    for i in range(number):
        provider = providers[i] if i < len(providers) else rng.choice(providers)
        settings.append(world.new_setting(rng, provider, choose(rng, world.flows["districts"])))
    now = [one for one in holdings if one.stretch.start <= day <= one.stretch.end]
    rng.shuffle(now)
    first = {id(one): setting for one, setting in zip(now, settings, strict=False)}
    for one in holdings:
        setting = first.get(id(one)) or rng.choice(settings)
        for spell in one.spells:
            world.place(spell, setting)
