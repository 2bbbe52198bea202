"""Place the requests of a week together, with a proof of how good the plan is and a reason for whatever is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from careshape.matching.check import Checked, Proof, check
from careshape.matching.columns import by_loads
from careshape.matching.knapsack import unit_of
from careshape.matching.rounding import by_prices
from careshape.matching.week import NOBODY, Week, Whole, hours_left

FEW: Final = 5
"""Requests to a provider, up to which whole loads are put together; beyond, the relaxation is nearly whole."""
LARGEST: Final = 4000
"""Units of the largest provider, up to which loads are filled exactly."""


@dataclass(frozen=True)
class Placed:
    """A plan for a week.

    Attributes:
        given: for each request the number of its provider, -1 for none.
        method: "whole loads" or "prices of hours".
        proof: prices from which anybody can work out the bound.
        checked: what an independent judge found: value, bound, faults (none).
        reasons: by reference, why a request was left, in words.
    """

    given: tuple[int, ...]
    method: str
    proof: Proof
    checked: Checked
    reasons: dict[str, str]


def place(week: Week) -> Placed:
    """The best plan that is found, by the method that suits the week. The same week gives the same plan.

    Raises:
        AssertionError: the judge finds a fault in the plan, which is a fault of ours.
    """
    if few_each(len(week.requests), len(week.providers)) and can_be_filled(week.capacity // unit_of(week)):
        (given, prices), method = by_loads(week), "whole loads"
        proof = Proof("requests", tuple(prices.tolist()))
    else:
        (given, prices), method = by_prices(week), "prices of hours"
        proof = Proof("hours", tuple(prices.tolist()))
    _fill_up(week, given)
    plan = tuple(given.tolist())
    checked = check(week, plan, proof)
    if checked.faults:
        raise AssertionError(" ".join(checked.faults))
    return Placed(plan, method, proof, checked, reasons_of(week, given))


def few_each(requests: int, providers: int) -> bool:
    """Whether so many providers take few requests each."""
    return requests <= FEW * max(1, providers)


def can_be_filled(room: Whole) -> bool:
    """Whether the largest of some rooms, in units, can be filled exactly."""
    return int(room.max(initial=0)) <= LARGEST


def _fill_up(week: Week, given: Whole) -> None:
    """Give what is left to whoever still has the hours, the best first: a plan never leaves what it could place."""
    left = hours_left(week, given)
    rows = np.nonzero(given == NOBODY)[0]
    first = week.value.max(axis=1, initial=0)
    for row in rows[np.argsort(-first[rows], kind="stable")]:
        for provider in week.near[row]:
            if provider != NOBODY and left[provider] >= week.hours[row]:
                given[row] = provider
                left[provider] -= week.hours[row]
                break


def reasons_of(week: Week, given: Whole) -> dict[str, str]:
    """Why each request that is left is left."""
    reasons = {}
    for row in np.nonzero(given == NOBODY)[0]:
        able = week.near[row][week.near[row] != NOBODY]
        if len(able):
            said = _full(len(able), bool((week.capacity[able] >= week.hours[row]).any()))
        elif week.barred and week.barred[row]:
            said = _barred(week.barred[row])
        else:
            said = "No provider is known for it."
        reasons[week.requests[row]] = said
    return reasons


def _full(able: int, once: bool) -> str:
    """Of a request that somebody may be offered: nobody has the hours, or nobody has them any more in this plan."""
    who = f"{able} providers may be offered it" if able > 1 else "1 provider may be offered it"
    if not once:
        return f"{who}, and {'none of them has' if able > 1 else 'it does not have'} as many hours left for the week."
    whose = "their" if able > 1 else "its"
    return f"{who}, and in the plan that is worth most together too few of {whose} hours are left."


def _barred(barred: Mapping[str, tuple[str, ...]]) -> str:
    provider, why = min(barred.items())
    many = (
        f"None of {len(barred)} providers may be offered it. The first of them,"
        if len(barred) > 1
        else "The only provider,"
    )
    return f"{many} {provider}, {' and '.join(why)}."
