from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from careshape.errors import CallError
from careshape.rules import Assessment, facts, told
from careshape.rules.facts import Fact

LOOKED_AT = {"on": "2021-05-01", "by": "P-1", "result": "would-do", "why": "Her daughter lives next door."}


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("long-term", True, True),
        ("recovery-ended", "2021-05-01", date(2021, 5, 1)),
        ("recovery-ended", False, False),
        ("age", 71, Decimal(71)),
        ("older-people-care-home-voids", 4.9, Decimal("4.9")),
        ("service", "home-care", "home-care"),
        ("home-considered", LOOKED_AT, Assessment(date(2021, 5, 1), "P-1", "would-do", LOOKED_AT["why"])),
        ("home-considered", Assessment(date(2021, 5, 1), "P-1", "would-do", "Because."), None),
        ("home-considered", False, False),
    ],
)
def test_a_value_is_read_as_its_fact_says(name, value, read):
    assert told({name: value}) == {name: value if read is None else read}


def test_what_is_none_is_not_known():
    assert told({"long-term": None, "age": 71}) == {"age": 71}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("long-term", "yes"),  # text is no answer
        ("long-term", 1),
        ("recovery-ended", "01/05/2021"),
        ("recovery-ended", "2021-02-30"),
        ("recovery-ended", datetime(2021, 5, 1, 12, tzinfo=UTC)),  # a moment has no day until somebody says where
        ("recovery-ended", True),  # that it ended does not say when
        ("age", True),
        ("age", "71"),
        ("age", -1),
        ("age", float("nan")),
        ("provider-grade", "platinum"),
        ("service", "Home care"),
        ("home-considered", True),  # that it was looked at does not say by whom, and what came of it
        ("home-considered", LOOKED_AT | {"by": " "}),
        ("home-considered", LOOKED_AT | {"on": False}),
        ("home-considered", LOOKED_AT | {"result": "perhaps"}),
        ("home-considered", LOOKED_AT | {"why": ""}),
        ("home-considered", LOOKED_AT | {"who": "P-1"}),
        ("home-considered", {"on": "2021-05-01"}),
    ],
)
def test_a_value_that_a_fact_cannot_have_is_refused_with_what_it_must_be(name, value):
    with pytest.raises(CallError) as refused:
        told({name: value})
    assert f"The fact '{name}' cannot be" in str(refused.value)
    assert facts()[name].rule() in str(refused.value)


def test_a_fact_that_there_is_not_is_refused_with_near_ones():
    with pytest.raises(CallError, match=r"There is no fact 'long term'\. Did you mean long-term"):
        told({"long term": True})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "choice"}, "A choice or an assessment states its values"),
        ({"kind": "id"}, "An id states the list of the catalogue"),
        ({"told_by": "measure"}, "A fact that a measure tells names measures"),
        ({"ask": "Say it."}, "String should match pattern"),
    ],
)
def test_an_entry_that_breaks_the_schema_is_refused(changed, said):
    entry = {"id": "one", "kind": "yes-no", "told_by": "worker", "about": "act", "ask": "Is it so?"}
    Fact.model_validate(entry)
    with pytest.raises(ValueError, match=said):
        Fact.model_validate(entry | changed)
