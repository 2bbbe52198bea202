"""Lists by which a council buys, on the pages of those who keep them and of those who are on them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from careshape.accounts.models import Organisation
from careshape.providers.models import Grade
from careshape.source.lists.price_list import PricesRefusedError, keep_prices, read_prices
from careshape.source.lists.vehicles import admit, begin, price_on
from careshape.source.models import Lot, Member, Price, Switch, Vehicle
from tests.source.place import Place, today

pytestmark = pytest.mark.django_db(transaction=True)
Sign = Callable[..., Client]
TABLE_8 = """service,zone,tier,price,unit,first_day,last_day,source
supported-living,Redditch and Bromsgrove,Tier 1,15.78,hour,01/07/2021,,Table 8
supported-living,Worcester and Droitwich,Tier 1,£16.24,an hour,01/07/2021,,Table 8
supported-living,wyre-forest,tier-1,16.35,gbp-per-hour,2021-07-01,,Table 8
Supported living,"Evesham, Malvern, Pershore and Tenbury",tier-1,16.68,hours,01/07/2021,,Table 8
"""
"""The standard hourly rates of Worcestershire's statement, as its Table 8 has them."""


def _day(after: int) -> str:
    return f"{today() + timedelta(days=after):%d/%m/%Y}"


def _first(place: Place) -> Organisation:
    return place.people.organisations["worcestershire"][0]


@pytest.fixture
def market(place: Place) -> Vehicle:
    """A list that is priced by rate zone."""
    return begin(
        place.who("commissioner"), "Supported living", "dynamic-market", today() - timedelta(days=9),
        priced_by="rate_zone",
    )  # fmt: skip


def test_price_list_of_table_8_is_brought_and_each_zone_has_its_price(place: Place, market: Vehicle, signed_in: Sign):
    commissioner, home = signed_in("commissioner"), f"/work/lists/{market.pk}/"
    sent = commissioner.post(
        f"{home}prices/file/", {"file": SimpleUploadedFile("prices.csv", TABLE_8.encode()), "rows": ""}
    )
    assert sent.status_code == 302, sent.content.decode()
    shown = commissioner.get(f"{home}prices/").content.decode()
    assert "£16.24" in shown
    assert b"16.68" in commissioner.get(f"{home}prices.csv").content
    member = admit(
        place.who("commissioner"), market, place.people.organisations["worcestershire"][0], "supported-living"
    )
    on = today()
    assert price_on(member, "redditch-zone", on=on, unit="hour") == 1578
    assert price_on(member, "redditch-zone", on=on) is None, "there is none for a week"
    assert price_on(member, "worcester-and-droitwich", "tier-1", on=on, unit="hour") == 1624
    assert price_on(member, on=on, district="wyre-forest", unit="hour") == 1635
    assert price_on(member, on=on, district="malvern-hills", unit="hour") == 1668
    assert price_on(member, on=on, district="wychavon", unit="hour") is None, (
        "it lies in two rate zones, and nobody said which"
    )
    assert price_on(member, "redditch-zone", on=on.replace(year=2020), unit="hour") is None, "before the first price"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("home-care,wyre-forest,tier-1,16.35,week,01/07/2021,", "Line 2: Home care is bought by the hour, and this"),
        ("supported-living,wyre-forest,tier-1,16.35,,01/07/2021,", "this price is for 'no unit'"),
        ("supported-living,Atlantis,tier-1,16.35,hour,01/07/2021,", "Line 2"),
        ("supported-living,wyre-forest,tier-1,sixteen,hour,01/07/2021,", "'sixteen' is no number"),
        ("supported-living,wyre-forest,tier-1,16.355,hour,01/07/2021,", "parts of a penny"),
        ("supported-living,wyre-forest,tier-1,-1,hour,01/07/2021,", "is not above nought"),
        ("supported-living,wyre-forest,tier-1,16.35,hour,31/02/2021,", "'31/02/2021' is no day"),
        ("supported-living,wyre-forest,tier-1,16.35,hour,01/07/2021,30/06/2021", "comes before the first"),
        ("supported-living,wyre-forest,1st tier!,16.35,hour,01/07/2021,", "is no name of a tier"),
    ],
)  # fmt: skip
def test_row_that_cannot_be_a_price_is_a_sentence_and_nothing_is_lost(market: Vehicle, signed_in: Sign, row, said):
    text = f"service,zone,tier,price,unit,first_day,last_day\n{row}\n"
    answer = signed_in("commissioner").post(f"/work/lists/{market.pk}/prices/file/", {"rows": text})
    assert answer.status_code == 422
    content = answer.content.decode().replace("&#39;", "'")
    assert said in content
    assert row.split(",", 1)[0] + "," in content, "what was sent stands there still"
    assert not Price.objects.exists()


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        (("01/01/2026", "31/03/2026"), ("15/03/2026", ""), "two prices overlap from 15/03/2026 to 31/03/2026"),
        (("01/01/2026", ""), ("15/03/2026", ""), "overlap from 15/03/2026 on: the one before has no last day"),
        (("01/01/2026", "31/03/2026"), ("03/04/2026", ""), "no price from 01/04/2026 to 02/04/2026. Close the gap"),
        (("01/01/2026", "31/03/2026"), ("01/04/2026", ""), ""),  # they meet
    ],
)
def test_periods_of_one_file_neither_overlap_nor_leave_a_gap(place: Place, market: Vehicle, first, then, said):
    rows = [f"supported-living,wyre-forest,tier-1,16.35,hour,{begins},{ends}" for begins, ends in (first, then)]
    text = "service,zone,tier,price,unit,first_day,last_day\n" + "\n".join(rows)
    who = place.who("commissioner")
    if not said:
        assert len(keep_prices(who, market, read_prices(market, text))) == 2
        return
    with pytest.raises(PricesRefusedError) as refused:
        keep_prices(who, market, read_prices(market, text))
    assert said in str(refused.value)
    assert [one.line for one in refused.value.faults] == [3]
    assert not Price.objects.exists()


