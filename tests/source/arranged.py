"""Care that was arranged, made at once: without the rules and the answers that lead to it."""

from __future__ import annotations

from datetime import date, timedelta

from careshape.accounts.models import OrganisationLocation
from careshape.audit.change import change
from careshape.market.capacity.lines import Line
from careshape.policy import Principal
from careshape.providers.capacity.send import id_of, send
from careshape.providers.models import Location
from careshape.source.models import Award, Member, Offer, Package, Request
from careshape.source.packages.package import begin
from tests.source.place import Place, today


def sent(place: Place, **more: object) -> Request:
    """A request that is out with providers."""
    wanted = {
        "person": place.person, "service": "nursing", "units": 100, "starts_on": today() + timedelta(days=7),
        "district": "wychavon", "state": "sent",
    }  # fmt: skip
    row: Request = Request.objects.create(made_by=place.people.account("practitioner"), **wanted | more)
    return row


def yes(request: Request, member: Member, on: date | None = None) -> Offer:
    """A yes of who stands on the list, at the price of the list."""
    row: Offer = Offer.objects.create(
        request=request, organisation=member.organisation, member=member, list_price=member.price, answer="yes",
        price=member.price, can_start_on=on or request.starts_on,
    )  # fmt: skip
    return row


def arranged(place: Place, on: date | None = None, number: int = 0) -> Package:
    """A package of the person with one of the providers on the list, whose first line waits for the records."""
    request = sent(place)
    offer = yes(request, place.vehicle.members.order_by("pk")[number], on)
    broker = place.who("broker")
    with change(broker, "source.broker") as told:
        award = Award.objects.create(request=request, offer=offer, place=1, ranking="{}", by_id=broker.account)
        Request.objects.filter(pk=request.pk).update(state="awarded")
        return begin(award, told)


def returned(place: Place, member: Member, free: int, part: str = "general-nursing", name: str = "") -> Location:
    """A home of a provider that has so many places of a type free; of the same name it is the same home."""
    at, _ = OrganisationLocation.objects.get_or_create(organisation=member.organisation, name=name or f"Home {part}")
    home, _ = Location.objects.get_or_create(
        place=at, defaults={"kind": "nursing-home", "district": "wychavon", "registered_beds": 40}
    )
    figures = {"maximum": 20, "in_use": 20 - free, "reserved": 0, "admittable": free}
    who = Principal(
        role="provider", account=place.who("broker").account, council="worcestershire",
        organisation=member.organisation_id,
    )  # fmt: skip
    send(who, home, "beds", [Line(id_of(home), today(), "beds", (part,), figures, 1, {})], way="api")
    return home
