"""Whatever is told and whenever it is paid: paid less recovered is what is owed, to the penny.

Judged by a model that counts days one by one and shares no code with the room. Rooms with a fault put in are caught.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from careshape.errors import InputError
from careshape.paying import FUNDERS, Entry, History, Payment, Terms, due, owed, tell
from tests.paying.happenings import Choose, as_telling, day_after, happening, some_terms
from tests.paying.model import Told, model
from tests.paying.packages import april

Pay = Callable[[History, Terms, date, list[Payment]], tuple[Payment, ...]]


class Package:
    """A package to which things happen and for which runs are made, told to the room and to the model alike."""

    def __init__(self, choose: Choose, pay: Pay = lambda *given: owed(*given)) -> None:
        self.choose, self.pay = choose, pay
        self.terms = some_terms(choose)
        self.history, self.told = History("package"), list[Told]()
        self.paid: list[Payment] = []
        self.today = april(1)
        self.runs = self.refused = 0

    def happen(self) -> None:
        """Something becomes known; what does not fit what is known is refused, and nothing of it stays."""
        known = day_after(self.today, self.choose)
        one = happening(self.choose, self.told, known)
        try:
            self.history = tell(self.history, self.terms, as_telling(one))
        except InputError:
            self.refused += 1
            return
        self.told.append(one)
        self.today = known

    def run(self) -> bool:
        """Pay, and say whether what was paid by now is what the model says is owed."""
        self.today += timedelta(self.choose(0, 12))
        expected = model(self.terms.model_dump(), self.told, self.today)
        try:
            now = self.pay(self.history, self.terms, self.today, self.paid)
        except InputError:
            return expected is None
        self.paid += now
        self.runs += 1
        came_to = Counter[tuple[str, date, str]]()
        for one in self.paid:
            came_to[one.line, one.period.first, one.funder] += one.pence
        return expected == {key: pence for key, pence in came_to.items() if pence} and self._as_it_was()

    def _as_it_was(self) -> bool:
        """Whether what was owed on an earlier day, by what was known then, is what the model says of it."""
        day = self.today - timedelta(self.choose(0, 60))
        expected = model(self.terms.model_dump(), self.told, day)
        try:
            found = due(self.history, self.terms, day)
        except InputError:
            return expected is None
        parts = {
            (one.line, one.period.first, funder): pence
            for one in (found.entries if found else ())
            for funder, pence in one.parts.items()
            if pence
        }
        return expected == parts


class Packages(RuleBasedStateMachine):
    """Hypothesis chooses what happens and when it is paid."""

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.package = Package(lambda least, most: data.draw(st.integers(least, most)))

    @rule(data=st.data(), more=st.integers(1, 3))
    def happen(self, data: st.DataObject, more: int) -> None:
        self.package.choose = lambda least, most: data.draw(st.integers(least, most))
        for _ in range(more):
            self.package.happen()

    @rule(data=st.data())
    def run(self, data: st.DataObject) -> None:
        package = self.package
        package.choose = lambda least, most: data.draw(st.integers(least, most))
        assert package.run()
        if due_now := _due(package):
            assert all(sum(one.parts.values()) == one.pence for one in due_now)
        assert _again(package) == ()


def _due(package: Package) -> tuple[Entry, ...]:
    try:
        found = due(package.history, package.terms, package.today)
    except InputError:
        return ()
    return found.entries if found else ()


def _again(package: Package) -> tuple[Payment, ...]:
    try:
        return owed(package.history, package.terms, package.today, package.paid)
    except InputError:
        return ()


TestAnyHistory = Packages.TestCase
TestAnyHistory.settings = settings(
    max_examples=25, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck)
)


def wrong(pay: Pay, seeds: Iterable[int]) -> tuple[int, int, int]:
    """Of seeded packages: runs that agree, runs that do not, and things told that did not fit."""
    good = bad = refused = 0
    for seed in seeds:
        package = Package(random.Random(seed).randint, pay)
        for _ in range(12):
            package.happen()
            package.happen()
            if package.run():
                good += 1
            else:
                bad += 1
        refused += package.refused
    return good, bad, refused


def a_day_too_many(history: History, terms: Terms, day: date, paid: list[Payment]) -> tuple[Payment, ...]:
    """Each stay a day longer, as where the day out is counted by mistake."""
    late = [
        replace(one, last=one.last + timedelta(1)) if getattr(one, "component", "") and one.last else one  # type: ignore[attr-defined]
        for one in history.tellings
    ]
    return owed(History("package", tuple(late)), terms, day, paid)


def _priced(round_off: Callable[[Entry], int]) -> Pay:
    def pay(history: History, terms: Terms, day: date, paid: list[Payment]) -> tuple[Payment, ...]:
        found = due(history, terms, day)
        made = Counter[tuple[str, object, str]]()
        for one in paid:
            made[one.line, one.period, one.funder] -= one.pence
        for entry in found.entries if found else ():
            # What the whole is wrong by falls on the first funder.
            parts = entry.parts | {FUNDERS[0]: entry.parts[FUNDERS[0]] + round_off(entry) - entry.pence}
            for funder, pence in parts.items():
                made[entry.line, entry.period, funder] += pence
        return tuple(Payment(day, line, period, funder, p) for (line, period, funder), p in made.items() if p)  # type: ignore[arg-type]

    return pay


def with_floats(entry: Entry) -> int:
    """Days added up in floating point, and half a penny rounded up."""
    total = 0.0
    for one in entry.stretches:
        for _ in range(one.span.days):
            total += one.units / 100 * one.price / 7 * one.part / 10_000
    return math.floor(total + 0.5)


def by_day(entry: Entry) -> int:
    """Each day rounded for itself, which drifts."""
    return sum(math.floor(one.exact / one.span.days + Fraction(1, 2)) * one.span.days for one in entry.stretches)


def forgetful(history: History, terms: Terms, day: date, _paid: list[Payment]) -> tuple[Payment, ...]:
    """As if nothing had been paid before."""
    return owed(history, terms, day, [])


def test_runs_come_to_what_is_owed_for_any_history():
    good, bad, refused = wrong(lambda *given: owed(*given), range(40))
    assert bad == 0
    assert good == 40 * 12
    assert refused > 100


@pytest.mark.parametrize("pay", [a_day_too_many, _priced(with_floats), _priced(by_day), forgetful])
def test_a_room_with_a_fault_is_caught(pay):
    assert any(wrong(pay, [seed])[1] for seed in range(30))
