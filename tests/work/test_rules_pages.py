"""A person's record is kept on pages; needs are decided, admissions recorded, and rules set aside and counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from careshape.people.models import Conversation, Correction, Need, Outcome
from careshape.source.models import Admission, CouncilFact, Decision, Judged, SetAside
from tests.source.arranged import arranged
from tests.source.place import Place, today

pytestmark = pytest.mark.django_db(transaction=True)
Sign = Callable[..., Client]
REASON = "The hospital cannot keep the person for another night."


def _day(after: int) -> str:
    return f"{today() + timedelta(days=after):%d/%m/%Y}"


def _talk(worker: Client, home: str, **more: str) -> None:
    said = {
        "on": _day(0), "number": "1", "words": "How she manages.", "community": "no", "technology": "yes",
        "technology_words": "A pendant alarm.", "direct_payment": "yes", "direct_payment_words": "Not now.", **more,
    }  # fmt: skip
    assert worker.post(f"{home}add/conversation/", said).status_code == 302


def test_entries_are_written_put_right_and_taken_back(place: Place, signed_in: Sign):
    worker = signed_in("practitioner")
    home = f"/work/supported/{place.person.pk}/"
    _talk(worker, home)
    assert "A pendant alarm." in worker.get(home).content.decode()
    row = Conversation.objects.get()
    worker.post(f"{home}add/outcome/", {"on": _day(0), "words": "To see the garden again."})
    worker.post(
        f"{home}add/carer/", {"on": _day(0), "name": "Synthetic carer one", "relation": "partner", "assessed_by": ""}
    )
    lost = worker.post(f"{home}add/need/", {"on": _day(1), "area": "nutrition", "eligible": "yes", "words": "To eat."})
    assert lost.status_code == 422
    assert "is to come" in lost.content.decode()
    assert "To eat." in lost.content.decode(), "what was typed stays"
    worker.post(f"{home}add/need/", {"on": _day(0), "area": "nutrition", "eligible": "yes", "words": "To eat well."})
    worker.post(f"{home}add/choice/", {"on": _day(0), "service": "nursing", "place": "1", "words": "Near her sister."})
    worker.post(f"{home}known/dementia/", {"on": _day(-3), "value": "yes", "why": "The clinic."})
    shown = worker.get(home).content.decode()
    for words in ("To see the garden again.", "Synthetic carer one", "To eat well.", "Near her sister.", "Yes (The cl"):
        assert words in shown
    there = f"/work/supported/kept/conversation/{row.pk}/"
    assert "A pendant alarm." in worker.get(f"{there}correct/").content.decode()
    changed = {
        "on": _day(0), "number": "1", "words": "How she manages.", "community": "no", "technology": "no",
        "direct_payment": "yes", "direct_payment_words": "Not now.", "correction": "It was another time.",
    }  # fmt: skip
    assert worker.post(f"{there}correct/", changed).status_code == 302
    assert set(Correction.objects.values_list("field", flat=True)) == {"technology", "technology_words"}
    listed = worker.get(f"{home}corrections/").content.decode()
    assert "A pendant alarm." in listed
    assert "It was another time." in listed
    assert b"A pendant alarm." in worker.get(f"{home}corrections.csv").content
    mine = Outcome.objects.get()
    assert worker.post(f"/work/supported/kept/outcome/{mine.pk}/take-back/").status_code == 302
    assert "To see the garden again." not in worker.get(home).content.decode()


def test_who_somebody_is_can_be_put_right(place: Place, signed_in: Sign):
    worker = signed_in("practitioner")
    home = f"/work/supported/{place.person.pk}/"
    given = {
        "reference": "P-1001", "name": "Synthetic person one", "born_on": "01/05/1941", "gender": "female",
        "client_group": "older-people", "support_reason": "physical-personal-care", "district": "wychavon",
        "outward": "wr11 4aa", "correction": "The year was wrong.",
    }  # fmt: skip
    whole = worker.post(f"{home}correct/", given)
    assert whole.status_code == 422
    assert "first half of a postcode" in whole.content.decode()
    assert worker.post(f"{home}correct/", {**given, "outward": "wr11"}).status_code == 302
    place.person.refresh_from_db()
    assert (place.person.outward, place.person.born_on.year) == ("WR11", 1941)
    assert {one.was for one in Correction.objects.all()} == {"1940-05-01", ""}


def test_need_is_decided_once_the_rules_are_met(place: Place, signed_in: Sign):
    worker, commissioner = signed_in("practitioner"), signed_in("commissioner")
    home = f"/work/supported/{place.person.pk}/"
    worker.post(f"{home}add/need/", {"on": _day(0), "area": "nutrition", "eligible": "yes", "words": "To eat well."})
    need = Need.objects.get()
    assert "Propose how it is met" in worker.get(home).content.decode()
    worker.post(
        f"/work/needs/{need.pk}/decide/", {"service": "home-care", "long_term": "yes", "words": "Help at midday."}
    )
    row = Decision.objects.get()
    here = f"/work/decisions/{row.pk}/"
    shown = worker.get(here).content.decode()
    assert "A direct payment has not been offered" in shown
    assert "Decide it" not in shown
    assert worker.post(f"{here}decide/").status_code == 409
    _talk(worker, home)
    worker.post(
        f"{home}looked-at/direct-payment-offered/", {"on": _day(0), "result": "refused", "why": "She does not want it."}
    )
    told = commissioner.post(
        "/work/kept/told/protected-responses-late/", {"value": "0", "on": _day(0), "why": "The weekly report."}
    )
    assert told.status_code == 302
    assert CouncilFact.objects.get().value == "0.0"
    assert "The weekly report" in commissioner.get("/work/kept/told/").content.decode()
    asked = worker.get(f"{here}say/").content.decode()
    assert "crisis" in asked
    worker.post(f"{here}say/", {"after-crisis": "no"})
    assert "Decide it" in worker.get(here).content.decode()
    assert worker.post(f"{here}decide/").status_code == 302
    row.refresh_from_db()
    assert row.state == "decided"
    kept = Judged.objects.get()
    assert (kept.act, kept.let_go, kept.breached, kept.role) == ("need.decide", 0, 0, "practitioner")
    assert "Decided" in worker.get("/work/decisions/").content.decode()
    assert worker.post(f"{here}withdraw/").status_code == 302


def test_admission_is_recorded_once_no_rule_stops_it(place: Place, signed_in: Sign):
    worker, commissioner = signed_in("practitioner"), signed_in("commissioner")
    package = arranged(place)
    request = package.award.request
    request.told = '{"long-term": true}'
    request.save()
    here = f"/work/packages/{package.pk}/admit/"
    assert "Home First" in worker.get(here).content.decode()
    stopped = worker.post(here, {"on": _day(0)})
    assert stopped.status_code == 422
    assert "Home First" in stopped.content.decode()
    assert not Admission.objects.exists()
    aside = commissioner.post(f"{here}set-aside/home-first/", {"reason": REASON})
    assert aside.status_code == 302
    place.clear(place.ask())
    asks = worker.get(here).content.decode()
    assert "crisis" in asks, "what an admission asks beside is not known yet"
    assert "Say what the rules ask for" in asks
    to_say = f"/work/supported/{place.person.pk}/known/after-crisis/"
    assert f'href="{to_say}"' in asks
    worker.post(to_say, {"on": _day(0), "value": "no"})
    assert "Say what the rules ask for" not in worker.get(here).content.decode()
    assert worker.post(here, {"on": _day(1)}).status_code == 422
    assert worker.post(here, {"on": _day(0)}).status_code == 302
    assert Admission.objects.get().on == today()
    kept = Judged.objects.get(act="admission")
    assert kept.let_go == 0, "what was set aside counts no more: it was cleared since"
    assert worker.post(f"{here}take-back/").status_code == 302
    assert not Admission.objects.exists()


def test_what_was_set_aside_is_counted_and_read(place: Place, signed_in: Sign):
    worker, commissioner = signed_in("practitioner"), signed_in("commissioner")
    package = arranged(place)
    request = package.award.request
    request.told = '{"long-term": true}'
    request.save()
    here = f"/work/packages/{package.pk}/admit/"
    worker.post(f"/work/supported/{place.person.pk}/known/after-crisis/", {"on": _day(0), "value": "no"})
    for rule in ("home-first", "setting-of-choice"):
        commissioner.post(f"{here}set-aside/{rule}/", {"reason": REASON})
    for known in ("dementia", "frailty", "complex-needs"):
        worker.post(f"/work/supported/{place.person.pk}/known/{known}/", {"on": _day(0), "value": "no"})
    commissioner.post(f"{here}set-aside/highest-need-only/", {"reason": REASON})
    assert SetAside.objects.count() == 3
    assert worker.post(here, {"on": _day(0)}).status_code == 302
    assert Judged.objects.get(act="admission").let_go == 3
    counted = commissioner.get("/work/kept/").content.decode()
    assert "Practitioner" in counted
    assert "1 act of the last 12 months went ahead against a rule" in commissioner.get("/work/").content.decode()
    read = commissioner.get("/work/kept/set-aside/").content.decode()
    assert REASON in read
    assert f"Package {package.pk}" in read
    assert b"home-first" in commissioner.get("/work/kept.csv").content
    assert REASON.encode() in commissioner.get("/work/kept/set-aside.csv").content
