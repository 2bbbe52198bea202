"""Prices: spread around a mean, exact in total, and raised each April."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from careshape.demo.chance import lognormal
from careshape.demo.days import aprils
from careshape.demo.flows import Flows
from careshape.demo.model import Spell, Step


def spread(rng: random.Random, spells: Iterable[Spell], sigma: float) -> None:
    """Draw each spell's raw price around 1."""
    for spell in spells:
        spell.weight = lognormal(rng, sigma)


def steps_with_uplift(flows: Flows, spell: Spell, weekly: int, on: int, last: int) -> list[Step]:
    """Terms of a spell that costs ``weekly`` pence on the day ``on``: a new step each 1 April, at the year's price.

    Args:
        on: day for which ``weekly`` holds; earlier steps are cheaper and later ones dearer by the yearly uplift.
        last: last day of the window, after which nothing is priced.
    """
    starts = [spell.start, *aprils(max(spell.start, 0), min(last, spell.end if spell.end is not None else last))]
    steps = []
    for start in starts:
        factor = flows.uplift(on, start) if start > on else 1 / flows.uplift(start, on)
        steps.append(Step(start, weekly if factor == 1.0 else max(1, round(weekly * factor))))
    return steps


def by_the_hour(steps: Sequence[Step], rate: float) -> list[Step]:
    """The same costs in quarter hours a week, at about ``rate`` pounds an hour on the last step."""
    quantity = max(50, 25 * round(4 * steps[-1].weekly / (100 * rate)))
    return [Step(step.start, step.weekly, quantity, round(100 * step.weekly / quantity), step.group) for step in steps]
