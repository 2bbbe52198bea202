"""Care that was arranged, made at once: without the rules and the answers that lead to it."""

from __future__ import annotations

from datetime import date, timedelta

from careshape.audit.change import change
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
