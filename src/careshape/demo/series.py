"""Series of counts turned into spells, and spells priced so that a year costs what it should."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from careshape.demo.chance import Stay, lognormal
from careshape.demo.days import Span
from careshape.demo.model import Spell
from careshape.demo.pricing import steps_with_uplift
from careshape.demo.stock import Anchor, stock_path
from careshape.demo.world import World


def spells_through(
    world: World,
    rng: random.Random,
    service: str,
    group: str,
    counts: Mapping[Span, int],
    stay: Stay,
    before: float = 1.0,
    leaving: int | None = None,
) -> list[Spell]:
    """Spells of a group in a service, as many in each span as counted; nobody holds them yet.

    Args:
        before: people at the window's first day, as a share of the first count.
        leaving: people who end in the last span before its last day; None leaves it to chance.
    """
    spans = sorted(counts, key=lambda one: one.last)
    first = world.window.first
    anchors = [Anchor(Span(first, first), round(counts[spans[0]] * before))] if spans[0].first > first else []
    anchors += [Anchor(one, counts[one], leaving if one is spans[-1] else None) for one in spans]
    path = stock_path(rng, stay, anchors, world.window.last, world.flows.shock(group))
    return world.stretch_spells(path, service, group)


def price_spread(
    world: World, rng: random.Random, spells: Sequence[Spell], weekly: float, sigma: float, on: int
) -> None:
    """Prices spread around ``weekly`` pounds on the day ``on``, raised each April."""
    for spell in spells:
        pence = max(1, round(100 * weekly * lognormal(rng, sigma)))
        spell.steps = steps_with_uplift(world.flows, spell, pence, on, world.window.last)


def price_year(
    world: World, rng: random.Random, spells: Sequence[Spell], year: Span, pounds: float, sigma: float
) -> None:
    """Prices spread around the one at which the spells cost ``pounds`` in a financial year, by inclusive days."""
    for spell in spells:
        spell.weight = lognormal(rng, sigma)
    pence_days = sum(spell.weight * year.overlap(spell.start, spell.end) for spell in spells)
    if not pence_days:
        return
    scale = pounds * 700 / pence_days
    for spell in spells:
        weekly = max(1, round(spell.weight * scale))
        spell.steps = steps_with_uplift(world.flows, spell, weekly, year.last, world.window.last)


def locality_of(district: str, zone: str) -> str:
    """The day service locality of a place in Worcestershire."""
    if district == "wychavon":
        return "worcester-and-droitwich" if zone == "droitwich-zone" else "evesham-and-pershore"
    return {"worcester": "worcester-and-droitwich", "malvern-hills": "malvern"}.get(district, district)
