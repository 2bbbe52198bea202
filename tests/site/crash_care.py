"""Kills of people who award requests, tell of packages and pay for them, as a part of the rig that ``crash_rig`` is.

Who comes after a kill goes on where the killed one stopped, so that every act is met as often as it takes long.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import secrets
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from django.db import connections
from django.db.models import Sum
from django.utils import timezone

from careshape.accounts.models import Account, Council, Organisation, OrganisationLocation
from careshape.audit.change import SYSTEM
from careshape.audit.models import Event
from careshape.jobs import worker
from careshape.jobs.enqueue import enqueue
from careshape.jobs.kinds import kind
from careshape.jobs.models import Job
from careshape.jobs.work import Work
from careshape.ledger.posting import uk_day
from careshape.market.capacity.lines import Line as Returned
from careshape.people.models import Person
from careshape.policy import Principal
from careshape.providers.capacity.free import held
from careshape.providers.capacity.send import id_of, send
from careshape.providers.models import Location
from careshape.source.models import Award, Line, Member, Offer, Package, Payment, PaymentRun, Request, Telling, Vehicle
from careshape.source.money.payments import draft, pay
from careshape.source.packages.lines import wanted
from careshape.source.packages.package import change_of
from careshape.source.packages.tellings import history, tell_of, terms_of
from careshape.source.packages.uplift import ACT as UPLIFT
from careshape.source.packages.uplift import raise_all, raw_of
from careshape.source.requests.award import award, said_of

BEGAN: Final = timedelta(days=70)
"""So long ago the care began: two payment periods have ended since."""
MANY: Final = 8
"""Requests of a council: a run of payments looks at all that it has."""
TOLD: Final = ("line", "absence", "change", "uplift")
PAID: Final = len(TOLD) + 1
HALF: Final = -1
STUCK: Final = -1
Task = Callable[[Callable[[int], None]], None]
Killed = Callable[[Callable[[Callable[[int], None]], None], float], list[int]]


@dataclass
class Batch:
    """Requests of one council that are out, each with a yes, and how far each of them is."""

    slug: str
    broker: Principal
    payer: Principal
    offers: list[Offer]
    at: dict[int, int] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Whether everything was done."""
        return all(self.at.get(one.pk, 0) == PAID for one in self.offers)


