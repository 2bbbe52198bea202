"""A provider applies to a list by itself: kept half-way, sent, asked for more, admitted in part; or is refused."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from careshape.accounts.models import Membership, Message
from careshape.accounts.sealed import opened
from careshape.audit.models import Event
from careshape.errors import CallError
from careshape.providers.models import Evidence
from careshape.source.lists import applying, vehicles
from careshape.source.lists.applying import Wanted
from careshape.source.models import Application, Approach, Member
from tests.source.place import today
from tests.source.test_lists import a_list

pytestmark = pytest.mark.django_db(transaction=True)
COUNCIL = "worcestershire"
NURSING = Wanted(service="nursing", price=95_000)


@pytest.fixture
def commissioner(people):
    return people.principal("commissioner")


@pytest.fixture
def provider(people):
    return people.principal("provider")


def insured(people, provider, last_on) -> Evidence:
    officer = people.account("quality-officer")
    return Evidence.objects.create(
        organisation_id=provider.organisation, kind="public-liability-insurance", begins_on=last_on - timedelta(400),
        last_on=last_on, by=officer, checked_by=officer, checked_at=f"{today()}T08:00:00Z",
    )  # fmt: skip


def test_application_is_kept_half_way_sent_asked_for_more_and_admitted_for_what_is_chosen(
    people, commissioner, provider
):
    row = a_list(commissioner, "dynamic-market")
    lots = [vehicles.add_lot(commissioner, row, name, "home-care", zone=name) for name in
            ("evesham-zone", "redditch-zone")]  # fmt: skip
    made = applying.begin(provider, row)
    assert not Application.objects.reached(commissioner, "source.applications").exists(), "a draft is the provider's"
    with pytest.raises(CallError, match="Say for what you apply"):
        applying.send(provider, made)
    shown = insured(people, provider, today() - timedelta(days=1))
    applying.keep(provider, made, [Wanted(lot=one) for one in lots], [shown], "Twelve carers.")
    with pytest.raises(CallError, match="Enter a price"):
        applying.send(provider, made)
    assert not Member.objects.exists(), "nothing of it stands on the list until it is sent whole"
    applying.keep(provider, made, [Wanted(lot=one, price=2_000) for one in lots], [shown], "Twelve carers.")
    applying.send(provider, made)
    assert Application.objects.reached(commissioner, "source.applications").get() == made
    assert {one.state for one in row.members.all()} == {"applied"}
    with pytest.raises(CallError, match="It is with the council: it cannot be changed"):
        applying.keep(provider, made, [], [], "")
    with pytest.raises(CallError, match="the provider reads it"):
        applying.ask(commissioner, made, " ")
    applying.ask(commissioner, made, "Insurance that has not lapsed.")
    assert {one.state for one in row.members.all()} == {"clarifying"}
    with pytest.raises(CallError, match="Ask it for new evidence"):
        applying.admit(commissioner, made, {one.pk for one in made.parts.all()})
    newer = insured(people, provider, today() + timedelta(days=300))
    applying.keep(provider, made, [Wanted(lot=one, price=2_100) for one in lots], [newer], "Twelve carers.")
    applying.send(provider, made)
    assert {one.price for one in row.members.all()} == {2_100}
    first = made.parts.get(lot=lots[0])
    with pytest.raises(CallError, match="Say why it is not admitted for the rest"):
        applying.admit(commissioner, made, {first.pk})
    applying.admit(commissioner, made, {first.pk}, "Redditch has enough.")
    states = {one.lot_id: (one.state, one.reason) for one in row.members.all()}
    assert states == {lots[0].pk: ("admitted", ""), lots[1].pk: ("turned-away", "Redditch has enough.")}
    assert [one.state for one in made.steps.order_by("pk")] == ["draft", "sent", "asked", "sent", "admitted"]
    assert made.ended_at is not None


def test_application_turned_away_or_taken_back_may_be_made_again(commissioner, provider):
    row = a_list(commissioner, "accredited-list")
    for ends in ("turned-away", "withdrawn"):
        made = applying.begin(provider, row)
        with pytest.raises(CallError, match="that is not decided yet"):
            applying.begin(provider, row)
        applying.keep(provider, made, [NURSING], [], "")
        applying.send(provider, made)
        if ends == "withdrawn":
            applying.withdraw(provider, made, "We are too few.")
        else:
            applying.turn_away(commissioner, made, "The references are missing.")
        assert (made.state, row.members.get().state) == (ends, "turned-away")
        with pytest.raises(CallError, match="and this cannot follow"):
            applying.admit(commissioner, made, {made.parts.get().pk})


@pytest.mark.parametrize(
    ("kind", "said"), [("closed-framework", "nobody joins it after it began"), ("spot", "Nobody applies")]
)
def test_closed_list_refuses_with_a_sentence_and_keeps_that_somebody_came(commissioner, provider, kind, said):
    row = a_list(commissioner, kind)
    with pytest.raises(CallError, match=said) as refused:
        applying.begin(provider, row, "Four flats in Evesham.")
    assert "That you asked is recorded" in str(refused.value)
    (came,) = Approach.objects.all()
    assert (came.organisation_id, came.words, came.itself) == (provider.organisation, "Four flats in Evesham.", True)
    assert Event.objects.filter(act="source.join", outcome="refused").count() == 1
    assert not Application.objects.exists()


def test_draft_is_refused_when_the_round_has_closed_meanwhile(commissioner, provider):
    row = a_list(commissioner, "open-framework")
    made = applying.begin(provider, row)
    applying.keep(provider, made, [NURSING], [], "")
    vehicles.close_round(commissioner, row, today() - timedelta(days=1))
    with pytest.raises(CallError, match="closed between rounds"):
        applying.send(provider, made)
    assert Approach.objects.get().itself


def test_council_that_brings_somebody_onto_a_closed_list_is_recorded_too(commissioner, people):
    row = a_list(commissioner, "closed-framework")
    with pytest.raises(CallError, match=r"That .* asked is recorded"):
        vehicles.admit(commissioner, row, people.organisations[COUNCIL][0], "nursing", 95_000)
    assert Approach.objects.get().itself is False


@pytest.mark.parametrize(
    ("wanted", "said"),
    [([NURSING, NURSING], "One thing is named twice"), ([Wanted(service="nursery")], "nursery")],
)
def test_application_that_cannot_be_is_refused_in_a_sentence(commissioner, provider, wanted, said):
    made = applying.begin(provider, a_list(commissioner, "dynamic-market"))
    with pytest.raises(Exception, match=said):
        applying.keep(provider, made, wanted, [], "")


def test_evidence_of_another_provider_cannot_be_attached(people, commissioner, provider):
    made = applying.begin(provider, a_list(commissioner, "dynamic-market"))
    other = insured(people, people.principal("voluntary"), today())
    with pytest.raises(CallError, match="Attach what you have shown yourself"):
        applying.keep(provider, made, [NURSING], [other], "")


def _mails(text: str = "") -> list[tuple[str, str]]:
    """To whom messages that wait are, and their subjects."""
    rows = [json.loads(opened(row.content)) for row in Message.objects.order_by("pk")]
    Message.objects.all().delete()
    assert all("/work/applications/" in one["text"] and (not text or text not in one["text"]) for one in rows)
    return [(one["to"], one["subject"]) for one in rows]


def test_each_side_is_written_to_when_the_other_moved_an_application(people, commissioner, provider):
    row = a_list(commissioner, "dynamic-market")
    ours = [people.account("commissioner").email]
    theirs = [people.account("provider").email]
    made = applying.begin(provider, row)
    applying.keep(provider, made, [NURSING], [], "Forty beds.")
    assert not Message.objects.exists(), "nobody hears of a draft"
    applying.send(provider, made)
    assert _mails("Forty beds") == [(ours[0], "An application to a list has come")]
    applying.ask(commissioner, made, "The accounts of Bob.")
    assert _mails("Bob") == [(theirs[0], "The council asks for more about your application")]
    applying.send(provider, made)
    assert _mails() == [(ours[0], "An application to a list was sent again")]
    with pytest.raises(CallError):
        applying.turn_away(commissioner, made, " ")
    assert not Message.objects.exists(), "what was refused is told to nobody"
    applying.admit(commissioner, made, {made.parts.get().pk})
    assert _mails() == [(theirs[0], "You are admitted to a list of the council")]
    second = applying.begin(provider, vehicles.begin(commissioner, "Another market", "dynamic-market", today()))
    applying.withdraw(provider, second, "A mistake.")
    assert not Message.objects.exists(), "it never was with the council"


def test_who_left_a_provider_is_told_nothing_of_its_application(people, commissioner, provider):
    row = a_list(commissioner, "dynamic-market")
    made = applying.begin(provider, row)
    applying.keep(provider, made, [NURSING], [], "")
    applying.send(provider, made)
    Membership.objects.filter(pk=people.memberships[COUNCIL, "provider"].pk).update(ended_at=timezone.now())
    Message.objects.all().delete()
    applying.turn_away(commissioner, made, "Enough of them.")
    assert not Message.objects.exists()


def test_who_is_moved_on_a_list_is_written_to_where_its_standing_is_read_and_no_reason_is_sent(people, commissioner):
    row = a_list(commissioner)
    held = people.memberships[COUNCIL, "provider"]
    member = vehicles.admit(commissioner, row, held.organisation, "nursing", 95_000)
    other = vehicles.admit(commissioner, row, people.organisations[COUNCIL][1], "nursing", 95_000)
    Message.objects.all().delete()
    vehicles.move(commissioner, member, "suspend", "What Bob said.")
    (told,) = [json.loads(opened(one.content)) for one in Message.objects.all()]
    assert (told["to"], told["subject"]) == (held.account.email, "How you stand on a list of the council has changed")
    assert row.title in told["text"]
    assert "/work/standing/" in told["text"]
    assert "Bob" not in told["text"]
    with pytest.raises(CallError):
        vehicles.move(commissioner, member, "suspend", "Again.")
    vehicles.move(commissioner, other, "suspend", "It hands packages back.")
    assert Message.objects.count() == 1, "what was refused is told to nobody, and another provider's to its own people"
