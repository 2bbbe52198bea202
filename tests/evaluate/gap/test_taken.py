"""How much of what there is was taken, told beside a gap of places."""

from __future__ import annotations

from datetime import date

import pytest

from careshape.evaluate.gap.published import published_taken
from careshape.evaluate.gap.taken import Taken, room, taken_of
from careshape.records import observations

MAY = date(2021, 5, 31)
COUNTY = Taken("residential-and-nursing", 0.74, MAY, "A statement", "older-people")


@pytest.mark.parametrize(
    ("area", "more", "counted", "said"),
    [
        # 1,000 x (0.95 / 0.74 - 1) = 283.8 places more could be filled.
        ("all", 283, False, "About 74% of the places were taken in May 2021: more stood empty than this, which is no "
         "shortage of places."),
        ("all", 284, False, "About 74% of the places were taken in May 2021: what stood empty would not be enough for "
         "this."),
        ("redditch", 10, False, "About 74% of the places in the whole area were taken in May 2021: if so here too, "
         "more stood empty than this, which is no shortage of places."),
        ("all", -5, False, "About 74% of the places were taken in May 2021."),
        ("all", 10, True, "About 74% of the places were taken in May 2021; those that stood empty count among what "
         "there is."),
    ],
)  # fmt: skip
def test_room_says_what_the_empty_places_make_of_a_gap(area, more, counted, said):
    found = room(COUNTY, area, bought=1000, planned=0.95, more=more, counted=counted)
    assert found is not None
    assert found.said == said


def test_room_is_not_told_where_all_is_taken():
    full = Taken("nursing", 1.0, MAY, "A statement")
    assert room(full, "all", bought=10, planned=0.95, more=1, counted=False) is None


def test_taken_of_an_area_goes_before_that_of_the_whole():
    here = Taken("residential-and-nursing", 0.9, MAY, "A count", "older-people", "redditch")
    assert taken_of([COUNTY, here], COUNTY.service, "older-people", "redditch") == here
    assert taken_of([COUNTY, here], COUNTY.service, "older-people", "wychavon") == COUNTY
    assert taken_of([COUNTY, here], COUNTY.service, "all", "all") is None


def test_published_taken_is_what_the_statement_prints():
    (found,) = published_taken("worcestershire", observations("worcestershire"))
    assert (found.share, found.as_of, found.client_group) == (0.74, MAY, "older-people")
    assert published_taken("thurrock", observations("thurrock")) == []
