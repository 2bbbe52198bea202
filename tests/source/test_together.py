"""The requests of a week placed together, proposed with a proof, and accepted as awards like any other."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from django.conf import settings

from careshape.errors import CallError
from careshape.matching.criteria import FILE, criteria
from careshape.people.models import Choice, Person
from careshape.providers.models import Location, Stay
from careshape.providers.rooms.keep import Description, agree, keep_room
from careshape.source.lists.vehicles import admit
from careshape.source.models import Award, Member, Offer, Proposal, Request
from careshape.source.models.together import Became
from careshape.source.together.accept import accept
from careshape.source.together.propose import begin, work_out
from careshape.source.together.weeks import days_of, week_of_day
from tests.accounts.people import People
from tests.source.arranged import returned, sent, yes
from tests.source.place import Place, make_place, particulars, today

WEEK = timedelta(days=7)


@pytest.fixture
def place(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The council at home with all that a request needs, without records: nothing here counts them."""
    monkeypatch.setattr(settings, "CARESHAPE_DIR", tmp_path)
    return make_place(people)


def somebody(place: Place, number: int) -> Person:
    """One more person of the council."""
    told = particulars(f"P-2{number:03}")
    return Person.objects.create(
        council="worcestershire", reference=told.reference, name=f"Synthetic person {number}", born_on=told.born_on,
        gender=told.gender, client_group=told.client_group, support_reason=told.support_reason, district="wychavon",
    )  # fmt: skip


def offered(place: Place, many: int) -> list[Request]:
    """Requests of so many people, each with a yes of both providers."""
    made = []
    for number in range(many):
        made.append(offered_to(place, somebody(place, number)))
    return made


def test_weeks_are_read_as_they_are_written():
    monday, sunday = days_of("2027-W05")
    assert (monday.isoformat(), sunday.isoformat()) == ("2027-02-01", "2027-02-07")
    assert week_of_day(monday) == "2027-W05"
    for wrong in ("2027-05", "2027-W54", "last week", ""):
        with pytest.raises(CallError, match="is not a week"):
            days_of(wrong)


@pytest.mark.django_db
def test_week_is_placed_proposed_and_accepted_once(place):
    requests = offered(place, 3)
    nobody = sent(place, person=somebody(place, 9))
    broker = place.who("broker")
    placing = work_out(begin(broker, week_of_day(today() + WEEK)))
    found = {one.request_id: one for one in placing.proposals.select_related("request")}
    assert {one.pk for one in requests} | {nobody.pk} == set(found)
    assert found[nobody.pk].became == Became.NOBODY
    assert "Nobody has said yes" in found[nobody.pk].why
    assert all(found[one.pk].became == Became.PROPOSED and found[one.pk].points for one in requests)
    assert placing.gap == 0
    assert accept(broker, placing, only=[found[requests[0].pk].pk]) == 1
    assert Award.objects.count() == 1, "a part is accepted, and the rest stays proposed"
    assert accept(broker, placing) == 2
    assert accept(broker, placing) == 0, "what was accepted is not done again"
    assert Award.objects.count() == 3
    assert set(Request.objects.filter(award__isnull=False).values_list("state", flat=True)) == {"awarded"}


@pytest.mark.django_db
def test_what_changed_since_is_not_awarded_and_the_rest_is(place):
    one, other = offered(place, 2)
    broker = place.who("broker")
    placing = work_out(begin(broker, week_of_day(today() + WEEK)))
    mine = Proposal.objects.get(request=one)
    Offer.objects.filter(pk=mine.offer_id).update(answer="counter", price=99_999_00)
    assert accept(broker, placing) == 1
    mine.refresh_from_db()
    assert mine.became == Became.NOT_DONE
    assert "changed its answer" in mine.why
    assert Award.objects.get().request == other


@pytest.mark.django_db
def test_another_week_and_another_council_are_left_alone(place):
    row = offered(place, 1)[0]
    Request.objects.filter(pk=row.pk).update(starts_on=today() + 5 * WEEK)
    placing = work_out(begin(place.who("broker"), week_of_day(today() + WEEK)))
    assert not placing.proposals.exists()
    theirs = work_out(begin(place.people.principal("broker", "thurrock"), week_of_day(today() + 5 * WEEK)))
    assert not theirs.proposals.exists()


@pytest.mark.django_db
def test_request_that_was_not_sent_is_proposed_from_the_lists(place):
    request = place.ask()
    placing = work_out(begin(place.who("broker"), week_of_day(request.starts_on)))
    stopped = placing.proposals.get()
    assert stopped.became == Became.NOBODY
    assert "A rule stops it" in stopped.why
    place.clear(request)
    placing = work_out(begin(place.who("broker"), week_of_day(request.starts_on)))
    proposed = placing.proposals.get()
    assert proposed.became == Became.PROPOSED
    assert proposed.member == Member.objects.order_by("price")[0], "all else being equal the cheaper one"
    accept(place.who("broker"), placing)
    request.refresh_from_db()
    assert request.state == "sent"
    assert Proposal.objects.get(pk=proposed.pk).became == Became.ASKED


