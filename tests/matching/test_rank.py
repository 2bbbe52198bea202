from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from careshape.errors import CallError
from careshape.matching import Candidate, Request, rank, would_be_first_at

DAY = date(2021, 6, 7)
REQUEST = Request("r-1", 1_000, DAY)
NEAR = Candidate("near", 2_400, DAY, free=2_000, minutes=6, rating="good", rated_on=DAY)
CHEAP = Candidate("cheap", 2_000, date(2021, 6, 14), free=2_000, minutes=15, rating="good", rated_on=date(2018, 6, 7))


def test_points_are_the_published_weights_times_the_facts():
    # near: new 0; good today 0.8 x 30 = 24; 6 of 30 minutes 0.8 x 15 = 12; price 20/24 x 15 = 12.5; on the day 15.
    # cheap: new 0; good 36 months ago: half way to unrated, 0.65 x 30 = 19.5; 15 of 30 minutes 7.5; 15; 7 of 14
    # days 7.5.
    first, second = rank(REQUEST, [CHEAP, NEAR]).lines
    assert [(first.provider, first.points), (second.provider, second.points)] == [("near", 6_350), ("cheap", 4_950)]
    assert [term.points for term in first.terms] == [0, 2_400, 1_200, 1_250, 1_500]
    # A month is 365.25/12 days; three years with one leap day differ from 36 of them by a fraction of a point.
    assert [round(term.points / 100, 1) for term in second.terms] == [0, 19.5, 7.5, 15, 7.5]


def test_every_line_says_its_fact_in_words():
    line = rank(REQUEST, [CHEAP]).lines[0]
    assert [term.fact for term in line.terms] == [
        "is new to the person",
        "rated good, 36 months ago",
        "15 minutes of travel",
        "£20.00 an hour",
        "can begin 7 days later",
    ]


def test_the_person_s_choice_comes_first_however_few_its_points():
    poor = Candidate("poor", 9_900, date(2021, 7, 7), minutes=60, rating="inadequate", rated_on=DAY)
    lines = rank(replace(REQUEST, choices=("poor", "cheap")), [NEAR, CHEAP, poor]).lines
    assert [(line.provider, line.choice) for line in lines] == [("poor", 0), ("cheap", 1), ("near", None)]


def test_who_may_not_be_offered_it_is_shown_with_every_reason_and_never_ranked():
    barred = replace(NEAR, free=600, barred=("is suspended from the list since 1 June 2021",))
    lines = rank(replace(REQUEST, choices=("near",)), [barred, CHEAP]).lines
    assert [(line.provider, line.place) for line in lines] == [("cheap", 1), ("near", None)]
    assert lines[1].barred == (
        "is suspended from the list since 1 June 2021",
        "has 6 hours a week free, and 10 are needed",
    )


def test_price_of_who_is_ruled_out_does_not_press_on_the_others():
    alone = rank(REQUEST, [NEAR]).lines[0].points
    giving_away = replace(CHEAP, price=1, free=0)
    assert rank(REQUEST, [NEAR, giving_away]).lines[0].points == alone


def test_equals_are_drawn_by_lot_and_the_lot_does_not_depend_on_who_is_named_first():
    equals = [replace(NEAR, provider=f"p-{number}") for number in range(6)]
    one, other = rank(REQUEST, equals).lines, rank(REQUEST, equals[::-1]).lines
    assert one == other
    assert all(line.drawn for line in one)
    firsts = {rank(replace(REQUEST, reference=f"r-{number}"), equals).lines[0].provider for number in range(60)}
    assert firsts == {one.provider for one in equals}
    assert not any(line.drawn for line in rank(REQUEST, [NEAR, CHEAP]).lines)


def test_price_at_which_a_provider_would_be_first_is_the_turning_point():
    # Without its price near has 51 points; cheap has 34.5 without its own. near at 2,400 leads, so 2,400 it is.
    assert would_be_first_at(REQUEST, [NEAR, CHEAP], "near") == 2_400
    close = replace(CHEAP, minutes=6, starts_on=DAY, rating="requires-improvement", rated_on=DAY, price=2_600)
    price = would_be_first_at(REQUEST, [NEAR, close], "cheap")
    assert price is not None

    def leads(pence: int) -> bool:
        return rank(REQUEST, [NEAR, replace(close, price=pence)]).lines[0].provider == "cheap"

    assert leads(price)
    assert not leads(price + 1)


def test_no_price_would_do_against_another_s_being_chosen():
    assert would_be_first_at(replace(REQUEST, choices=("near",)), [NEAR, CHEAP], "cheap") is None
    with pytest.raises(CallError, match="Provider absent is not among those that may be offered request r-1"):
        would_be_first_at(REQUEST, [NEAR], "absent")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Request("r", 0, DAY), "asks for 0 hundredths of an hour"),
        (lambda: Request("r", 100, DAY, ("a", "a")), "names a provider twice"),
        (lambda: replace(NEAR, price=0), "asks 0 pence an hour"),
        (lambda: replace(NEAR, minutes=-1), "is -1 minutes away"),
        (lambda: rank(REQUEST, [NEAR, NEAR]), "Provider near stands twice"),
    ],
)
def test_what_cannot_be_ranked_is_refused_in_a_sentence(make, said):
    with pytest.raises(CallError, match=said):
        make()


def test_worked_example_of_the_documentation_is_true():
    day = date(2021, 6, 7)
    near = Candidate("near", 2400, day, minutes=6, rating="good", rated_on=day)
    cheap = Candidate("cheap", 2000, date(2021, 6, 14), minutes=15, rating="good", rated_on=date(2018, 6, 7))
    lines = rank(Request("r", 1000, day), [cheap, near]).lines
    assert [(line.provider, round(line.points / 100, 1)) for line in lines] == [("near", 63.5), ("cheap", 49.5)]
    assert [round(term.points / 100, 1) for term in lines[1].terms] == [0, 19.5, 7.5, 15, 7.5]
