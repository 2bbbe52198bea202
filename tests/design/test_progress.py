"""How far an intention is: each state by its rule, and nothing told of what is suppressed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from careshape.design import STATES, Standing, progress
from careshape.design.progress import TITLES

START = Standing(Fraction(24), date(2021, 4, 1))
BY = date(2022, 4, 1)
TODAY = date(2021, 12, 1)


def at(value: int | None, on: date = date(2021, 10, 1), suppressed: bool = False) -> Standing:
    return Standing(None if value is None else Fraction(value), on, suppressed)


def judged(now: Standing | None, start: Standing | None = START, **more):
    return progress(now, start, **{"target": Fraction(34), "by": BY, "way": "up", "today": TODAY, **more})


@pytest.mark.parametrize(
    ("now", "more", "state"),
    [
        (at(34), {}, "met"),
        (at(40), {}, "met"),
        # Half of the time has passed (183 of 365 days): the line asks for 24 + 10 x 183/365 = 29.01.
        (at(30), {}, "on-track"),
        (at(29), {}, "late"),
        (at(33, BY), {}, "late"),
        (at(30, date(2021, 4, 1)), {}, "not-yet-due"),
        (at(30), {"start": None}, "not-yet-due"),
        (at(30), {"by": None}, "not-yet-due"),
        (at(None), {}, "not-known"),
        (None, {}, "no-measure"),
        (at(34), {"dropped": True}, "dropped"),
        # Downwards, from 24 to 14: as the direction says, else the target.
        (at(14), {"target": Fraction(14), "way": "down"}, "met"),
        (at(18), {"target": Fraction(14), "way": "down"}, "on-track"),
        (at(20), {"target": Fraction(14), "way": ""}, "late"),
        # Upwards, though the target lies below the start: it was there from the first.
        (at(18), {"target": Fraction(14)}, "met"),
        # Without a target figure: by the direction.
        (at(25), {"target": None}, "on-track"),
        (at(25, BY), {"target": None}, "met"),
        (at(24), {"target": None}, "not-yet-due"),
        (at(24, BY), {"target": None}, "late"),
        (at(23), {"target": None, "way": "down"}, "on-track"),
        (at(25), {"target": None, "way": ""}, "not-yet-due"),
        # Hold: no more than the target, from there or from above.
        (at(150), {"target": Fraction(24), "way": "hold"}, "late"),
        (at(150, date(2021, 4, 1)), {"target": Fraction(24), "way": "hold"}, "not-yet-due"),
        (at(24), {"target": Fraction(24), "way": "hold"}, "met"),
        (at(20), {"target": Fraction(24), "way": "hold"}, "met"),
        (at(18), {"target": Fraction(14), "way": "hold"}, "on-track"),
        (at(150), {"target": Fraction(24), "way": "hold", "start": None}, "not-yet-due"),
        (at(20), {"target": Fraction(24), "way": "hold", "start": None}, "met"),
        (at(24), {"target": None, "way": "hold"}, "on-track"),
        (at(30, BY), {"target": None, "way": "hold"}, "late"),
        # A direction wins over what the target seems to say.
        (at(29), {"way": "down"}, "met"),
        (at(35), {"way": "down"}, "late"),
        (at(29), {"way": ""}, "late"),
    ],
)
def test_progress_follows_its_rule(now, more, state):
    start = more.pop("start", START)
    found = judged(now, start, **more)
    assert found.state == state
    assert state in STATES
    assert state in TITLES


def test_progress_gives_no_share_where_the_target_was_reached_from_the_start():
    found = judged(at(29), way="down")
    assert (found.state, found.share, found.line, found.moved) == ("met", None, None, 5)


def test_progress_gives_the_share_of_the_way_beside_that_of_the_line():
    found = judged(at(29))
    assert (found.share, found.line, found.moved) == (Fraction(5, 10), Fraction(183, 365), 5)


def test_progress_flags_what_is_past_its_date_and_not_known_to_be_met():
    later = {"today": date(2022, 5, 1)}
    assert judged(at(33, BY), **later).overdue
    assert not judged(at(33, BY), **later).unseen
    assert judged(at(33), **later).unseen
    assert judged(None, None, **later).overdue
    assert not judged(at(34), **later).overdue
    assert not judged(at(33), dropped=True, **later).overdue


@pytest.mark.parametrize("value", [0, 24, 29, 34, 99])
def test_progress_tells_nothing_of_a_suppressed_figure(value):
    """Whatever the figure is, and whichever of the two is suppressed, the answer is the same to the last field."""
    hidden = replace(at(value), value=None, suppressed=True)
    late = {"today": date(2023, 1, 1)}
    assert judged(hidden, **late) == judged(at(1), replace(START, suppressed=True), **late)
    assert judged(hidden, **late).state == "suppressed"
    assert (judged(hidden).share, judged(hidden).moved, judged(hidden).overdue) == (None, None, False)
