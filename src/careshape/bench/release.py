"""What the release of a council's statement takes, step by step: counting, the gate, pages, charts, print, data."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from careshape.bench.goals import TOLERANCE, Goal

GOAL: Final = 60.0
"""Seconds of processor time in which a demonstration council is to be released; there is hardly any waiting in it."""
NAMES: Final = {
    "checking the text": "text", "counting": "counting", "protecting": "protecting", "attacking": "attacking",
    "looking ahead": "looking_ahead", "drawing charts": "charts", "setting files to print": "pdf",
    "drawing pages": "pages", "writing data": "data",
}  # fmt: skip
"""Step as the release tells it -> its name among the figures. What is to come is worked out while counting."""


@dataclass
class Stopwatch:
    """Adds up what each step takes, by the wall and by the processor, as a release tells where it is."""

    wall: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    _now: str = ""
    _since: tuple[float, float] = (0.0, 0.0)

    def say(self, done: int, total: int, words: str) -> None:
        """Hear which step begins; what was before it has ended."""
        self.end()
        step = words.partition(":")[0]
        self._now, self._since = NAMES.get(step, step), (time.perf_counter(), time.process_time())

    def end(self) -> None:
        """Close the step that runs."""
        if self._now:
            wall, cpu = time.perf_counter() - self._since[0], time.process_time() - self._since[1]
            self.wall[self._now] = self.wall.get(self._now, 0.0) + wall
            self.cpu[self._now] = self.cpu.get(self._now, 0.0) + cpu
        self._now = ""


@dataclass(frozen=True)
class Released:
    """One council: its seconds by step, how many figures and files, and whether the gate let them through."""

    authority: str
    wall: dict[str, float]
    cpu: dict[str, float]
    figures: int
    files: int
    safe: bool

    @property
    def total(self) -> float:
        """Seconds of the whole, by the wall."""
        return sum(self.wall.values())

    @property
    def worked(self) -> float:
        """Seconds of processor time of the whole, by which the goal is judged: others may use the machine too."""
        return sum(self.cpu.values())

    def as_json(self) -> dict[str, Any]:
        """The figures under stable names; a step that the release had not is 0."""
        return {
            "authority": self.authority, "seconds": _rounded(self.wall, self.total),
            "processor_seconds": _rounded(self.cpu, self.worked), "figures": self.figures,
            "files": self.files, "safe": self.safe,
        }  # fmt: skip


def _rounded(steps: dict[str, float], total: float) -> dict[str, float]:
    return {**{name: round(steps.get(name, 0.0), 2) for name in NAMES.values()}, "total": round(total, 2)}


def timed_release(authority: str, work: Callable[[Callable[[int, int, str], None]], tuple[int, int, bool]]) -> Released:
    """Time the release of one council. ``work`` is told whom to tell; it gives figures, files, whether it is safe."""
    watch = Stopwatch()
    figures, files, safe = work(watch.say)
    watch.end()
    return Released(authority, watch.wall, watch.cpu, figures, files, safe)


def goal_of(one: Released) -> Goal:
    """The goal for one council, in words."""
    return Goal(
        f"The release of {one.authority} took", high=GOAL, form=".1f", unit=" s of processor time", tolerance=TOLERANCE
    )


def missed(found: list[Released]) -> list[str]:
    """The goals that were missed, in words."""
    return [said for one in found for said in goal_of(one).missed(one.worked)] + _unsafe(found)


def failed(found: list[Released]) -> list[str]:
    """What fails the run: a time beyond three times the goal, and a gate that refuses."""
    return [said for one in found for said in goal_of(one).failed(one.worked)] + _unsafe(found)


def _unsafe(found: list[Released]) -> list[str]:
    return [f"The gate refused the statement of {one.authority}, so it was not drawn" for one in found if not one.safe]