def test_new_price_ends_the_one_before_and_can_be_taken_out_until_it_begins(
    place: Place, market: Vehicle, signed_in: Sign
):
    keep_prices(place.who("commissioner"), market, read_prices(market, TABLE_8))
    commissioner, home = signed_in("commissioner"), f"/work/lists/{market.pk}/prices/"
    given = {"service": "supported-living", "zone": "wyre-forest", "tier": "tier-1", "price": "17.00", "unit": "hour"}
    past = commissioner.post(f"{home}add/", {**given, "first_day": "01/06/2021"})
    assert past.status_code == 422
    assert "a price begins on 01/07/2021 already" in past.content.decode()
    assert 'value="17.00"' in past.content.decode(), "what was written stays"
    assert commissioner.post(f"{home}add/", {**given, "first_day": _day(30)}).status_code == 302
    before, new = Price.objects.filter(zone="wyre-forest").order_by("begins_on")
    assert before.ends_on == new.begins_on - timedelta(days=1)
    member = admit(
        place.who("commissioner"), market, place.people.organisations["worcestershire"][0], "supported-living"
    )
    days = [today() + timedelta(days=after) for after in (29, 30)]
    assert [price_on(member, on=on, district="wyre-forest", unit="hour") for on in days] == [1635, 1700], (
        "the price of the day"
    )
    began = commissioner.post(f"/work/prices/{before.pk}/take-out/")
    assert began.status_code == 409
    assert "It has begun" in began.content.decode()
    assert commissioner.post(f"/work/prices/{new.pk}/take-out/").status_code == 302
    assert [one.ends_on for one in Price.objects.filter(zone="wyre-forest")] == [None]


