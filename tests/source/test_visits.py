"""The visits of a week: the hours that follow from them, and what cannot be asked for."""

from __future__ import annotations

import pytest

from careshape.errors import CallError
from careshape.source.requests import needs as need_list
from careshape.source.requests.needs import Need, about, check_needs
from careshape.source.requests.visits import DAYS, Visit, as_json, check_visits, read, units_of

WEEK = tuple(DAYS)


def test_hours_follow_from_the_visits():
    morning, bath = Visit(WEEK, "08:00", 30), Visit(("tue", "fri"), "10:00", 45, carers=2)
    # 7 x 30 minutes are 3.5 hours; 2 x 45 minutes with two carers are 3.
    assert units_of([morning, bath]) == 650
    assert units_of([Visit(("mon",), "08:00", 20)]) == 33
    assert read(as_json([morning, bath])) == (morning, bath)
    assert morning.words == "Every day from 08:00, 30 minutes"
    assert bath.words == "Tuesday, Friday from 10:00, 45 minutes, 2 carers"


@pytest.mark.parametrize(
    ("days", "start", "minutes", "carers", "said"),
    [
        ((), "08:00", 30, 1, "one or more of"),
        (("mon", "mon"), "08:00", 30, 1, "named once"),
        (("someday",), "08:00", 30, 1, "one or more of"),
        (("mon",), "25:00", 30, 1, "no time of day"),
        (("mon",), "08:00", 0, 1, "0 minutes"),
        (("mon",), "08:00", 30, 5, "One to 4 carers"),
    ],
)
def test_visit_that_cannot_be_is_refused(days, start, minutes, carers, said):
    with pytest.raises(CallError, match=said):
        Visit(days, start, minutes, carers)


def test_two_visits_at_the_same_time_are_refused_with_what_to_write_instead():
    both = (Visit(("mon",), "08:00", 60), Visit(WEEK, "08:30", 30))
    with pytest.raises(
        CallError, match=r"On Monday the visit from 08:30 begins before that from 08:00 ends.*two carers"
    ):
        check_visits("home-care", both)
    check_visits("home-care", (Visit(("mon",), "08:00", 60), Visit(WEEK, "09:00", 30)))
    with pytest.raises(CallError, match="not bought by the hour"):
        check_visits("nursing", both[:1])


def test_needs_are_of_the_published_list_and_of_the_service():
    needs = (Need("language", "must", "Welsh"), Need("same-carers", "wish"))
    check_needs("home-care", needs)
    assert need_list.read(need_list.as_json(needs)) == needs
    assert "ground-floor" in {one.id for one in about("residential")}
    with pytest.raises(CallError, match="cannot be asked for with this service"):
        check_needs("home-care", (Need("ground-floor", "must"),))
    with pytest.raises(CallError, match="named twice"):
        check_needs("home-care", (Need("faith", "must"), Need("faith", "wish")))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("no-such-need", "must"), "There is no need"),
        (("faith", "perhaps"), "'must' or 'wish'"),
        (("language", "must"), "needs one of"),
        (("faith", "must", "loudly"), "takes no value"),
    ],
)
def test_need_that_is_none_is_refused(given, said):
    with pytest.raises(CallError, match=said):
        Need(*given)
