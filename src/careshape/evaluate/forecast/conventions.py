"""Constant rates by the conventions of cs-demand-model, for councils that compare with it or come from it.

States are group x service of the whole council, where ``group`` is the age bracket at the start of each stay. The
product's own estimators differ on purpose: here a bracket is kept through a stay and left at a constant rate, as if
ages were spread evenly and anew every day; a rate is a mean of daily shares, in which a day without anybody counts as
0, so that rates of small states come out low; and nothing depends on how long a stay has lasted. The step is a day,
and the projection is that of ``engine.propagate``.

Source: cs-demand-model 0.5.1, ``population_stats.py`` and ``prediction.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careshape.catalogue.periods import day_date
from careshape.errors import CallError
from careshape.evaluate.forecast.engine import propagate
from careshape.evaluate.forecast.following import following
from careshape.evaluate.forecast.spells import Spells

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ConstantRates:
    """Everything that a projection by constant daily rates needs; states are numbered group x service.

    Attributes:
        groups, services: ids of the states' parts.
        stock: people in each state on the last day of reference.
        transition: [state, state] share that goes on to another state, or stays, in a day.
        entries: people a day who come from outside.
    """

    groups: tuple[str, ...]
    services: tuple[str, ...]
    stock: Floats
    transition: Floats
    entries: Floats

    def mean(self, days: int) -> Floats:
        """[day, state] expected people, from the last day of reference (0) to ``days`` after it."""
        return propagate(self.stock, None, self.transition, self.entries, days, mean_only=True)[0]

    def rows(self, days: int) -> list[dict[str, object]]:
        """Expected people by group and service after ``days``."""
        states = ((group, service) for group in self.groups for service in self.services)
        found = self.mean(days)[-1]
        return [
            {"group": group, "service": service, "days": days, "value": float(value), "method": METHOD}
            for (group, service), value in zip(states, found, strict=True)
        ]


METHOD = "constant mean daily rates (conventions of cs-demand-model)"


def constant_rates(spells: Spells, reference: tuple[int, int], ageing: Sequence[int | None]) -> ConstantRates:
    """Rates over the days of ``reference``, the last of which is the origin.

    Args:
        spells: stays; ``group`` is the age bracket at the start of each. A stay that begins on the day after the same
            person's last stay ended follows from it; in the same service it is no event at all.
        reference: first and last day over which rates are meant. Events of the first day are set beside that day's own
            stock, those of other days beside the stock of the day before.
        ageing: days that each group's bracket is long; each day one in so many goes on to the next group, or leaves
            from the last. None where a group does not age.

    Raises CallError for a reference outside of the records or shorter than two days, or one length too many or too few.
    """
    first, last = reference
    if not spells.window[0] <= first < last <= spells.window[1]:
        raise CallError(
            f"The days of reference, {day_date(first)} to {day_date(last)}, must be two or more, within the records "
            f"({day_date(spells.window[0])} to {day_date(spells.window[1])})."
        )
    if len(ageing) != len(spells.groups):
        raise CallError(f"{len(ageing)} lengths of brackets are given for {len(spells.groups)} groups. Give one each.")
    services, states = len(spells.services), len(spells.groups) * len(spells.services)
    known = np.flatnonzero((spells.end >= first - 1) & (spells.start <= last + 1))  # others touch no day of reference
    state = spells.group[known].astype(np.int64) * services + spells.service[known]
    start, end = spells.start[known].astype(np.int64), spells.end[known].astype(np.int64)
    onward, follows = following(
        spells.person[known], start, end, spells.service[known], services, gaps=(1, 1), same_service=True
    )
    stock = _daily_stock(state, start, end, states, first, last)
    leaves = (end >= first - 1) & (end < last)
    rates = _mean_daily(stock, state[leaves], onward[leaves], end[leaves] + 1 - first, services)
    fresh = (start >= first) & (start <= last) & ~follows
    entries = np.bincount(state[fresh], minlength=states) / (last - first)
    transition = _transition(rates, ageing, len(spells.groups), services)
    return ConstantRates(spells.groups, spells.services, stock[-1].astype(float), transition, entries)


def _daily_stock(state: NDArray, start: NDArray, end: NDArray, states: int, first: int, last: int) -> NDArray[np.int64]:
    """[day, state] people on each day of reference."""
    days = last - first + 1
    came = np.bincount(np.clip(start - first, 0, days) * states + state, minlength=(days + 1) * states)
    went = np.bincount(np.clip(end + 1 - first, 0, days) * states + state, minlength=(days + 1) * states)
    return np.cumsum((came - went).reshape(days + 1, states), axis=0)[:days]


def _mean_daily(stock: NDArray, state: NDArray, onward: NDArray, day: NDArray, services: int) -> Floats:
    """[state, next service or none] mean of the daily shares that leave; staying in the service is no event."""
    days, states = stock.shape
    beside = stock[np.maximum(day - 1, 0), state]
    moves = onward != state % services
    share = np.zeros(len(day))
    np.divide(1.0, beside, out=share, where=moves & (beside > 0))
    total = np.bincount(state * (services + 1) + onward, share, states * (services + 1))
    return total.reshape(states, services + 1) / days


def _transition(rates: Floats, ageing: Sequence[int | None], groups: int, services: int) -> Floats:
    """The daily step: moves keep the group, ageing keeps the service; nobody leaves more than once a day."""
    states = groups * services
    index = np.arange(states)
    older = np.repeat([0.0 if days is None else 1 / days for days in ageing], services)
    out = rates.sum(axis=1) + older
    cut = np.maximum(out, 1.0)
    step = np.zeros((states, states))
    step[index[:, None], index[:, None] // services * services + np.arange(services)] = (
        rates[:, :services] / cut[:, None]
    )
    step[index[:-services], index[:-services] + services] += (older / cut)[:-services]
    step[index, index] += 1 - out / cut
    return step
