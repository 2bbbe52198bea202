"""Prices: each spell's raw price, raised each April, and all prices of a kind moved alike to give what was spent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from careshape.catalogue import catalogue
from careshape.catalogue.periods import day_date
from careshape.demo.councils.thurrock.figures import Figures
from careshape.demo.councils.thurrock.kit import CARE_HOMES
from careshape.demo.days import Span, aprils
from careshape.demo.model import Spell, Step
from careshape.demo.world import World

Index = Callable[[int], float]
"""A day -> factor on the raw price."""

EXTERNAL, PAYMENTS, CHARITY, COMMUNITY, OTHER = "external", "payments", "not-for-profit", "community", "other"


@dataclass(frozen=True)
class Terms:
    """What holds from a day on: hundredths of a unit a week, and pounds a unit before all prices are moved."""

    start: int
    quantity: int
    price: float


def settle(world: World, figures: Figures) -> None:
    """Give every spell its steps, so that each published amount of spend comes back."""
    kinds: dict[str, list[Spell]] = {kind: [] for kind in (EXTERNAL, PAYMENTS, CHARITY, COMMUNITY, OTHER)}
    members = set(catalogue().members("service", "community-based-services"))
    for spell in world.spells:
        kinds[_kind(spell, members)].append(spell)
    uplift = _uplift(world, figures.gross[0].first)
    paid = _payments_index(world, kinds[PAYMENTS], figures, uplift)
    factors = _factors(world, kinds, figures, uplift, paid)
    for kind, spells in kinds.items():
        for spell in spells:
            index = paid if kind == PAYMENTS else uplift
            spell.steps = [_step(one, factors[kind]) for one in timeline(world, spell, index)]


def _kind(spell: Spell, members: set[str]) -> str:
    if spell.mechanism == "direct-payment":
        return PAYMENTS
    kind = spell.provider.type if spell.provider else ""
    if spell.service in CARE_HOMES:
        return OTHER if kind == "in-house" else EXTERNAL
    if spell.service not in members:
        return OTHER
    return CHARITY if kind == "not-for-profit" else COMMUNITY


def _factors(
    world: World, kinds: dict[str, list[Spell]], figures: Figures, uplift: Index, paid: Index
) -> dict[str, float]:
    """By how much the raw prices of each kind are moved."""
    rng = world.rng("prices")
    rates = world.flows["council"]
    year, gross = figures.gross
    total = float(gross) + rng.uniform(-1, 1) * rates["slack"] * rates["rounding"]
    external = float(figures.external[1]) * (1 + rates["above"] * rng.uniform(0.7, 1.3))
    other, payments = cost(world, kinds[OTHER], year, uplift), cost(world, kinds[PAYMENTS], year, paid)
    community = total - external - other
    percent = float(figures.not_for_profit[1]) + rng.uniform(-1, 1) * rates["slack"]
    charity = community * percent / 100
    once = sum(spell.one_off for spell in kinds[CHARITY] if year.first <= spell.start <= year.last) / 100
    found = {
        EXTERNAL: external / cost(world, kinds[EXTERNAL], figures.external[0], uplift),
        CHARITY: (charity - once) / cost(world, kinds[CHARITY], year, uplift),
        COMMUNITY: (community - charity - payments) / cost(world, kinds[COMMUNITY], year, uplift),
        PAYMENTS: 1.0,
        OTHER: 1.0,
    }
    world.notes += [f"No price of kind {kind} gives the published spend." for kind, one in found.items() if one <= 0]
    return found


def _uplift(world: World, base: int) -> Index:
    """Factors that are 1 in the financial year that begins on ``base``."""
    by_year: dict[int, float] = {}

    def factor(day: int) -> float:
        april = max([base - 20000, *aprils(day - 366, day)])
        if april not in by_year:
            later = world.flows.uplift(base, april) if april > base else 1 / world.flows.uplift(april, base)
            by_year[april] = later
        return by_year[april]

    return factor


def _payments_index(world: World, spells: Sequence[Spell], figures: Figures, uplift: Index) -> Index:
    """Factors on the raw amounts of direct payments: the published spend in its years, in between by steady growth."""
    rng = world.rng("prices", "payments")
    rates = world.flows["council"]
    known: list[tuple[int, float]] = []
    for year, amount in sorted(figures.spend.items(), key=lambda item: item[0].first):
        total = float(amount) + rng.uniform(-1, 1) * rates["slack"] * rates["rounding"]
        known.append((day_date(year.first).year, total / cost(world, spells, year, lambda _: 1.0)))
    first, last = known[0], known[-1]

    def factor(day: int) -> float:
        date = day_date(day)
        year = date.year if date.month >= 4 else date.year - 1
        if year <= first[0] or year >= last[0]:
            near, value = first if year <= first[0] else last
            april = day_date(day).replace(year=near, month=4, day=1).toordinal() - date.toordinal() + day
            return value * uplift(day) / uplift(april)
        return float(first[1] * (last[1] / first[1]) ** ((year - first[0]) / (last[0] - first[0])))

    return factor


def timeline(world: World, spell: Spell, index: Index) -> list[Terms]:
    """The terms of a spell: a new line where the quantity changes, and on each 1 April on which prices moved."""
    last = world.window.last if spell.end is None else spell.end
    found: list[Terms] = []
    for start in sorted({step.start for step in spell.steps} | {spell.start, *aprils(spell.start, last)}):
        quantity = spell.step_on(start).quantity if spell.steps else 100
        price = spell.weight * index(start)
        if not found or found[-1].quantity != quantity or abs(found[-1].price - price) > 1e-9:
            found.append(Terms(start, quantity, price))
    return found


def cost(world: World, spells: Sequence[Spell], year: Span, index: Index) -> float:
    """Pounds in a span at raw prices times the index."""
    total = 0.0
    for spell in spells:
        if spell.open_in(year.first, year.last):
            terms = timeline(world, spell, index)
            ends = [*(one.start - 1 for one in terms[1:]), spell.end]
            for one, end in zip(terms, ends, strict=True):
                total += year.overlap(one.start, end) * one.quantity / 100 * one.price / 7
    return total


def _step(terms: Terms, factor: float) -> Step:
    price = max(1, round(100 * terms.price * factor)) if terms.price else 0
    return Step(terms.start, round(price * terms.quantity / 100), terms.quantity, price)
