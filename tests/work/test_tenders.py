"""The outcome of a tender on pages and over the API: shown before it is recorded, from a form and from a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from careshape.providers.models import Tender
from careshape.providers.standing import begin_tender
from careshape.source.lists.vehicles import add_lot, begin
from careshape.source.models import Member, Settlement, Vehicle
from tests.source.place import Place, today

pytestmark = pytest.mark.django_db(transaction=True)
Sign = Callable[..., Client]


@pytest.fixture
def ranked(place: Place) -> Vehicle:
    """A ranked list with a lot."""
    who = place.who("commissioner")
    row = begin(who, "Home care by zone", "zone-list", today(), today() + timedelta(days=900))
    add_lot(who, row, "Evesham", "home-care", zone="evesham-zone")
    return row


@pytest.fixture
def tender(place: Place) -> Tender:
    """A tender that is not decided."""
    return begin_tender(place.who("commissioner"), "Home care 2027", "home-care")


def _hidden(text: str) -> dict[str, str]:
    """The hidden fields of a page that asks to confirm."""
    found = {}
    for part in text.split('<input type="hidden" name="')[1:]:
        name, _, rest = part.partition('" value="')
        found[name] = rest.partition('"')[0].replace("&#34;", '"')
    return found


def test_outcome_is_shown_before_it_is_recorded_from_a_form(
    place: Place, ranked: Vehicle, tender: Tender, signed_in: Sign
):
    commissioner, auditor = signed_in("commissioner"), signed_in("auditor")
    first, second = place.people.organisations["worcestershire"][:2]
    home = f"/work/tenders/{tender.pk}/"
    assert "Home care by zone" in commissioner.get(f"{home}settle/").content.decode()
    lot = ranked.lots.get().pk
    given = {"on": f"{today():%d/%m/%Y}", f"primary_{lot}": str(first.pk), "price": "20.50", "lost": [str(second.pk)]}
    where = f"{home}settle/?list={ranked.pk}"
    none = commissioner.post(where, {"on": given["on"]})
    assert none.status_code == 422
    assert "a tender that nobody won has not been decided" in none.content.decode()
    shown = commissioner.post(where, given)
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "Nothing is recorded yet" in text
    assert first.name in text
    assert not Settlement.objects.exists()
    hidden = _hidden(text)
    unsure = commissioner.post(f"{home}settle/confirm/", hidden)
    assert "Say that you have read what follows" in unsure.content.decode()
    assert first.name in unsure.content.decode(), "what was shown stays"
    assert not Settlement.objects.exists()
    stale = commissioner.post(f"{home}settle/confirm/", {**hidden, "read": "another", "sure": "yes"})
    assert "has changed since you read it" in stale.content.decode()
    assert commissioner.post(f"{home}settle/confirm/", {**hidden, "sure": "yes"}).status_code == 302
    assert Member.objects.get(vehicle=ranked).rank == 1
    seen = auditor.get(f"{home}outcome/").content.decode()
    assert "Primary in Evesham" in seen
    assert "Keeps packages, no new work" in seen
    assert "Record who won which place" not in seen
    assert b"Not successful" in auditor.get(f"{home}outcome.csv").content


def test_what_was_brought_stands_in_the_form_where_the_list_changed_before_it_was_confirmed(
    place: Place, ranked: Vehicle, tender: Tender, signed_in: Sign
):
    commissioner, first = signed_in("commissioner"), place.people.organisations["worcestershire"][0]
    home, rows = f"/work/tenders/{tender.pk}/settle/", f'lot,provider,place,price,reason\n7,"{first.name}",1,20.50,\n'
    brought = {"on": f"{today():%d/%m/%Y}", "rows": rows, "list": str(ranked.pk), "read": "x", "sure": "yes"}
    answer = commissioner.post(f"{home}confirm/", brought)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "The list has no lot" in text
    assert first.name in text.partition("<textarea")[2]
    assert f'action="{home}file/?list={ranked.pk}"' in text
    assert not Settlement.objects.exists()


def test_outcome_comes_from_a_file_and_each_fault_has_its_line(
    place: Place, ranked: Vehicle, tender: Tender, signed_in: Sign
):
    commissioner = signed_in("commissioner")
    where = f"/work/tenders/{tender.pk}/settle/file/?list={ranked.pk}"
    first = place.people.organisations["worcestershire"][0]
    given = {"on": f"{today():%d/%m/%Y}", "pasted": "lot,provider,place,price\nEvesham,Nobody at all,1,20.50\n"}
    wrong = commissioner.post(where, given)
    assert wrong.status_code == 422
    assert "Line 2: The register has no provider" in wrong.content.decode()
    assert "Nobody at all,1,20.50" in wrong.content.decode(), "what was sent stays, to be put right"
    assert "Choose a file, or paste its rows" in commissioner.post(where, {"on": given["on"]}).content.decode()
    good = commissioner.post(where, given | {"pasted": f'lot,provider,place,price\nEvesham,"{first.name}",1,20.50\n'})
    assert "What follows from Home care 2027" in good.content.decode()


def test_program_sees_what_follows_and_then_records_it(place: Place, ranked: Vehicle, tender: Tender, asking):
    commissioner = asking("commissioner")
    first = place.people.organisations["worcestershire"][0]
    where = f"/api/v1/tenders/{tender.pk}/settle"
    asked = {"vehicle": ranked.pk, "on": f"{today()}", "rows": "lot,provider,place\nEvesham,Nobody at all,1\n"}
    wrong = commissioner.post(where, asked, "application/json")
    assert wrong.status_code == 409
    assert wrong.json()["faults"][0]["line"] == 2
    asked["rows"] = f'lot,provider,place,price\nEvesham,"{first.name}",1,20.50\n'
    shown = commissioner.post(where, asked, "application/json").json()
    assert (shown["done"], shown["places"][0]["primary"]) == ("shown", first.name)
    assert not Settlement.objects.exists()
    done = commissioner.post(where, asked | {"read": shown["read"]}, "application/json").json()
    assert done["done"] == "settled"
    (told,) = commissioner.get(f"/api/v1/tenders/{tender.pk}/outcome").json()["items"]
    assert (told["organisation"], told["won"]) == (first.pk, True)
    assert commissioner.get("/api/v1/tenders").json()["items"][0]["decided_on"] == f"{today()}"
