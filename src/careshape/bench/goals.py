"""Goals of benchmarks: whether a figure meets one, and what is said where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TOLERANCE: Final = 3.0
"""An absolute time fails only beyond this many times its goal: machines differ, ratios less so."""


@dataclass(frozen=True)
class Goal:
    """A figure's bounds. Where it lies outside of them it is missed; where it lies far outside, the benchmark fails.

    Attributes:
        says: words before the figure, such as "scan_ratio is".
        low, high: least and most that the figure may be; None for no bound.
        form, bound_form: how the figure and its bounds are printed.
        unit: words after the figure.
        tolerance: how many times a bound may be missed before the benchmark fails.
    """

    says: str
    low: float | None = None
    high: float | None = None
    form: str = ".2f"
    bound_form: str = ",g"
    unit: str = ""
    tolerance: float = 1.0

    def missed(self, value: float, slack: float = 0.0) -> list[str]:
        """The goal in words if a figure misses it by more than ``slack``; nothing if it meets it."""
        return [] if self._within(value, 1.0, slack) else [self._words(value)]

    def failed(self, value: float) -> list[str]:
        """The same if it misses it so far that the benchmark fails."""
        return [] if self._within(value, self.tolerance, 0.0) else [self._words(value)]

    def _within(self, value: float, times: float, slack: float) -> bool:
        low = float("-inf") if self.low is None else self.low / times - slack
        high = float("inf") if self.high is None else self.high * times + slack
        return low <= value <= high

    def _words(self, value: float) -> str:
        bounds = [None if bound is None else f"{bound:{self.bound_form}}" for bound in (self.low, self.high)]
        if self.high is None:
            wanted = f"at least {bounds[0]}"
        else:
            wanted = f"at most {bounds[1]}" if self.low is None else f"{bounds[0]} to {bounds[1]}"
        said = f"{self.says} {value:{self.form}}{self.unit}; the goal is {wanted}"
        if self.tolerance == 1.0:
            return said
        limits = [f"below {self.low / self.tolerance:{self.form}}"] if self.low is not None else []
        limits += [f"above {self.high * self.tolerance:{self.form}}"] if self.high is not None else []
        return f"{said}, and it fails {' or '.join(limits)}"
