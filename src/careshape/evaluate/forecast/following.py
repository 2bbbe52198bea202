"""Which stay of a person follows on another, by the days between them.

Two of the three places where stays follow each other mean the same and share this: the simple methods' months
(`panel`, within a week, another service) and the conventions of cs-demand-model (`conventions`, the next day, any
service). The product's own moves (`counting`) mean something else: the next stay may begin before the first ends, must
outlast it, and of several the nearest is taken.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def following(
    person: NDArray,
    start: NDArray,
    end: NDArray,
    service: NDArray,
    none: int,
    gaps: tuple[int, int],
    same_service: bool,
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The service of the stay that follows each (``none`` where none does), and whether a stay follows another.

    gaps: least and most days from the last day of a stay to the first of that person's next. same_service: whether a
    stay in the same service follows.
    """
    order = np.arange(len(person)) if _ordered(person, start) else np.lexsort((start, person))
    before, after = order[:-1], order[1:]
    gap = start[after] - end[before]
    linked = (person[before] == person[after]) & (gap >= gaps[0]) & (gap <= gaps[1])
    if not same_service:
        linked &= service[before] != service[after]
    followed, follows = np.full(len(person), none), np.zeros(len(person), bool)
    followed[before[linked]] = service[after[linked]]
    follows[after[linked]] = True
    return followed, follows


def _ordered(person: NDArray, start: NDArray) -> bool:
    """Whether rows already stand by person and start, as they do where they were cleaned that way."""
    step = np.diff(person)
    return bool(np.all((step > 0) | ((step == 0) & (np.diff(start) >= 0))))
