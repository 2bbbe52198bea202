"""Returns of capacity on the pages of those who send them, and of those who read what is free."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client

from careshape.accounts.models import Organisation
from careshape.audit.change import change
from careshape.providers.capacity.free import free_of
from careshape.providers.capacity.take import Asked, take
from careshape.providers.models import Brought, Location, Return
from careshape.spreadsheets import as_csv
from tests.accounts.people import People
from tests.providers.homes import beds, branch, home, hours, returned
from tests.source.place import today

pytestmark = pytest.mark.django_db(transaction=True)
Sign = Callable[..., Client]


@pytest.fixture
def own(people: People) -> Organisation:
    found: Organisation = Organisation.objects.get(pk=people.principal("provider").organisation)
    return found


def _filled(**more: str) -> dict[str, str]:
    return {
        "day": f"{today():%d/%m/%Y}", "groups": "1", "0-bed_type": "general-nursing", "0-maximum": "20",
        "0-in_use": "15", "0-reserved": "0", "0-admittable": "5", **more,
    }  # fmt: skip


def test_provider_fills_in_a_return_and_next_week_finds_it_filled_in(own, signed_in: Sign):
    place = home(own, "First home")
    provider = signed_in("provider")
    listed = provider.get("/work/returns/").content.decode()
    assert "Never sent" in listed
    address = f"/work/returns/{place.pk}/beds/"
    assert f'href="{address}"' in listed
    assert "Type of beds" in provider.get(address).content.decode()
    answer = provider.post(address, _filled())
    assert answer.status_code == 302, answer.content.decode()
    shown = provider.get("/work/returns/").content.decode()
    assert "The return of First home is in." in shown
    assert "Sent this week" in shown
    again = provider.get(address).content.decode()
    assert 'value="15"' in again
    assert "Filled in below is what was sent on" in again
    assert provider.post(address, _filled()).status_code == 302
    assert "nothing changed" in provider.get("/work/returns/").content.decode()
    assert Return.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said", "field"),
    [
        ({"0-in_use": "21"}, "21 beds in use are more than the 20", "0-in_use"),
        ({"0-maximum": "41", "0-in_use": "30"}, "41 beds over all types are more than the 40", "0-maximum"),
        ({"0-reserved": ""}, "It is blank", "0-reserved"),
        ({"0-bed_type": ""}, "Say of which bed type", "0-bed_type"),
        ({"0-maximum": "twenty"}, "is no whole number", "0-maximum"),
        ({"day": "01/01/2020"}, "send today", "day"),
        ({"day": "31/12/2099"}, "has not come yet", "day"),
        ({"day": "soon"}, "is not a day such as", "day"),
        ({"0-closed_reason": "", "0-closed": "1", "0-admittable": "4"}, "Give the reason", "0-closed_reason"),
    ],
)
def test_wrong_return_is_answered_beside_the_field_and_nothing_typed_is_lost(own, signed_in: Sign, wrong, said, field):
    place = home(own)
    given = _filled(**wrong)
    answer = signed_in("provider").post(f"/work/returns/{place.pk}/beds/", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page.replace("&#39;", "'")
    assert f'id="id_{field}-error"' in page
    assert f'href="#id_{field}"' in page
    assert all(f'value="{value}"' in page for value in given.values() if value)
    assert not Return.objects.exists()


def test_another_line_is_added_without_losing_what_was_typed(own, signed_in: Sign):
    place = home(own)
    provider, address = signed_in("provider"), f"/work/returns/{place.pk}/beds/"
    page = provider.post(address, {**_filled(), "add": "yes"}).content.decode()
    assert 'name="1-maximum"' in page
    assert '<input type="hidden" name="groups" value="2">' in page
    assert 'value="15"' in page
    assert "There is a problem" not in page
    more = {"1-bed_type": "dementia-nursing", "1-maximum": "5", "1-in_use": "5", "1-reserved": "0", "1-admittable": "0"}
    assert provider.post(address, {**_filled(groups="2"), **more}).status_code == 302
    assert Return.objects.get().lines.count() == 2


def test_form_says_what_was_promised_since(own, people, signed_in: Sign):
    place = branch(own)
    returned(people.principal("provider"), place, hours(place, "10"))
    with change(people.principal("broker"), "source.broker") as told:
        take(told, Asked(own.pk, "home-care", 600, "worcester"), "award 1")
    page = signed_in("provider").get(f"/work/returns/{place.pk}/hours/").content.decode()
    assert "Worcester zone: 6 hours a week" in page


def test_file_counts_where_it_is_good_and_is_told_row_by_row_where_it_is_not(own, signed_in: Sign):
    good, bad = home(own, "Good"), home(own, "Bad")
    rows = [_row(good), _row(bad), _row(bad, bed_type="general-residential", maximum="99")]
    provider = signed_in("provider")
    answer = provider.post("/work/returns/files/add/", {"file": _file(rows)})
    made = Brought.objects.get()
    assert answer["Location"] == f"/work/returns/files/{made.pk}/"
    assert (made.lines, made.refused) == (1, 2)
    page = provider.get(answer["Location"]).content.decode()
    assert "119 beds over all types are more than the 40" in page
    refused = provider.get(f"/work/returns/files/{made.pk}/refused.csv").content.decode()
    assert refused.count(f"L{bad.pk}") == 2
    assert Return.objects.get().location == good
    again = provider.post("/work/returns/files/add/", {"file": _file(rows)})
    assert again.status_code == 302
    assert Return.objects.count() == 1, "sent twice, it counts once"
    officer = signed_in("quality-officer")
    masked = officer.get(f"/work/returns/files/{made.pk}/").content.decode()
    assert "(seen by its sender)" in masked
    assert officer.get(f"/work/returns/files/{made.pk}/refused.csv").status_code == 403
    report = officer.get(f"/work/returns/files/{made.pk}/report.csv").content.decode()
    assert "maximum,(seen by its sender)" in report
    assert ",99," not in report


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"name": "x"}], "is no return of capacity"),
        ([], "Select a file"),
        ([{"location_id": "L1", "zone": "x", "time_band": "y"}], "without the column day"),
    ],
)
def test_file_that_is_no_return_is_refused_with_a_sentence(own, signed_in: Sign, rows, said):
    given = {"file": _file(rows)} if rows else {}
    answer = signed_in("provider").post("/work/returns/files/add/", given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Brought.objects.exists()


def test_location_of_another_provider_is_refused_as_one_that_is_not_there(own, people, signed_in: Sign):
    other = next(one for one in people.organisations["worcestershire"] if one.pk != own.pk)
    theirs = home(other, "Theirs")
    home(own)
    provider = signed_in("provider")
    provider.post("/work/returns/files/add/", {"file": _file([_row(theirs)])})
    assert Brought.objects.get().lines == 0
    assert not Return.objects.exists()
    assert provider.get(f"/work/returns/{theirs.pk}/beds/").status_code == 404
    assert provider.get(f"/work/capacity/locations/{theirs.pk}/beds/").status_code == 404


def test_council_reads_what_is_in_use_and_free_with_its_age(own, people, signed_in: Sign):
    place, away = home(own, "Here"), home(own, "There", district="redditch")
    who = people.principal("provider")
    returned(who, place, beds(place, day=today() - timedelta(days=3)))
    returned(who, away, beds(away, in_use=10, day=today() - timedelta(days=20)))
    broker = signed_in("broker")
    page = broker.get("/work/capacity/beds/").content.decode()
    assert "Wychavon" in page
    assert "75.0" in page, "15 of 20 are in use"
    got = broker.get("/work/capacity/beds.csv?by=location").content.decode()
    assert got.splitlines()[0].startswith("location,locations,maximum")
    stale = next(line for line in got.splitlines() if "There" in line)
    assert stale.endswith(",20,20,1")
    assert broker.get(f"/work/capacity/locations/{place.pk}/beds/").status_code == 200
    assert "15" in broker.get(f"/work/capacity/locations/{place.pk}/beds.csv").content.decode()
    assert "No provider has returned any yet" in broker.get("/work/capacity/hours/").content.decode()
    assert broker.get("/work/capacity/rooms/").status_code == 404
    assert b"Not sent this week" in signed_in("quality-officer").get("/work/returns/").content


def test_home_pages_tell_what_waits_and_what_lies_beyond_a_line(own, people, signed_in: Sign):
    place = home(own, "Here")
    returned(people.principal("provider"), place, beds(place, maximum=40, in_use=20, day=today() - timedelta(days=8)))
    assert (
        "1 location has not returned its capacity this week: Here."
        in signed_in("provider").get("/work/").content.decode()
    )
    commissioner = signed_in("commissioner")
    shown = commissioner.get("/work/").content.decode()
    assert "beds that stand empty, 50.0% of 40 beds" in shown
    page = commissioner.get("/work/alerts/").content.decode()
    assert "Homes may not last at this occupancy" in page
    assert "cannot be held to a line" in page or "What nobody can tell" not in page
    assert "void_rate" not in commissioner.get("/work/alerts.csv").content.decode()


def test_lists_ask_the_database_as_often_for_many_locations_as_for_one(
    own, people, signed_in: Sign, django_assert_max_num_queries
):
    for number in range(12):
        place = home(own, f"Home {number}")
        returned(people.principal("provider"), place, beds(place))
    commissioner, provider = signed_in("commissioner"), signed_in("provider")
    for client, address in (
        (commissioner, "/work/capacity/beds/"), (commissioner, "/work/returns/"), (provider, "/work/returns/"),
        (commissioner, "/work/alerts/"), (commissioner, "/work/"), (provider, f"/work/returns/{place.pk}/beds/"),
        (commissioner, f"/work/capacity/locations/{place.pk}/beds/"),
    ):  # fmt: skip
        with django_assert_max_num_queries(30):
            assert client.get(address).status_code == 200, address


def test_return_in_another_unit_is_refused(own, signed_in: Sign):
    place = branch(own)
    row = {
        "location_id": f"L{place.pk}", "day": f"{today():%d/%m/%Y}", "zone": "Worcester zone", "time_band": "morning",
        "held": "10", "free": "5", "unit": "visits",
    }  # fmt: skip
    signed_in("provider").post("/work/returns/files/add/", {"file": _file([row])})
    made = Brought.objects.get()
    assert "visits and minutes cannot be added" in made.faults
    assert free_of("worcestershire", [own.pk], "home-care", "worcester", today())[own.pk] is None


def _row(location: Location, **more: str) -> dict[str, str]:
    return {
        "location_id": f"L{location.pk}", "day": f"{today():%d/%m/%Y}", "bed_type": "general-nursing", "maximum": "20",
        "in_use": "15", "reserved": "0", "admittable": "0", **more,
    }  # fmt: skip


def _file(rows: list[dict[str, str]]) -> BytesIO:
    made = BytesIO(as_csv(list(rows[0]), rows).encode())
    made.name = "returns.csv"
    return made
