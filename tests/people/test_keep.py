"""A person's record: entries are written, put right with what stood there, and one's own mistakes taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from careshape.accounts.models import Organisation
from careshape.audit.models import Event
from careshape.errors import CallError
from careshape.people.choice import choices_of
from careshape.people.keep import correct, enter, take_back
from careshape.people.kinds import KINDS
from careshape.people.known import facts
from careshape.people.models import Conversation, Correction
from careshape.people.record import close
from careshape.rules.facts import facts as vocabulary
from tests.source.place import Place, today

pytestmark = pytest.mark.django_db
SPOKEN = {
    "number": 1, "words": "How the person manages since the fall.", "community": True,
    "community_words": "There is a lunch club.", "technology": True, "technology_words": "A pendant alarm.",
    "direct_payment": False, "direct_payment_words": "",
}  # fmt: skip


def _enter(at: Place, kind: str, **given: object):
    return enter(at.who("practitioner"), at.person, kind, {"on": today(), **given})


def test_first_conversation_tells_what_was_spoken_of(place):
    assert "technology-raised" not in facts(place.person, today()), "nobody spoke yet: it is not known"
    row = _enter(place, "conversation", **SPOKEN)
    known = facts(place.person, today())
    assert (known["technology-raised"], known["direct-payment-raised"]) == (True, False)
    with pytest.raises(CallError, match="say that it was not spoken of"):
        _enter(place, "conversation", **{**SPOKEN, "direct_payment": True})
    correct(
        place.who("practitioner"), row, {"direct_payment": True, "direct_payment_words": "Later."}, "It was forgotten."
    )
    assert facts(place.person, today())["direct-payment-raised"] is True
    was = Correction.objects.get(field="direct_payment")
    assert (was.kind, was.row, was.was, was.why) == ("conversation", row.pk, "no", "It was forgotten.")
    told = Event.objects.filter(act="people.record").latest("number").detail
    assert "direct_payment_words" in told
    assert "Later" not in told, "the log names fields, and tells nothing of the person"


def test_own_mistake_is_taken_back_and_somebody_elses_is_put_right(place):
    row = _enter(place, "conversation", **SPOKEN)
    other = replace(place.who("practitioner"), account=place.who("commissioner").account)
    with pytest.raises(CallError, match="Somebody else wrote this"):
        take_back(other, row)
    take_back(place.who("practitioner"), row)
    assert "technology-raised" not in facts(place.person, today())
    assert Conversation.objects.count() == 1, "it stays to be read"
    for act in (lambda: take_back(place.who("practitioner"), row), lambda: correct(other, row, {"number": 2}, "So.")):
        with pytest.raises(CallError, match="taken back already"):
            act()


def test_carer_with_a_need_stands_until_the_need_is_taken_back(place):
    carer = _enter(place, "carer", name="Synthetic carer one", relation="partner", assessed_by="")
    need = _enter(place, "need", carer=carer, area="recreation", eligible=True, words="Some hours to herself.")
    with pytest.raises(CallError, match="Take that back first"):
        take_back(place.who("practitioner"), carer)
    take_back(place.who("practitioner"), need)
    take_back(place.who("practitioner"), carer)


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("outcome", {"words": " "}, "in their own words"),
        ("carer", {"name": "Synthetic carer", "relation": "boss"}, "Choose from partner"),
        ("need", {"area": "hygiene", "eligible": True, "words": ""}, "Write what the need is"),
        ("need", {"area": "recreation", "eligible": True, "words": "Chess."}, "not among the needs of a person"),
        ("conversation", {**SPOKEN, "number": 4}, "the second or the third"),
        ("choice", {"service": "nursing", "place": 0, "words": "Near her sister."}, "from 1 to 20"),
        ("noted", {"fact": "dementia", "value": "perhaps"}, "cannot be that"),
        ("noted", {"fact": "age", "value": "12"}, "Nothing of the name 'age'"),
        ("looked-at", {"fact": "home-considered", "result": "would-not-do", "why": ""}, "why"),
        ("hunch", {}, "Nothing of the name 'hunch'"),
    ],
)
def test_what_a_record_does_not_take_is_refused_with_what_to_do(place, kind, given, said):
    with pytest.raises(CallError, match=said):
        _enter(place, kind, **given)


def test_entry_is_of_a_day_that_has_come_and_of_an_open_record(place):
    with pytest.raises(CallError, match="is to come"):
        _enter(place, "outcome", words="To see the garden.", on=today() + timedelta(days=1))
    close(place.who("practitioner"), place.person)
    with pytest.raises(CallError, match="Open it again first"):
        _enter(place, "outcome", words="To see the garden.")


def test_what_is_noted_counts_from_its_day(place):
    _enter(place, "noted", fact="dementia", value="false", on=today() - timedelta(days=9))
    _enter(place, "noted", fact="dementia", value="true", why="The memory clinic said so.")
    assert facts(place.person, today())["dementia"] is True
    assert facts(place.person, today() - timedelta(days=5))["dementia"] is False


def test_what_was_looked_at_too_long_ago_counts_no_more(place):
    kept_for = vocabulary()["reablement-assessed"].counts_for
    assert kept_for == 365
    fact = vocabulary()["reablement-assessed"]
    assert fact.fresh(today() - timedelta(days=kept_for), today())
    assert not fact.fresh(today() - timedelta(days=kept_for + 1), today())


def test_choice_of_provider_is_told_in_the_person_s_order(place):
    first, second = Organisation.objects.filter(council__slug="worcestershire").order_by("pk")[:2]
    for number, (one, words) in enumerate(((second, "Near her sister."), (first, "She knows the garden.")), 1):
        _enter(place, "choice", service="nursing", organisation=one, place=number, words=words)
    _enter(place, "choice", service="extra-care-housing", place=3, words="Not yet.")
    assert [(one.organisation, one.words) for one in choices_of(place.person, "nursing")] == [
        (second.pk, "Near her sister."), (first.pk, "She knows the garden."),
    ]  # fmt: skip
    assert choices_of(place.person, "home-care") == ()
    _enter(place, "choice", service="nursing", organisation=first, place=1, words="Now she wants it most.")
    assert [one.organisation for one in choices_of(place.person, "nursing")] == [first.pk, second.pk]
    theirs = Organisation.objects.exclude(council__slug="worcestershire").first()
    with pytest.raises(CallError, match="no such provider"):
        _enter(place, "choice", service="nursing", organisation=theirs, place=1, words="This one.")


def test_every_kind_of_entry_keeps_fields_that_it_has():
    for kind in KINDS.values():
        assert set(kind.fields) <= {one.name for one in kind.model._meta.get_fields()}
