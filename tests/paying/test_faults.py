"""What cannot be is refused in one sentence that says which telling, why, and what to do."""

from __future__ import annotations

import pytest

from careshape.errors import InputError
from careshape.paying import (
    Absence,
    Change,
    Death,
    Ending,
    Funding,
    HandBack,
    Rate,
    Uplift,
    Withdrawal,
    tell,
    told,
)
from tests.paying.packages import april, line, terms

KNOWN = april(1)
GONE = Ending(id="gone", known=KNOWN, on=april(10))
AWAY = Absence(id="away", known=KNOWN, first=april(3), last=april(8), reason="hospital")

FAULTS = {
    "ends before it begins": (lambda: [line(last=april(0))], "'core': it ends on 2024-03-31, before it begins on"),
    "told twice": (lambda: [line(), line()], "'core': something is told under this id already"),
    "same line": (lambda: [line(), line(id="b")], "'b': there is a line 'core' already"),
    "overlap": (
        lambda: [line(), line("b", component="core", first=april(9))],
        "both 'core', and both are paid on 2024-04-09",
    ),
    "two prices": (
        lambda: [
            Rate(id="r", known=KNOWN, rate="z", first=april(1), last=april(9), price=1),
            Rate(id="s", known=KNOWN, rate="z", first=april(9), price=2),
        ],
        "'s': the list 'z' has two prices on 2024-04-09: this and 'r'",
    ),
    "uplift of an ended line": (
        lambda: [line(), GONE, Uplift(id="u", known=KNOWN, first=april(11), percent=100, lines=("core",))],
        "'u': line 'core' does not run on 2024-04-11. It ended: its last day is 2024-04-09",
    ),
    "uplift of nothing": (
        lambda: [line(), GONE, Uplift(id="u", known=KNOWN, first=april(11), percent=100)],
        "'u': no line runs on 2024-04-11",
    ),
    "uplift of a listed price": (
        lambda: [
            Rate(id="r", known=KNOWN, rate="z", first=april(1), price=1),
            line(price=None, rate="z"),
            Uplift(id="u", known=KNOWN, first=april(2), percent=100),
        ],
        "'u': line 'core' takes its price from the list 'z'",
    ),
    "uplift of two kinds": (
        lambda: [Uplift(id="u", known=KNOWN, first=april(2), percent=1, price=1, lines=("core",))],
        "either a percentage or a new price",
    ),
    "change too early": (
        lambda: [line(), Change(id="c", known=KNOWN, line="core", first=april(0), units=1)],
        "'core' does not run on 2024-03-31. It begins on 2024-04-01",
    ),
    "change of nothing": (lambda: [Change(id="c", known=KNOWN, line="core", first=april(2))], "it changes nothing"),
    "no such line": (
        lambda: [line(), Change(id="c", known=KNOWN, line="cor", first=april(2), units=1)],
        "'c': there is no line 'cor'. Lines are core",
    ),
    "away twice": (
        lambda: [line(), AWAY, Absence(id="again", known=KNOWN, first=april(7), reason="hospital")],
        "'again': line 'core' is suspended on 2024-04-07 already, by 'away'",
    ),
    "end before the start": (
        lambda: [line(), Ending(id="e", known=KNOWN, on=april(0), lines=("core",))],
        "'e': line 'core' would end on 2024-03-31, before it begins on 2024-04-01",
    ),
    "a later end": (
        lambda: [line(), GONE, Ending(id="e", known=KNOWN, on=april(20))],
        "'e': it ends nothing that is not at an end by then: last days are 2024-04-09",
    ),
    "notice after the end": (lambda: [Ending(id="e", known=KNOWN, given=april(9), on=april(8))], "before it begins on"),
    "hand-back of nothing": (lambda: [HandBack(id="h", known=KNOWN, given=april(8))], "it ends nothing"),
    "dead twice": (
        lambda: [line(), Death(id="d", known=KNOWN, on=april(3)), Death(id="e", known=KNOWN, on=april(4))],
        "'e': the death is told already, by 'd'",
    ),
    "out of turn": (
        lambda: [line(), Death(id="d", known=april(-3), on=april(3))],
        "it was known on 2024-03-28, before 'core' of 2024-04-01",
    ),
    "corrects nothing": (lambda: [line(), Withdrawal(id="w", known=KNOWN, replaces="x")], "corrects 'x', which"),
    "withdrawn with changes": (
        lambda: [
            line(),
            Change(id="c", known=KNOWN, line="core", first=april(2), units=1),
            Withdrawal(id="w", known=KNOWN, replaces="core"),
        ],
        "'c': there is no line 'core'. Lines are none yet",
    ),
    "no price": (lambda: [line(price=None)], "line 'core' has no price, and no list"),
    "two sorts of price": (lambda: [line(rate="z")], "it has a price of its own and a list of prices too"),
    "a float": (lambda: [line(price=812.5)], "'price' is 812.5; it must be a whole number of pence"),
    "a yes": (lambda: [line(units=True)], "'units' is True; it must be a whole number"),
    "less than nought": (lambda: [line(price=-1)], "'price' is -1"),
    "parts too small": (lambda: [line(funding=Funding(council=9_999))], "come to 100 percent"),
    "a day out of time": (lambda: [line(first=april(-200_000))], "days are from 1950-01-01 to 2100-12-31"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_is_refused_in_a_sentence(name):
    make, said = FAULTS[name]
    with pytest.raises(InputError) as fault:
        told("p", terms(), make())
    assert said in str(fault.value)


def test_what_is_refused_leaves_the_history_as_it_was():
    history = told("p", terms(), [line(), GONE])
    before = history.tellings
    with pytest.raises(InputError):
        tell(history, terms(), line("b", component="core", first=april(5)))
    assert history.tellings == before


def test_an_end_told_late_may_leave_an_uplift_without_days():
    lift = Uplift(id="u", known=KNOWN, first=april(12), percent=100)
    assert told("p", terms(), [line(), lift, GONE]).known_on()[-1] is GONE
