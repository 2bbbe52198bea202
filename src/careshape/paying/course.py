"""The course that each line of a package took: on which days, at what price, and when the person was away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final

from careshape.errors import InputError
from careshape.paying.periods import Span
from careshape.paying.terms import WHOLE, Terms
from careshape.paying.told import Absence, Change, Death, Ending, Funding, HandBack, Line, Rate, Telling, Uplift
from careshape.rounding import round_to

DAY: Final = timedelta(1)
WEEK: Final = 7
OPEN: Final = date(2111, 12, 31)
"""Stands for "still open" where days are compared; later than any day that can be told, and than any notice from it."""


@dataclass(frozen=True)
class Conditions:
    """What holds of a line on a day. ``price`` is None where it is taken from the list ``rate``."""

    units: int
    price: int | None
    rate: str
    funding: Funding


@dataclass(frozen=True)
class Stretch:
    """Days of a line on which nothing changes.

    ``units`` are hundredths of a unit a week, ``price`` is pence a unit, ``part`` is what of it is paid in hundredths
    of a percent, and ``away`` is why the person was not there, if so.
    """

    line: str
    span: Span
    units: int
    price: int
    part: int
    away: str
    funding: Funding

    @property
    def exact(self) -> Fraction:
        """Pence for all its days, unrounded: units x price / 7 a day, of which the part is paid."""
        return Fraction(self.units * self.price * self.part * self.span.days, 100 * WHOLE * WEEK)


@dataclass(frozen=True)
class Course:
    """One line with all that bears on it: counted days, what changes when, absences as days away."""

    line: Line
    days: Span
    steps: tuple[Change | Uplift, ...]
    away: tuple[tuple[Absence, Span], ...]
    rates: Mapping[str, Sequence[Rate]]
    terms: Terms

    def stretches(self, span: Span) -> Iterator[Stretch]:
        """The counted days within a span, cut where anything changes. Raises InputError where a list has no price."""
        here = self.days.within(span)
        if here.days < 1:
            return
        cuts = sorted({here.first, *(day for day in self._cuts() if here.first < day <= here.last)})
        for first, after in pairwise([*cuts, here.last + DAY]):
            held = self.conditions(first)
            part, why = self._part(first)
            price = self._price(held, first)
            yield Stretch(self.line.line, Span(first, after - DAY), held.units, price, part, why, held.funding)

    def _cuts(self) -> Iterator[date]:
        yield from (step.first for step in self.steps)
        for absence, span in self.away:
            retainer = next((one for one in self.terms.retainers if one.reason == absence.reason), None)
            after = span.last + DAY
            yield from (span.first, after)
            if retainer is not None:
                yield min(span.first + timedelta(retainer.full_days), after)
                yield min(span.first + timedelta(retainer.full_days + retainer.then_days), after)
        for entry in (one for listed in self.rates.values() for one in listed):
            yield entry.first
            yield (entry.last or OPEN) + DAY

    def conditions(self, day: date) -> Conditions:
        """What holds on a day, after all that changed up to it. Raises InputError for an uplift of a listed price."""
        line = self.line
        held = Conditions(line.units or 0, line.price, line.rate, line.funding or Funding())
        for step in self.steps:
            if step.first <= day:
                held = _changed(held, step) if isinstance(step, Change) else _uplifted(held, step, line.line)
        return held

    def _part(self, day: date) -> tuple[int, str]:
        for absence, span in self.away:
            if span.first <= day <= span.last:
                return self.terms.retained(absence.reason, (day - span.first).days + 1), absence.reason
        return WHOLE, ""

    def _price(self, held: Conditions, day: date) -> int:
        if held.price is not None:
            return held.price
        for entry in self.rates.get(held.rate, ()):
            if entry.first <= day <= (entry.last or OPEN):
                return entry.price
        raise InputError(
            f"The list '{held.rate}' has no price on {day}, when line '{self.line.line}' needs one. Tell it."
        )


def _changed(held: Conditions, step: Change) -> Conditions:
    priced = step.price is not None or step.rate
    return Conditions(
        held.units if step.units is None else step.units,
        step.price if priced else held.price,
        step.rate if priced else held.rate,
        step.funding or held.funding,
    )


def _uplifted(held: Conditions, step: Uplift, line: str) -> Conditions:
    if step.price is not None:
        return Conditions(held.units, step.price, "", held.funding)
    if held.price is None:
        step.fault(f"line '{line}' takes its price from the list '{held.rate}'. Tell a new price of the list instead.")
    price = round_to(Fraction((held.price or 0) * (WHOLE + (step.percent or 0)), WHOLE), Fraction(1))
    return Conditions(held.units, int(price), "", held.funding)


def courses(tellings: Sequence[Telling], terms: Terms) -> dict[str, Course]:
    """The course of each line, by its name.

    Args:
        tellings: what is in force, in the order in which it was told.
        terms: those of the contract.

    Raises:
        InputError: the tellings contradict each other; one sentence says which, and why.
    """
    lines: dict[str, Line] = {}
    for one in tellings:
        if isinstance(one, Line):
            if one.line in lines:
                one.fault(f"there is a line '{one.line}' already. Change it, or give this one another name.")
            lines[one.line] = one
    for one in tellings:
        for name in named(one):
            if name not in lines:
                one.fault(f"there is no line '{name}'. Lines are {', '.join(lines) or 'none yet'}.")
    rates = _rates(tellings)
    made = {name: _course(line, tellings, rates, terms) for name, line in lines.items()}
    _apart(list(made.values()))
    return made


def named(telling: Telling) -> tuple[str, ...]:
    """The lines that a telling names; none where it is for all, or for no line."""
    if isinstance(telling, Change):
        return (telling.line,)
    return telling.lines if isinstance(telling, Uplift | Absence | Ending | HandBack) else ()


def concerns(telling: Telling, line: str) -> bool:
    """Whether it is about a line: it names it, or it names none."""
    return line in (named(telling) or (line,))


def _course(line: Line, tellings: Sequence[Telling], rates: Mapping[str, Sequence[Rate]], terms: Terms) -> Course:
    about = [one for one in tellings if concerns(one, line.line)]
    days = Span(line.first, last_day(line, about, terms))
    steps = [one for one in about if isinstance(one, Change) or (isinstance(one, Uplift) and line.first <= one.first)]
    away = [(one, _away(one, terms)) for one in about if isinstance(one, Absence)]
    away = sorted(((one, span) for one, span in away if span.days > 0), key=lambda pair: pair[1])
    for (before, earlier), (one, later) in pairwise(away):
        if later.first <= earlier.last:
            one.fault(f"line '{line.line}' is suspended on {later.first} already, by '{before.id}'.")
    # Sorting keeps the order told among what begins on one day.
    return Course(line, days, tuple(sorted(steps, key=lambda one: one.first)), tuple(away), rates, terms)


def last_day(line: Line, tellings: Sequence[Telling], terms: Terms) -> date:
    """The last day that is counted of a line; OPEN where it goes on."""
    ends = [line.last or OPEN]
    for one in tellings:
        if isinstance(one, Ending):
            ends.append(one.on if one.given is None else max(one.on, one.given + timedelta(terms.notice_days)))
        if isinstance(one, HandBack):
            ends.append(one.on or one.given + timedelta(terms.notice_days))
    end = min(ends)
    last = end if end == OPEN or terms.day_count == "days" else end - DAY
    deaths = [one for one in tellings if isinstance(one, Death)]
    if len(deaths) > 1:
        deaths[1].fault(f"the death is told already, by '{deaths[0].id}'. Correct that one.")
    for one in deaths:
        last = min(last, one.on + timedelta(terms.days_after_death) if terms.pay_day_of_death else one.on - DAY)
    return last


def _away(one: Absence, terms: Terms) -> Span:
    """The days on which the person is away: the day of leaving counts as away by nights, and that of return never."""
    first = one.first if terms.day_count == "nights" else one.first + DAY
    return Span(first, OPEN if one.last is None else one.last - DAY)


def _rates(tellings: Sequence[Telling]) -> dict[str, list[Rate]]:
    """The entries of each list in the order of their days; no two of a list have a day in common."""
    found: dict[str, list[Rate]] = {}
    for one in sorted((one for one in tellings if isinstance(one, Rate)), key=lambda one: one.first):
        listed = found.setdefault(one.rate, [])
        if listed and one.first <= (listed[-1].last or OPEN):
            one.fault(
                f"the list '{one.rate}' has two prices on {one.first}: this and '{listed[-1].id}'. End one before."
            )
        listed.append(one)
    return found


def _apart(made: Sequence[Course]) -> None:
    """Refuse two lines of one component on the same day: one of them would be paid twice."""
    shown = sorted((one for one in made if one.days.days > 0), key=lambda one: (one.line.component, one.days))
    for before, one in pairwise(shown):
        if before.line.component == one.line.component and one.days.first <= before.days.last:
            one.line.fault(
                f"line '{one.line.line}' and line '{before.line.line}' are both '{one.line.component}', and both are "
                f"paid on {one.days.first}. End one before, or name another component."
            )
