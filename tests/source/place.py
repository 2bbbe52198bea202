"""A council with somebody to support, a list to buy from, and providers on it; everybody is synthetic."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from careshape.ledger.posting import uk_day
from careshape.people.known import looked_at
from careshape.people.models import Person
from careshape.people.record import Particulars, add, assess
from careshape.policy import Principal
from careshape.providers.models import Tender, TenderOutcome
from careshape.rules.facts import facts as vocabulary
from careshape.source.judged import gate
from careshape.source.lists.vehicles import admit, begin
from careshape.source.models import Request, Vehicle
from careshape.source.requests.request import Wanted, ask
from tests.accounts.people import People


def today() -> date:
    """Today, as people in the United Kingdom read it."""
    return uk_day(timezone.now())


@dataclass
class Place:
    """A council with all that a request needs."""

    people: People
    person: Person
    vehicle: Vehicle

    def who(self, role: str) -> Principal:
        """Somebody of the council at home."""
        return self.people.principal(role)

    def ask(self, service: str = "nursing", **more: Any) -> Request:
        """A request for the person."""
        wanted = Wanted(**{
            "service": service, "units": 100, "starts_on": today() + timedelta(days=7), "district": "wychavon",
            "long_term": True, "words": "To be safe at night.", **more,
        })  # fmt: skip
        return ask(self.who("practitioner"), self.person, wanted)

    def clear(self, request: Request) -> None:
        """Assess and say whatever the rules ask for, until none of them stops the request."""
        for fact, one in looked_at().items():
            last = [value for value in one.values if "not" in value] or list(one.values)
            assess(self.who("practitioner"), self.person, fact, today(), last[0], "It was tried for four weeks.")
        for _ in range(20):
            asked = gate.to_say(gate.findings(request))
            if not asked:
                break
            self.say(request, asked[0])
        assert not [one for one in gate.findings(request) if one.stops]

    def say(self, request: Request, name: str) -> None:
        """Say of a request the first value of a fact by which no rule is broken."""
        fact = vocabulary()[name]
        values: list[Any] = {"yes-no": [True, False], "number": [0, 1], "day": [today()]}.get(
            fact.kind, list(fact.values) or ["planned"]
        )
        for value in values:
            gate.say(self.who("practitioner"), request, {name: value}, "source.request")
            broken = [one for one in gate.findings(request) if one.stops and one.state == "broken"]
            if not broken:
                return
        raise AssertionError(f"Nothing said of {name} clears {broken[0].rule}: {json.loads(request.told)}")


def make_place(people: People, council: str = "worcestershire") -> Place:
    """A council with somebody to support and two providers on a list for nursing care."""
    commissioner = people.principal("commissioner", council)
    vehicle = begin(commissioner, "Care homes", "accredited-list", today() - timedelta(days=30))
    for number, organisation in enumerate(people.organisations[council][:2]):
        admit(commissioner, vehicle, organisation, "nursing", 95_000 + number * 5_000)
    return Place(people, add(people.principal("practitioner", council), particulars()), vehicle)


def particulars(reference: str = "P-1001") -> Particulars:
    """Somebody who does not exist."""
    return Particulars(
        reference, "Synthetic person one", date(1940, 5, 1), "female", "older-people", "physical-personal-care",
        "wychavon",
    )  # fmt: skip


def after_tender(place: Place) -> Request:
    """A request for home care after a tender that the first of two providers has won; no rule stops it."""
    providers = place.people.organisations["worcestershire"][:2]
    for one in providers:
        admit(place.who("commissioner"), place.vehicle, one, "home-care", 2_000)
    tender = Tender.objects.create(
        council="worcestershire", service="home-care", title="Home care", decided_on=today() - timedelta(days=9)
    )
    for one in providers:
        TenderOutcome.objects.create(tender=tender, organisation=one, won=one == providers[0])
    request = place.ask("home-care", units=1000)
    place.clear(request)
    return request
