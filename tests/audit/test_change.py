"""The one way to change something: in one transaction, with its events, or not at all."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from careshape.accounts.models import Team
from careshape.audit.change import SYSTEM, change, reading, tell, together
from careshape.audit.models import Event, Head
from careshape.audit.verify import verify
from tests.accounts.signing import signed_in


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


def test_changes_made_together_are_told_in_their_order_and_of_those_that_were_undone_nothing(people):
    council, administrator = people.councils["worcestershire"], people.principal("administrator")

    def add(name: str, *, fails: bool = False) -> None:
        with change(administrator, "accounts.change", chain="worcestershire") as told:
            with change(SYSTEM, "accounts.change", chain="worcestershire") as inner:
                inner(f"within {name}")
            told(Team.objects.create(council=council, name=name), name=name)
            if fails:
                raise ZeroDivisionError

    with together():
        add("Riverside")
        with pytest.raises(ZeroDivisionError):
            add("Hillside", fails=True)
        add("Lakeside")
        assert not Event.objects.exists()
    told = [
        (one.number, one.object, one.role) for one in Event.objects.filter(chain="worcestershire").order_by("number")
    ]
    teams = {
        one.name: f"accounts.team:{one.pk}"
        for one in Team.objects.filter(name__in=("Riverside", "Hillside", "Lakeside"))
    }
    assert told == [
        (1, "within Riverside", "system"), (2, teams["Riverside"], "administrator"),
        (3, "within Lakeside", "system"), (4, teams["Lakeside"], "administrator"),
    ]  # fmt: skip
    assert verify("worcestershire").broken is None
    with pytest.raises(ZeroDivisionError), together():
        add("Seaside", fails=True)
    assert Event.objects.filter(chain="worcestershire").count() == 4
    assert not Team.objects.filter(name="Seaside").exists()


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


@pytest.mark.django_db(transaction=True)
def test_reading_is_told_in_its_own_transaction_or_not_made(people):
    administrator = people.principal("administrator")

    @reading
    def read(fail: bool) -> list[str]:
        names = [one.name for one in Team.objects.all()]
        tell(administrator, "accounts.read", "teams", rows=len(names))
        assert transaction.get_connection().in_atomic_block
        if fail:
            raise ZeroDivisionError
        return names

    read(fail=False)
    assert Event.objects.filter(outcome="read", object="teams").count() == 1
    with pytest.raises(ZeroDivisionError):
        read(fail=True)
    assert Event.objects.filter(outcome="read", object="teams").count() == 1
    with pytest.raises(RuntimeError, match="in another transaction"):
        tell(administrator, "accounts.read", "teams")


@pytest.mark.django_db(transaction=True)
def test_every_page_that_reads_of_people_tells_within_its_transaction(people):
    """Outside a test's own transaction, where ``tell`` refuses what is told after the reading."""
    member = people.memberships["worcestershire", "broker"]
    reader = signed_in(people.account("administrator"))
    places = people.organisations["worcestershire"]
    paths = ["/work/people/", "/work/people.csv", f"/work/people/{member.pk}/", "/work/organisations/", "/work/audit/"]
    paths += ["/work/audit.csv", "/work/search/?q=broker", *(f"/work/organisations/{one.pk}/" for one in places)]
    for path in paths:
        assert reader.get(path).status_code == 200, path
    assert Event.objects.filter(outcome="read").count() >= 6
    colleague = signed_in(people.account("broker"))
    assert colleague.get("/work/colleagues/").status_code == 200
    assert colleague.get("/work/colleagues.csv").status_code == 200
