"""A care home with many people, furnished from outside of the server that a browser walks; everybody is synthetic."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

PEOPLE = 30


def furnish(folder: str) -> None:
    """Three homes on a list; the first of them supports thirty people from today."""
    _open(folder)
    from careshape.accounts.models import Council, Membership, Organisation
    from careshape.accounts.principals import principal_for
    from careshape.source.lists.vehicles import admit, begin
    from tests.source.place import today

    council = Council.objects.get(slug="worcestershire")
    members = Membership.objects.filter(council=council).select_related("council")
    who = {one.role: principal_for(one) for one in members}
    vehicle = begin(who["commissioner"], "Synthetic homes", "accredited-list", today() - timedelta(days=30))
    homes = [
        admit(
            who["commissioner"], vehicle,
            Organisation.objects.create(council=council, kind="provider", name=f"Synthetic home {letter}"), "nursing",
            90_000 + 1_000 * number,
        )
        for number, letter in enumerate("ABC")
    ]  # fmt: skip
    said: dict[str, Any] = {}
    for number in range(PEOPLE):
        _resident(number, homes[0], who, said)


def say_yes(folder: str) -> None:
    """Every provider that was asked says yes, at its price of the list."""
    _open(folder)
    from careshape.source.models import Offer

    for one in Offer.objects.filter(answer="waiting").select_related("request"):
        one.answer, one.price, one.can_start_on = "yes", one.list_price, one.request.starts_on
        one.save()


def _open(folder: str) -> None:
    os.environ["CARESHAPE_DIR"] = folder
    from careshape.cli.recording import database_of
    from careshape.home import Home

    database_of(Home(Path(folder)))


def _resident(number: int, home: Any, who: dict[str, Any], said: dict[str, Any]) -> None:
    """Somebody for whom all was looked at, with a package of the home. said: what the rules asked for, found once."""
    from django.utils import timezone

    from careshape.people.known import looked_at
    from careshape.people.models import Person
    from careshape.people.record import assess
    from careshape.source.judged import gate
    from careshape.source.models import Offer, Request
    from careshape.source.requests.award import award, said_of
    from tests.source.place import today

    person = Person.objects.create(
        council="worcestershire", reference=f"S-{number:03}", name=f"Synthetic resident {number:02}",
        born_on=today().replace(year=1940, month=5, day=1), gender="female", client_group="older-people",
        support_reason="physical-personal-care", district="wychavon",
    )  # fmt: skip
    for fact, one in looked_at().items():
        values = [value for value in one.values if "not" in value] or list(one.values)
        assess(who["practitioner"], person, fact, today(), values[0], "It was tried for four weeks.")
    request = Request.objects.create(
        person=person, service="nursing", units=100, starts_on=today(), district="wychavon", state="open",
        made_by_id=who["practitioner"].account, told='{"long-term": true, "after-crisis": false}',
    )  # fmt: skip
    if said:
        gate.say(who["practitioner"], request, said, "source.request")
    else:
        _clear(request, who["practitioner"], said)
    Request.objects.filter(pk=request.pk).update(state="sent", sent_at=timezone.now())
    request.refresh_from_db()
    offer = Offer.objects.create(
        request=request, organisation=home.organisation, member=home, list_price=90_000, answer="yes", price=90_000,
        can_start_on=today(),
    )  # fmt: skip
    award(who["broker"], offer, said_of(offer))


def _clear(request: Any, principal: Any, said: dict[str, Any]) -> None:
    """Say what the rules ask for, until none of them stops the request."""
    from careshape.rules.facts import facts as vocabulary
    from careshape.source.judged import gate

    while asked := gate.to_say(gate.findings(request)):
        fact = vocabulary()[asked[0]]
        for value in {"yes-no": [True, False], "number": [0, 1]}.get(fact.kind, list(fact.values) or ["planned"]):
            said[asked[0]] = value
            gate.say(principal, request, {asked[0]: value}, "source.request")
            if not [one for one in gate.findings(request) if one.stops and one.state == "broken"]:
                break
