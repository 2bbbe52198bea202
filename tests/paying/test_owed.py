from __future__ import annotations

import pytest

from careshape.errors import CallError
from careshape.paying import Change, Ending, Funding, Withdrawal, due, owed, tell, told
from tests.paying.packages import april, line, terms

HOW = terms()


def pence(payments):
    return [(one.line, one.period.first, one.funder, one.pence) for one in payments]


def test_a_run_pays_periods_that_have_ended():
    history = told("p", HOW, [line()])
    assert owed(history, HOW, april(6), ()) == ()
    assert pence(owed(history, HOW, april(7), ())) == [("core", april(1), "council", 70_000)]
    assert owed(history, HOW, april(-20), ()) == ()


def test_a_run_again_pays_nothing_and_a_correction_recovers():
    history = told("p", HOW, [line()])
    first = owed(history, HOW, april(14), ())
    assert owed(history, HOW, april(14), first) == ()
    ended = tell(history, HOW, Ending(id="e", known=april(16), on=april(5)))
    # The first week had been seven nights and was four, the second one none.
    assert pence(owed(ended, HOW, april(16), first)) == [
        ("core", april(1), "council", -30_000),
        ("core", april(8), "council", -70_000),
    ]
    # By what was known the day before, nothing is recovered.
    assert owed(ended, HOW, april(15), first) == ()


def test_a_line_that_never_was_is_recovered_in_full():
    history = told("p", HOW, [line()])
    first = owed(history, HOW, april(7), ())
    gone = tell(history, HOW, Withdrawal(id="w", known=april(8), replaces="core"))
    assert due(gone, HOW, april(8)) is None
    assert sum(one.pence for one in (*first, *owed(gone, HOW, april(8), first))) == 0


def test_who_pays_is_put_right_between_funders():
    history = told("p", HOW, [line()])
    first = owed(history, HOW, april(7), ())
    nhs = Change(id="c", known=april(8), line="core", first=april(1), funding=Funding(council=5_000, nhs=5_000))
    put_right = owed(tell(history, HOW, nhs), HOW, april(8), first)
    assert pence(put_right) == [("core", april(1), "council", -35_000), ("core", april(1), "nhs", 35_000)]


def test_a_run_before_one_that_was_made_is_refused():
    history = told("p", HOW, [line()])
    first = owed(history, HOW, april(14), ())
    with pytest.raises(CallError, match="A run of 2024-04-14 was made already"):
        owed(history, HOW, april(7), first)
    with pytest.raises(CallError, match="between 1950-01-01 and 2100-12-31"):
        due(history, HOW, april(40_000))
