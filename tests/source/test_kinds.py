"""The kinds of list by which a council may buy, as the data states them."""

from __future__ import annotations

from importlib.resources import files
from io import StringIO

import pytest
from django.core.management import call_command

from careshape.catalogue import catalogue
from careshape.errors import CatalogueError
from careshape.policy import policy, roles
from careshape.source.lists import kinds as data
from careshape.source.lists.kinds import EVIDENCE, NOWHERE, courses, kinds, kinds_of
from careshape.source.models import Vehicle

TEXT = files("careshape.source").joinpath("data", "kinds.toml").read_text("utf-8")
ANOTHER = """
[[kind]]
id = "example-kind"
title = "Example kind"
joins = "always"
course = "arranged"
awards = "either"
ends = "When the council ends it."
purchased_as = "spot"
source = "A test"
"""


def test_every_way_of_buying_that_the_statements_name_is_a_kind():
    assert set(kinds()) == {
        "dynamic-purchasing-system", "dynamic-market", "open-framework", "closed-framework", "accredited-list",
        "zone-list", "block", "spot", "in-house",
    }  # fmt: skip
    assert {one.purchased_as for one in kinds().values()} <= set(catalogue().lists["purchase_type"].by_id)


@pytest.mark.django_db
def test_new_kind_needs_no_migration(monkeypatch):
    more = kinds_of(TEXT + ANOTHER)
    for at in ("careshape.source.lists.kinds.kinds", "careshape.source.models.vehicles.kinds"):
        monkeypatch.setattr(at, lambda: more)
    assert data.kinds()["example-kind"].course is courses()["arranged"]
    row = Vehicle.objects.create(council="worcestershire", title="A list", kind="example-kind", begins_on="2026-11-01")
    assert row.is_of.title == "Example kind"
    said = StringIO()
    call_command("makemigrations", "source", check=True, dry_run=True, stdout=said)
    assert "No changes" in said.getvalue()
    assert "example-kind" not in str([one.deconstruct() for one in Vehicle._meta.constraints])
    assert not [one for one in Vehicle._meta.constraints if "spot" in str(one.deconstruct())]


@pytest.mark.parametrize("course", courses().values(), ids=lambda one: one.id)
def test_every_course_can_be_walked_from_its_beginning(course):
    reached, left = {NOWHERE}, [NOWHERE]
    while left:
        state = left.pop()
        for one in course.leads(state):
            if one.to not in reached:
                reached.add(one.to)
                left.append(one.to)
    assert reached - {NOWHERE} == {one.id for one in course.states}
    assert [one.id for one in course.states if one.works] == ["admitted"]
    assert {role for one in course.moves for role in one.by} <= {*roles(), EVIDENCE}
    may = {role for allow in policy().acts["source.stand"].allow for role in allow.roles}
    assert {role for one in course.moves for role in one.by} - {EVIDENCE} <= may
    for one in course.moves:
        assert one.reason or course.state(one.to).works or one.id in ("apply", "tender"), "who loses by it reads why"


@pytest.mark.parametrize("course", courses().values(), ids=lambda one: one.id)
def test_evidence_suspends_and_brings_back_on_every_course(course):
    moves = {(state, one.to) for one in course.moves if EVIDENCE in one.by for state in one.from_}
    assert moves == {("admitted", "suspended"), ("suspended", "admitted")}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('course = "arranged"\nawards', 'course = "arrangd"\nawards', "The course is one of applications"),
        ('to = "clarifying"', 'to = "clearing"', "there is none"),  # a move to where nobody can stand
        ('{id = "clarifying", title = "Asked for more"},', "", "there is none"),
        ('id = "suspended", title', 'id = "resting", title', "Every course has the state 'suspended'"),
        ('{id = "ask", title', '{id = "apply", title', "stated twice"),
    ],
)
def test_fault_in_the_data_is_a_sentence(old, new, said):
    assert old in TEXT
    with pytest.raises(CatalogueError, match=said):
        kinds_of(TEXT.replace(old, new, 1))
