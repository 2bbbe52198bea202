"""The register of providers on its pages: kept, shown, looked at, graded, linked with the regulator's files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from careshape.home import Home
from careshape.providers.models import Evidence, Grade, Location, Provider, Tender
from careshape.providers.register import Particulars, add
from careshape.records.official import add_file
from tests.accounts.people import People
from tests.market.synthetic import ACTIVE, JULY, as_csv
from tests.source.place import today

pytestmark = pytest.mark.django_db(transaction=True)
Sign = Callable[..., Client]
HERE = "worcestershire"


def _day(after: int) -> str:
    return f"{today() + timedelta(days=after):%d/%m/%Y}"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_provider_is_added_located_graded_and_found(people: People, signed_in: Sign):
    officer = signed_in("quality-officer")
    assert "Example Care A" not in text(officer.get("/work/providers/"))
    answer = officer.post("/work/providers/add/", {"name": "Example Care A", "type": "micro-enterprise", "staff": "9"})
    row = Provider.objects.get(organisation__name="Example Care A")
    home = f"/work/providers/{row.organisation_id}/"
    assert answer["Location"] == home
    assert "None is recorded yet" in text(officer.get(home))
    officer.post(f"{home}location/", {
        "name": "Branch A", "kind": "home-care-branch", "outward": "WR1 1AA", "services": ["home-care", "reablement"],
    })  # fmt: skip
    officer.post(f"{home}grade/", {"grade": "gold", "on": _day(0), "why": "Visited in the spring."})
    page = text(officer.get(home))
    for said in ("Branch A", "Branch of home care", "Worcester, WR1", "Gold from", "Visited in the spring."):
        assert said in page
    found = text(
        officer.get("/work/providers/?services=Home+care&districts=Worcester&grade=Gold&type=Micro-enterprise")
    )
    assert "Example Care A" in found
    assert "Synthetic provider W-001" not in found
    assert "none here is “Nursing care”" in text(officer.get("/work/providers/?services=Nursing+care"))
    file = officer.get("/work/providers.csv?districts=Worcester").content.decode("utf-8-sig")
    assert "Home care; Reablement" in file
    assert file.count("\n") == 2


def test_what_was_typed_stays_where_it_is_refused(people: People, signed_in: Sign):
    officer = signed_in("commissioner")
    answer = officer.post(
        "/work/providers/add/",
        {"name": "Example Care A", "type": "micro-enterprise", "staff": "10", "brand": "Group X"},
    )
    assert answer.status_code == 422
    assert "A micro-enterprise has at most 9 staff, and this one has 10." in text(answer)
    assert 'value="Group X"' in text(answer)
    organisation = people.organisations[HERE][0]
    given = {"name": "Home A", "kind": "residential-home", "registered_beds": "abc", "services": ["residential"]}
    answer = officer.post(f"/work/providers/{organisation.pk}/location/", given)
    assert answer.status_code == 422
    assert "Enter a whole number, such as 40" in text(answer)
    assert 'value="residential" checked' in " ".join(text(answer).split())
    assert not Location.objects.exists()


def test_location_is_corrected_and_closed(people: People, signed_in: Sign):
    officer, organisation = signed_in("quality-officer"), people.organisations[HERE][0]
    given = {"name": "Home A", "kind": "residential-home", "registered_beds": "40", "services": ["residential"]}
    officer.post(f"/work/providers/{organisation.pk}/location/", given)
    row = Location.objects.get()
    page = text(officer.get(f"/work/provider-locations/{row.pk}/"))
    assert 'value="40"' in page
    officer.post(f"/work/provider-locations/{row.pk}/", {**given, "registered_beds": "38", "closed_on": _day(-1)})
    row.refresh_from_db()
    assert (row.registered_beds, row.closed_on) == (38, today() - timedelta(days=1))
    assert "until" in text(officer.get(f"/work/providers/{organisation.pk}/"))


def test_provider_shows_and_the_council_looks(people: People, signed_in: Sign):
    provider, officer = signed_in("provider"), signed_in("quality-officer")
    pk = people.organisations[HERE][0].pk
    assert f"/work/providers/{pk}/" in text(provider.get("/work/organisation/"))
    assert "Record what you show" in text(provider.get(f"/work/providers/{pk}/"))
    given = {"kind": "public-liability-insurance", "begins_on": _day(-3), "last_on": _day(20), "reference": "P-1"}
    faulty = provider.post(f"/work/providers/{pk}/show/", {**given, "last_on": _day(-9)})
    assert "Its last day comes before its first" in text(faulty)
    assert faulty.status_code == 422
    provider.post(f"/work/providers/{pk}/show/", given)
    row = Evidence.objects.get()
    assert "1 thing that a provider has shown waits to be looked at." in text(officer.get("/work/"))
    assert provider.post(f"/work/shown/{row.pk}/check/").status_code == 403
    assert "I have looked at it" in text(officer.get(f"/work/shown/{row.pk}/"))
    officer.post(f"/work/shown/{row.pk}/check/")
    assert officer.post(f"/work/shown/{row.pk}/check/").status_code == 422
    assert "1 thing that was shown has lapsed or lapses within 30 days." in text(provider.get("/work/"))
    assert "Counts" in text(provider.get("/work/shown/"))
    assert "Take it back" not in text(provider.get(f"/work/shown/{row.pk}/"))
    refused = officer.post(f"/work/shown/{row.pk}/withdraw/", {"reason": ""})
    assert refused.status_code == 422
    officer.post(f"/work/shown/{row.pk}/withdraw/", {"reason": "It is another provider's."})
    assert "Taken back" in text(provider.get(f"/work/shown/{row.pk}/"))


def test_lapsed_evidence_stands_first_on_the_provider_s_page(people: People, signed_in: Sign):
    officer, organisation = signed_in("quality-officer"), people.organisations[HERE][0]
    officer.post(f"/work/providers/{organisation.pk}/location/", {
        "name": "Branch A", "kind": "home-care-branch", "services": ["home-care"]})  # fmt: skip
    officer.post(f"/work/providers/{organisation.pk}/show/", {
        "kind": "public-liability-insurance", "begins_on": _day(-400), "last_on": _day(-10)})  # fmt: skip
    page = text(signed_in("broker").get(f"/work/providers/{organisation.pk}/"))
    assert f"Public liability insurance lapsed: its last day was {_day(-10)}." in page
    assert "Never shown, and needed for what it gives:" in page
    assert "Lapsed" in text(signed_in("broker").get("/work/providers/?evidence=Lapsed"))


def test_regulator_s_locations_are_recorded_when_a_person_confirms_them(people: People, data: Path, signed_in: Sign):
    rows = [
        ACTIVE | {"Location ID": "1-101", "Location Name": "Home A", "Provider Name": "Example Care A Limited"},
        ACTIVE | {"Location ID": "1-102", "Location Name": "Home B", "Provider Name": "Example Care A Limited"},
        ACTIVE | {"Location ID": "1-103", "Location Name": "Home C", "Provider ID": "1-201", "Provider Name": "Other"},
    ]
    add_file(Home(data), as_csv(data / f"{JULY}.csv", rows))
    officer = signed_in("quality-officer")
    assert "Example Care A Limited" in text(officer.get("/work/providers/regulator/"))
    organisation = add(people.principal("quality-officer"), Particulars("Example Care A Ltd")).organisation
    home = f"/work/providers/{organisation.pk}/"
    assert "Example Care A Limited (1-200), 2 locations" in text(officer.get(f"{home}regulator/"))
    assert not Location.objects.exists(), "nothing is linked before a person confirms"
    officer.post(f"{home}regulator/", {"regulator_id": "1-200"})
    page = text(officer.get(f"{home}regulator/"))
    assert "Home A (1-101), Care home without nursing, WR1, 40 beds, rated Good" in page
    assert "Home C" not in page
    officer.post(f"{home}location/", {"name": "Home B", "kind": "residential-home"})
    assert "goes on from Home B of the register" in text(officer.get(f"{home}regulator/"))
    assert officer.post(f"{home}regulator/", {"ids": ["1-103"]}).status_code == 422
    officer.post(f"{home}regulator/", {"ids": ["1-101", "1-102"]})
    assert {(one.name, one.regulator_id, one.registered_beds, one.services[0]) for one in Location.objects.all()} == {
        ("Home A", "1-101", 40, "residential"), ("Home B", "1-102", 40, "residential"),
    }  # fmt: skip
    assert "rated Good" in text(officer.get(home))
    assert "Example Care A Limited" not in text(officer.get("/work/providers/regulator/"))
    assert "Good" in text(officer.get("/work/providers/?rating=Good"))


def test_tender_is_recorded_and_decided(people: People, signed_in: Sign):
    commissioner, (first, second, _) = signed_in("commissioner"), people.organisations[HERE]
    commissioner.post("/work/tenders/add/", {"title": "Home care 2026", "service": "home-care"})
    row = Tender.objects.get()
    assert "Not yet" in text(commissioner.get("/work/tenders/"))
    both = {"on": _day(-1), "won": [first.pk], "lost": [first.pk]}
    assert "is in both lists" in text(commissioner.post(f"/work/tenders/{row.pk}/", both))
    commissioner.post(f"/work/tenders/{row.pk}/", {"on": _day(-1), "won": [first.pk], "lost": [second.pk]})
    assert "not successful" in text(commissioner.get(f"/work/providers/{second.pk}/"))
    assert f'value="{first.pk}" checked' in " ".join(text(commissioner.get(f"/work/tenders/{row.pk}/")).split())


def test_provider_sees_its_own_record_and_no_other(people: People, signed_in: Sign):
    officer, (own, other, _) = signed_in("quality-officer"), people.organisations[HERE]
    for one in (own, other):
        officer.post(f"/work/providers/{one.pk}/grade/", {"grade": "silver", "on": _day(0), "why": f"Of {one.name}."})
    assert Grade.objects.count() == 2
    provider = signed_in("provider")
    assert f"Of {own.name}." in text(provider.get(f"/work/providers/{own.pk}/"))
    assert provider.get(f"/work/providers/{other.pk}/").status_code == 404
    assert provider.get("/work/providers/").status_code == 403


def test_pages_of_many_providers_ask_few_queries(
    people: People, signed_in: Sign, django_assert_max_num_queries: Callable[..., Any]
):
    officer = people.principal("quality-officer")
    for number in range(60):
        add(officer, Particulars(f"Example Care {number:03}", "private"))
    client = signed_in("quality-officer")
    with django_assert_max_num_queries(16):
        client.get("/work/providers/")
    with django_assert_max_num_queries(24):
        client.get(f"/work/providers/{people.organisations[HERE][0].pk}/")