def cares(kills: int, draw: random.Random) -> Counter[str]:
    """Kill who awards, suspends, changes, raises and pays: each act is whole or was never there."""
    batch, usual = make(), [0.2]
    found: Counter[str] = Counter()
    for _ in range(kills):
        if batch.over:
            batch = make()
        acknowledged = killed_in_an_act(lambda tell, batch=batch: go_on(batch, tell), draw.randrange(3), draw, usual)
        done = [number for number in acknowledged if number != STUCK]
        before, batch.at = batch.at, {one.pk: state(one) for one in batch.offers}
        found += Counter(
            kills=1,
            acknowledged=len(done),
            stuck=len(acknowledged) - len(done),
            lost=sum(batch.at[number // 10] < number % 10 for number in done)
            + sum(batch.at[key] < step for key, step in before.items() if batch.at[key] != HALF),
            half=sum(step == HALF for step in batch.at.values()) + runs_in_halves(batch.slug),
            untold=sum(not is_told(one) for one in batch.offers),
        )
        if HALF in batch.at.values():
            batch = make()  # what is half done is found once
    # What it leaves for the background is of councils without records: a later part of the rig must not wait for it.
    Job.objects.filter(council__startswith="rig-care-").delete()
    return found


def killed_in_an_act(
    task: Task, acts: int, draw: random.Random, usual: list[float], seconds: float | None = None
) -> list[int]:
    """Do a task in a child that is killed after so many acknowledged acts, at a moment of what one takes just now.

    usual: seconds that acts took so far: however busy the machine is, a kill falls into an act.
    seconds: what the next one takes, where it is not as long as those before it.
    """
    connections.close_all()
    read, to = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        with contextlib.suppress(BaseException):
            task(lambda number: os.write(to, f"{number}\n".encode()) and None)
        os._exit(0)
    os.close(to)
    began, acknowledged = time.monotonic(), []
    with os.fdopen(read) as told:
        for _ in range(acts):
            acknowledged += [int(line) for line in (told.readline(),) if line]
            usual.append(time.monotonic() - began)
            began = time.monotonic()
        time.sleep(draw.uniform(0, 1) * (sum(usual[-5:]) / len(usual[-5:]) if seconds is None else seconds))
        os.kill(child, signal.SIGKILL)
        acknowledged += [int(line) for line in told.read().splitlines()]
    os.waitpid(child, 0)
    return acknowledged


def go_on(batch: Batch, tell: Callable[[int], None]) -> None:
    """Do what is left, act by act, and acknowledge each: ten times the key of the offer, and its step.

    Who cannot go on where a killed one stopped says so.
    """
    for offer in batch.offers:
        for step in range(batch.at.get(offer.pk, 0), PAID):
            try:
                act(batch, offer, step)
            except Exception:
                tell(STUCK)
                raise
            tell(10 * offer.pk + step + 1)


def act(batch: Batch, offer: Offer, step: int) -> None:
    """One act upon a request or its package."""
    if step == 0:
        award(batch.broker, offer, said_of(offer))
        return
    package, today = Package.objects.get(award__offer=offer), uk_day(timezone.now())
    match step:
        case 1:
            days = {"from": f"{today - timedelta(days=50)}", "to": f"{today - timedelta(days=30)}"}
            tell_of(batch.broker, package, "absence", {"reason": "hospital", **days})
        case 2:
            change_of(batch.broker, package, today - timedelta(days=20), price=96_000)
        case 3:  # as it is told of each package of a provider
            tell_of(batch.broker, package, "uplift", raw_of(today, 250), cause="uplift of the rig", act=UPLIFT)
        case _:
            pay(batch.payer, draft(batch.slug).read)


@kind("rig.uplift", act=UPLIFT, title="Raise", attempts=500, lease=0.4, first_wait=0)
def raise_in_turn(work: Work) -> dict[str, int]:
    """Raise the packages of a provider, as the product does, under a short lease."""
    return raise_all(work)


def uplifts(kills: int, draw: random.Random, killed: Killed, finish: Callable[[], None]) -> Counter[str]:
    """Kill workers that raise all packages of a provider: in the end each is raised, and once."""
    found: Counter[str] = Counter()
    while found["kills"] < kills:
        batch = make()
        for one in batch.offers:
            act(batch, one, 0)
        Job.objects.filter(council=batch.slug).delete()  # a part of the rig that nothing is handed over in
        given = {"whose": f"provider-{batch.offers[0].organisation_id}", "first": f"{uk_day(timezone.now())}",
                 "percent": 250, "why": "", "key": "rig"}  # fmt: skip
        job = enqueue(SYSTEM, "rig.uplift", given, council=batch.slug)
        for _ in range(min(3, kills - found["kills"])):
            killed(lambda tell: worker.work(drain=False) and None, draw.uniform(0.1, 1.0))
            found["kills"] += 1
        finish()
        job.refresh_from_db()
        packages = Package.objects.filter(person__council=batch.slug).select_related("person")
        raised = [one.tellings.filter(kind="uplift").count() for one in packages]
        found += Counter(
            {"acknowledged": 1, "taken over": job.attempts > 1, "lost": (job.state != "done") + raised.count(0)},
            half=sum(many > 1 for many in raised) + sum(not _follows(one) for one in packages),
        )
        Job.objects.filter(council=batch.slug).delete()
    return found


def make() -> Batch:
    """A council with a provider that has told what it has free, and requests that it said yes to."""
    council = Council.objects.create(slug=f"rig-care-{secrets.token_hex(6)}", name="Rig")
    account = Account.objects.create_user(f"broker@{council.slug}.example", None)
    broker = Principal(role="broker", account=account.pk, council=council.slug)
    member = _member(council)
    _return(member, replace(broker, role="provider", organisation=member.organisation_id))
    return Batch(council.slug, broker, replace(broker, role="finance"), _offers(member, account))


def _member(council: Council) -> Member:
    provider = Organisation.objects.create(council=council, kind="provider", name="Synthetic provider W-001")
    on = uk_day(timezone.now()) - BEGAN
    vehicle = Vehicle.objects.create(council=council.slug, title="List", kind="spot", begins_on=on)
    made: Member = Member.objects.create(
        vehicle=vehicle, organisation=provider, service="nursing", price=95_000, state="admitted", since=on
    )
    Person.objects.create(
        council=council.slug, reference="P", name="Synthetic person", born_on=date(1940, 5, 1), gender="female",
        client_group="older-people", support_reason="physical-personal-care", district="wychavon",
    )  # fmt: skip
    return made


def _return(member: Member, provider: Principal) -> None:
    at = OrganisationLocation.objects.create(organisation=member.organisation, name="Home")
    home = Location.objects.create(place=at, kind="nursing-home", district="wychavon", registered_beds=40)
    figures = {"maximum": 20, "in_use": 0, "reserved": 0, "admittable": 20}
    day = uk_day(timezone.now())
    send(provider, home, "beds", [Returned(id_of(home), day, "beds", ("general-nursing",), figures, 1, {})], way="api")


def _offers(member: Member, account: Account) -> list[Offer]:
    person = Person.objects.get(council=member.vehicle.council)
    on = uk_day(timezone.now()) - BEGAN
    requests = Request.objects.bulk_create(
        Request(
            person=person, service="nursing", units=100, starts_on=on, district="wychavon", state="sent",
            made_by=account,
        )
        for _ in range(MANY)
    )  # fmt: skip
    return Offer.objects.bulk_create(
        Offer(
            request=one, organisation=member.organisation, member=member, list_price=95_000, answer="yes", price=95_000,
            can_start_on=on,
        )
        for one in requests
    )  # fmt: skip


def state(offer: Offer) -> int:
    """How many acts a request shows, 0 where it is not awarded; HALF where anything of one is missing."""
    request = Request.objects.get(pk=offer.request_id)
    package = Package.objects.filter(award__request=request).select_related("person").first()
    awarded = (request.state == "awarded", Award.objects.filter(request=request).exists(), package is not None)
    if awarded == (False, False, False):
        return 0
    if awarded != (True, True, True) or package is None or not _follows(package):
        return HALF
    taken = held().filter(reference=f"award {package.award_id}").aggregate(all=Sum("units"))["all"]
    said = tuple(package.tellings.order_by("number").values_list("kind", flat=True))
    paid = Payment.objects.filter(package=package).exists()
    if taken != 100 or said != TOLD[: len(said)] or not said or (paid and said != TOLD):
        return HALF
    return len(said) + paid


def _follows(package: Package) -> bool:
    """Whether the lines, and the newest row of each for the records, are those that follow from what was told."""
    lines = list(package.lines.filter(withdrawn=False).order_by("starts_on"))
    there = [(one.units, one.price, one.starts_on, one.ends_on) for one in lines]
    follow = wanted(history(package), terms_of(package))
    if there != [(one.units, one.price, one.starts_on, one.ends_on) for one in follow]:
        return False
    return all(_handed(one) == (f"{one.price / 100:.2f}", str(one.ends_on or "")) for one in lines)


def _handed(line: Line) -> tuple[str, str] | None:
    newest = line.handovers.order_by("-pk").first()
    if newest is None:
        return None
    itself, *_ = json.loads(newest.row)  # what others pay of it follows
    return itself["unit_price"], itself["end_date"]


def is_told(offer: Offer) -> bool:
    """Whether the audit log has one event for each thing told of its package, and one for the package itself."""
    package = Package.objects.filter(award__offer=offer).first()
    if package is None:
        return True
    events = Event.objects.filter(object=f"source.package:{package.pk}").count()
    return events == 1 + Telling.objects.filter(package=package).count()


def runs_in_halves(council: str) -> int:
    """Runs of payments whose totals are not what their payments come to."""
    found = 0
    for run in PaymentRun.objects.filter(council=council):
        totals: dict[str, dict[str, int]] = json.loads(run.totals)
        paid = Payment.objects.filter(run=run).aggregate(all=Sum("pence"))["all"] or 0
        found += paid != sum(sum(one.values()) for one in totals.values())
    return found


def bare_cares(kills: int, draw: random.Random) -> dict[str, Any]:
    """The control: an award, something told of a package, and a run of payments, each without its transaction."""
    awards, batch = make(), make()
    award(batch.broker, batch.offers[0], said_of(batch.offers[0]))
    package = Package.objects.select_related("person").get(award__offer=batch.offers[0])
    found: dict[str, Counter[str]] = {name: Counter() for name in ("award", "telling", "payment")}
    usual = [0.03]  # seconds of each of them: they wait longer than they work

    def bare(tell: Callable[[int], None], name: str) -> None:
        for number, one in enumerate(awards.offers):
            if name == "award":
                _bare_award(one, awards.broker.account)
            elif name == "telling":
                _bare_telling(package, number)
            else:
                _bare_run(batch, package)
            tell(number)

    for name in found:
        for _ in range(kills):
            killed_in_an_act(lambda tell, name=name: bare(tell, name), 1, draw, usual)
            usual = usual[:1]
            if name == "award":
                found[name]["half"] += sum(state(one) == HALF for one in awards.offers)
                awards = make()
            elif name == "telling":
                said = json.loads(package.tellings.get(number=2).body)["price"] if package.tellings.count() > 1 else ""
                found[name]["half"] += said != f"{package.lines.get().price / 100:.2f}"
    found["payment"]["half"] = runs_in_halves(batch.slug)
    Job.objects.filter(council__startswith="rig-care-").delete()
    return found


def _bare_award(offer: Offer, account: int | None) -> None:
    made = Award.objects.create(request=offer.request, offer=offer, place=1, ranking="{}", by_id=account)
    time.sleep(0.01)
    Request.objects.filter(pk=offer.request_id).update(state="awarded")
    package = Package.objects.create(
        award=made, person=offer.request.person, organisation=offer.organisation, service="nursing",
        district="wychavon", purchase_type="spot",
    )  # fmt: skip
    time.sleep(0.01)
    Line.objects.create(package=package, number=1, units=100, price=95_000, starts_on=offer.can_start_on)


def _bare_telling(package: Package, number: int) -> None:
    rows, price = package.tellings, 96_000 + number
    body = {"line": "core", "from": f"{uk_day(timezone.now())}", "price": f"{price / 100:.2f}"}
    rows.filter(number=2).delete()
    time.sleep(0.01)
    rows.create(number=2, kind="change", known=uk_day(timezone.now()), body=json.dumps(body))
    time.sleep(0.01)
    package.lines.filter(number=1).update(price=price)


def _bare_run(batch: Batch, package: Package) -> None:
    number, day = PaymentRun.objects.filter(council=batch.slug).count() + 1, uk_day(timezone.now())
    run = PaymentRun.objects.create(
        council=batch.slug, number=number, day=day, totals='{"1": {"council": 3}}', by_id=batch.payer.account
    )
    for funder in ("council", "person", "nhs"):
        time.sleep(0.01)
        Payment.objects.create(run=run, package=package, line="core", first=day, last=day, funder=funder, pence=1)
