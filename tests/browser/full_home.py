"""A care home with many people, furnished from outside of the server that a browser walks; everybody is synthetic."""

from __future__ import annotations

import json
import os
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

PEOPLE = 30
TOKENS = "tokens of homes.json"


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
    _programs(homes[1:], council, Path(folder))
    said: dict[str, Any] = {}
    for number in range(PEOPLE):
        _resident(number, homes[0], who, said)


def _programs(homes: list[Any], council: Any, folder: Path) -> None:
    """Let each of some homes have a program that answers for it; the tokens lie beside the folder."""
    from careshape.accounts.models import Account, Membership
    from careshape.accounts.principals import principal_for
    from careshape.work.tokens import make

    tokens = []
    for number, home in enumerate(homes):
        account = Account.objects.create(email=f"home{number}@example.org", name=f"Synthetic provider of home {number}")
        place = Membership.objects.create(
            account=account, council=council, role="provider", organisation=home.organisation
        )
        tokens.append(make(principal_for(place), "Answers", ["source.answer"], 30)[1])
    (folder.parent / TOKENS).write_text(json.dumps(tokens), "utf-8")


def say_yes(site: str, folder: Path) -> int:
    """Each home's program says yes to every request that its home was asked for and has not answered; how many."""
    said = 0
    for token in json.loads((folder.parent / TOKENS).read_text("utf-8")):
        asked = _call(f"{site}/api/v1/asked?waiting=true&limit=200", token)
        for one in asked["items"]:
            answer = {"answer": "yes", "can_start_on": one["starts_on"]}
            said += _call(f"{site}/api/v1/asked/{one['id']}/answer", token, answer)["done"] == "answered"
    return said


def _call(address: str, token: str, sent: dict[str, Any] | None = None) -> Any:
    """What the API answers to a program."""
    body = None if sent is None else json.dumps(sent).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=120) as given:
        return json.load(given)


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