@pytest.mark.django_db
@pytest.mark.parametrize("out", [True, False])
def test_choice_of_the_person_comes_before_price(place, out):
    dear = place.vehicle.members.order_by("-price")[0]
    Choice.objects.create(
        person=place.person, service="nursing", organisation=dear.organisation, place=1, on=today(),
        words="The dear one.", by=place.people.account("practitioner"),
    )  # fmt: skip
    row = offered_to(place, place.person) if out else place.ask()
    if not out:
        place.clear(row)
    placing = work_out(begin(place.who("broker"), week_of_day(row.starts_on)))
    assert placing.proposals.get(request=row).member == dear


@pytest.mark.django_db
def test_places_that_two_kinds_of_care_draw_on_are_proposed_once(place):
    one = place.vehicle.members.order_by("pk")[0]
    for_short = admit(place.who("commissioner"), place.vehicle, one.organisation, "short-term-care-home", 90_000)
    returned(place, one, 1)
    sent_on = [sent(place), sent(place, service="short-term-care-home", person=somebody(place, 1))]
    for row, member in zip(sent_on, (one, for_short), strict=True):
        yes(row, member)
    broker = place.who("broker")
    placing = work_out(begin(broker, week_of_day(today() + WEEK)))
    found = {row.request_id: row for row in placing.proposals.all()}
    assert sorted(row.became for row in found.values()) == [Became.NOBODY, Became.PROPOSED]
    assert placing.value == placing.bound, "both kinds are placed as one, and nothing better is to be had"
    left = next(row for row in found.values() if row.became == Became.NOBODY)
    assert "as many hours left" in left.why or "too few" in left.why
    assert accept(broker, placing) == 1


@pytest.mark.django_db
def test_two_homes_of_a_provider_take_what_only_each_of_them_can(place):
    one = place.vehicle.members.order_by("pk")[0]
    for_short = admit(place.who("commissioner"), place.vehicle, one.organisation, "short-term-care-home", 90_000)
    returned(place, one, 1)
    returned(place, one, 1, "general-residential")
    short = sent(place, service="short-term-care-home", person=somebody(place, 1))
    for row, member in ((short, for_short), (sent(place), one)):
        yes(row, member)
    broker = place.who("broker")
    placing = work_out(begin(broker, week_of_day(today() + WEEK)))
    assert accept(broker, placing) == 2, "the short stay takes the home that is no nursing home"
    assert placing.value == placing.bound


@pytest.mark.django_db
def test_empty_place_of_a_home_that_says_it_has_none_free_is_left_for_one_that_has(place):
    member = place.vehicle.members.order_by("pk")[0]
    commissioner = place.who("commissioner")
    rooms = []
    for name, free in (("North home", 0), ("South home", 1)):
        Location.objects.filter(pk=returned(place, member, free, name=name).pk).update(services=["nursing"])
        at = Location.objects.get(place__name=name)
        rooms.append(keep_room(commissioner, at, Description("Room 1", "general-nursing", today() - WEEK)))
    agree(commissioner, rooms[0], 20_000, 0)
    yes(sent(place), member)
    broker = place.who("broker")
    placing = work_out(begin(broker, week_of_day(today() + WEEK)))
    assert accept(broker, placing) == 1, placing.proposals.get().why
    assert Stay.objects.get().room == rooms[1], "the paid one suits better, and its award would be refused"


@pytest.mark.django_db
def test_yes_of_who_has_no_place_by_its_return_is_not_proposed(place):
    member = place.vehicle.members.order_by("pk")[0]
    yes(sent(place), member)
    returned(place, member, 0)
    placing = work_out(begin(place.who("broker"), week_of_day(today() + WEEK)))
    left = placing.proposals.get()
    assert left.became == Became.NOBODY
    assert "has 0 weeks a week free" in left.why, "its award would be refused"


@pytest.mark.django_db
def test_own_criteria_of_a_council_place_its_weeks(place, tmp_path):
    cheap, dear = place.vehicle.members.order_by("price")
    packaged = (files("careshape.matching") / "data" / "ranking.toml").read_text("utf-8")
    own = tmp_path / "councils" / "worcestershire" / FILE
    own.parent.mkdir(parents=True)
    weights = packaged.replace("price = 15", "price = 0").replace("start = 15", "start = 30")
    own.write_text(weights.replace(f'version = "{criteria().version}"', 'version = "own"'), "utf-8")
    row = sent(place)
    yes(row, cheap, row.starts_on + WEEK)
    yes(row, dear)
    placing = work_out(begin(place.who("broker"), week_of_day(row.starts_on)))
    assert placing.criteria == "own"
    assert placing.proposals.get().member == dear


def offered_to(place: Place, person: Person) -> Request:
    """A request for somebody, with a yes of both providers."""
    row = sent(place, person=person)
    for member in place.vehicle.members.order_by("pk"):
        yes(row, member)
    return row
