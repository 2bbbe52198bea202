"""Whose care runs is not erased, and a record is closed when nothing is left to be done: then its years begin."""

from __future__ import annotations

import fcntl
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.people.record import reopen
from careshape.privacy import stops
from careshape.privacy.erase import erase_person
from careshape.privacy.retain import retain
from careshape.source.closing import close
from careshape.source.models import Line, Offer, Package
from careshape.source.models.brokerage import Answer
from careshape.source.packages import handover
from careshape.source.packages.handover import hand_over
from careshape.source.requests.award import award, said_of
from careshape.source.requests.offers import answer, send
from careshape.source.requests.request import withdraw
from tests.source.place import Place, today

COUNCIL = "worcestershire"


def _awarded(place: Place) -> Package:
    request = place.ask()
    place.clear(request)
    _first, *_ = send(place.who("broker"), request)
    provider = place.who("provider")
    mine = Offer.objects.get(request=request, organisation=provider.organisation)
    answer(provider, mine, Answer.YES, can_start_on=request.starts_on)
    mine.refresh_from_db()
    return award(place.who("broker"), mine, read=said_of(mine))


@pytest.mark.django_db(transaction=True)
def test_nobody_is_erased_while_their_care_runs_or_is_on_its_way(place, data, monkeypatch):
    package = _awarded(place)
    ledger = Ledger.open(data / "councils" / COUNCIL)
    with pytest.raises(CallError, match=f"Package {package.pk} runs.*End it.*Nothing was erased"):
        erase_person(ledger, " p-1001 ")
    Line.objects.update(starts_on=today() - timedelta(days=9), ends_on=today() - timedelta(days=1))
    with pytest.raises(CallError, match="on its way into the records"):
        erase_person(ledger, "P-1001")
    held = []

    def looked(council: str, identifier: str) -> str:
        held.append(_locked(data))
        return "Stop."

    handed = handover._post
    monkeypatch.setattr(handover, "_post", lambda *given: held.append(_locked(data)) or handed(*given))
    assert hand_over(COUNCIL) == 1
    monkeypatch.setattr("careshape.privacy.stops.STOPS", [*stops.STOPS, looked])
    with pytest.raises(CallError, match=r"^Stop\."):
        erase_person(ledger, "P-1001")
    assert held == [True, True], "an erasure and a handover wait for each other"
    assert not _locked(data)


def _locked(data: Path) -> bool:
    with (data / "councils" / COUNCIL / "council.toml").open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@pytest.mark.django_db(transaction=True)
def test_record_is_closed_when_nothing_is_left_to_do_and_its_years_begin(place):
    worker = place.who("practitioner")
    asked = place.ask()
    with pytest.raises(CallError, match=f"Request {asked.pk} is not sent yet. Withdraw it"):
        close(worker, place.person)
    withdraw(worker, asked)
    package = _awarded(place)
    with pytest.raises(CallError, match=f"Package {package.pk} runs. End it"):
        close(worker, place.person)
    Line.objects.update(starts_on=today() - timedelta(days=9), ends_on=today() - timedelta(days=1))
    close(worker, place.person)
    for act, words in ((lambda: close(worker, place.person), "closed already"), (place.ask, "Open it again first")):
        with pytest.raises(CallError, match=words):
            act()
    due = timezone.now() + timedelta(days=8 * 366)
    assert "people.Person" in {one.table for one in retain(due, dry_run=True)}
    reopen(worker, place.person)
    with pytest.raises(CallError, match="is open"):
        reopen(worker, place.person)
    assert "people.Person" not in {one.table for one in retain(due, dry_run=True)}
    assert place.ask().pk
