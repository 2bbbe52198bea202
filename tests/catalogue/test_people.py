"""From primary support reason and age to client group."""

from __future__ import annotations

import pytest

from careshape.catalogue import catalogue, client_group_of
from careshape.errors import CallError


@pytest.mark.parametrize(
    ("reason", "age", "group"),
    [
        ("physical-personal-care", 64, "physical-disability"),
        ("physical-personal-care", 65, "older-people"),  # from the 65th birthday
        ("physical-access-and-mobility", 90, "older-people"),
        ("memory-and-cognition", 80, "older-people"),
        ("memory-and-cognition", 50, "other"),
        ("learning-disability", 80, "learning-disability"),  # at any age
        ("mental-health", 80, "mental-health"),
        ("sensory-dual", None, "sensory-impairment"),
        ("social-unpaid-carer", None, "unpaid-carers"),
        ("physical-personal-care", None, "unknown"),  # the age decides and is not known: no guess
        ("unknown", 70, "unknown"),
    ],
)
def test_client_group_follows_reason_and_age(reason: str, age: int | None, group: str) -> None:
    assert client_group_of(reason, age) == group


@pytest.mark.parametrize("age", [-1, 131])
def test_client_group_refuses_an_impossible_age(age: int) -> None:
    with pytest.raises(CallError, match="not possible"):
        client_group_of("mental-health", age)


def test_every_reason_leads_to_a_client_group_at_every_age() -> None:
    for reason in catalogue().lists["support_reason"].by_id:
        for age in range(18, 110):
            assert client_group_of(reason, age) in catalogue().lists["client_group"].by_id
