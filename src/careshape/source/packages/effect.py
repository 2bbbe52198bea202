"""What something that may be told of a package would do to its money, before it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from django.utils import timezone

from careshape.ledger.posting import uk_day
from careshape.paying.course import WEEK, courses
from careshape.paying.history import History
from careshape.paying.periods import Span, period_of
from careshape.paying.terms import Terms
from careshape.paying.told import FUNDERS, Line
from careshape.rounding import round_to
from careshape.source.models import Package, Telling
from careshape.source.money.owed import worked_out
from careshape.source.packages.tellings import as_told, history, laid_on, new_row, terms_of, told_of

AHEAD: Final = timedelta(weeks=12)
"""How far the effect on payment periods to come is shown."""


@dataclass(frozen=True)
class Moved:
    """Pence of one payment period by who pays, before and after; ``over`` where it has ended."""

    period: Span
    before: Mapping[str, int]
    after: Mapping[str, int]
    over: bool

    @property
    def pence(self) -> int:
        """By how much it moves."""
        return sum(self.after.values()) - sum(self.before.values())


@dataclass(frozen=True)
class Effect:
    """What would move, period by period, and what a week costs on the day from which it counts."""

    moved: tuple[Moved, ...]
    on: date
    week_before: int
    week_after: int

    @property
    def next_run(self) -> int:
        """Pence that the next run pays more for periods that have ended; less than nought: it recovers them."""
        return sum(one.pence for one in self.moved if one.over)


def effect(package: Package, kind: str, raw: Mapping[str, Any], replaces: int | None = None) -> Effect:
    """What telling something would do. Raises CallError where it does not fit what was told before."""
    rows, terms = told_of(package), terms_of(package)
    new = new_row(package, rows, kind, raw, replaces)
    before, after = history(package, rows), laid_on(package, rows, new)
    today = uk_day(timezone.now())
    on = _from(raw, rows, replaces) or today
    return Effect(
        _moved(package, before, after, terms, today), on, weekly(before, terms, on), weekly(after, terms, on)
    )  # fmt: skip


def weekly(told: History, terms: Terms, day: date) -> int:
    """Pence that a week costs by what holds on a day, rounded once; visits by their planned hours a week."""
    found = (
        one.exact * WEEK for course in courses(told.known_on(), terms).values()
        for one in course.stretches(Span(day, day))
    )  # fmt: skip
    return int(round_to(sum(found, Fraction(0)), Fraction(1)))


def _moved(package: Package, before: History, after: History, terms: Terms, today: date) -> tuple[Moved, ...]:
    begins = [one.first for one in after.tellings if isinstance(one, Line)]
    first = period_of(min([today, *begins]), terms).first
    span = Span(first, period_of(max([today, *begins]) + AHEAD, terms).last)
    then, now = (_by_period(package, one, terms, span) for one in (before, after))
    nothing = dict.fromkeys(FUNDERS, 0)
    found = (
        Moved(one, then.get(one, nothing), now.get(one, nothing), one.last <= today) for one in sorted({*then, *now})
    )
    return tuple(one for one in found if one.before != one.after)


def _by_period(package: Package, told: History, terms: Terms, span: Span) -> dict[Span, dict[str, int]]:
    found: dict[Span, dict[str, int]] = {}
    for one in worked_out(package, told, terms, span, None):
        parts = found.setdefault(one.period, dict.fromkeys(FUNDERS, 0))
        for name, pence in one.parts.items():
            parts[name] += pence
    return found


def _from(raw: Mapping[str, Any], rows: Sequence[Telling], replaces: int | None) -> date | None:
    """The day from which it counts: its own, or that of what is withdrawn."""
    said: Mapping[str, Any] = raw
    if not raw and replaces is not None:
        said = as_told(next(one for one in rows if one.number == replaces))
    value = next((said[name] for name in ("from", "on", "given") if said.get(name)), None)
    return date.fromisoformat(str(value)) if value else None
