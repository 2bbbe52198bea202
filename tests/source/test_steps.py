"""Asking in steps: by rank, the best few, all at once; what follows when a time is over, and the last resort."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from careshape.errors import CallError
from careshape.jobs.models import Job
from careshape.source.models import Member, Offer, Request, Vehicle
from careshape.source.models.brokerage import Answer, Step
from careshape.source.requests.award import award, said_of
from careshape.source.requests.notices import remind
from careshape.source.requests.offers import Said, answer, answer_with
from careshape.source.requests.request import ask_again, correct, wanted_of, withdraw
from careshape.source.requests.steps import ask_next, due, send
from careshape.source.requests.visits import Visit
from tests.source.place import today

pytestmark = pytest.mark.django_db
COUNCIL = "worcestershire"


def _cleared(place, **more) -> Request:
    row = place.ask(**more)
    place.clear(row)
    return row


def _over(row: Request) -> None:
    """The time of the step that was asked last is over."""
    Request.objects.filter(pk=row.pk).update(answer_by=timezone.now() - timedelta(minutes=1))
    row.refresh_from_db()


def _no(place, offer: Offer) -> None:
    answer(_of(place, offer), offer, Answer.NO, code="no-capacity")


def _of(place, offer: Offer):
    """Somebody of the provider that was asked."""
    from dataclasses import replace

    return replace(place.who("provider"), organisation=offer.organisation_id)


def test_list_that_awards_by_competition_is_asked_whole(place):
    Vehicle.objects.filter(pk=place.vehicle.pk).update(kind="dynamic-market")
    row = _cleared(place)
    for way in ("rank", "best"):
        with pytest.raises(CallError, match="Care homes awards by competition: all who are admitted"):
            send(place.who("broker"), row, way)
    row.refresh_from_db()
    assert row.state == Step.OPEN.value
    assert len(send(place.who("broker"), row)) == 2


def test_by_rank_one_is_asked_and_the_next_when_its_time_is_over(place):
    row = _cleared(place)
    (first,) = send(place.who("broker"), row, "rank")
    assert first.answer_by == row.answer_by
    assert due(COUNCIL, row.pk, 1) == "nothing", "there still is time"
    _over(row)
    assert due(COUNCIL, row.pk, 1) == "next"
    assert due(COUNCIL, row.pk, 1) == "nothing", "the same look twice asks nobody twice"
    assert [one.step for one in row.offers.order_by("pk")] == [1, 2]
    row.refresh_from_db()
    _over(row)
    assert due(COUNCIL, row.pk, 2) == "nobody-left"
    row.refresh_from_db()
    assert (row.state, row.answer_by) == (Step.SENT.value, None)


def test_no_is_followed_at_once_by_the_next(place):
    row = _cleared(place)
    (first,) = send(place.who("broker"), row, "rank")
    _no(place, first)
    job = Job.objects.filter(kind="source.step", arguments={"request": row.pk, "step": 1}).get()
    assert job.run_after <= timezone.now()
    assert due(COUNCIL, row.pk, 1) == "next"
    first.refresh_from_db()
    assert (first.reason_code, first.reason) == ("no-capacity", "No capacity")


def test_yes_waits_for_the_award_and_nobody_else_is_asked(place):
    row = _cleared(place)
    (first,) = send(place.who("broker"), row, "rank")
    answer(_of(place, first), first, Answer.YES, can_start_on=row.starts_on)
    _over(row)
    assert due(COUNCIL, row.pk, 1) == "waits-for-award"
    assert row.offers.count() == 1
    (second,) = ask_next(place.who("broker"), row)
    assert second.step == 2, "a person may ask on all the same"
    with pytest.raises(CallError, match="Nobody is left"):
        ask_next(place.who("broker"), row)


def test_best_few_are_asked_and_then_the_next_few(place):
    third = place.people.organisations[COUNCIL][2]
    Member.objects.create(
        vehicle=place.vehicle, organisation=third, service="nursing", price=99_000, state="admitted", since=today()
    )
    row = _cleared(place)
    assert len(send(place.who("broker"), row, "best", 2)) == 2
    _over(row)
    assert due(COUNCIL, row.pk, 1) == "next"
    assert [one.step for one in row.offers.order_by("pk")] == [1, 1, 2]
    with pytest.raises(CallError, match="1 to 50"):
        send(place.who("broker"), _cleared(place), "best", 0)
    with pytest.raises(CallError, match="no way of asking"):
        send(place.who("broker"), row, "by-shouting")


@pytest.mark.parametrize("urgency", ["routine", "urgent"])
def test_urgent_care_that_nobody_takes_goes_to_the_last_resort_with_a_time(place, urgency):
    own = Vehicle.objects.create(council=COUNCIL, title="Own services", kind="in-house", begins_on=today())
    Member.objects.create(
        vehicle=own, organisation=place.people.organisations[COUNCIL][2], service="nursing", price=120_000,
        state="admitted", since=today(),
    )  # fmt: skip
    row = _cleared(place, urgency=urgency)
    offers = send(place.who("broker"), row)
    assert len(offers) == 2, "the council's own services are the last, and not among the first"
    for one in offers:
        _no(place, one)
    assert due(COUNCIL, row.pk, 1) == ("next" if urgency == "urgent" else "nobody-left")
    asked = row.offers.filter(resort=True)
    assert asked.count() == (1 if urgency == "urgent" else 0)
    if asked:
        assert asked.get().answer_by - asked.get().asked_at == timedelta(hours=2)


def test_who_has_not_answered_is_reminded_once(place):
    row = _cleared(place)
    send(place.who("broker"), row)
    mine = Offer.objects.get(request=row, organisation=place.who("provider").organisation)
    assert remind(COUNCIL, row.pk, 1) == 1
    assert remind(COUNCIL, row.pk, 1) == 0
    mine.refresh_from_db()
    assert mine.reminded_at is not None


def test_part_is_awarded_and_the_rest_is_a_request_of_its_own(place):
    Member.objects.update(service="home-care", price=2_150)
    row = _cleared(place, service="home-care", visits=(Visit(("mon", "tue"), "08:00", 300),))
    assert row.units == 1000
    first, _second = send(place.who("broker"), row)
    with pytest.raises(CallError, match="less than what is asked for"):
        answer(_of(place, first), first, Answer.COUNTER, units=1200, can_start_on=row.starts_on)
    answer(_of(place, first), first, Answer.COUNTER, units=600, can_start_on=row.starts_on)
    package = award(place.who("broker"), first, said_of(first))
    assert package.lines.get().units == 600
    rest = Request.objects.get(follows=row)
    assert (rest.units, rest.state, rest.visits, rest.person_id) == (400, "open", "[]", row.person_id)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"answer": Answer.NO}, "Say why not"),
        ({"answer": Answer.NO, "code": "another"}, "Say in words"),
        ({"answer": Answer.NO, "code": "bored"}, "There is no reason 'bored'"),
        ({"answer": Answer.COUNTER}, "Enter the price"),
        ({"answer": Answer.COUNTER, "price": 21_500_000}, "far from the price of the list"),
        ({"answer": Answer.COUNTER, "price": 96_000, "unit": "hour"}, "bought by the week"),
        ({"answer": Answer.YES}, "Enter the day"),
        ({"answer": Answer.YES, "meets": ("garden",)}, "no wish of this request"),
        ({"answer": Answer.WAITING}, "Choose your answer"),
    ],
)
def test_answer_that_cannot_be_taken_says_why(place, said, words):
    row = _cleared(place)
    first, _second = send(place.who("broker"), row)
    begins = {} if words == "Enter the day" else {"can_start_on": row.starts_on}
    with pytest.raises(CallError, match=words):
        answer_with(_of(place, first), first, Said(**said, **begins))


def test_request_is_put_right_before_it_is_sent_and_asked_again_after_it_was_withdrawn(place):
    row, worker = _cleared(place), place.who("practitioner")
    from dataclasses import replace

    correct(worker, row, replace(wanted_of(row), units=100, district="redditch"))
    row.refresh_from_db()
    assert row.district == "redditch"
    correct(worker, row, replace(wanted_of(row), district="wychavon"))
    send(place.who("broker"), row)
    with pytest.raises(CallError, match="Withdraw it, and ask again"):
        correct(worker, row, wanted_of(row))
    with pytest.raises(CallError, match="only what was withdrawn"):
        ask_again(worker, row)
    withdraw(worker, row)
    made = ask_again(worker, row)
    assert (made.state, made.follows_id, made.units) == ("open", row.pk, row.units)
    assert due(COUNCIL, row.pk, 1) == "nothing"


def test_place_outside_every_zone_is_said(place):
    assert place.ask(outward="wr11").outward == "WR11"
    assert place.ask(outward="WR11").zone
    # B60 lies in a zone of another district, the other two in none at all: of B1 nothing is known.
    for outward in ("B60", "B1", "SW1A"):
        with pytest.raises(CallError, match=f"{outward} lies in no home care zone of this district. Look at the two"):
            place.ask(outward=outward)
    with pytest.raises(CallError, match="not the first half of a postcode"):
        place.ask(outward="1WR")