def test_lots_rounds_and_order_are_kept_on_pages(place: Place, signed_in: Sign):
    commissioner = signed_in("commissioner")
    given = {"title": "Home care", "kind": "zone-list", "begins_on": _day(-9)}
    faulty = commissioner.post("/work/lists/add/", given)
    assert faulty.status_code == 422
    assert "has a last day from its beginning" in faulty.content.decode()
    home = commissioner.post("/work/lists/add/", {**given, "ends_on": _day(90)})["Location"]
    assert "It ends on" in commissioner.get(home).content.decode(), "a list that ends soon says so"
    lot = {"title": "Redditch", "service": "home-care", "zone": "redditch-zone"}
    assert commissioner.post(f"{home}lots/add/", lot).status_code == 302
    assert "is for just this" in commissioner.post(f"{home}lots/add/", lot).content.decode()
    assert "Redditch zone" in commissioner.get(f"{home}lots/").content.decode()
    for one in place.people.organisations["worcestershire"][:2]:
        admitted = {"organisation": one.pk, "lot": Lot.objects.get().pk, "price": "20.50"}
        assert commissioner.post(f"{home}admit/", admitted).status_code == 302
    first, second = Member.objects.filter(vehicle__title="Home care").order_by("rank")
    shown = commissioner.get(home).content.decode()
    assert "Primary" in shown
    assert "Backup 1" in shown
    wrong = commissioner.post(f"/work/members/{second.pk}/rank/", {"place": "3"})
    assert "There are places 1 to 2" in wrong.content.decode()
    assert commissioner.post(f"/work/members/{second.pk}/rank/", {"place": "1"}).status_code == 302
    first.refresh_from_db()
    assert first.rank == 2
    assert commissioner.post(f"{home}round/", {"on": _day(-1)}).status_code == 302
    late = {
        "organisation": place.people.organisations["worcestershire"][2].pk,
        "lot": Lot.objects.get().pk,
        "price": "20",
    }
    assert "closed between rounds" in commissioner.post(f"{home}admit/", late).content.decode()
    assert commissioner.post(f"{home}end/", {"on": _day(400)}).status_code == 302
    goes_on = commissioner.get(home).content.decode()
    assert "It ends on" not in goes_on
    assert "Admit a provider" in goes_on
    assert commissioner.post(f"{home}end/", {"on": _day(-2)}).status_code == 302
    ended = commissioner.get(home).content.decode()
    assert f" to {today() - timedelta(days=2):%-d %B %Y}." in ended
    assert "It ended on" in ended
    assert "Nobody joins it any more." in ended
    assert "Admit a provider" not in ended


def test_history_of_a_standing_is_shown_and_the_provider_reads_its_own(place: Place, signed_in: Sign):
    officer, provider, other = signed_in("quality-officer"), signed_in("provider"), signed_in("voluntary")
    member = Member.objects.get(organisation=place.who("provider").organisation)
    why = "A warning of the regulator was not answered."
    assert "Remove it" not in officer.get(f"/work/members/{member.pk}/").content.decode(), "the data gives it to others"
    assert officer.post(f"/work/members/{member.pk}/", {"move": "suspend", "reason": why}).status_code == 302
    shown = signed_in("auditor").get(f"/work/members/{member.pk}/").content.decode()
    assert shown.count(why) == 2, "as it stands, and in its history"
    assert "Do it" not in shown
    own = provider.get("/work/standing/").content.decode()
    assert why in own
    assert "Care homes" in own
    assert why.encode() in provider.get("/work/standing.csv").content
    assert why not in other.get("/work/standing/").content.decode()


def test_what_would_be_lost_by_gold_and_silver_alone_is_shown_first(place: Place, signed_in: Sign):
    provider = place.who("provider")
    Grade.objects.create(
        organisation_id=provider.organisation, grade="gold", on=today(), why="It was visited.",
        by=place.people.account("quality-officer"),
    )  # fmt: skip
    shown = signed_in("commissioner").get("/work/grades/").content.decode()
    assert "The rule binds nobody yet" in shown
    assert "1 of 2 providers would get no new work, and with them what 1 could begin is not known" in shown
    assert "None recorded" in shown
    rows = signed_in("auditor").get("/work/grades.csv").content.decode().splitlines()
    assert [row.split(",")[2:4] for row in rows[1:]] == [["Gold", "As now"], ["None recorded", "No new work"]]


def test_only_gold_and_silver_is_proposed_with_the_loss_in_sight_agreed_and_switched_off(place: Place, signed_in: Sign):
    officer, commissioner, auditor = signed_in("quality-officer"), signed_in("commissioner"), signed_in("auditor")
    home = f"/work/lists/{place.vehicle.pk}/grades/"
    assert "1 proposal to buy" not in commissioner.get("/work/").content.decode()
    shown = officer.get(f"{home}switch/").content.decode()
    assert "2 of 2" in shown, "what would be lost stands above the form"
    read = shown.split('name="read" value="')[1].split('"')[0]
    given = {"begins_on": _day(0), "why": "The council buys from the best alone.", "read": read}
    assert "Enter a day" in officer.post(f"{home}switch/", given | {"begins_on": "soon"}).content.decode()
    stale = officer.post(f"{home}switch/", given | {"read": "another"})
    assert stale.status_code == 422
    assert "has changed since you read it" in stale.content.decode()
    assert given["why"] in stale.content.decode(), "what was written stays"
    where = officer.post(f"{home}switch/", given)["Location"]
    own = officer.get(where).content.decode()
    assert "You proposed it. Somebody else has to agree." in own
    assert "Agree to it" not in own
    assert "Somebody else must agree" not in own
    assert officer.post(where, {"move": "agree"}).status_code == 422, "who proposed it is not offered to agree"
    assert "1 proposal to buy" in commissioner.get("/work/").content.decode()
    assert commissioner.post(where, {"move": "agree"}).status_code == 302
    assert "asked since" in auditor.get(f"/work/lists/{place.vehicle.pk}/").content.decode()
    seen = auditor.get(home).content.decode()
    assert "Switched on" in seen
    assert "Propose to switch it on" not in seen
    rows = auditor.get(f"/work/lists/{place.vehicle.pk}/grades.csv").content.decode().splitlines()
    assert [one[3:5] for one in csv.reader(rows[1:])] == [["None recorded", "No new work"]] * 2
    assert commissioner.post(where, {"move": "switch-off"}).status_code == 422
    off = {"move": "switch-off", "why": "Too few are left."}
    assert commissioner.post(where, off).status_code == 302
    assert "Too few are left." in auditor.get(home).content.decode()
    assert "providers of every grade are asked" in auditor.get(home).content.decode()


