"""Requests, answers, packages and proposals go on as their data says, and in no other way."""

from __future__ import annotations

import pytest

from careshape.errors import CallError
from careshape.paying.reading import KINDS
from careshape.policy import policy
from careshape.source import courses
from careshape.source.lists.courses import NOWHERE
from careshape.source.models.brokerage import Answer, Step
from careshape.source.models.together import Became
from careshape.source.requests.request import ask_again, withdraw
from tests.source.arranged import sent

ACTS = {
    "request": dict.fromkeys(("ask", "correct", "withdraw", "again"), "source.request")
    | dict.fromkeys(("send", "next", "award"), "source.broker"),
    "offer": {"asked": "source.broker"} | dict.fromkeys(("yes", "counter", "no"), "source.answer"),
}  # fmt: skip
"""Course -> move -> the act of the policy by which it is made."""


def test_states_are_those_that_the_database_takes():
    known = {"request": Step, "offer": Answer, "proposal": Became}
    for name, values in known.items():
        assert list(courses.titles(name)) == [one.value for one in values]
    named = {one.id.partition(courses.TO)[0] for one in courses.courses()["package"].moves}
    assert named == set(KINDS) - {"rate"}, "whatever can be told of a package is a move of it"


@pytest.mark.parametrize("name", ["request", "offer", "package", "proposal"])
def test_what_is_no_move_is_refused_and_says_how_it_stands(name):
    course, refused = courses.courses()[name], 0
    for move in course.moves:
        for state in (NOWHERE, *courses.titles(name)):
            if state in move.from_:
                assert courses.moved(name, move.id, state) == move.to
                continue
            refused += 1
            said = courses.titles(name).get(state, "not begun").lower()
            with pytest.raises(CallError, match=said):
                courses.moved(name, move.id, state, "It is {}.")
    assert refused > 3


@pytest.mark.parametrize("name", ACTS)
def test_who_makes_a_move_may_do_its_act(name):
    for move in courses.courses()[name].moves:
        roles = {role for allow in policy().acts[ACTS[name][move.id]].allow for role in allow.roles}
        assert set(move.by) - {"time"} == roles, move.id


@pytest.mark.django_db
def test_acts_obey_the_data(place, monkeypatch):
    who, row = place.who("practitioner"), sent(place)
    known = courses.courses()
    only = tuple(one for one in known["request"].moves if one.id != "withdraw")
    changed = known | {"request": known["request"].model_copy(update={"moves": only})}
    with monkeypatch.context() as patched:
        patched.setattr(courses, "courses", lambda: changed)
        with pytest.raises(CallError, match="It is sent to providers already"):
            withdraw(who, row)
    with pytest.raises(CallError, match="It is sent to providers: only what was withdrawn"):
        ask_again(who, row)
    withdraw(who, row)
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert ask_again(who, row).state == "open"
