"""Place generated weeks of requests together: how near to a proven bound, how fast, and what first come loses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from careshape.bench.brokerage_weeks import MadeWeek, make_week
from careshape.bench.clock import timed
from careshape.bench.goals import TOLERANCE, Goal
from careshape.matching import Checked, rank
from careshape.matching.by_pools import pass_programme
from careshape.matching.check_pools import check_pools
from careshape.matching.pooled import Pooled, in_turn, place_pooled
from careshape.matching.prices import solver
from careshape.matching.week import NOBODY

GAP: Final = Goal("gap_to_bound is", high=0.01, form=".2%", bound_form=".0%")
FIRST_COME: Final = Goal("first_come_gap is", low=0.05, form=".1%", bound_form=".0%")
SECONDS: Final = Goal("the round took", high=60.0, form=".1f", unit=" processor seconds", tolerance=TOLERANCE)
RANKING: Final = Goal("a ranking took", high=50.0, form=".1f", unit=" ms at the 95th percentile", tolerance=TOLERANCE)
SOLVER_SECONDS: Final = 60.0
"""Time that a plain call of the solver is given on the same week."""
RANKED: Final = 200
"""Requests that are ranked by themselves, each with its whole explanation."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Brokered:
    """A generated week, placed in three ways.

    Attributes:
        requests, providers, pairs: how large the week was; pairs are those that a provider may be offered.
        method: by which the round was placed.
        placed: requests that have a provider; ``first_come_placed``: those that have one without a round.
        gap_to_bound: how far the plan can be below the best there is, as a share of the proven bound.
        first_come_gap: how much less first-come-first-served is worth than the plan, as a share of the plan.
        solver_gap: the gap of a plain call of the solver in its time; None where it found no plan, or was not called.
        cpu_seconds: ranking, placing, and judging the plan; ``solver_seconds``: the plain call.
        ranking_ms: of one explained ranking, at the 95th percentile.
        faults: that the judge found; there must be none.
    """

    requests: int
    providers: int
    pairs: int
    method: str
    placed: int
    first_come_placed: int
    gap_to_bound: float
    first_come_gap: float
    solver_gap: float | None
    cpu_seconds: float
    rank_seconds: float
    solver_seconds: float | None
    ranking_ms: float
    faults: int

    def missed(self) -> list[str]:
        """Goals that were missed, in words."""
        return self._judged(lambda goal, value: goal.missed(value))

    def failed(self) -> list[str]:
        """Those that were missed so far that the benchmark fails: gaps at once, times beyond three times."""
        return self._judged(lambda goal, value: goal.failed(value))

    def _judged(self, judge: Callable[[Goal, float], list[str]]) -> list[str]:
        found = [f"the judge found {self.faults} faults in plans"] if self.faults else []
        pairs = ((GAP, self.gap_to_bound), (FIRST_COME, self.first_come_gap), (SECONDS, self.cpu_seconds))
        return found + [said for goal, value in (*pairs, (RANKING, self.ranking_ms)) for said in judge(goal, value)]

    def as_json(self) -> dict[str, Any]:
        """Every figure, under the names that the reference lists."""
        return {**asdict(self), "missed": self.missed(), "failed": self.failed()}


def bench_brokerage(
    requests: int, providers: int, seed: int, say: Say, beside: float | None = SOLVER_SECONDS
) -> Brokered:
    """Make a week; place it by the round, first come first served, and by one call of the solver.

    beside: seconds that the solver is given by the clock; None not to call it.
    """
    made = make_week(requests, providers, seed)
    say(f"Ranking {requests:,} requests, each to those of {providers:,} providers that may be offered it.")
    pooled, ranking = timed(made.pooled)
    say("Placing them together.")
    placed, placing = timed(place_pooled, pooled)
    turn, _ = in_turn(pooled)
    first = _judged(pooled, turn)
    plain: tuple[Checked | None, float | None] = (None, None)
    if beside is not None:
        say(f"Calling the solver by itself, for {beside:.0f} seconds at most.")
        given, solving = timed(_plain, pooled, beside)
        plain = (None if given is None else _judged(pooled, given)), solving.cpu
    judged = [one for one in (placed.checked, first, plain[0]) if one is not None]
    bound = placed.checked.bound
    return Brokered(
        requests, providers, int((pooled.week.near != NOBODY).sum()), placed.method,
        placed=sum(one != NOBODY for one in placed.given), first_come_placed=sum(one != NOBODY for one in turn),
        gap_to_bound=placed.checked.gap, first_come_gap=1 - first.value / placed.checked.value,
        solver_gap=None if plain[0] is None else 1 - plain[0].value / bound,
        cpu_seconds=ranking.cpu + placing.cpu, rank_seconds=ranking.cpu, solver_seconds=plain[1],
        ranking_ms=_one_ranking(made), faults=sum(len(one.faults) for one in judged),
    )  # fmt: skip


def _judged(pooled: Pooled, given: tuple[int, ...]) -> Checked:
    return check_pools(pooled.week, given, pooled.among, pooled.pools)


def _plain(pooled: Pooled, seconds: float) -> tuple[int, ...] | None:
    """The whole week as one integer programme, as far as the solver comes in its time; None where it finds no plan."""
    ways = pooled.ways()
    row, place = np.nonzero(ways.week.near != NOBODY)
    highs = solver(seconds)
    pass_programme(highs, ways, (row, place), None, whole=True)
    highs.run()
    solution = highs.getSolution()
    if not solution.value_valid:
        return None
    given = np.full(len(ways.week.requests), NOBODY, dtype=np.int64)
    chosen = np.array(solution.col_value)[: len(row)] > 0.5
    given[row[chosen]] = np.array(ways.provider)[ways.week.near[row[chosen], place[chosen]]]
    return tuple(given.tolist())


def _one_ranking(made: MadeWeek) -> float:
    """Milliseconds of processor time of one explained ranking, at the 95th percentile."""
    took = [timed(rank, one, made.candidates[one.reference])[1].cpu for one in made.requests[:RANKED]]
    return float(np.percentile(took, 95)) * 1000