def test_program_reads_lists_brings_prices_and_moves_a_provider(place: Place, market: Vehicle, asking):
    commissioner = asking("commissioner")
    lists = commissioner.get("/api/v1/lists").json()["items"]
    assert [one["title"] for one in lists] == ["Care homes", "Supported living"]
    where = f"/api/v1/lists/{market.pk}/prices"
    wrong = commissioner.post(where, {"rows": "service,price\n"}, "application/json")
    assert wrong.status_code == 409
    assert wrong.json()["faults"][0]["line"] == 1
    assert commissioner.post(where, {"rows": "a\u0000b"}, "application/json").status_code == 409
    assert commissioner.post(where, {"rows": TABLE_8}, "application/json").status_code == 201
    assert {(one["pence"], one["unit"]) for one in commissioner.get(where).json()["items"]} >= {(1578, "hour")}
    member = Member.objects.order_by("pk")[0]
    moved = {"move": "suspend", "reason": "It hands packages back."}
    key = {"Idempotency-Key": "one"}
    for _ in range(2):  # the same request twice has one effect
        answer = commissioner.post(f"/api/v1/members/{member.pk}/move", moved, "application/json", headers=key)
        assert answer.json() == {"id": member.pk, "done": "suspended"}
    assert member.history.filter(move="suspend").count() == 1
    seen = commissioner.get(f"/api/v1/lists/{member.vehicle_id}/members").json()["items"][0]
    assert (seen["state"], seen["reason"]) == ("suspended", "It hands packages back.")


def test_program_reads_what_gold_and_silver_alone_would_cost_proposes_it_and_another_agrees(place: Place, asking):
    officer, commissioner = asking("quality-officer"), asking("commissioner")
    where = f"/api/v1/lists/{place.vehicle.pk}/switches"
    asked = {"begins_on": f"{today()}", "why": "The council buys from the best alone."}
    shown = officer.post(where, asked, "application/json").json()
    assert (shown["done"], shown["id"]) == ("shown", None)
    assert {(one["providers"], one["lost"]) for one in shown["lost"]} == {(2, 2)}
    assert not Switch.objects.exists(), "shown, and nothing done"
    stale = officer.post(where, asked | {"read": "another"}, "application/json")
    assert (stale.status_code, "has changed since" in stale.json()["detail"]) == (409, True)
    strange = officer.post(where, asked | {"lot": 987_654}, "application/json")
    assert "no lot with the key 987654" in strange.json()["detail"]
    key = {"Idempotency-Key": "one"}
    for _ in range(2):  # the same request twice has one effect
        made = officer.post(where, asked | {"read": shown["read"]}, "application/json", headers=key).json()
        assert made["done"] == "proposed"
    home = f"/api/v1/switches/{made['id']}"
    own = officer.post(f"{home}/move", {"move": "agree"}, "application/json")
    assert (own.status_code, "Somebody else must agree" in own.json()["detail"]) == (409, True)
    assert commissioner.post(f"{home}/move", {"move": "agree"}, "application/json").json()["done"] == "on"
    (seen,) = asking("auditor").get("/api/v1/switches").json()["items"]
    assert (seen["state"], seen["shown"]) == ("on", shown["lost"])
    bare = commissioner.post(f"{home}/move", {"move": "switch-off"}, "application/json")
    assert "Say why" in bare.json()["detail"]
    off = {"move": "switch-off", "why": "Too few are left."}
    assert commissioner.post(f"{home}/move", off, "application/json").json()["done"] == "off"
    assert commissioner.get(home).json()["ended_why"] == "Too few are left."
