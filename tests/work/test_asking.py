"""Asking for care in steps: filled in on pages, answered by the link in a mail, and by programs."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from time import process_time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from careshape.accounts.models import Account, Membership, Message, Organisation
from careshape.accounts.sealed import opened
from careshape.audit.models import Event
from careshape.source.models import Member, Offer, Request
from careshape.source.requests.candidates import before_answers
from careshape.source.requests.links import address_of
from careshape.source.requests.notices import write_to_providers
from careshape.source.requests.request import withdraw
from careshape.source.requests.steps import send as send_out
from tests.source.place import today
from tests.work.asking import ROOT, send

pytestmark = pytest.mark.django_db(transaction=True)


def _day(after: int) -> str:
    return f"{today() + timedelta(days=after):%d/%m/%Y}"


def _sent(place) -> Request:
    row = place.ask()
    place.clear(row)
    send_out(place.who("broker"), row)
    return row


def test_request_is_filled_in_put_right_and_sent_in_a_way(place, signed_in):
    worker, broker = signed_in("practitioner"), signed_in("broker")
    row = place.ask(service="home-care", units=300)
    home = f"/work/requests/{row.pk}/"
    half = worker.post(f"{home}visits/", {"start-1": "08:00"})
    assert half.status_code == 422
    assert "Visit 1: tick its days" in half.content.decode()
    assert 'value="08:00"' in half.content.decode(), "what was written stays"
    twice = {"days-1": ["mon"], "start-1": "08:00", "minutes-1": "60", "days-2": ["mon"], "start-2": "8:30",
             "minutes-2": "30"}  # fmt: skip
    assert "begins before that from 08:00 ends" in worker.post(f"{home}visits/", twice).content.decode()
    whole = {"days-1": ["mon", "thu"], "start-1": "08:00", "minutes-1": "45", "carers-1": "2"}
    assert worker.post(f"{home}visits/", whole).status_code == 302
    lacking = worker.post(f"{home}needs/", {"language": "must"})
    assert "choose which" in lacking.content.decode()
    worker.post(f"{home}needs/", {"language": "must", "language-value": "Welsh", "pets": "wish"})
    shown = broker.get(home).content.decode()
    assert "3 hours a week" in shown
    assert "Monday, Thursday from 08:00, 45 minutes, 2 carers" in shown
    assert "Must be: Somebody who speaks Welsh" in shown
    assert "Put the request right" not in shown, "that is for who asks"
    right = {
        "service": "home-care", "amount": "3", "starts_on": _day(9), "district": "wychavon", "outward": "WR11",
        "urgency": "urgent", "long_term": "yes", "words": "",
    }  # fmt: skip
    outside = worker.post(f"{home}correct/", {**right, "outward": "B1", "words": "To walk the dog again."})
    assert outside.status_code == 422
    said = outside.content.decode()
    assert "B1 lies in no home care zone of this district. Look at the two" in said
    assert "To walk the dog again." in said, "nothing that was typed is lost"
    assert worker.post(f"{home}correct/", right).status_code == 302
    row.refresh_from_db()
    assert (row.urgency, row.outward, row.starts_on) == ("urgent", "WR11", today() + timedelta(days=9))
    assert row.visits != "[]", "the same hours keep their visits"
    assert Event.objects.filter(detail__contains="corrected").exists()


def test_request_is_answered_by_the_link_in_a_mail(place, signed_in):
    row = _sent(place)
    provider = place.people.memberships["worcestershire", "provider"]
    write_to_providers("worcestershire", row.pk)
    texts = [json.loads(opened(one.content)) for one in Message.objects.order_by("pk")]
    text = next(one["text"] for one in texts if one["to"] == provider.account.email)
    assert place.person.name not in text
    path = re.search(r"(/offers/\S+)", text)[1]
    anybody = Client()
    before = Offer.objects.get(request=row, organisation=provider.organisation)
    page = anybody.get(path).content.decode()
    assert "To be safe at night." in page
    assert place.person.name not in page
    assert place.person.reference not in page
    after = Offer.objects.get(pk=before.pk)
    assert (after.answer, after.answered_at) == ("waiting", None), "reading changes nothing"
    refused = anybody.post(path, {"answer": "no"})
    assert refused.status_code == 422
    given = {"answer": "yes", "can_start_on": _day(8)}
    assert "The council has your answer" in anybody.post(path, given).content.decode()
    first = Offer.objects.get(pk=before.pk)
    assert (first.answer, first.answered_by_id) == ("yes", provider.account_id)
    anybody.post(path, given)
    assert Offer.objects.get(pk=before.pk).answered_at == first.answered_at, "the same answer twice is one"
    assert Event.objects.filter(act="source.answer_link").count() == 2
    withdraw(place.who("practitioner"), row)
    late = anybody.post(path, {"answer": "no", "code": "no-capacity"})
    assert late.status_code == 422
    assert "It takes no more answers" in late.content.decode()


def test_link_is_no_good_when_changed_or_when_its_receiver_left(place):
    row = _sent(place)
    provider = place.people.memberships["worcestershire", "provider"]
    offer = Offer.objects.get(request=row, organisation=provider.organisation)
    path = address_of(offer, provider.account_id)
    anybody = Client()
    assert anybody.get(path).status_code == 200
    assert anybody.get(f"{path[:-3]}x/").status_code == 410
    stranger = Account.objects.create_user("stranger@tests.example", None, name="Stranger")
    assert anybody.get(address_of(offer, stranger.pk)).status_code == 410
    Membership.objects.filter(pk=provider.pk).update(ended_at=now())
    assert anybody.get(path).status_code == 410


def test_care_is_asked_for_answered_and_awarded_by_programs(place, asking):
    worker, broker, provider = asking("practitioner"), asking("broker"), asking("provider")
    wanted = {
        "person": place.person.pk, "service": "nursing", "units": 100, "starts_on": str(today() + timedelta(days=7)),
        "district": "wychavon", "long_term": True, "needs": [{"id": "garden", "weight": "wish"}],
    }  # fmt: skip
    made = [send(worker, "requests", wanted, **{"Idempotency-Key": "a"}) for _ in range(2)]
    assert made[0].status_code == 201, made[0].content
    assert (Request.objects.count(), made[1].json()) == (1, made[0].json())
    assert send(worker, "requests", {**wanted, "district": "nowhere"}).status_code == 422
    assert send(worker, "requests", {**wanted, "person": 987654}).status_code == 422
    row = Request.objects.get()
    one = broker.get(f"{ROOT}/requests/{row.pk}").json()
    assert one["who"] == place.person.name
    assert any("Home First" in text or "reablement" in text for text in one["stopped_by"])
    stopped = send(broker, f"requests/{row.pk}/send", {"way": "rank"})
    assert stopped.status_code == 409
    place.clear(row)
    assert send(broker, f"requests/{row.pk}/send", {"way": "all"}).json()["done"] == "sent"
    (asked,) = provider.get(f"{ROOT}/asked?waiting=true").json()["items"]
    assert asked["who"] is None
    assert asked["unit"] == "week"
    answer = {"answer": "counter", "price": 96_000, "can_start_on": wanted["starts_on"], "meets": ["garden"]}
    wrong = send(provider, f"asked/{asked['id']}/answer", {**answer, "unit": "hour"})
    assert wrong.status_code == 409
    assert "bought by the week" in wrong.json()["detail"]
    assert send(provider, f"asked/{asked['id']}/answer", answer).json()["done"] == "answered"
    found = broker.get(f"{ROOT}/requests/{row.pk}/offers").json()
    first = found["items"][0]
    assert (first["place"], first["price"], found["version"]) == (1, 96_000, "1")
    assert sum(term["points"] for term in first["terms"]) == first["points"]
    given = [
        send(broker, f"offers/{first['id']}/award", {"read": first["read"]}, **{"Idempotency-Key": "b"})
        for _ in range(2)
    ]
    assert given[0].status_code == 201, given[0].content
    assert given[0].json() == given[1].json()
    assert provider.get(f"{ROOT}/asked/{asked['id']}").json()["who"] == place.person.name
    late = send(provider, f"asked/{asked['id']}/answer", {"answer": "no", "reason_code": "no-capacity"})
    assert late.status_code == 409
    assert "takes no more answers" in late.json()["detail"]


def test_busiest_page_of_a_broker_asks_little_of_the_database(place, signed_in, promise):
    council = place.people.councils["worcestershire"]
    row = place.ask()
    place.clear(row)
    Request.objects.filter(pk=row.pk).update(state="sent", way="all", step=1)
    made = Organisation.objects.bulk_create(
        Organisation(council=council, kind="provider", name=f"Provider {number}") for number in range(200)
    )
    members = Member.objects.bulk_create(
        Member(
            vehicle=place.vehicle, organisation=one, service="nursing", price=90_000 + one.pk, state="admitted",
            since=today(),
        )
        for one in made
    )  # fmt: skip
    Offer.objects.bulk_create(
        Offer(
            request=row, organisation_id=one.organisation_id, member=one, list_price=one.price, answer="yes",
            price=one.price, can_start_on=row.starts_on,
        )
        for one in members
    )  # fmt: skip
    broker = signed_in("broker")
    broker.get(f"/work/requests/{row.pk}/")
    times = []
    for _ in range(5):
        began = process_time()
        with CaptureQueriesContext(connection) as queries:
            page = broker.get(f"/work/requests/{row.pk}/")
        times.append(process_time() - began)
    assert page.content.decode().count("points of 100") == 200
    asked = [one["sql"] for one in queries if one["sql"].startswith(("SELECT", "INSERT", "UPDATE"))]
    assert len(asked) < 30, asked
    ranking = []
    for _ in range(20):
        began = process_time()
        before_answers(row, members)
        ranking.append(process_time() - began)
    promise(
        "R12 request page",
        f"200 offers: {len(asked)} queries, {1000 * sorted(times)[2]:.0f} ms of processor (median of 5); a "
        f"ranking of 200 with its facts {1000 * sorted(ranking)[18]:.0f} ms of processor (19th of 20)",
    )
