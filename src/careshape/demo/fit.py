"""Fitting: whole numbers that add up exactly, and parts that round to what is printed together with their totals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

K = TypeVar("K")


def share_out(total: int, weights: Mapping[K, float]) -> dict[K, int]:
    """Split a whole number by weight, largest remainder first; the parts add up to ``total``."""
    whole = sum(weights.values())
    if not weights or whole <= 0:
        return dict.fromkeys(weights, 0)
    exact = {key: total * weight / whole for key, weight in weights.items()}
    parts = {key: math.floor(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: parts[key] - exact[key])
    for key in by_remainder[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


def fit_total(weights: Sequence[float], total: int, least: int = 1) -> list[int]:
    """Whole numbers in proportion to ``weights``, none below ``least``, that add up to ``total``."""
    if not weights:
        return []
    parts = share_out(total - least * len(weights), dict(enumerate(weights))) if total >= least * len(weights) else {}
    return [least + parts.get(i, 0) for i in range(len(weights))]


@dataclass(frozen=True)
class Printed:
    """A printed figure: the sum of ``parts`` rounds to ``value`` in steps of ``unit``."""

    parts: tuple[int, ...]
    value: Decimal
    unit: Decimal = Decimal(1)

    def bounds(self, margin: float) -> tuple[float, float]:
        """Between what the sum may lie, kept ``margin`` (a share of the unit) clear of the rounding edges."""
        half = float(self.unit) * (0.5 - margin)
        return float(self.value) - half, float(self.value) + half


def settle(
    start: Sequence[float], printed: Sequence[Printed], fixed: Sequence[int] = (), margin: float = 0.1
) -> list[float]:
    """Move parts until every printed figure rounds as printed, where that is possible at all.

    Alternating projections on the bounds: each figure that is out of bounds is brought in by moving its free parts
    alike. Figures later in the list give way to earlier ones where both cannot hold, so totals come last.

    Args:
        start: first values of the parts.
        printed: the figures, parts before totals.
        fixed: places of the parts that cannot move.
        margin: distance from the rounding edges, as a share of the unit.
    """
    values = list(start)
    held = set(fixed)
    for _ in range(400):
        moved = False
        for figure in reversed(printed):
            low, high = figure.bounds(margin)
            total = sum(values[i] for i in figure.parts)
            gap = low - total if total < low else high - total if total > high else 0.0
            free = [i for i in figure.parts if i not in held]
            if abs(gap) > 1e-9 and free:
                moved = True
                for i in free:
                    values[i] += gap / len(free)
        if not moved:
            break
    return values
