"""The requests of a week together: who could take which, how much each is worth, and what is left of each provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careshape.errors import CallError
from careshape.matching.criteria import Criteria, criteria
from careshape.matching.rank import Candidate, Request, lot, points, why_not

Whole = NDArray[np.int64]
NOBODY = -1


@dataclass(frozen=True)
class Week:
    """Requests to be placed together. The objective is the sum of ``value`` over what is placed.

    Attributes:
        requests, providers: their references.
        near: (requests, most candidates) number of the provider in each request's list, the best first; -1 after them.
        value: the same shape: hundredths of points, those of the person's choice included, times hundredths of an hour,
            so that a long package weighs as much as its hours; 0 after the last.
        hours: hundredths of an hour a week that each request takes.
        capacity: hundredths of an hour a week that each provider has left.
        barred: why the providers ruled out of each request are.
    """

    requests: tuple[str, ...]
    providers: tuple[str, ...]
    near: Whole
    value: Whole
    hours: Whole
    capacity: Whole
    barred: tuple[Mapping[str, tuple[str, ...]], ...] = ()

    def __post_init__(self) -> None:
        shape = (len(self.requests), self.near.shape[1])
        if self.near.shape != shape or self.value.shape != shape or self.hours.shape != shape[:1]:
            raise CallError(f"A week of {shape[0]} requests needs lists and hours for each of them.")
        if self.capacity.shape != (len(self.providers),):
            raise CallError(f"A week of {len(self.providers)} providers needs the hours left of each of them.")
        if (self.hours <= 0).any() or (self.capacity < 0).any() or (self.value < 0).any():
            raise CallError("Hours asked for must be above nought, and hours left and values not below it.")


def week_of(
    requests: Sequence[Request],
    candidates: Mapping[str, Sequence[Candidate]],
    free: Mapping[str, int],
    by: Criteria | None = None,
) -> Week:
    """The week of these requests.

    Args:
        requests: what is asked for, each with a reference of its own.
        candidates: by reference of the request, the providers as they stand to it.
        free: by provider, the hundredths of an hour a week that it has left for all requests together.
        by: the criteria; by default the packaged ones.

    Raises:
        CallError: a reference stands twice, or a candidate has no hours in ``free``.
    """
    by = by or criteria()
    names = tuple(one.reference for one in requests)
    if len(set(names)) != len(names):
        raise CallError("A request stands twice in the week. Each needs a reference of its own.")
    providers = tuple(sorted(free))
    number = {provider: place for place, provider in enumerate(providers)}
    lists, barred = [], []
    for one in requests:
        here = candidates.get(one.reference, ())
        lists.append(_list(one, here, number, by))
        barred.append({c.provider: reasons for c in here if (reasons := why_not(one, c))})
    longest = max((len(pairs) for pairs in lists), default=0)
    near = np.full((len(names), longest), NOBODY, dtype=np.int64)
    value = np.zeros((len(names), longest), dtype=np.int64)
    for row, pairs in enumerate(lists):
        for place, (worth, provider) in enumerate(pairs):
            near[row, place], value[row, place] = provider, worth
    hours = np.array([one.takes for one in requests], dtype=np.int64)
    return Week(
        names, providers, near, value, hours, np.array([free[p] for p in providers], dtype=np.int64), tuple(barred)
    )


def _list(one: Request, here: Sequence[Candidate], number: Mapping[str, int], by: Criteria) -> list[tuple[int, int]]:
    """Value and number of each provider that could take a request: the best first, equals by their lots."""
    for candidate in here:
        if candidate.provider not in number:
            raise CallError(f"Provider {candidate.provider} has no hours left stated for the week. State them, or 0.")
    able = [candidate for candidate in here if not why_not(one, candidate)]
    cheapest = min((candidate.price for candidate in able), default=0)
    rows = []
    for candidate in able:
        choice = by.choice_of(one.choices, candidate.provider)
        worth = points(one, candidate, cheapest, by) + by.choice_points(choice)
        rows.append((-worth * one.hours, lot(one.reference, candidate.provider), number[candidate.provider]))
    return [(-worth, provider) for worth, _, provider in sorted(rows)]


def first_come(week: Week) -> Whole:
    """What happens without a round: each request in turn goes to the best provider that still has the hours.

    Returns:
        For each request the number of its provider, -1 where nobody is left.
    """
    left = week.capacity.copy()
    given = np.full(len(week.requests), NOBODY, dtype=np.int64)
    for row, hours in enumerate(week.hours):
        for provider in week.near[row]:
            if provider != NOBODY and left[provider] >= hours:
                given[row] = provider
                left[provider] -= hours
                break
    return given


def hours_left(week: Week, given: Whole) -> Whole:
    """Hundredths of an hour a week that a plan leaves each provider."""
    placed = given != NOBODY
    used = np.bincount(given[placed], weights=week.hours[placed], minlength=len(week.providers))
    return week.capacity - used.astype(np.int64)
