"""Exact propagation of the mean and covariance of a population that leaves, moves and is joined by new people.

People act independently. In one step a person of state i goes to state j with probability ``M[i, j]`` and leaves with
what a row lacks to 1; new people come as Poisson counts. Then, with m the mean and V the covariance of the stock::

    m' = M' m + e
    V' = M' V M  +  sum over i of m_i (diag(M_i) - M_i M_i')  +  diag(e)

where M_i is row i as a column: the stock's own spread carried on, the multinomial noise of this step, and the entries.
Source: moments of a multi-type branching process with immigration, where each person has one successor at most.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from careshape.errors import CallError

Floats = NDArray[np.float64]


def propagate(
    stock_mean: Any, stock_cov: Any, transition: Any, entries: Any, steps: int, mean_only: bool = False
) -> tuple[Floats, Floats]:
    """Carry mean and covariance over ``steps`` steps.

    stock_mean: [..., n] people in each state at the start. stock_cov: [..., n, n], or None where the stock is known.
    transition: [..., n, n], or [steps, ..., n, n] where it changes from step to step. entries: [..., n] a step, or
    [steps, ..., n]. Leading axes are independent populations, carried together.

    Returns the means [steps + 1, ..., n] and covariances [steps + 1, ..., n, n] (an empty array with ``mean_only``).
    Raises CallError for probabilities outside of 0 to 1, rows that sum to more than 1, negative entries or steps < 1.
    """
    mean = np.asarray(stock_mean, dtype=np.float64)
    n = mean.shape[-1]
    cov = np.zeros((*mean.shape, n)) if stock_cov is None else np.asarray(stock_cov, dtype=np.float64)
    move, enter = np.asarray(transition, dtype=np.float64), np.asarray(entries, dtype=np.float64)
    check_chain(move, enter, steps)
    moves = np.broadcast_to(move, (steps, *mean.shape, n)) if move.ndim <= cov.ndim else move
    enters = np.broadcast_to(enter, (steps, *mean.shape)) if enter.ndim <= mean.ndim else enter
    means, covs = [mean], [cov]
    for t in range(steps):
        here, back = moves[t], np.swapaxes(moves[t], -1, -2)
        if not mean_only:
            noise = back @ (mean[..., :, None] * here)
            cov = back @ cov @ here - noise
        mean = np.einsum("...ij,...i->...j", here, mean) + enters[t]
        means.append(mean)
        if not mean_only:
            # Sum over i of m_i diag(M_i), plus diag(e), is the new mean on the diagonal.
            cov[..., np.arange(n), np.arange(n)] += mean
            covs.append(cov)
    return np.asarray(means), np.asarray(covs) if not mean_only else np.empty(0)


def check_chain(transition: Floats, entries: Floats, steps: int) -> None:
    """Refuse what is no chain of probabilities. Raises CallError."""
    if steps < 1:
        raise CallError(f"{steps} steps were asked for. A forecast needs 1 or more.")
    if not np.all(np.isfinite(transition)) or transition.min(initial=0) < 0 or transition.max(initial=0) > 1:
        raise CallError("A rate is outside of 0 to 1: a transition is the share of people who make it in one step.")
    if transition.sum(axis=-1).max(initial=0) > 1 + 1e-9:
        raise CallError(
            f"The rates out of a state sum to {transition.sum(axis=-1).max():.4f} in one step, more than everybody. "
            "Use shorter steps or lower rates."
        )
    if not np.all(np.isfinite(entries)) or entries.min(initial=0) < 0:
        raise CallError("Entries are below 0 or not numbers. They are people a step, 0 or more.")
