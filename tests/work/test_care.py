"""A person's need becomes care on the pages of those who bring it about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from careshape.accounts.models import Organisation
from careshape.source.models import Member, Offer, Package, Request
from careshape.source.packages.handover import hand_over
from careshape.source.requests.award import said_of
from tests.source.arranged import arranged, sent, yes
from tests.source.place import Place, today
from tests.work.telling import tell_of

pytestmark = pytest.mark.django_db(transaction=True)
Sign = Callable[..., Client]


def _day(after: int) -> str:
    return f"{today() + timedelta(days=after):%d/%m/%Y}"


def test_request_is_stopped_cleared_offered_answered_and_awarded_on_pages(place: Place, signed_in: Sign):
    worker, broker, provider = signed_in("practitioner"), signed_in("broker"), signed_in("provider")
    home = f"/work/supported/{place.person.pk}/"
    asked = {
        "service": "nursing", "amount": "1", "starts_on": _day(7), "district": "wychavon", "long_term": "yes",
        "words": "To be safe at night.",
    }  # fmt: skip
    answer = worker.post(f"{home}ask/", asked)
    request = Request.objects.get()
    assert answer["Location"] == f"/work/requests/{request.pk}/"
    assert "1 request for care is not sent yet." in broker.get("/work/").content.decode()
    shown = broker.get(f"/work/requests/{request.pk}/").content.decode()
    assert "Home First" in shown
    assert "Send it to" not in shown
    refused = broker.post(f"/work/requests/{request.pk}/send/")
    assert refused.status_code == 409
    assert b"Home First" in refused.content
    worker.post(
        f"{home}looked-at/reablement-assessed/",
        {"on": _day(-1), "result": "would-not-help", "why": "Tried for four weeks."},
    )
    place.clear(request)
    assert "Send it to 2 providers" in broker.get(f"/work/requests/{request.pk}/").content.decode()
    broker.post(f"/work/requests/{request.pk}/send/")
    offer = Offer.objects.get(request=request, organisation=place.who("provider").organisation)
    assert "1 request for care waits for your answer." in provider.get("/work/").content.decode()
    page = provider.get(f"/work/asked/{offer.pk}/").content.decode()
    assert "To be safe at night." in page
    assert place.person.name not in page
    faulty = provider.post(f"/work/asked/{offer.pk}/", {"answer": "no", "can_start_on": _day(7)})
    assert faulty.status_code == 422
    assert "Say why not" in faulty.content.decode()
    provider.post(f"/work/asked/{offer.pk}/", {"answer": "counter", "price": "1010.50", "can_start_on": _day(8)})
    assert "1 request for care has somebody who could take it." in broker.get("/work/").content.decode()
    ranked = broker.get(f"/work/requests/{request.pk}/").content.decode()
    assert "£1,010.50 a week" in ranked
    assert "Has not answered: " in ranked
    offer.refresh_from_db()
    unread = broker.post(f"/work/offers/{offer.pk}/award/", {"why": "", "read": "yes/95000/"})
    assert unread.status_code == 422
    assert "changed its answer" in unread.content.decode()
    given = broker.post(f"/work/offers/{offer.pk}/award/", {"why": "", "read": said_of(offer)})
    package = Package.objects.get()
    assert given["Location"] == f"/work/packages/{package.pk}/"
    assert "On its way" in broker.get(given["Location"]).content.decode()
    hand_over("worcestershire")
    assert "Posting " in broker.get(given["Location"]).content.decode()
    assert place.person.name in provider.get(f"/work/asked/{offer.pk}/").content.decode(), "who it is for, once theirs"
    late = provider.post(f"/work/asked/{offer.pk}/", {"answer": "no", "reason": "Full."})
    assert late.status_code == 422
    assert "takes no more answers" in late.content.decode()
    home = f"/work/packages/{package.pk}/"
    tell_of(broker, f"{home}tell/change/", line="core", first=_day(30), price="1100")
    tell_of(broker, f"{home}tell/end/", on=_day(60), why="Moved to live with family.")
    tell_of(broker, f"{home}tell/end/", on=_day(50), why="Moved to live with family.")
    seen = broker.get(home).content.decode()
    assert seen.count("<tr") == 8, "two lines and four things told, each table with a row of headings"
    assert "Moved to live with family." in seen


def test_those_who_have_not_answered_stand_together_after_those_who_have(place: Place, signed_in: Sign):
    row, first = sent(place), place.vehicle.members.order_by("pk")[0]
    yes(row, first)
    for number in range(60):
        silent = Organisation.objects.create(
            name=f"Synthetic silent provider {number:02}", council=first.organisation.council, kind="provider"
        )
        Offer.objects.create(request=row, organisation=silent, member=first, list_price=first.price, answer="waiting")
    shown = signed_in("broker").get(f"/work/requests/{row.pk}/").content.decode()
    assert shown.count('<h3 class="govuk-heading-s">') == 1, "one has answered"
    told, _, rest = shown.partition("60 have not answered</span>")
    assert first.organisation.name in told
    assert rest.count("<li>Synthetic silent provider ") == 60
    assert "Synthetic silent provider" not in told


def test_prices_that_are_asked_stand_beside_what_is_paid_and_what_others_publish(place: Place, signed_in: Sign):
    day = today() - timedelta(days=7)
    package = arranged(place, day)  # at £950.00 a week
    package.lines.update(starts_on=day)
    row = sent(place)
    first, second = place.vehicle.members.order_by("pk")
    yes(row, first)
    dearer = yes(row, second)  # £1,000.00: 5.26% more
    broker = signed_in("broker")
    shown = broker.get(f"/work/requests/{row.pk}/").content.decode()
    own = "Today the council pays £950.00 a week for nursing care (1 package)."
    assert own in shown
    assert "£950.00 a week (as the middle of what the council pays)" in shown
    assert "£1,000.00 a week (5% above the middle of what the council pays)" in shown
    printed = "£581.00 to £851.00, in the middle £682.00 a week (11 councils printed beside it, without this one)."
    assert printed in shown
    assert "Not a price." in shown
    asked = broker.get(f"/work/offers/{dearer.pk}/award/").content.decode()
    assert "The price is 5% above the middle of what the council pays." in asked
    assert own in asked
    assert printed in asked


def test_provider_is_suspended_and_is_not_asked(place: Place, signed_in: Sign):
    commissioner, broker = signed_in("commissioner"), signed_in("broker")
    member = Member.objects.order_by("pk")[0]
    nothing = commissioner.post(f"/work/members/{member.pk}/", {"move": "suspend", "reason": ""})
    assert nothing.status_code == 422
    assert "Say why" in nothing.content.decode()
    why = "Its insurance ended and no new one was shown."
    commissioner.post(f"/work/members/{member.pk}/", {"move": "suspend", "reason": why})
    request = place.ask()
    place.clear(request)
    shown = broker.get(f"/work/requests/{request.pk}/").content.decode()
    assert "Send it to 1 provider" in shown
    assert why in shown
    commissioner.post(f"/work/members/{member.pk}/", {"move": "take-back"})
    assert "Send it to 2 providers" in broker.get(f"/work/requests/{request.pk}/").content.decode()


def test_list_is_begun_and_a_provider_admitted(place: Place, signed_in: Sign):
    commissioner = signed_in("commissioner")
    made = commissioner.post(
        "/work/lists/add/",
        {"title": "Complex needs", "kind": "closed-framework", "begins_on": _day(-10), "ends_on": _day(300)},
    )
    asked = {
        "organisation": place.people.organisations["worcestershire"][0].pk, "service": "supported-living",
        "price": "20",
    }  # fmt: skip
    refused = commissioner.post(f"{made['Location']}admit/", asked)
    assert refused.status_code == 422
    assert "is closed" in refused.content.decode()


def test_record_is_closed_and_opened_again_on_pages(place: Place, signed_in: Sign):
    worker, broker = signed_in("practitioner"), signed_in("broker")
    home = f"/work/supported/{place.person.pk}/"
    asked = place.ask()
    stopped = worker.post(f"{home}close/")
    assert stopped.status_code == 422
    assert f"Request {asked.pk} is not sent yet" in stopped.content.decode()
    Request.objects.all().delete()
    assert b"Close the record" in worker.get(home).content
    assert b"Close the record" not in broker.get(home).content
    assert b"8 years" in worker.get(f"{home}close/").content
    assert worker.post(f"{home}close/")["Location"] == home
    closed = worker.get(home).content.decode()
    assert "The record was closed on" in closed
    assert "Ask for care" not in closed
    assert "The record was closed on" in broker.get(home).content.decode()
    assert worker.post(f"{home}reopen/").status_code == 302
    assert worker.post(f"{home}reopen/").status_code == 422
    assert "Ask for care" in worker.get(home).content.decode()


def test_person_is_added_and_twice_is_refused(place: Place, signed_in: Sign):
    worker = signed_in("practitioner")
    given = {
        "reference": "P-2", "name": "Synthetic person two", "born_on": "27/03/1948", "gender": "male",
        "client_group": "older-people", "support_reason": "physical-personal-care", "district": "redditch",
    }  # fmt: skip
    assert worker.post("/work/supported/add/", given).status_code == 302
    again = worker.post("/work/supported/add/", {**given, "reference": "p-2"})
    assert again.status_code == 422
    assert "already" in again.content.decode()
    wrong = worker.post("/work/supported/add/", {**given, "reference": "P-3", "born_on": "27/03/2948"})
    assert wrong.status_code == 422
    assert "Look at the year" in wrong.content.decode()
    listed = worker.get("/work/supported/").content.decode()
    assert "Synthetic person two" in listed
    assert b"Synthetic person two" in worker.get("/work/supported.csv").content
