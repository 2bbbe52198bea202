"""A broker's desk at its busiest: what the pages are made of that ``careshape bench load`` reads as a broker.

Everybody is synthetic. The rows are written at once, without the acts that would lead to them: only how long their
pages take is measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from careshape.accounts.models import Account, Council, Membership, Organisation, OrganisationLocation
from careshape.accounts.principals import principal_for
from careshape.errors import CareshapeError
from careshape.ledger.posting import uk_day
from careshape.people.models import Person
from careshape.providers.models import Location, Room
from careshape.source.lists.vehicles import admit, begin
from careshape.source.models import Award, Line, Member, Offer, Package, Request

PROVIDERS: Final = 64
"""As many as Worcestershire has for supported living; all of them are asked for the busiest request, and say yes."""
REQUESTS: Final = 500
PACKAGES: Final = 200
"""Of the requests, those that were awarded."""
BRACKETS: Final = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
"""Statements that open and close a transaction, which are no queries."""
SERVICE: Final = "supported-living"
TITLE: Final = "Synthetic list of the benchmark"


def furnish(council: str) -> tuple[str, ...]:
    """Make what a broker reads, and give the addresses of its pages. Where it is there already, nothing is made."""
    place = Council.objects.get(slug=council)
    if not Member.objects.filter(vehicle__title=TITLE).exists():
        _make(place)
    busiest = Offer.objects.filter(member__vehicle__title=TITLE, request__state="sent").order_by("pk")[0]
    request = f"/work/requests/{busiest.request_id}/"
    return "/work/requests/", request, f"{request}rooms/", f"/work/offers/{busiest.pk}/award/"


def _make(council: Council) -> None:
    today = uk_day(timezone.now())
    account = Account.objects.get(memberships__council=council, memberships__role="broker")
    members = _listed(council, account, today)
    people = Person.objects.bulk_create(
        Person(
            council=council.slug, reference=f"SYN-{number:04}", name=f"Synthetic person {number}", district="wychavon",
            born_on=date(1960 + number % 40, 1 + number % 12, 1), gender=("female", "male")[number % 2],
            client_group="learning-disability", support_reason="learning-disability",
        )
        for number in range(REQUESTS)
    )  # fmt: skip
    states = ["awarded"] * PACKAGES + ["open", "withdrawn"] * ((REQUESTS - PACKAGES) // 2)
    requests = Request.objects.bulk_create(
        Request(
            person=person, service=SERVICE, units=100, starts_on=today + timedelta(days=14), district="wychavon",
            words="To have a front door of one's own.", state=state, made_by=account,
        )
        for person, state in zip(people, states, strict=True)
    )  # fmt: skip
    _packages(requests[:PACKAGES], members, account, today)
    busiest = requests[PACKAGES]
    Request.objects.filter(pk=busiest.pk).update(state="sent", way="all", sent_at=timezone.now())
    Offer.objects.bulk_create(_yes(busiest, one) for one in members)


def _listed(council: Council, account: Account, today: date) -> list[Member]:
    """A list with its providers, each with a setting of three empty places."""
    who = principal_for(Membership.objects.select_related("council").get(council=council, role="commissioner"))
    vehicle = begin(who, TITLE, "accredited-list", today - timedelta(days=30))
    members: list[Member] = []
    rooms: list[Room] = []
    for number in range(PROVIDERS):
        provider = Organisation.objects.create(council=council, kind="provider", name=f"Synthetic provider {number:02}")
        members.append(admit(who, vehicle, provider, SERVICE, 90_000 + 450 * number))
        place = OrganisationLocation.objects.create(organisation=provider, name=f"Synthetic house {number:02}")
        house = Location.objects.create(
            place=place, kind="supported-living-setting", services=[SERVICE], district="wychavon"
        )
        rooms.extend(
            Room(location=house, name=f"Flat {flat}", part="supported-living-place", begins_on=today, told_by=account)
            for flat in range(1, 4)
        )
    Room.objects.bulk_create(rooms)
    return members


def _packages(requests: list[Request], members: list[Member], account: Account, today: date) -> None:
    """A package for each of some requests, with a provider of the list in turn."""
    offers = Offer.objects.bulk_create(
        _yes(one, members[number % len(members)]) for number, one in enumerate(requests)
    )  # fmt: skip
    awards = Award.objects.bulk_create(
        Award(request=one.request, offer=one, place=1, ranking="{}", by=account) for one in offers
    )
    packages = Package.objects.bulk_create(
        Package(
            award=one, person=one.request.person, organisation=one.offer.organisation, service=SERVICE,
            district="wychavon", purchase_type="spot",
        )
        for one in awards
    )  # fmt: skip
    Line.objects.bulk_create(
        Line(package=one, number=1, units=100, price=one.award.offer.list_price, starts_on=today) for one in packages
    )


def _yes(request: Request, member: Member) -> Offer:
    price = member.price or 1
    return Offer(
        request=request, organisation=member.organisation, member=member, list_price=price, price=price, answer="yes",
        can_start_on=request.starts_on,
    )  # fmt: skip


def queries(pages: Iterable[str], email: str) -> dict[str, int]:
    """How many queries each of some pages takes, read by an account for the second time: address -> queries.

    Raises CareshapeError where a page is not shown.
    """
    reader = Client(SERVER_NAME="localhost")
    reader.force_login(Account.objects.get(email=email))
    found: dict[str, int] = {}
    for address in pages:
        reader.get(address)  # what is read once for all pages
        with CaptureQueriesContext(connection) as seen:
            answer = reader.get(address)
        if answer.status_code != 200:
            raise CareshapeError(f"The page {address} of the benchmark answered {answer.status_code}.")
        found[address] = sum(not one["sql"].startswith(BRACKETS) for one in seen.captured_queries)
    return found
