"""Many brokers award the same requests at the same time, from processes of their own: each request goes to one."""

from __future__ import annotations

from typing import Final

from tests.installation import Installation

WRITERS: Final = 48
ROUNDS: Final = 40
SCRIPT = """
import time
from datetime import date
from functools import partial
from careshape.accounts.models import Account, Council, Organisation
from careshape.errors import CallError
from careshape.people.models import Person
from careshape.policy import Principal
from careshape.source.requests.award import award, said_of
from careshape.source.models import Award, Handover, Line, Member, Offer, Package, Request, Vehicle
from tests.meeting import at_once

writers, rounds = {writers}, {rounds}
council = Council.objects.create(slug="worcestershire", name="Council")
account = Account.objects.create_user("broker@tests.example", None, name="Broker")
day = date(2026, 11, 22)
providers = [Organisation.objects.create(council=council, kind="provider", name=f"Provider {{n}}") for n in range(2)]
vehicle = Vehicle.objects.create(council=council.slug, title="List", kind="spot", begins_on=day)
members = [
    Member.objects.create(
        vehicle=vehicle, organisation=one, service="nursing", price=95_000, state="admitted", since=day
    )
    for one in providers
]
person = Person.objects.create(
    council=council.slug, reference="P", name="Synthetic person", born_on=date(1940, 5, 1), gender="female",
    client_group="older-people", support_reason="physical-personal-care", district="wychavon",
)

def wanted():
    request = Request.objects.create(
        person=person, service="nursing", units=100, starts_on=day, district="wychavon", state="sent", made_by=account
    )
    return [
        Offer.objects.create(
            request=request, organisation=one.organisation, member=one, list_price=one.price, answer="yes",
            price=one.price, can_start_on=day,
        ).pk
        for one in members
    ]

rounds_of = [wanted() for _ in range(rounds)]
careless_of = [wanted() for _ in range(4)]
who = Principal(role="broker", account=account.pk, council=council.slug)
def ours(offers, number):
    offer = Offer.objects.select_related("request").get(pk=offers[number % 2])
    try:
        award(who, offer, said_of(offer), "It can begin sooner than the others can.")
    except CallError:
        return 0
    return 1

def looked_first(offers, number):
    offer = Offer.objects.get(pk=offers[number % 2])
    request = Request.objects.get(pk=offer.request_id)
    free = request.state == "sent"
    time.sleep(0.02)  # as long as the ranking takes
    if free:
        Request.objects.filter(pk=request.pk).update(state="awarded")
    return int(free)

found = at_once(
    writers, [*(partial(ours, one) for one in rounds_of), *(partial(looked_first, one) for one in careless_of)]
)
answers = [one for row in found for one in row]
got, careless = (sum(one or 0 for row in part for one in row) for part in (found[:rounds], found[rounds:]))
made = (Award.objects.count(), Package.objects.count(), Line.objects.count(), Handover.objects.count())
print(got, answers.count(None), careless, *made)
"""


def test_forty_requests_that_48_brokers_award_at_once_go_to_one_each(installation: Installation, promise):
    run = installation.start(SCRIPT.format(writers=WRITERS, rounds=ROUNDS))
    assert run.wait(600) == 0, run.err.read_text()
    got, faults, careless, awards, packages, lines, handed = map(int, run.out.read_text().split())
    assert faults == 0, run.err.read_text()[-2000:]
    assert (got, awards, packages, lines, handed) == (ROUNDS,) * 5
    assert careless > 4  # the control: without the lock the same requests go to several
    promise(
        "R1 award",
        f"{WRITERS} brokers at once, {ROUNDS} rounds: each request awarded once, {faults} errors; control without the "
        f"lock: {careless} awards of 4 requests ({installation.vendor})",
    )
