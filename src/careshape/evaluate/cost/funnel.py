"""Funnel limits: how far from the average a council of its size falls by chance, and by the usual spread of councils.

Exact Poisson or binomial limits, interpolated, and, where councils differ by more than chance, limits widened by an
additive component on the square-root (or arcsine square-root) scale, from z-scores winsorised at a tenth:
Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in Medicine 24 (2005). Uncorrected
limits serve one thing only, ``share_outside_uncorrected``: they would call most large councils unusual.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from careshape.language import numeral, say

Floats = NDArray[np.float64]
Kind = Literal["rate", "proportion"]

LEVELS = {"95": 0.05, "99.8": 0.002}
"""Name of the limits -> share of councils outside them on both sides together, were all alike."""

WINSOR = 0.1
FEWEST = 10
"""With fewer councils than this, spread beyond chance cannot be told, and no limits are drawn."""


@dataclass(frozen=True)
class Funnel:
    """Limits for councils of given sizes.

    Attributes:
        target: the pooled figure of all councils (events a head, or a share), about which the limits stand.
        limits: "95" and "99.8" -> (lower, upper), in the order of the denominators.
        phi: mean of the winsorised squared z-scores: 1 where councils differ by chance alone.
        tau2: the additive variance on the transformed scale; 0 where chance explains the spread.
        share_outside_uncorrected: share of councils outside of the 99.8% limits without the correction.
        kind: what the figures are: a rate or a proportion.
    """

    target: float
    limits: dict[str, tuple[Floats, Floats]]
    phi: float
    tau2: float
    share_outside_uncorrected: float
    kind: Kind = "rate"

    def at(self, sizes: Floats) -> dict[str, tuple[Floats, Floats]]:
        """The limits for councils of any size: "95" and "99.8" -> (lower, upper), in the order of ``sizes``."""
        return _limits_at(self.kind, self.target, self.tau2, sizes)

    @property
    def method(self) -> str:
        """The name of the method that made the limits."""
        if self.tau2 > 0:
            return say(
                "funnel with additive overdispersion (spread beyond chance: {phi} times the expected)",
                phi=numeral(f"{self.phi:.1f}"),
            )
        return "exact funnel (the spread is no more than chance)"

    def summary(self) -> str:
        """The method, and what limits without the correction would have said."""
        if self.tau2 == 0:
            return self.method
        return say(
            "{method}; without it {share} of councils would be outside",
            method=self.method,
            share=numeral(f"{self.share_outside_uncorrected:.0%}"),
        )


def funnel(kind: Kind, numerators: Floats, denominators: Floats) -> Funnel | None:
    """Limits for each council; None where there are fewer than ten councils.

    Args:
        kind: "rate" (events of a population: Poisson) or "proportion" (part of a base: binomial).
        numerators, denominators: one a council, all known, denominators above 0.
    """
    if len(numerators) < FEWEST:
        return None
    target = float(numerators.sum() / denominators.sum())
    if target <= 0 or (kind == "proportion" and target >= 1):
        return None
    centre, spread = _scale(kind, np.array([target]))[0], _deviation(kind, denominators)
    z = (_scale(kind, numerators / denominators) - centre) / spread
    phi, tau2 = overdispersion(z, spread)
    low, high = exact_limits(kind, target, denominators, LEVELS["99.8"])
    figures = numerators / denominators
    outside = float(np.mean((figures < low) | (figures > high)))
    return Funnel(target, _limits_at(kind, target, tau2, denominators), phi, tau2, outside, kind)


def _limits_at(kind: Kind, target: float, tau2: float, sizes: Floats) -> dict[str, tuple[Floats, Floats]]:
    """Exact limits where chance explains the spread; else normal ones on the transformed scale, widened by it."""
    if tau2 == 0:
        return {name: exact_limits(kind, target, sizes, alpha) for name, alpha in LEVELS.items()}
    centre, wide = _scale(kind, np.array([target]))[0], np.sqrt(_deviation(kind, sizes) ** 2 + tau2)
    return {
        name: (
            _unscale(kind, centre - special.ndtri(1 - alpha / 2) * wide),
            _unscale(kind, centre + special.ndtri(1 - alpha / 2) * wide),
        )
        for name, alpha in LEVELS.items()
    }


def overdispersion(z: Floats, spread: Floats) -> tuple[float, float]:
    """Mean squared winsorised z-score, and the additive variance that brings it to 1 (0 if it is not above 1)."""
    ordered = np.clip(z, np.quantile(z, WINSOR), np.quantile(z, 1 - WINSOR))
    count, phi = len(z), float(np.mean(ordered**2))
    weight = 1 / spread**2
    if count * phi <= count - 1:
        return phi, 0.0
    return phi, float((count * phi - (count - 1)) / (weight.sum() - (weight**2).sum() / weight.sum()))


def exact_limits(kind: Kind, target: float, denominators: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Interpolated exact limits at a two-sided level ``alpha``, as figures (events a head, or shares)."""
    below = _quantile(kind, target, denominators, alpha / 2) / denominators
    above = _quantile(kind, target, denominators, 1 - alpha / 2) / denominators
    return np.maximum(below, 0), np.minimum(above, 1) if kind == "proportion" else above


def _quantile(kind: Kind, target: float, n: Floats, p: float) -> Floats:
    """The smallest count whose probability to be reached from below is above p, less the part by which it is above."""

    def cdf(count: Floats) -> Floats:
        inside = np.maximum(count, 0)
        if kind == "rate":
            found = special.pdtr(inside, target * n)
        else:  # by the incomplete beta function, which takes a base that is not whole (surveys weigh theirs)
            found = np.where(inside >= n, 1.0, special.betainc(np.maximum(n - inside, 1e-9), inside + 1, 1 - target))
        return np.where(count < 0, 0.0, found)

    mean = target * n
    deviation = np.sqrt(mean if kind == "rate" else mean * (1 - target))
    # Start a little below the normal approximation and walk up: the distance is a few counts, whatever the size.
    count = np.maximum(np.floor(mean + special.ndtri(p) * deviation - 3), 0)
    while np.any((count > 0) & (cdf(count - 1) > p)):
        count = np.where((count > 0) & (cdf(count - 1) > p), count - 1, count)
    while np.any(cdf(count) <= p):
        count = np.where(cdf(count) <= p, count + 1, count)
    reached, before = cdf(count), cdf(count - 1)
    return np.asarray(count - (reached - p) / (reached - before))


def _scale(kind: Kind, figure: Floats) -> Floats:
    return np.sqrt(figure) if kind == "rate" else np.arcsin(np.sqrt(np.clip(figure, 0, 1)))


def _unscale(kind: Kind, scaled: Floats) -> Floats:
    if kind == "rate":
        return np.asarray(np.maximum(scaled, 0) ** 2)
    return np.asarray(np.sin(np.clip(scaled, 0, np.pi / 2)) ** 2)


def _deviation(kind: Kind, denominators: Floats) -> Floats:
    """Standard deviation on the transformed scale: half of one over the root of the size, on both."""
    return np.asarray(1 / (2 * np.sqrt(denominators)))
