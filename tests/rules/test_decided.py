"""Rules of building, 10, 17 and 18, beside what the councils published and what `may I build` answers from it."""

from __future__ import annotations

from datetime import date

import pytest

from careshape.design import Question, decided, may_build
from careshape.records import observations
from careshape.rules import judge

PLANNED = {"new-service": True, "for-ages": "65-and-over", "traditional": True}


def states(council: str, on: date, **given: object) -> dict[str, str]:
    facts = PLANNED | {name.replace("_", "-"): value for name, value in given.items()}
    return {one.rule: one.state for one in judge("tender", facts, council, on)}


def test_a_home_that_may_not_be_built_is_not_tendered_for():
    on = date(2019, 1, 1)
    answer = may_build(Question("residential", "older-people", on=on), decided("thurrock").intentions, None)
    found = states("thurrock", on, service="residential")
    assert (answer.verdict, found["no-traditional-care-homes"]) == ("no", "broken")


def test_the_voids_that_were_published_stop_a_tender_for_homes():
    voids = observations("thurrock")["T-PF-070"].value
    found = [
        states("thurrock", date(2019, 1, 1), service="residential", older_people_care_home_voids=share)
        for share in (voids, voids - 1)
    ]
    assert [one["voids-mean-no-new-homes"] for one in found] == ["broken", "met"]


@pytest.mark.parametrize(
    ("rule", "intention", "fact"),
    [
        ("supported-housing-statement-first", "T-CI-011", "supported-housing-statement-published"),
        ("home-care-awaits-the-pilot", "T-CI-015", "wellbeing-teams-pilot-reported"),
    ],
)
def test_what_awaits_a_statement_or_a_pilot_is_free_once_that_day_has_come(rule, intention, fact):
    due = next(one for one in decided("thurrock").intentions if one.id == intention).by_date
    day = date.fromisoformat(f"{due}-28")
    given = {"service": "supported-living", "new-model": True, "says-what-becomes-of-home-care": True, fact: day}
    act = "tender" if rule.startswith("supported") else "statement.release"

    def state(on: date) -> str:
        return next(one.state for one in judge(act, given, "thurrock", on) if one.rule == rule)

    assert (state(date(2018, 10, 1)), state(day)) == ("broken", "met")
