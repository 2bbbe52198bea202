"""The progress line of an intention: where it started, where it is, where it is to be, and whether that is on time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

STATES: Final = {
    "met": "The target is reached; without a target figure, the date has come and the figure has moved as meant.",
    "on-track": "The figure is at or beyond the straight line from where it started to the target, on the day that it "
    "is of; without a target figure, it has moved as meant.",
    "late": "The date has come and it is not met; or the figure is behind the straight line from where it started to "
    "the target, on the day it is of; or it was at the target or better when it started, and is no more.",
    "not-yet-due": "The date lies ahead, or none was set, and it cannot be told yet: no time has passed since the "
    "start, or it is not known where it started.",
    "no-measure": "No measure is kept of this, so nobody can tell from figures.",
    "not-known": "There is a measure, and it could not be computed.",
    "suppressed": "A figure that it rests on is suppressed, so that nobody can be recognised; nor is the state told.",
    "dropped": "The council has given it up, and says why.",
}
"""What an intention may be, each with its rule."""
TITLES: Final = {
    "met": "Met",
    "on-track": "On track",
    "late": "Late",
    "not-yet-due": "Not yet due",
    "no-measure": "No measure",
    "not-known": "Not known",
    "suppressed": "Suppressed",
    "dropped": "Dropped",
}
UP, DOWN, HOLD = "up", "down", "hold"
WAYS: Final = {"grow": UP, "new-service": UP, "reduce": DOWN, "do-not-develop": DOWN, "hold": HOLD}
"""Which way the figure of a direction is meant to go, ``HOLD`` for no further up; of the others, as its target says."""


@dataclass(frozen=True)
class Standing:
    """A figure with the day that it is of; ``value`` is None where it is not known, or ``suppressed``."""

    value: Fraction | None
    on: date | None
    suppressed: bool = False


@dataclass(frozen=True)
class Progress:
    """How far an intention is.

    Attributes:
        state: one of ``STATES``.
        share: the part of the way that is done, where start and target are known; may be below 0 or above 1.
        line: the part that the straight line asks for on the day.
        moved: by how much the figure changed since the start.
        judged_on: the day that the figure is of.
        overdue: whether its date has passed, as of today, and it is not known to be met.
        unseen: whether the figure is of a day before that date, so that nobody can tell from it.
    """

    state: str
    share: Fraction | None = None
    line: Fraction | None = None
    moved: Fraction | None = None
    judged_on: date | None = None
    overdue: bool = False
    unseen: bool = False


def progress(
    now: Standing | None,
    start: Standing | None,
    *,
    target: Fraction | None,
    by: date | None,
    way: str,
    today: date,
    dropped: bool = False,
) -> Progress:
    """Work out how far an intention is.

    Args:
        now: the figure; None where no measure is kept. start: that from which it began, if known.
        target: what is to be reached. by: the last day on which it is on time.
        way: "up", "down" or "hold", whatever the target says; empty where none is meant, and the target says.
        today: for what is overdue.
    """
    overdue = by is not None and by < today
    if dropped:
        return Progress("dropped")
    if now is None:
        return Progress("no-measure", overdue=overdue, unseen=overdue)
    if now.suppressed or (start is not None and start.suppressed):
        # Nothing else is told: a state or a share would narrow down what is suppressed.
        return Progress("suppressed", overdue=False)
    if now.value is None or now.on is None:
        return Progress("not-known", overdue=overdue, unseen=overdue)
    known = start if start is not None and start.value is not None and start.on is not None else None
    made = _judged(now, known, target, by, way)
    late = overdue and made.state != "met"
    return Progress(
        made.state, made.share, made.line, made.moved, now.on, late, late and by is not None and now.on < by
    )


def _judged(now: Standing, start: Standing | None, target: Fraction | None, by: date | None, way: str) -> Progress:
    assert now.value is not None
    assert now.on is not None
    due = by is not None and now.on >= by
    moved = now.value - start.value if start is not None and start.value is not None else None
    if target is None:
        return Progress(_by_direction(moved, way, due), moved=moved)
    way = way or _way(start, target)
    if start is not None and start.value is not None and _reached(start.value, target, way):
        return _kept(now, start, target, way, due)
    share, line = _share(now, start, target), _line(now, start, by)
    if _reached(now.value, target, way):
        return Progress("met", share, line, moved)
    if due:
        return Progress("late", share, line, moved)
    if share is None or line is None or line <= 0:
        return Progress("not-yet-due", share, line, moved)
    return Progress("on-track" if share >= line else "late", share, line, moved)


def _reached(value: Fraction, target: Fraction, way: str) -> bool:
    return value >= target if way == UP else value <= target


def _kept(now: Standing, start: Standing, target: Fraction, way: str, due: bool) -> Progress:
    """What was at its target or better from the start has no way to go: it is still so, or it is late."""
    assert now.value is not None
    assert now.on is not None
    assert start.value is not None
    assert start.on is not None
    moved = now.value - start.value
    if _reached(now.value, target, way):
        return Progress("met", moved=moved)
    return Progress("late" if due or now.on > start.on else "not-yet-due", moved=moved)


def _by_direction(moved: Fraction | None, way: str, due: bool) -> str:
    if moved is None or not way:
        return "not-yet-due"
    if moved <= 0 if way == HOLD else moved < 0 if way == DOWN else moved > 0:
        return "met" if due else "on-track"
    return "late" if due else "not-yet-due"


def _way(start: Standing | None, target: Fraction) -> str:
    if start is None or start.value is None:
        return UP
    return UP if target >= start.value else DOWN


def _share(now: Standing, start: Standing | None, target: Fraction) -> Fraction | None:
    if start is None or start.value is None or now.value is None or target == start.value:
        return None
    return (now.value - start.value) / (target - start.value)


def _line(now: Standing, start: Standing | None, by: date | None) -> Fraction | None:
    """The part of the time that has passed; None without a start or a date."""
    if start is None or start.on is None or by is None or now.on is None or by <= start.on:
        return None
    return Fraction((now.on - start.on).days, (by - start.on).days)
