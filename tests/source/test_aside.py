"""A rule that bars one provider of a request is set aside for it: that is counted, and counts for nobody else."""

from __future__ import annotations

import pytest

from careshape.errors import CallError
from careshape.source.models import Judged, Offer, Request, SetAside
from careshape.source.requests.aside import barred_by_rules, set_aside
from careshape.source.requests.award import award, said_of
from careshape.source.requests.candidates import admitted
from careshape.source.requests.steps import send
from tests.source.place import Place, after_tender

pytestmark = pytest.mark.django_db
RULE = "after-home-care-tender"
REASON = "Nobody who won the tender drives to this village at night."


@pytest.fixture
def request_of(place: Place) -> Request:
    """A request for home care after a tender that one of two providers has won."""
    return after_tender(place)


def _barred(request: Request) -> list[str]:
    return [one.key for one in barred_by_rules(request)]


def test_provider_is_asked_and_awarded_where_its_rule_was_set_aside(place: Place, request_of: Request):
    lost = place.people.organisations["worcestershire"][1]
    assert _barred(request_of) == [f"{lost.pk}/{RULE}"]
    assert lost.pk not in [one.organisation_id for one in admitted(request_of)[0]]
    set_aside(place.who("commissioner"), request_of, lost.pk, RULE, REASON)
    assert _barred(request_of) == []
    assert lost.pk in [one.organisation_id for one in admitted(request_of)[0]]
    assert sorted(SetAside.objects.values_list("act", flat=True)) == ["award", "request.offer"]
    send(place.who("broker"), request_of)
    offer = request_of.offers.get(organisation=lost)
    Offer.objects.filter(pk=offer.pk).update(answer="yes", price=2_000, can_start_on=request_of.starts_on)
    offer.refresh_from_db()
    award(place.who("broker"), offer, said_of(offer))
    kept = Judged.objects.get(act="award")
    assert (kept.let_go, kept.breached) == (1, 0)


def test_once_it_is_out_the_award_alone_is_let_go(place: Place, request_of: Request):
    won, lost = place.people.organisations["worcestershire"][:2]
    send(place.who("broker"), request_of)
    assert request_of.offers.get().organisation == won
    assert _barred(request_of) == []
    stands = place.vehicle.members.get(organisation=lost, service="home-care")
    Offer.objects.create(
        request=request_of, organisation=lost, member=stands, list_price=2_000, answer="yes", price=2_000,
        can_start_on=request_of.starts_on,
    )  # fmt: skip
    assert _barred(request_of) == [f"{lost.pk}/{RULE}"]
    set_aside(place.who("commissioner"), request_of, lost.pk, RULE, REASON)
    assert SetAside.objects.get().act == "award"
    assert _barred(request_of) == []


def test_nothing_is_set_aside_by_who_may_not_for_no_reason_or_where_nothing_stops(place: Place, request_of: Request):
    won, lost = place.people.organisations["worcestershire"][:2]
    commissioner = place.who("commissioner")
    for who, one, reason, said in (
        (place.who("practitioner"), lost, REASON, "cannot let this go"),
        (commissioner, lost, "Because.", "at least a sentence"),
        (commissioner, won, REASON, "nothing to set aside"),
        (commissioner, place.people.organisations["thurrock"][0], REASON, "no answer of the rules"),
    ):
        with pytest.raises(CallError, match=said):
            set_aside(who, request_of, one.pk, RULE, reason)
    assert not SetAside.objects.exists()
