"""Kills of brokers who award requests and change packages, as a part of the rig that ``crash_rig`` is."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from careshape.accounts.models import Account, Council, Organisation
from careshape.jobs.models import Job
from careshape.people.models import Person
from careshape.policy import Principal
from careshape.source.models import Award, Line, Member, Offer, Package, Request, Vehicle
from careshape.source.packages.package import change_of
from careshape.source.requests.award import award, said_of

DAY: Final = date(2026, 11, 22)
MANY: Final = 40
"""Requests that wait for each attempt."""
Killed = Callable[[Callable[[Callable[[int], None]], None], float], list[int]]


def cares(kills: int, draw: random.Random, safe: bool, killed: Killed) -> Counter[str]:
    """Kill who awards and changes: a request has its award, package, line and row for the records, or none of them."""
    council = Council.objects.create(slug=f"rig-{'safe' if safe else 'unsafe'}-{draw.getrandbits(32)}", name="Rig")
    account = Account.objects.create_user(f"broker@{council.slug}.example", None)
    broker = Principal(role="broker", account=account.pk, council=council.slug)
    member = _member(council)

    def task(tell: Callable[[int], None], offers: list[Offer]) -> None:
        for offer in offers:
            package = award(broker, offer, said_of(offer)) if safe else _bare(offer, account)
            tell(2 * offer.pk)
            change_of(broker, package, DAY + timedelta(days=10), price=96_000)
            tell(2 * offer.pk + 1)

    began = time.monotonic()
    first = _offers(member, account, 1)[0]
    award(broker, first, said_of(first))
    usual = time.monotonic() - began
    found: Counter[str] = Counter()
    for _ in range(kills):
        offers = _offers(member, account, MANY)
        acknowledged = killed(lambda tell, offers=offers: task(tell, offers), draw.uniform(0.5, 8) * usual)
        states = {offer.pk: _state(offer) for offer in offers}
        found += Counter(
            kills=1,
            acknowledged=len(acknowledged),
            lost=sum(states[number // 2] < 1 + number % 2 for number in acknowledged),
            half=sum(state < 0 for state in states.values()),
        )
    # What it leaves for the background is of a council without records: a later part of the rig must not wait for it.
    Job.objects.filter(council=council.slug).delete()
    return found


def _member(council: Council) -> Member:
    provider = Organisation.objects.create(council=council, kind="provider", name="Synthetic provider W-001")
    vehicle = Vehicle.objects.create(council=council.slug, title="List", kind="spot", begins_on=DAY)
    made: Member = Member.objects.create(
        vehicle=vehicle, organisation=provider, service="nursing", price=95_000, state="admitted", since=DAY
    )
    Person.objects.create(
        council=council.slug, reference="P", name="Synthetic person", born_on=date(1940, 5, 1), gender="female",
        client_group="older-people", support_reason="physical-personal-care", district="wychavon",
    )  # fmt: skip
    return made


def _offers(member: Member, account: Account, many: int) -> list[Offer]:
    """Requests that are out, each with an answer that says yes."""
    person = Person.objects.get(council=member.vehicle.council)
    requests = Request.objects.bulk_create(
        Request(
            person=person, service="nursing", units=100, starts_on=DAY, district="wychavon", state="sent",
            made_by=account,
        )
        for _ in range(many)
    )  # fmt: skip
    return Offer.objects.bulk_create(
        Offer(
            request=one, organisation=member.organisation, member=member, list_price=95_000, answer="yes", price=95_000,
            can_start_on=DAY,
        )
        for one in requests
    )  # fmt: skip


def _bare(offer: Offer, account: Account) -> Package:
    """The control: an award without its transaction."""
    made = Award.objects.create(request=offer.request, offer=offer, place=1, ranking="{}", by=account)
    time.sleep(0.01)
    Request.objects.filter(pk=offer.request_id).update(state="awarded")
    package: Package = Package.objects.create(
        award=made, person=offer.request.person, organisation=offer.organisation, service="nursing",
        district="wychavon", purchase_type="spot",
    )  # fmt: skip
    time.sleep(0.01)
    Line.objects.create(package=package, number=1, units=100, price=95_000, starts_on=DAY)
    return package


def _state(offer: Offer) -> int:
    """0 for a request that is not awarded, 1 where it is, 2 where its package was changed too, -1 for a half."""
    request = Request.objects.get(pk=offer.request_id)
    package = Package.objects.filter(award__request=request).first()
    lines = list(Line.objects.filter(package=package).order_by("number")) if package else []
    handed = [one.handovers.count() for one in lines]
    ended = [one.ends_on is not None for one in lines]
    awarded = (request.state == "awarded", Award.objects.filter(request=request).exists(), bool(package))
    if awarded == (False, False, False):
        return 0
    if awarded != (True, True, True):
        return -1
    return {(1,): 1 if ended == [False] else -1, (2, 1): 2 if ended == [True, False] else -1}.get(tuple(handed), -1)
