"""The one way to change something: in one transaction, with its events, or not at all."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from careshape.accounts.models import Team
from careshape.audit.change import SYSTEM, change
from careshape.audit.models import Event, Head


def test_change_writes_the_row_and_its_event_together(people):
    administrator = people.principal("administrator")
    with change(administrator, "accounts.change", lock=[people.councils["worcestershire"]]) as told:
        team = Team.objects.create(council=people.councils["worcestershire"], name="East")
        told(team, field="name")
    event = Event.objects.get(chain="worcestershire")
    assert (event.chain, event.number, event.account) == ("worcestershire", 1, administrator.account)
    assert (event.object, event.detail) == (f"accounts.team:{team.pk}", '{"field":"name"}')
    head = Head.objects.get(chain="worcestershire")
    assert (head.number, head.digest) == (1, event.digest)


def test_change_that_fails_leaves_nothing(people):
    def add_and_fail() -> None:
        with change(SYSTEM, "accounts.change", chain="worcestershire") as told:
            told(Team.objects.create(council=people.councils["worcestershire"], name="East"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()
    assert not Event.objects.exists()
    assert not Team.objects.filter(name="East").exists()


def test_change_that_tells_of_nothing_is_a_fault_and_leaves_nothing(people):
    with pytest.raises(RuntimeError, match="nothing was told"), change(SYSTEM, "accounts.change"):
        Team.objects.create(council=people.councils["worcestershire"], name="East")
    assert not Team.objects.filter(name="East").exists()


def test_change_is_refused_to_a_role_without_the_act(people):
    with pytest.raises(PermissionDenied), change(people.principal("auditor"), "accounts.change"):
        pytest.fail("the block must not run")


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_events_are_never_changed_or_removed(people, verb):
    with change(SYSTEM, "accounts.change") as told:
        told("x")
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        Event.objects.update(act="x") if verb == "update" else Event.objects.all().delete()
    assert Event.objects.count() == 1
