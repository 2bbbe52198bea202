"""Lists by which a council buys: who comes onto them, in which order, and who is suspended by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from careshape.audit.models import Event
from careshape.errors import CallError
from careshape.providers.models import Evidence
from careshape.source.lists import vehicles
from careshape.source.lists.blocks import block_gaps, most_taken
from careshape.source.lists.kinds import kinds
from careshape.source.lists.lapses import keep_up
from careshape.source.models import Line, Member, Stood, Vehicle
from careshape.source.models.vehicles import Standing
from tests.source.arranged import arranged
from tests.source.place import today

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "worcestershire"
COUNCIL = "worcestershire"
DAY = timedelta(days=1)


@pytest.fixture
def who(people):
    return people.principal("commissioner")


@pytest.fixture
def providers(people):
    return people.organisations[COUNCIL]


def a_list(who, kind="spot", **more) -> Vehicle:
    ends = None if not kinds()[kind].must_end else today() + timedelta(days=300)
    return vehicles.begin(who, f"List {kind}", kind, today() - timedelta(days=9), ends, **more)


def shown(people, organisation, last_on: date, kind: str = "public-liability-insurance") -> Evidence:
    """Insurance that the provider has shown and that somebody of the council looked at."""
    account = people.account("quality-officer")
    return Evidence.objects.create(
        organisation=organisation, kind=kind, begins_on=last_on - timedelta(days=365), last_on=last_on, by=account,
        checked_by=account, checked_at=f"{today()}T08:00:00Z",
    )  # fmt: skip


def test_kind_and_standing_that_the_data_does_not_have_are_refused(who, providers):
    with pytest.raises(CallError, match="There is no kind of list 'shop'"):
        Vehicle.objects.create(council=COUNCIL, title="A", kind="shop", begins_on=today())
    member = vehicles.admit(who, a_list(who), providers[0], "nursing", 95_000)
    member.state = "clarifying"  # of another course
    with pytest.raises(CallError, match="Nobody stands as 'clarifying'"):
        member.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=member.pk).update(state="suspended", reason="")


@pytest.mark.parametrize(
    ("kind", "ends", "said"),
    [
        ("closed-framework", None, "has a last day from its beginning"),
        ("dynamic-purchasing-system", date(2029, 2, 24), "ends on 23/02/2029 at the latest"),
        ("spot", date(2020, 1, 1), "ends after it begins"),
    ],
)
def test_list_ends_as_its_kind_says(who, kind, ends, said):
    with pytest.raises(CallError, match=said):
        vehicles.begin(who, "A list", kind, today(), ends)


def test_provider_applies_is_asked_turned_away_and_admitted_on_its_second_try(who, providers):
    row = a_list(who, "dynamic-market")
    member = vehicles.admit(who, row, providers[0], "nursing", 95_000, by="apply")
    assert vehicles.why_barred(member, "wychavon") == ("applied on List dynamic-market",)
    with pytest.raises(CallError, match="Say why"):
        vehicles.move(who, member, "ask")
    vehicles.move(who, member, "ask", "The references are missing.")
    vehicles.move(who, member, "turn-away", "No references came.")
    with pytest.raises(CallError, match="It is turned away already, and this cannot follow"):
        vehicles.move(who, member, "suspend", "x")
    again = vehicles.admit(who, row, providers[0], "nursing", 96_000)
    assert (again.pk, again.state, again.price, again.reason) == (member.pk, "admitted", 96_000, "")
    assert vehicles.why_barred(again, "wychavon") == ()
    assert [one.state for one in again.history.order_by("pk")] == ["applied", "clarifying", "turned-away", "admitted"]


def test_move_is_for_the_roles_that_the_data_names(who, people, providers):
    member = vehicles.admit(who, a_list(who), providers[0], "nursing", 95_000)
    officer = people.principal("quality-officer")
    with pytest.raises(CallError, match="Your role may not do this: remove it"):
        vehicles.move(officer, member, "remove", "It closed.")
    vehicles.move(officer, member, "suspend", "A warning of the regulator.")
    assert member.state == "suspended"


def test_closed_list_takes_nobody_and_tells_that_they_came(who, providers):
    row = a_list(who, "closed-framework")
    with pytest.raises(CallError, match="is closed: nobody joins it after it began"):
        vehicles.admit(who, row, providers[0], "nursing", 95_000)
    assert Event.objects.filter(act="source.vehicles", outcome="refused").exists()


def test_list_that_opens_in_rounds_takes_providers_in_a_round_only(who, providers):
    row = a_list(who, "open-framework")
    vehicles.admit(who, row, providers[0], "nursing", 95_000)  # the first round opens with the list
    vehicles.close_round(who, row, today() - DAY)
    with pytest.raises(CallError, match="closed between rounds"):
        vehicles.admit(who, row, providers[1], "nursing", 95_000)
    with pytest.raises(CallError, match="opens after it"):
        vehicles.open_round(who, row, today() - DAY)
    vehicles.open_round(who, row, today())
    with pytest.raises(CallError, match="A round is open already"):
        vehicles.open_round(who, row, today())
    vehicles.admit(who, row, providers[1], "nursing", 95_000)


def test_lot_says_for_what_and_where_a_provider_is_asked(who, providers):
    row = a_list(who, "dynamic-market")
    older = vehicles.add_lot(
        who, row, "Older people, Redditch", "home-care", client_group="older-people", zone="redditch-zone"
    )
    with pytest.raises(CallError, match=r"Lot 1, Older people, Redditch, is for just this"):
        vehicles.add_lot(who, row, "Twice", "home-care", client_group="older-people", zone="redditch-zone")
    with pytest.raises(CallError, match="has lots"):
        vehicles.admit(who, row, providers[0], "home-care", 2_000)
    member = vehicles.admit(who, row, providers[0], price=2_000, lot=older)
    asked = {"zone": "redditch-zone", "client_group": "older-people"}
    assert vehicles.why_barred(member, "redditch", **asked) == ()
    assert vehicles.why_barred(member, "redditch", client_group="older-people") == ()  # the district has one zone
    assert (
        "for Older people only"
        in vehicles.why_barred(member, "redditch", zone="redditch-zone", client_group="autism")[0]
    )
    (said,) = vehicles.why_barred(member, "wychavon", client_group="older-people")
    assert said.endswith("for Redditch zone only: the zone wanted is not known")


def test_ranked_list_is_asked_in_its_order(who, people, providers):
    row = a_list(who, "zone-list")
    lot = vehicles.add_lot(who, row, "Redditch", "home-care", zone="redditch-zone")
    first, second, third = (vehicles.admit(who, row, one, price=2_000, lot=lot) for one in providers)
    where = {"starts_on": today(), "zone": "redditch-zone"}

    def order():
        return vehicles.ranked_members(COUNCIL, "home-care", "redditch", **where)

    assert order() == [first, second, third]
    vehicles.rank(who, third, 1)
    assert order() == [third, first, second]
    with pytest.raises(CallError, match="There are places 1 to 3"):
        vehicles.rank(who, third, 4)
    vehicles.move(who, third, "suspend", "It hands packages back.")
    assert order() == [first, second]
    vehicles.move(who, third, "take-back")
    assert order() == [third, first, second], "who is suspended keeps its place"
    vehicles.move(who, third, "remove", "It withdraws.")
    assert [(one.pk, one.rank) for one in order()] == [(first.pk, 1), (second.pk, 2)]
    spot = vehicles.admit(who, a_list(who), providers[0], "nursing", 95_000)
    with pytest.raises(CallError, match="has no order"):
        vehicles.rank(who, spot, 1)


def test_lapsed_insurance_suspends_by_itself_and_new_insurance_brings_back(who, people, providers):
    member = vehicles.admit(who, a_list(who), providers[0], "nursing", 95_000)
    other = vehicles.admit(who, member.vehicle, providers[1], "nursing", 95_000)
    assert keep_up(COUNCIL) == 0
    shown(people, providers[0], today() - DAY)
    assert "Public liability insurance lapsed" in vehicles.why_barred(member, "wychavon")[0], "before the day's work"
    assert keep_up(COUNCIL) == 1
    assert keep_up(COUNCIL) == 0, "told once"
    member.refresh_from_db()
    other.refresh_from_db()
    assert (member.state, member.by_evidence, other.state) == ("suspended", True, "admitted")
    assert "Public liability insurance lapsed" in member.reason
    with pytest.raises(CallError, match="Record new evidence: it then comes back by itself"):
        vehicles.move(who, member, "take-back")
    shown(people, providers[0], today() + timedelta(days=300))
    assert vehicles.why_barred(member, "wychavon") == (), "at the moment of asking"
    assert keep_up(COUNCIL, providers[0].pk) == 1
    member.refresh_from_db()
    assert (member.state, member.by_evidence, member.reason) == ("admitted", False, "")
    assert list(Stood.objects.filter(member=member).values_list("move", "by_itself").order_by("pk")) == [
        ("admit", False), ("lapse", True), ("renew", True),
    ]  # fmt: skip


def test_who_was_suspended_by_a_person_does_not_come_back_by_itself(who, people, providers):
    member = vehicles.admit(who, a_list(who), providers[0], "nursing", 95_000)
    shown(people, providers[0], today() - DAY)
    keep_up(COUNCIL)
    member.refresh_from_db()
    vehicles.move(who, member, "hold", "A safeguarding inquiry is open.")
    shown(people, providers[0], today() + DAY)
    assert keep_up(COUNCIL) == 0
    assert vehicles.why_barred(member, "wychavon") == ("suspended on List spot: A safeguarding inquiry is open.",)


def test_who_is_suspended_keeps_its_packages_and_gets_no_new_work(place, people):
    package = arranged(place)
    shown(people, package.organisation, today() - DAY)
    keep_up(COUNCIL)
    asked = {"starts_on": today() + timedelta(days=7)}
    may, barred = vehicles.askable(COUNCIL, "nursing", "wychavon", **asked)
    assert package.organisation not in [member.organisation for member, _ in may]
    assert [member.organisation for member, _ in barred] == [package.organisation]
    assert Line.objects.filter(package=package, withdrawn=False, ends_on=None).exists()
    member = Member.objects.get(organisation=package.organisation)
    facts = vehicles.facts(
        COUNCIL, [member], service="nursing", on=today() + timedelta(days=30), person=place.person.pk
    )
    assert facts[package.organisation_id] == {"purchase-type": "accredited-list", "package-kept": True}


def test_block_places_have_gaps_that_awards_fill(place, people):
    row = a_list(place.who("commissioner"), "block")
    one, other = people.organisations[COUNCIL][:2]
    with pytest.raises(CallError, match="Enter how many places are bought"):
        vehicles.admit(place.who("commissioner"), row, one, "nursing", 95_000)
    vehicles.admit(place.who("commissioner"), row, one, "nursing", 95_000, places=2)
    held = vehicles.admit(place.who("commissioner"), row, other, "nursing", 95_000, places=1)
    first = today() + timedelta(days=7)
    assert block_gaps(COUNCIL, "nursing", first, None) == 3
    assert block_gaps(COUNCIL, "home-care", first, None) is None, "no block contract: not known, and not none"
    package = arranged(place)
    package.award.offer.member = held
    package.award.offer.save()
    assert most_taken([held], first, first + DAY) == {held.pk: 1}
    assert block_gaps(COUNCIL, "nursing", first, first + DAY) == 2
    assert block_gaps(COUNCIL, "nursing", first - 2 * DAY, first - DAY) == 3, "free until the package begins"


def test_framework_for_complex_needs_and_last_resort_are_known_to_the_rules(who, providers):
    row = a_list(who, "in-house")
    own = vehicles.admit(who, row, providers[0], "home-care", 3_000)
    assert vehicles.last_resort(COUNCIL, "home-care", "wychavon", starts_on=today()) == [own]
    facts = vehicles.facts(COUNCIL, [own], service="home-care", on=today())
    assert facts[providers[0].pk] == {"purchase-type": "in-house"}
    framework = vehicles.begin(
        who, "Complex needs", "closed-framework", today(), today() + timedelta(days=300), complex_needs=True
    )
    vehicles.admit(who, framework, providers[1], "supported-living", 1_900)
    other = vehicles.admit(who, row, providers[1], "home-care", 3_000)
    known = vehicles.facts(COUNCIL, [own, other], service="home-care", on=today())
    assert [known[one.pk]["provider-on-complex-needs-framework"] for one in providers[:2]] == [False, True]


def test_stand_finds_the_move_that_leads_there(who, providers):
    member = vehicles.admit(who, a_list(who), providers[0], "nursing", 95_000)
    vehicles.stand(who, member, Standing.SUSPENDED, "Why.")
    with pytest.raises(CallError, match="It is suspended already"):
        vehicles.stand(who, member, Standing.SUSPENDED, "Why.")
    vehicles.stand(who, member, Standing.ADMITTED)
    assert member.state == "admitted"
