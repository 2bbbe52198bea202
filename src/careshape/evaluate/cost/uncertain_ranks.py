"""How far a rank can be trusted: draws of what each council's figure may truly be, ranked draw by draw.

Empirical Bayes: the spread of all councils is the prior, the council's own count or standard error the likelihood.
Gamma-Poisson for rates, beta-binomial for proportions, normal for figures with a standard error. A rank interval holds
the middle 95% of the drawn ranks; a band is given only where the whole interval lies in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from careshape.evaluate.cost.ranks import Good
from careshape.evaluate.intervals import QUANTILES
from careshape.language import say

Floats = NDArray[np.float64]
DRAWS = 1000
"""Enough for the ends of a 95% interval to within two places of 150; a page of all indicators stays quick."""


@dataclass(frozen=True)
class RankInterval:
    """Between which places a council truly stands, with 95% probability, and of how many."""

    low: int
    high: int
    of: int

    def band(self, good: Good) -> str:
        """In words: which part of the group the council is clearly in, if any."""
        ends = {"up": ("best", "worst"), "down": ("best", "worst"), "neither": ("lowest", "highest")}[good]
        if self.high <= self.of / 4:
            return say("clearly among the {ends} quarter", ends=say(ends[0]))
        if self.low > 3 * self.of / 4:
            return say("clearly among the {ends} quarter", ends=say(ends[1]))
        if self.high <= self.of / 2:
            return say("clearly in the {ends} half", ends=say(ends[0]) if good == "neither" else say("better"))
        if self.low > self.of / 2:
            return say("clearly in the {ends} half", ends=say(ends[1]) if good == "neither" else say("worse"))
        return say("not clearly in either half")


def draw_counts(
    kind: Literal["rate", "proportion"],
    numerators: Floats,
    denominators: Floats,
    generator: np.random.Generator,
    draws: int = DRAWS,
) -> Floats:
    """Draws [draws, councils] of the true rates (gamma-Poisson) or proportions (beta-binomial)."""
    mean = float(numerators.sum() / denominators.sum())
    between = _between(kind, numerators, denominators, mean)
    if kind == "rate":
        shape, size = mean**2 / between, mean / between
        return generator.gamma(shape + numerators, 1 / (size + denominators), (draws, len(numerators)))
    size = max(mean * (1 - mean) / between - 1, 1e-6)
    hits, misses = mean * size + numerators, (1 - mean) * size + denominators - numerators
    return generator.beta(np.maximum(hits, 1e-9), np.maximum(misses, 1e-9), (draws, len(numerators)))


def _between(kind: str, numerators: Floats, denominators: Floats, mean: float) -> float:
    """Variance between councils by moments: what is left of the spread after that of chance (DerSimonian and Laird)."""
    figure = numerators / denominators
    chance = mean * (1 - mean if kind == "proportion" else 1) / denominators
    return max(_moments(figure, chance), mean**2 * 1e-6)


def _moments(figure: Floats, variance: Floats) -> float:
    weight = 1 / variance
    centre = float((weight * figure).sum() / weight.sum())
    excess = float((weight * (figure - centre) ** 2).sum()) - (len(figure) - 1)
    return max(excess / float(weight.sum() - (weight**2).sum() / weight.sum()), 0.0)


def draw_normal(figures: Floats, errors: Floats, generator: np.random.Generator, draws: int = DRAWS) -> Floats:
    """Draws [draws, councils] of true figures from figures with standard errors, drawn together towards their mean."""
    between = max(_moments(figures, errors**2), float(np.var(figures)) * 1e-6, 1e-12)
    weight = 1 / (errors**2 + between)
    centre = float((weight * figures).sum() / weight.sum())
    kept = between / (between + errors**2)
    return generator.normal(centre + kept * (figures - centre), np.sqrt(kept * errors**2), (draws, len(figures)))


def rank_intervals(drawn: Floats, good: Good = "neither") -> list[RankInterval]:
    """95% rank intervals of the councils of ``drawn`` [draws, councils]; rank 1 as in ``ranks.standings``."""
    order = np.argsort(-drawn if good == "up" else drawn, axis=1)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, drawn.shape[1] + 1)[None, :], axis=1)
    low = np.quantile(ranks, QUANTILES["lower_95"], axis=0, method="inverted_cdf")
    high = np.quantile(ranks, QUANTILES["upper_95"], axis=0, method="inverted_cdf")
    return [RankInterval(int(a), int(b), drawn.shape[1]) for a, b in zip(low, high, strict=True)]


def error_from_change(before: Floats, after: Floats) -> float | None:
    """Standard error of one year's figure on the log scale, from how councils moved between two years; None if few.

    What all share (a general rise) is taken out by the median; what is left is taken as noise of two years, so half of
    its variance is that of one. True change is counted as noise, so intervals are wide rather than narrow. The
    spread is measured by the median absolute deviation, which a few odd returns do not move.
    """
    change = np.log(after) - np.log(before)
    if len(change) < 10:
        return None
    spread = float(np.median(np.abs(change - np.median(change)))) * 1.4826
    return spread / float(np.sqrt(2)) if spread > 1e-6 else None
