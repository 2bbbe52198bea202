"""How rates are fitted: every choice that changes a number is a named setting with a stated default."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, get_args

from careshape.errors import CallError

Step = Literal["month", "day"]
Model = Literal["semi-markov", "markov"]
Shocks = Literal["auto"] | tuple[tuple[int, int], ...] | None

MODELS: Final[tuple[str, ...]] = get_args(Model)
DAYS_A_MONTH: Final = 365.25 / 12


@dataclass(frozen=True)
class FitSettings:
    """Settings of `fit`."""

    step: Step = "month"
    """Time between two census days."""
    age_bands: tuple[int, ...] = (0, 18, 65, 75, 85)
    """First age, in years, of each band."""
    duration_bands: tuple[int, ...] = (0, 1, 2, 3, 6, 12, 24, 48, 96)
    """First month of stay of each band; the Markov model uses one band."""
    move_days: int = 7
    """An end is a move where the same person starts another service within so many days of it."""
    shocks: Shocks = "auto"
    """Stretches of days (first, last) that say nothing of the level or the trend; ``auto`` looks for them."""
    history_months: int | None = None
    """Use only so many months before the origin; None uses all that the records cover."""
    least_months: int = 6
    """Records shorter than this are refused."""
    minimum_events: int = 20
    """The row of a rate with fewer events says so. Every rate leans on wider ones, by as much as counts tell; with few
    events of its own it is mostly theirs."""
    shrink_events: float = 3.0
    """Weight of the pooled hazard, as a number of events."""
    shrink_moves: float = 20.0
    """Weight of the service's destinations beside the group's own, as a number of ends."""
    drift_floor: float = 0.003
    """Least standard deviation of a month's drift in a log rate: no rate is ever known to stand still."""
    short_months: int = 60
    """Records shorter than this get a note: they hardly tell how far rates drift over years."""
    price_months: int = 12
    """Prices and quantities a person are means over so many months before the origin."""

    def __post_init__(self) -> None:
        _check(self.step in get_args(Step), "step", self.step, "Choose month or day.")
        for name in ("age_bands", "duration_bands"):
            bands = getattr(self, name)
            rising = all(a < b for a, b in pairwise(bands))
            _check(bool(bands) and bands[0] == 0 and rising, name, bands, "Bands start at 0 and rise.")
        _check(self.move_days >= 0, "move_days", self.move_days, "It is 0 or more.")
        _check(self.least_months >= 2, "least_months", self.least_months, "A rate needs 2 months or more.")
        _check(self.drift_floor >= 0, "drift_floor", self.drift_floor, "It is 0 or more.")
        _check(self.shrink_events > 0, "shrink_events", self.shrink_events, "It is above 0.")
        _check(self.shrink_moves > 0, "shrink_moves", self.shrink_moves, "It is above 0.")
        _check(self.price_months >= 1, "price_months", self.price_months, "It is 1 or more.")
        _check(self.history_months is None or self.history_months >= 1, "history_months", self.history_months, "1 up.")
        if isinstance(self.shocks, tuple):
            for first, last in self.shocks:
                _check(first <= last, "shocks", (first, last), "A stretch ends on or after its first day.")


def _check(good: bool, name: str, value: object, rule: str) -> None:
    if not good:
        raise CallError(f"The setting '{name}' has the value {value!r}. {rule}")
