"""A person's need becomes care, and the figures move: from the request that a rule stops to the end of the package."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.errors import CallError
from careshape.people.models import Person
from careshape.source.judged import gate
from careshape.source.lists.vehicles import stand
from careshape.source.models import Handover, Offer, Package
from careshape.source.models.brokerage import Answer
from careshape.source.models.vehicles import Standing
from careshape.source.packages.handover import hand_over, waiting
from careshape.source.packages.package import change_of, end, standing
from careshape.source.requests.award import award, said_of
from careshape.source.requests.offers import answer, send
from careshape.source.requests.ranked import ranked
from careshape.source.requests.request import check_words
from tests.source.place import Place, today

COUNCIL = "worcestershire"


def _awarded(place: Place, price: int | None = None) -> Package:
    request = place.ask()
    place.clear(request)
    _first, *_ = send(place.who("broker"), request)
    provider = place.who("provider")
    mine = Offer.objects.get(request=request, organisation=provider.organisation)
    said = Answer.YES if price is None else Answer.COUNTER
    answer(provider, mine, said, price=price, can_start_on=request.starts_on)
    mine.refresh_from_db()
    return award(place.who("broker"), mine, said_of(mine))


@pytest.mark.django_db(transaction=True)
def test_need_becomes_care_and_the_figure_moves(place, figure):
    begins = today() + timedelta(days=7)
    before = figure("care_home_people", begins.isoformat())
    request = place.ask()
    with pytest.raises(CallError, match="Home First"):
        send(place.who("broker"), request)
    assert not request.offers.exists()
    place.clear(request)
    offers = send(place.who("broker"), request)
    assert len(offers) == 2
    mine = next(one for one in offers if one.organisation_id == place.who("provider").organisation)
    answer(place.who("provider"), mine, Answer.YES, can_start_on=begins)
    package = award(place.who("broker"), mine, said_of(mine))
    assert waiting(COUNCIL)
    assert hand_over(COUNCIL) == 1
    assert not waiting(COUNCIL)
    assert figure("care_home_people", begins.isoformat()) == before + 1
    end(place.who("broker"), package, begins + timedelta(days=20), "Moved to live with family.")
    hand_over(COUNCIL)
    assert figure("care_home_people", (begins + timedelta(days=20)).isoformat()) == before + 1
    assert figure("care_home_people", (begins + timedelta(days=21)).isoformat()) == before


@pytest.mark.django_db(transaction=True)
def test_change_ends_one_line_and_begins_the_next(place, figure):
    package = _awarded(place, price=100_000)
    begins = package.lines.get().starts_on
    change_of(place.who("broker"), package, begins + timedelta(days=10), price=110_000)
    assert hand_over(COUNCIL) == 3, "the first line as made and as ended, and the second"
    assert not Handover.objects.filter(posting=None).exists()
    assert set(Handover.objects.values_list("row", flat=True)) == {""}, "the box keeps nothing of the person"
    first, second = package.lines.order_by("number")
    assert (first.ends_on, second.starts_on) == (begins + timedelta(days=9), begins + timedelta(days=10))
    assert figure("care_home_people", (begins + timedelta(days=10)).isoformat()) == figure(
        "care_home_people", begins.isoformat()
    )


@pytest.mark.django_db(transaction=True)
def test_batch_that_a_killed_process_left_counts_once(place, figure, monkeypatch):
    package = _awarded(place)
    begins = package.lines.get().starts_on
    before = figure("care_home_people", begins.isoformat())
    with monkeypatch.context() as killed:
        killed.setattr("careshape.source.packages.handover._settle", _killed)
        with pytest.raises(KeyboardInterrupt):
            hand_over(COUNCIL)
    assert waiting(COUNCIL), "the records have it, and the box does not know"
    assert figure("care_home_people", begins.isoformat()) == before + 1
    hand_over(COUNCIL)
    assert not waiting(COUNCIL)
    assert figure("care_home_people", begins.isoformat()) == before + 1


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.django_db
def test_request_is_awarded_once(place):
    package = _awarded(place)
    offer = package.award.offer
    with pytest.raises(CallError, match="awarded"):
        award(place.who("broker"), offer, said_of(offer))
    with pytest.raises(CallError, match="takes no more answers"):
        answer(place.who("provider"), offer, Answer.NO, reason="Too late.")


@pytest.mark.django_db
def test_rule_is_set_aside_by_somebody_else_with_a_reason(place):
    request = place.ask()
    reason = "The hospital cannot keep the person for another night."
    with pytest.raises(CallError, match="Whoever acts"):
        gate.set_aside(place.who("practitioner"), request, "home-first", reason)
    other = place.people.memberships[COUNCIL, "commissioner"]
    from dataclasses import replace

    colleague = replace(place.who("practitioner"), account=other.account_id)
    gate.set_aside(colleague, request, "home-first", reason)
    found = {one.rule: one for one in gate.findings(request)}
    assert found["home-first"].overridden
    assert not found["home-first"].stops
    with pytest.raises(CallError, match="nothing to set aside"):
        gate.set_aside(colleague, request, "home-first", reason)


@pytest.mark.django_db
def test_words_that_name_the_person_are_refused(place):
    with pytest.raises(CallError, match="tells who the person is"):
        place.ask(words="For Synthetic, who is lonely.")


@pytest.mark.django_db
def test_answer_that_changed_since_it_was_read_is_not_awarded(place):
    request = place.ask()
    place.clear(request)
    send(place.who("broker"), request)
    provider = place.who("provider")
    mine = Offer.objects.get(request=request, organisation=provider.organisation)
    answer(provider, mine, Answer.YES, can_start_on=request.starts_on)
    read = said_of(mine)
    answer(provider, mine, Answer.COUNTER, price=900_000, can_start_on=request.starts_on)
    with pytest.raises(CallError, match="changed its answer"):
        award(place.who("broker"), mine, read)
    mine.refresh_from_db()
    with pytest.raises(CallError, match="tells who the person is"):
        award(place.who("broker"), mine, said_of(mine), "Synthetic asked for them.")
    assert award(place.who("broker"), mine, said_of(mine)).lines.get().price == 900_000


@pytest.mark.django_db
def test_provider_that_left_the_list_is_not_awarded(place):
    request = place.ask()
    place.clear(request)
    send(place.who("broker"), request)
    provider = place.who("provider")
    mine = Offer.objects.get(request=request, organisation=provider.organisation)
    answer(provider, mine, Answer.YES, can_start_on=request.starts_on)
    stand(place.who("commissioner"), mine.member, Standing.REMOVED, "Rated inadequate.")
    assert "removed" in ranked(request).lines[0].barred[0]
    with pytest.raises(CallError, match="Rated inadequate"):
        award(place.who("broker"), mine, said_of(mine))


@pytest.mark.django_db(transaction=True)
def test_end_is_moved_and_what_would_begin_later_is_taken_back(place, figure):
    package = _awarded(place)
    begins = package.lines.get().starts_on
    broker = place.who("broker")
    change_of(broker, package, begins + timedelta(days=30), price=110_000)
    end(broker, package, begins + timedelta(days=60), "Moves to live with family.")
    hand_over(COUNCIL)
    before = figure("care_home_people", (begins + timedelta(days=40)).isoformat())
    end(broker, package, begins + timedelta(days=2), "Died.")
    hand_over(COUNCIL)
    assert [(one.number, one.ends_on) for one in standing(package)] == [(1, begins + timedelta(days=2))]
    assert figure("care_home_people", (begins + timedelta(days=40)).isoformat()) == before - 1
    assert figure("care_home_people", (begins + timedelta(days=2)).isoformat()) == before
    with pytest.raises(CallError, match="does not run on"):
        change_of(broker, package, begins + timedelta(days=10), price=120_000)
    with pytest.raises(CallError, match="cannot have ended before"):
        end(broker, package, begins - timedelta(days=1), "A slip.")
    with pytest.raises(CallError, match="Look at the year"):
        end(broker, package, begins + timedelta(days=9999), "A slip.")


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-1, 400])
def test_care_begins_today_or_within_a_year(place, days):
    with pytest.raises(CallError, match=r"past|more than a year ahead"):
        place.ask(starts_on=today() + timedelta(days=days))


@pytest.mark.django_db
def test_what_was_said_is_put_right(place):
    request = place.ask(long_term=False, ends_on=today() + timedelta(days=20))
    assert "home-first" not in {one.rule for one in gate.findings(request) if one.stops}
    gate.say(place.who("practitioner"), request, {"long-term": True}, "source.request")
    assert "home-first" in {one.rule for one in gate.findings(request) if one.stops}


@pytest.mark.parametrize(
    "words", ["Margaret's daughter visits", "Mrs Smith lives alone", "Record AB 123", "Margaret/she", "ab123 again"]
)
def test_words_that_tell_who_it_is_are_found(words):
    person = Person(name="Margaret Smith-Jones", reference="AB 123")
    with pytest.raises(CallError, match="tells who the person is"):
        check_words(person, words)
    check_words(person, "To be safe at night, and to see the margarine made.")
    check_words(Person(name="Somebody", reference="P-1"), "With help 1 day in two.")
    check_words(Person(name="Somebody", reference="-"), "With help.")
    check_words(Person(name="Synthetic person 27", reference="P-1"), "Placed together by week 27 (round 27).")
