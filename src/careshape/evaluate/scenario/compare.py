"""Scenarios side by side: people and cost a year with and without, and the difference with its interval.

All scenarios are drawn from the same rates with the same seed, so that a difference holds what the levers do and
nothing of the luck of the draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from careshape.errors import CallError
from careshape.evaluate.forecast import Forecast, Scenario, forecast
from careshape.evaluate.forecast.scores import quantiles
from careshape.evaluate.intervals import QUANTILES

BASELINE: Final = Scenario(id="baseline", name="As things go on", note="No lever is pulled.")
MEASURES: Final = ("people", "yearly_cost")


@dataclass(frozen=True)
class Comparison:
    """Forecasts of several scenarios, the baseline first, over the same rates and draws."""

    forecasts: dict[str, Forecast]

    @property
    def baseline(self) -> Forecast:
        """The forecast without any lever."""
        return self.forecasts[BASELINE.id]

    @property
    def unmet(self) -> tuple[str, ...]:
        """A sentence for each lever that asks for people whom nobody is there for."""
        return tuple(
            f"{(one.scenario or BASELINE).name}: {said}." for one in self.forecasts.values() for said in one.unmet
        )

    def rows(
        self, months: Sequence[int], by: Sequence[str] = (), measures: Sequence[str] = MEASURES
    ) -> list[dict[str, Any]]:
        """One row a scenario, month, measure and cell.

        ``value`` is expected; ``change`` the difference from the baseline, with the 80% and 95% limits of the
        difference. A cell that no scenario changes is left out, except for totals.

        Raises CallError for a month outside of the forecast.
        """
        found = []
        for measure in measures:
            for month in months:
                base_mean, base_draws = self._cells(self.baseline, month, by, measure)
                for id_, one in self.forecasts.items():
                    mean, draws = self._cells(one, month, by, measure)
                    for i, cell in enumerate(one.cells(by)):
                        moved = not np.isclose(mean[i], base_mean[i], rtol=1e-9, atol=1e-6)
                        if by and not moved:
                            continue
                        limits = quantiles((draws[:, i] - base_draws[:, i])[:, None], list(QUANTILES.values()))[:, 0]
                        found.append(
                            {
                                "scenario": id_,
                                "name": (one.scenario or BASELINE).name,
                                "period": one.rates.census.label(one.rates.census.steps(month)),
                                "measure": measure,
                                **cell,
                                "value": _rounded(mean[i], measure),
                                "change": _rounded(mean[i] - base_mean[i], measure),
                                **{
                                    f"change_{name}": _rounded(limit, measure)
                                    for name, limit in zip(QUANTILES, limits, strict=True)
                                },
                            }
                        )
        return found

    @staticmethod
    def _cells(one: Forecast, month: int, by: Sequence[str], measure: str) -> tuple[Any, Any]:
        return one.mean(month, by, measure), np.asarray(one.samples(month, by, measure), dtype=np.float64)


def compare(baseline: Forecast, scenarios: Iterable[Scenario]) -> Comparison:
    """Forecast each scenario beside a baseline that has none.

    Raises CallError for a scenario that stands twice, a baseline that is a scenario itself, and levers on what is not
    there.
    """
    if baseline.scenario is not None:
        raise CallError("The baseline of a comparison has no scenario of its own.")
    found = {BASELINE.id: baseline}
    for one in scenarios:
        if one.id in found:
            raise CallError(f"The scenario '{one.id}' stands twice in the comparison.")
        found[one.id] = forecast(
            baseline.rates, baseline.months, baseline.draws, baseline.seed, scenario=one, occupancy=baseline.occupancy
        )
    return Comparison(found)


def _rounded(value: float, measure: str) -> float:
    return round(float(value), 1 if measure == "people" else 0)
