"""What the rules say of any act with a request, and what setting one aside is bound to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from careshape.errors import CallError
from careshape.people.record import assess
from careshape.source.judged import gate, judging
from careshape.source.models import CouncilFact, Judged, SetAside
from tests.source.place import Place, today

pytestmark = pytest.mark.django_db
REASON = "The hospital cannot keep the person for another night."


def _colleague(place: Place):
    """Somebody else than who asks, in a role that may set a rule aside."""
    return place.who("commissioner")


def _found(request, rule: str = "home-first", **more: object):
    return next(one for one in gate.judge_request(more.pop("act", gate.OPEN), request, **more) if one.rule == rule)


def test_provider_is_judged_by_the_facts_that_are_handed_in(place):
    request = place.ask("supported-living")
    extras = {1: {"landlord-provides-support": True}, 2: {"landlord-provides-support": False}, 3: {}}
    found = gate.judge_each("request.offer", request, extras)
    states = {key: next(one for one in ones if one.rule == "landlord-apart").state for key, ones in found.items()}
    assert states == {1: "broken", 2: "met", 3: "not-known"}
    assert "landlord" in gate.barred_by(found[1])[0]
    assert gate.barred_by(found[2]) == ()
    with pytest.raises(CallError, match="the two are separate"):
        gate.refuse(found[1])


def test_what_the_council_tells_of_itself_counts_until_it_is_too_old(place):
    request = place.ask("home-care", units=1000)
    won = {"provider-won-home-care-tender": False, "package-kept": False, "purchase-type": "spot"}
    assert _found(request, "after-home-care-tender", act="award", extra=won).state == "not-known"
    CouncilFact.objects.create(
        council="worcestershire", fact="home-care-tender-decided", value='"2021-03-01"', on=today(),
        by=place.people.account("commissioner"),
    )  # fmt: skip
    assert _found(request, "after-home-care-tender", act="award", extra=won).state == "broken"
    own = {**won, "purchase-type": "in-house"}
    assert _found(request, "after-home-care-tender", act="award", extra=own).state == "met", (
        "the last resort stays open"
    )
    CouncilFact.objects.create(
        council="worcestershire", fact="protected-responses-late", value="0", on=today() - timedelta(days=32),
        by=place.people.account("commissioner"),
    )  # fmt: skip
    assert "protected-responses-late" not in judging.council_facts("worcestershire", today())


def test_set_aside_counts_no_more_when_what_was_read_changed(place):
    request = place.ask()
    gate.set_aside(_colleague(place), request, "home-first", REASON)
    assert _found(request).overridden
    assess(place.who("practitioner"), place.person, "reablement-assessed", today(), "would-help", "It would help.")
    assert not _found(request).overridden, "a later finding was not read by who set it aside"
    gate.set_aside(_colleague(place), request, "home-first", REASON)
    assert _found(request).overridden
    assert SetAside.objects.filter(request=request, rule="home-first").count() == 2


def test_who_sets_aside_does_not_act(place):
    request = place.ask()
    place.clear(request)
    case = gate.case_of("award", request, {})
    finding = replace(_found(request), state="broken", overridden=True)
    SetAside.objects.create(
        council=case.council, act="award", subject=case.subject, rule="home-first", reason=REASON, on=today(),
        role="commissioner", by=place.people.account("commissioner"),
    )  # fmt: skip
    from careshape.audit.change import Told

    with pytest.raises(CallError, match="Somebody else must do it"):
        gate.keep(Told(place.who("commissioner"), "source.broker", "worcestershire"), "award", request, [finding])
    gate.keep(Told(place.who("broker"), "source.broker", "worcestershire"), "award", request, [finding])
    kept = Judged.objects.get()
    assert (kept.act, kept.let_go, kept.breached, kept.role) == ("award", 1, 0, "broker")


def test_what_is_said_of_the_person_goes_into_their_record(place):
    request = place.ask()
    gate.say(place.who("practitioner"), request, {"dementia": True}, "source.request")
    assert gate.said(request) == {"long-term": True}
    assert gate.facts_of(place.ask())["dementia"] is True, "the next request knows it"
    with pytest.raises(CallError, match="Nobody is asked for 'provider-grade' here"):
        gate.say(place.who("practitioner"), request, {"provider-grade": "gold"}, "source.request")
