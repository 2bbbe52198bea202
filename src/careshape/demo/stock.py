"""Stocks and flows: spells that pass through a service so that the people in it are as many as they should be.

People leave by the length of stay; those who arrive make up the number. Between two counted dates arrivals are spread
evenly, and those who come and go in between come and go as well.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from careshape.demo.chance import Stay
from careshape.demo.days import Span


@dataclass(frozen=True)
class Anchor:
    """So many people have the service on any day of ``span``; ``leaving`` of them end in it before its last day."""

    span: Span
    people: int
    leaving: int | None = None


@dataclass(frozen=True)
class Shock:
    """A time in which a share of the spells that run into it end (the first wave of the pandemic)."""

    span: Span
    share: float


@dataclass(slots=True)
class Stretch:
    """Start and end of a spell before anybody holds it; ``end`` may lie after the window."""

    start: int
    end: int


def stock_path(
    rng: random.Random, stay: Stay, anchors: Sequence[Anchor], until: int, shock: Shock | None = None
) -> list[Stretch]:
    """Spells of one service and group that meet every anchor, in order of the anchors.

    The first anchor is a day: its people are met while their spells run. After the last anchor arrivals go on at the
    rate of the last interval, to the day ``until``.
    """
    first = anchors[0]
    stretches = []
    for _ in range(first.people):
        gone, left = stay.running(rng)
        stretches.append(_struck(rng, Stretch(first.span.first - gone, first.span.last + left), shock, first.span.last))
    arrivals, length = 0, 1
    for before, anchor in pairwise(anchors):
        arrivals = _meet(rng, stay, stretches, before, anchor, shock)
        length = anchor.span.last - before.span.last
    for _ in range(round(arrivals * (until - anchors[-1].span.last) / length)):
        start = rng.randint(anchors[-1].span.last + 1, until)
        stretches.append(Stretch(start, start + stay.draw(rng)))
    return stretches


def _meet(
    rng: random.Random, stay: Stay, stretches: list[Stretch], before: Anchor, anchor: Anchor, shock: Shock | None
) -> int:
    """Add arrivals, or let people leave sooner, until the anchor holds; returns how many arrived."""
    span, since = anchor.span, before.span.last
    present = [one for one in stretches if one.start <= span.last and one.end >= span.first]
    arrived = 0
    if len(present) > anchor.people:
        movable = [one for one in present if max(one.start, since) + 1 <= span.first - 1]
        for one in rng.sample(movable, min(len(movable), len(present) - anchor.people)):
            one.end = rng.randint(max(one.start, since) + 1, span.first - 1)
        present = [one for one in present if one.end >= span.first]
    while len(present) < anchor.people:
        start = rng.randint(since + 1, span.last)
        one = _struck(rng, Stretch(start, start + stay.draw(rng)), shock, start)
        stretches.append(one)
        arrived += 1
        if one.end >= span.first:
            present.append(one)
    if anchor.leaving is not None:
        _settle_leavers(rng, stay, present, anchor, anchor.leaving)
    return arrived


def _settle_leavers(rng: random.Random, stay: Stay, present: list[Stretch], anchor: Anchor, leaving: int) -> None:
    """Let exactly ``leaving`` of those present end before the last day of the anchor's span."""
    first, last = anchor.span.first, anchor.span.last
    inside = [one for one in present if one.end < last]
    for one in inside[leaving:]:
        one.end = last + stay.running(rng)[1]
    stable = [one for one in present if one.end >= last and one.start < first]
    for one in rng.sample(stable, min(len(stable), max(0, leaving - len(inside)))):
        one.end = rng.randint(first, last - 1)


def _struck(rng: random.Random, one: Stretch, shock: Shock | None, met: int) -> Stretch:
    """The spell, ended inside the shock where it is one of those hit."""
    if shock and met < shock.span.first and one.end > shock.span.last and rng.random() < shock.share:
        one.end = rng.randint(shock.span.first, shock.span.last)
    return one
