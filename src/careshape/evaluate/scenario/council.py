"""The cheapest mix for one council: its expected people, its own prices, its options and limits."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared
from careshape.errors import CallError, CatalogueError
from careshape.evaluate.forecast import Forecast
from careshape.evaluate.scenario.mix import Cell, Limits, Option, Plan, cheapest_mix


class _Mix(BaseModel):
    """The file: options, and limits by service and year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    option: tuple[Option, ...] = Field(min_length=1)
    room: dict[str, tuple[float, ...]] = {}
    budget: tuple[float, ...] | None = None


def read_mix(name: str, raw: dict[str, Any]) -> tuple[tuple[Option, ...], Limits]:
    """Options and limits of a file's content. Raises CatalogueError naming file, entry, field, value and rule."""
    mix = declared(_Mix, raw, name)
    for one in mix.option:
        if not one.source:
            raise CatalogueError(name, one.id, "source", "", "Say where limits and staying come from.")
    return mix.option, Limits(room=mix.room, budget=mix.budget)


def expected_people(made: Forecast, years: int) -> dict[Cell, list[float]]:
    """(service, client group) -> people expected on average in each year of the forecast."""
    if not 1 <= years <= made.months // 12:
        raise CallError(f"The forecast covers {made.months // 12} whole years; {years} were asked for.")
    by = ("service", "group")
    yearly = [np.mean([made.mean(12 * year + month, by) for month in range(1, 13)], axis=0) for year in range(years)]
    cells = [(cell["service"], cell["group"]) for cell in made.cells(by)]
    return {cell: [float(values[i]) for values in yearly] for i, cell in enumerate(cells) if yearly[0][i] > 0}


def weekly_costs(made: Forecast) -> dict[Cell, float]:
    """(service, client group) -> pounds a week for a person, as the forecast has them, at its price level."""
    by = ("service", "group")
    people, cost = made.mean(0, by), made.mean(0, by, "weekly_cost")
    return {
        (cell["service"], cell["group"]): float(cost[i] / people[i])
        for i, cell in enumerate(made.cells(by))
        if people[i] > 0 and cost[i] > 0
    }


def council_mix(made: Forecast, years: int, options: tuple[Option, ...], limits: Limits | None = None) -> Plan:
    """The cheapest mix over the next years; services that cost nothing a week are left out of the sums.

    Raises CallError as `cheapest_mix` does.
    """
    costs = weekly_costs(made)
    people = {cell: expected for cell, expected in expected_people(made, years).items() if cell in costs}
    return cheapest_mix(people, costs, options, limits)
