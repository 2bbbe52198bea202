"""Need as rows, with what a page or a file must say beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from careshape.evaluate.need.prevalence import Prevalence
from careshape.evaluate.population import Population

COLUMNS = (
    "condition",
    "area",
    "level",
    "age_band",
    "sex",
    "year",
    "value",
    "lower_95",
    "lower_80",
    "median",
    "upper_80",
    "upper_95",
    "national_value",
    "factor",
    "study",
    "label",
    "method",
    "no_interval",
)
"""The columns of a row of need, in order. `level` says what the area is: "council" for the whole of it, which its
districts add up to, "district" or "neighbourhood". `value` is population x rate; limits and median are of the draws."""


@dataclass(frozen=True)
class NeedResult:
    """How many people have a condition.

    Attributes:
        rows: dictionaries of COLUMNS; a limit is None where none was published, and `no_interval` says why.
        by: what they are split by. conditions: the rates used. population: the people that they were applied to.
        local: whether values are adjusted to local counts (then `national_value` and `factor` are there too).
        uncounted: conditions that were to be adjusted, and of which the council has no complete count.
    """

    rows: list[dict[str, Any]]
    by: tuple[str, ...]
    conditions: tuple[Prevalence, ...]
    population: Population
    local: bool
    uncounted: tuple[str, ...] = ()

    @property
    def caveats(self) -> list[str]:
        """What a reader of the figures should know, each once."""
        own = [f"{one.label}: {one.caveat}" for one in self.conditions]
        return list(dict.fromkeys([*own, *self.population.caveats]))

    @property
    def sources(self) -> list[str]:
        """What the figures rest on, each once."""
        return list(dict.fromkeys([*(one.citation for one in self.conditions), self.population.attribution]))

    def value(self, **wanted: Any) -> float:
        """The value of the only row that fits. Raises KeyError where none or several do."""
        found = [row for row in self.rows if all(row[name] == value for name, value in wanted.items())]
        if len(found) != 1:
            raise KeyError(f"{len(found)} rows fit {wanted}")
        return float(found[0]["value"])
