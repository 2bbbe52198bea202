"""Applications to lists, on the pages of providers and of the council, and over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from careshape.source.lists.vehicles import add_lot, begin
from careshape.source.models import Application, Approach, Member, Vehicle
from tests.source.place import Place, today

pytestmark = pytest.mark.django_db(transaction=True)
Sign = Callable[..., Client]


@pytest.fixture
def market(place: Place) -> Vehicle:
    """A dynamic market with a lot."""
    row = begin(place.who("commissioner"), "Home care market", "dynamic-market", today())
    add_lot(place.who("commissioner"), row, "Evesham", "home-care", zone="evesham-zone")
    return row


def test_provider_applies_on_its_pages_and_sees_where_it_stands(place: Place, market: Vehicle, signed_in: Sign):
    provider, commissioner, other = signed_in("provider"), signed_in("commissioner"), signed_in("voluntary")
    assert "Takes applications" in provider.get("/work/joining/").content.decode()
    edit = provider.post(f"/work/joining/{market.pk}/", {"words": "Twelve carers."})["Location"]
    home, lot = edit.removesuffix("edit/"), market.lots.get().pk
    assert commissioner.get(home).status_code == 404, "a draft is the provider's own"
    assert other.get(home).status_code == 404
    given = {"lots": [str(lot)], f"price_{lot}": "20.5", "words": "Twelve carers."}
    wrong = provider.post(edit, given | {f"price_{lot}": "much", "send": "1"})
    assert wrong.status_code == 422
    assert "much" in wrong.content.decode(), "what was typed stays"
    assert provider.post(edit, given | {"keep": "1"}).status_code == 302
    assert 'value="20.50"' in provider.get(edit).content.decode(), "it was kept half-way"
    bare = provider.post(edit, {"words": "Twelve carers.", "send": "1"})
    assert "Say for what you apply before you send it" in bare.content.decode()
    assert provider.post(edit, given | {"send": "1"}).status_code == 302
    assert "With the council" in provider.get(home).content.decode()
    assert "Evesham" in commissioner.get("/work/applications.csv").content.decode()
    assert commissioner.post(f"{home}consider/", {"move": "ask"}).status_code == 422
    asked = {"move": "ask", "words": "Who manages it?"}
    assert commissioner.post(f"{home}consider/", asked).status_code == 302
    assert "The council asks: Who manages it?" in provider.get(edit).content.decode()
    assert provider.post(edit, given | {"words": "A registered manager.", "send": "1"}).status_code == 302
    admitted = {"move": "admit", "parts": [str(Application.objects.get().parts.get().pk)]}
    assert commissioner.post(f"{home}consider/", admitted).status_code == 302
    assert Member.objects.get(vehicle=market).state == "admitted"
    assert "Admitted" in provider.get(home).content.decode()
    assert provider.get(edit).status_code == 200
    assert "cannot be changed" in provider.post(edit, given).content.decode()


def test_provider_that_comes_to_a_closed_list_is_told_so_and_the_council_sees_it(place: Place, signed_in: Sign):
    row = begin(
        place.who("commissioner"), "Complex needs", "closed-framework", today() - timedelta(days=1),
        today() + timedelta(days=90),
    )  # fmt: skip
    provider = signed_in("provider")
    assert "nobody joins it after it began" in provider.get(f"/work/joining/{row.pk}/").content.decode()
    came = provider.post(f"/work/joining/{row.pk}/", {"words": "Four flats in Evesham."})
    assert came.status_code == 422
    assert "That you asked is recorded" in came.content.decode()
    assert "Four flats in Evesham." in signed_in("auditor").get("/work/approaches/").content.decode()
    assert b"Four flats in Evesham." in signed_in("commissioner").get("/work/approaches.csv").content


def test_application_is_taken_back_with_a_reason(market: Vehicle, signed_in: Sign):
    provider = signed_in("provider")
    home = provider.post(f"/work/joining/{market.pk}/", {"words": ""})["Location"].removesuffix("edit/")
    assert provider.post(f"{home}withdraw/", {"reason": ""}).status_code == 422
    assert provider.post(f"{home}withdraw/", {"reason": "We are too few."}).status_code == 302
    assert "Taken back" in provider.get(home).content.decode()


def test_program_applies_and_is_considered(place: Place, market: Vehicle, asking):
    provider, commissioner = asking("provider"), asking("commissioner")
    where = f"/api/v1/lists/{market.pk}/applications"
    lot = market.lots.get().pk
    strange = provider.post(where, {"parts": [{"lot": 987_654}]}, "application/json")
    assert strange.status_code == 409
    assert not Application.objects.exists(), "all of it or nothing"
    asked, key = {"parts": [{"lot": lot, "price": 2_050}]}, {"Idempotency-Key": "one"}
    for _ in range(2):  # the same request twice has one effect
        made = provider.post(where, asked, "application/json", headers=key).json()
        assert made["done"] == "sent"
    (seen,) = commissioner.get("/api/v1/applications").json()["items"]
    assert (seen["state"], seen["parts"][0]["price"]) == ("sent", 2_050)
    home = f"/api/v1/applications/{made['id']}"
    assert commissioner.post(f"{home}/consider", {"move": "ask"}, "application/json").status_code == 409
    strange = {"move": "admitt", "words": "Who manages it?"}
    assert commissioner.post(f"{home}/consider", strange, "application/json").status_code == 409
    more = {"move": "ask", "words": "Who manages it?"}
    assert commissioner.post(f"{home}/consider", more, "application/json").json()["done"] == "asked"
    assert provider.get(home).json()["said"] == "Who manages it?"
    assert provider.post(f"{home}/send", asked, "application/json").json()["done"] == "sent"
    assert commissioner.post(f"{home}/consider", {"move": "admit"}, "application/json").json()["done"] == "admitted"
    closed = begin(place.who("commissioner"), "Spot", "spot", today())
    assert provider.post(f"/api/v1/lists/{closed.pk}/applications", asked, "application/json").status_code == 409
    assert Approach.objects.count() == len(commissioner.get("/api/v1/approaches").json()["items"]) == 1
