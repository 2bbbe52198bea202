"""Keep the lists by which a council buys: begin one, admit a provider, suspend, reinstate and remove it."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from careshape.accounts.models import Council, Organisation
from careshape.audit.change import change
from careshape.audit.change import tell as tell_of
from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.policy import Principal
from careshape.source.kinds import kinds
from careshape.source.models import Member, Vehicle
from careshape.source.models.vehicles import STANDINGS, Standing

ACT: Final = "source.vehicles"
_LEADS: Final = {
    Standing.ADMITTED: (Standing.SUSPENDED, Standing.REMOVED),
    Standing.SUSPENDED: (Standing.ADMITTED, Standing.REMOVED),
    Standing.REMOVED: (),
}
"""Standing -> those that may follow it. Who was removed comes back by being admitted anew."""


def begin(principal: Principal, title: str, kind: str, begins_on: date, ends_on: date | None = None) -> Vehicle:
    """Begin a list. Raises CallError for a kind that there is not, for a title that is taken, and for days the wrong
    way round.
    """
    if kind not in kinds():
        raise CallError(f"There is no kind of list '{kind}'. Choose from {', '.join(kinds())}.")
    if ends_on is not None and ends_on < begins_on:
        raise CallError("A list ends after it begins: look at the two days.")
    council = Council.objects.get(slug=principal.council)
    with change(principal, ACT, lock=[council]) as told:
        if Vehicle.objects.filter(council=principal.council, title__iexact=title).exists():
            raise CallError("There is a list of this name already.")
        row = Vehicle.objects.create(
            council=principal.council, title=title, kind=kind, begins_on=begins_on, ends_on=ends_on
        )
        told(row, kind=kind)
    return row


def admit(
    principal: Principal, vehicle: Vehicle, organisation: Organisation, service: str, price: int, district: str = ""
) -> Member:
    """Admit a provider to a list for a service, in a district or everywhere, at a price in pence a unit.

    Who was removed is admitted anew. Raises CallError for who is on it already, and for a newcomer to a list that is
    closed: that they came is told in the log.
    """
    catalogue().entry("service", service)
    if district:
        catalogue().entry("district", district)
    if price <= 0:
        raise CallError("A price is above nought.")
    today = uk_day(timezone.now())
    if _is_closed(vehicle, today):
        tell_of(principal, ACT, vehicle, outcome="refused", organisation=organisation.pk, why="closed")
        raise CallError(
            f"{vehicle.title} is closed: nobody joins it after it began. That {organisation.name} asked is recorded."
        )
    with change(principal, ACT, lock=[vehicle]) as told:
        on_it = Member.objects.filter(
            vehicle=vehicle, organisation=organisation, service=service, district=district
        ).first()
        if on_it is not None and on_it.state != Standing.REMOVED.value:
            raise CallError(f"{organisation.name} is on {vehicle.title} for this already.")
        row = on_it or Member(vehicle=vehicle, organisation=organisation, service=service, district=district)
        row.price, row.state, row.reason, row.since = price, Standing.ADMITTED.value, "", today
        row.save()
        told(row, to=row.state)
    return row


def stand(principal: Principal, member: Member, state: Standing, reason: str = "") -> None:
    """Suspend a provider, take it back, or remove it; with the reason where it loses by it.

    Raises CallError where it cannot come to stand so from how it stands, and without a reason.
    """
    reason = reason.strip()
    if state is not Standing.ADMITTED and not reason:
        raise CallError("Say why: the provider reads it.")
    with change(principal, ACT, lock=[member]) as told:
        member.refresh_from_db()
        if state not in _LEADS[Standing(member.state)]:
            raise CallError(f"It is {STANDINGS[Standing(member.state)].lower()} already, and this cannot follow.")
        member.state, member.since = state.value, uk_day(timezone.now())
        member.reason = "" if state is Standing.ADMITTED else reason
        member.save()
        told(member, to=state.value)


def in_force(on: date) -> Q:
    """Members of lists that are in force on a day."""
    ends = Q(vehicle__ends_on__isnull=True) | Q(vehicle__ends_on__gte=on)
    return ends & Q(vehicle__begins_on__lte=on)


def standing_for(council: str, service: str, on: date) -> QuerySet[Member]:
    """Everybody on a list of the council that is in force on a day, for a service; suspended and removed ones too."""
    return Member.objects.filter(in_force(on), vehicle__council=council, service=service).select_related(
        "vehicle", "organisation"
    )


def why_barred(member: Member, district: str) -> tuple[str, ...]:
    """Why a member of a list may not be offered care in a district; empty where it may."""
    found = []
    if member.state != Standing.ADMITTED.value:
        found.append(f"{STANDINGS[Standing(member.state)].lower()} on {member.vehicle.title}: {member.reason}")
    if member.district and member.district != district:
        label = catalogue().lists["district"].by_id[member.district].label
        found.append(f"on {member.vehicle.title} for {label} only")
    return tuple(found)


def _is_closed(vehicle: Vehicle, today: date) -> bool:
    return kinds()[vehicle.kind].joins == "never" and vehicle.begins_on < today
