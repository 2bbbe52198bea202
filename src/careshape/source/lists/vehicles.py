"""Keep the lists by which a council buys: begin one, open rounds, set lots up, admit providers, move and rank them.

What may be done to a provider on a list, by whom and with what following, is data: see ``kinds``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.conf import settings
from django.db.models import Max, Q
from django.utils import timezone

from careshape.accounts.models import Council, Organisation
from careshape.audit.change import SYSTEM, Told, change
from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.home import Home
from careshape.ledger.posting import uk_day
from careshape.paying.terms import Book, book
from careshape.policy import Principal
from careshape.providers.evidence import lapsed
from careshape.source.lists.kinds import EVIDENCE, NOWHERE, Move, kinds, title_of
from careshape.source.lists.listed import (
    askable,
    barred,
    facts,
    in_force,
    last_resort,
    ranked_members,
    standing_for,
    why_barred,
)
from careshape.source.lists.notices import tell_moved
from careshape.source.lists.prices import price_on
from careshape.source.models import Approach, Lot, Member, Round, Stood, Vehicle
from careshape.source.models.vehicles import ZONES, Standing, check_kind

__all__ = (
    "admit", "askable", "barred", "begin", "facts", "in_force", "last_resort", "move", "price_on", "rank",
    "ranked_members", "stand", "standing_for", "why_barred",
)  # fmt: skip

ACT: Final = "source.vehicles"
STAND: Final = "source.stand"
_RANKED: Final = (Standing.ADMITTED.value, Standing.SUSPENDED.value)
"""Standings that have a place in the order of a ranked list."""


def begin(
    principal: Principal, title: str, kind: str, begins_on: date, ends_on: date | None = None, *, priced_by: str = "",
    complex_needs: bool = False, contract: str = "",
) -> Vehicle:  # fmt: skip
    """Begin a list.

    contract: of ``paying``, whose terms packages from it have; empty for the one usual for a service.

    Raises CallError for a kind or contract that there is not, for a title that is taken, for days the wrong way round,
    and for a list without the last day that its kind must have, or that lasts longer than its kind may.
    """
    check_kind(kind)
    _check_days(kind, begins_on, ends_on)
    if priced_by not in ZONES:
        raise CallError(f"Prices do not differ by '{priced_by}'.")
    if contract:
        contracts_of(principal.council).contract(contract)
    council = Council.objects.get(slug=principal.council)
    with change(principal, ACT, lock=[council]) as told:
        if Vehicle.objects.filter(council=principal.council, title__iexact=title).exists():
            raise CallError("There is a list of this name already.")
        row = Vehicle.objects.create(
            council=principal.council, title=title, kind=kind, begins_on=begins_on, ends_on=ends_on,
            priced_by=priced_by, complex_needs=complex_needs, contract=contract,
        )  # fmt: skip
        if row.is_of.joins == "rounds":
            Round.objects.create(vehicle=row, opens_on=begins_on)
        told(row, kind=kind)
    return row


def contracts_of(council: str) -> Book:
    """The contracts of a council: those packaged, with its own laid over them."""
    return book(Home(settings.CARESHAPE_DIR).council_path(council))


def end(principal: Principal, vehicle: Vehicle, ends_on: date) -> None:
    """Give a list its last day, or another. Packages that came from it go on.

    Raises CallError for a day before it began, and for one later than its kind may last.
    """
    _check_days(vehicle.kind, vehicle.begins_on, ends_on)
    with change(principal, ACT, lock=[vehicle]) as told:
        vehicle.refresh_from_db()
        was, vehicle.ends_on = vehicle.ends_on, ends_on
        vehicle.save(update_fields=["ends_on"])
        told(vehicle, ends=ends_on, was=was)


def open_round(principal: Principal, vehicle: Vehicle, opens_on: date) -> Round:
    """Open a round in which providers may join. Raises CallError where the list has no rounds, or one that is open."""
    if vehicle.is_of.joins != "rounds":
        raise CallError(f"{vehicle.is_of.title}: such a list has no rounds.")
    with change(principal, ACT, lock=[vehicle]) as told:
        if vehicle.rounds.filter(closes_on__isnull=True).exists():
            raise CallError("A round is open already. Close it first.")
        last = vehicle.rounds.aggregate(last=Max("closes_on"))["last"]
        if last is not None and opens_on <= last:
            raise CallError(f"The round before lasted until {last:%d/%m/%Y}. The next one opens after it.")
        row: Round = Round.objects.create(vehicle=vehicle, opens_on=opens_on)
        told(row, opens=opens_on)
    return row


def close_round(principal: Principal, vehicle: Vehicle, closes_on: date) -> Round:
    """Close the round that is open, with its last day. Raises CallError where none is, and for a day before it."""
    with change(principal, ACT, lock=[vehicle]) as told:
        row = vehicle.rounds.filter(closes_on__isnull=True).first()
        if row is None:
            raise CallError("No round is open.")
        if closes_on < row.opens_on:
            raise CallError(f"The round opened on {row.opens_on:%d/%m/%Y}: it cannot close before.")
        row.closes_on = closes_on
        row.save(update_fields=["closes_on"])
        told(row, closes=closes_on)
    found: Round = row
    return found


def add_lot(
    principal: Principal, vehicle: Vehicle, title: str, service: str, *, client_group: str = "", zone: str = "",
    district: str = "",
) -> Lot:  # fmt: skip
    """Add a lot to a list. Raises CallError for what the catalogue does not have, and for a lot that is there."""
    check_part(service, client_group, zone, district)
    with change(principal, ACT, lock=[vehicle]) as told:
        same = vehicle.lots.filter(service=service, client_group=client_group, zone=zone, district=district).first()
        if same is not None:
            raise CallError(f"Lot {same.number}, {same.title}, is for just this.")
        if not vehicle.lots.exists() and vehicle.members.exists():
            raise CallError("Providers are on this list without a lot. Begin another list with lots for them.")
        last = vehicle.lots.aggregate(last=Max("number"))["last"] or 0
        row: Lot = Lot.objects.create(
            vehicle=vehicle, number=last + 1, title=title.strip(), service=service, client_group=client_group,
            zone=zone, district=district,
        )  # fmt: skip
        told(row, service=service)
    return row


def admit(
    principal: Principal, vehicle: Vehicle, organisation: Organisation, service: str = "", price: int | None = None,
    district: str = "", *, zone: str = "", client_group: str = "", lot: Lot | None = None, places: int | None = None,
    by: str = "admit", reason: str = "",
) -> Member:  # fmt: skip
    """Bring a provider onto a list: admit it, or record that it applies.

    Args:
        principal: who does it.
        vehicle: the list.
        organisation: the provider.
        service: for which service; not needed where a lot says it.
        price: pence a unit; none where the price list of the list says it.
        district: only where it is for one district; zone and client_group likewise.
        lot: the lot, on a list with lots: it says service, place and client group.
        places: places bought in advance, under a block contract.
        by: the move of the list's course by which it comes: ``admit``, ``apply``, ``tender``.
        reason: for a move that asks for one.

    Raises CallError for who is on it already, for what its kind does not take, and for a newcomer to a list that is
    closed: that they came is told in the log.
    """
    if lot is not None:
        service, client_group, zone, district = lot.service, lot.client_group, lot.zone, lot.district
    elif vehicle.lots.exists():
        raise CallError(f"{vehicle.title} has lots. Choose one.")
    check_part(service, client_group, zone, district)
    check_terms(vehicle, service, price, places)
    if why := why_closed(vehicle, uk_day(timezone.now())):
        raise CallError(approach(principal, vehicle, organisation, why, act=ACT))
    with change(principal, ACT, lock=[vehicle]) as told:
        part = {"service": service, "client_group": client_group, "zone": zone, "district": district}
        return join(told, vehicle, organisation, part, lot=lot, price=price, places=places, by=by, reason=reason)


def join(
    told: Told, vehicle: Vehicle, organisation: Organisation, part: Mapping[str, str], *, lot: Lot | None,
    price: int | None, places: int | None = None, by: str, reason: str = "",
) -> Member:  # fmt: skip
    """Bring a provider onto a list by a move of its course, within a change of the caller that has locked the list.

    part: service, client_group, zone and district. Raises CallError for who is on it for this already.
    """
    on_it = Member.objects.filter(vehicle=vehicle, organisation=organisation, **part).first()
    row = on_it or Member(vehicle=vehicle, organisation=organisation, state=NOWHERE, **part)
    made = move_of(row, by)
    if made is None:
        raise CallError(f"{organisation.name} is on {vehicle.title} for this already.")
    row.lot, row.price, row.places = lot, price, places
    step(row, made, told.principal, reason, told)
    return row


def approach(
    principal: Principal, vehicle: Vehicle, organisation: Organisation, why: str, words: str = "", *, act: str
) -> str:  # fmt: skip
    """Record that a provider came to a list that takes nobody; what it is told.

    why: why the list takes nobody. words: what the provider would give, where it said so.
    """
    itself = principal.organisation == organisation.pk
    with change(principal, act, chain=vehicle.council) as told:
        Approach.objects.create(
            vehicle=vehicle, organisation=organisation, words=words.strip()[:500], why=why[:500], itself=itself
        )
        told(vehicle, outcome="refused", organisation=organisation.pk, why="closed")
    return f"{why} That {'you' if itself else organisation.name} asked is recorded."


def move(principal: Principal, member: Member, name: str, reason: str = "", *, mail: bool = True) -> None:
    """Move a provider on a list by a move of its course: suspend it, take it back, remove it and so on.

    mail: whether it is written to; not where the caller does, once for several lists.

    Raises CallError where it does not lead on from how it stands, for a role that may not make it, without a reason
    where one is asked for, and for taking back a provider whose evidence has lapsed.
    """
    with change(principal, STAND, lock=[member.vehicle, member]) as told:
        member.refresh_from_db()
        made = move_of(member, name)
        if made is None:
            now = title_of(member.vehicle.kind, member.state).lower()
            raise CallError(f"It is {now} already, and this cannot follow.")
        if principal.role not in made.by:
            raise CallError(f"Your role may not do this: {made.title.lower()}.")
        if member.by_evidence and made.to == Standing.ADMITTED.value and (why := lapsed_of(member)):
            raise CallError(f"{' '.join(why)} Record new evidence: it then comes back by itself.")
        step(member, made, principal, reason, told)
        if mail:
            tell_moved([member])


def stand(principal: Principal, member: Member, state: Standing, reason: str = "", *, mail: bool = True) -> None:
    """Bring a provider on a list to a state by the move of its course that leads there. Raises as ``move`` does."""
    found = (one for one in member.vehicle.is_of.course.leads(member.state) if one.to == state.value)
    way = next((one.id for one in found if member.state != state.value), "")
    move(principal, member, way or state.value, reason, mail=mail)


def rank(principal: Principal, member: Member, place: int) -> None:
    """Give a provider of a ranked list its place in the order of its lot; the others move up or down.

    Raises CallError where the list has no order, where the provider is not in it, and for a place that there is not.
    """
    if not member.vehicle.is_of.ranked:
        raise CallError(f"{member.vehicle.title} has no order: its providers are asked alike.")
    with change(principal, ACT, lock=[member.vehicle]) as told:
        member.refresh_from_db()
        order = _beside(member)
        if member not in order:
            raise CallError("It has no place in the order while it does not stand on the list.")
        if not 1 <= place <= len(order):
            raise CallError(f"There are places 1 to {len(order)}: the primary provider is 1.")
        order.remove(member)
        order.insert(place - 1, member)
        in_order(order)
        member.refresh_from_db()
        told(member, rank=place)


def lapse_or_renew(told: Told, member: Member, today: date) -> bool:
    """Suspend a provider whose evidence has lapsed, or take back one that was suspended for it alone; whether so.

    Within a change of the caller that has locked the list and the provider's place on it.
    """
    member.refresh_from_db()
    why = lapsed_of(member, today)
    moves = member.vehicle.is_of.course.leads(member.state, EVIDENCE)
    if why and not member.by_evidence:
        made = next((one for one in moves if one.to == Standing.SUSPENDED.value), None)
    else:
        made = next((one for one in moves if one.to != Standing.SUSPENDED.value), None)
        made = made if member.by_evidence and not why else None
    if made is None:
        told(member, moved=False)
        return False
    step(member, made, SYSTEM, " ".join(why)[:500], told)
    return True


def lapsed_of(member: Member, on: date | None = None) -> tuple[str, ...]:
    """The evidence of a provider that has lapsed for the service for which it is on a list, a sentence each."""
    day = on or uk_day(timezone.now())
    found = lapsed(member.vehicle.council, [member.organisation_id], member.service, day)
    return found.get(member.organisation_id, ())


def move_of(member: Member, name: str) -> Move | None:
    """The move of a name that leads on from how a provider stands."""
    course = member.vehicle.is_of.course
    return next((one for one in course.leads(member.state) if one.id == name), None)


def step(member: Member, made: Move, by: Principal, reason: str, told: Told) -> None:
    """Move a provider on a list, keep that it was, and put the order right that it leaves or comes into."""
    reason = reason.strip()
    if made.reason and not reason:
        raise CallError("Say why: the provider reads it.")
    itself = by is SYSTEM
    member.state, member.since = made.to, uk_day(timezone.now())
    member.reason = reason if made.reason else ""
    member.by_evidence = itself and made.to == Standing.SUSPENDED.value
    if member.state not in _RANKED:
        member.rank = None
    elif member.vehicle.is_of.ranked and member.rank is None:
        member.rank = len(_beside(member)) + 1
    member.save()
    Stood.objects.create(member=member, move=made.id, state=made.to, reason=member.reason, by_itself=itself)
    if member.vehicle.is_of.ranked:
        in_order(_beside(member))
        member.refresh_from_db()
    told(member, to=made.to)


def _beside(member: Member) -> list[Member]:
    """The providers that are ranked for the same part of a list, in their order."""
    return list(
        Member.objects.filter(
            vehicle=member.vehicle_id, service=member.service, client_group=member.client_group, zone=member.zone,
            district=member.district, rank__isnull=False,
        ).order_by("rank")
    )  # fmt: skip


def in_order(order: list[Member]) -> None:
    """Number providers from 1; emptied first, since no two have one place even for a moment."""
    wrong = [(place, one) for place, one in enumerate(order, 1) if one.rank != place]
    Member.objects.filter(pk__in=[one.pk for _, one in wrong]).update(rank=None)
    for place, one in wrong:
        Member.objects.filter(pk=one.pk).update(rank=place)


def _check_days(kind: str, begins_on: date, ends_on: date | None) -> None:
    about = kinds()[kind]
    if ends_on is None:
        if about.must_end:
            raise CallError(f"{about.title}: such a list has a last day from its beginning. Say which.")
        return
    if ends_on < begins_on:
        raise CallError("A list ends after it begins: look at the two days.")
    if about.latest is not None and ends_on > about.latest:
        raise CallError(f"{about.title}: such a list ends on {about.latest:%d/%m/%Y} at the latest.")


def check_part(service: str, client_group: str, zone: str, district: str) -> None:
    """Raises CallError for what the catalogue does not have."""
    catalogue().entry("service", service)
    if client_group:
        catalogue().members("client_group", client_group)
    for name, entry in (("zone", zone), ("district", district)):
        if entry:
            catalogue().entry(name, entry)


def check_terms(vehicle: Vehicle, service: str, price: int | None, places: int | None) -> None:
    """Raises CallError for a price or places that a list of its kind does not have, and for those that it needs."""
    if price is not None and price <= 0:
        raise CallError("A price is above nought.")
    if price is None and not vehicle.prices.filter(service=service, member__isnull=True).exists():
        raise CallError("Enter a price: the list has no price list for this service.")
    if vehicle.is_of.places and not places:
        raise CallError("Enter how many places are bought: a block contract buys them in advance.")
    if places and not vehicle.is_of.places:
        raise CallError(f"{vehicle.is_of.title}: no places are bought in advance on such a list.")


def why_closed(vehicle: Vehicle, today: date) -> str:
    """Why nobody can join a list today; '' where one can."""
    joins = vehicle.is_of.joins
    if vehicle.ends_on is not None and vehicle.ends_on < today:
        return f"{vehicle.title} ended on {vehicle.ends_on:%d/%m/%Y}."
    if joins == "never" and vehicle.begins_on < today:
        return f"{vehicle.title} is closed: nobody joins it after it began."
    if joins == "rounds" and vehicle.begins_on < today:
        is_open = Q(opens_on__lte=today) & (Q(closes_on__isnull=True) | Q(closes_on__gte=today))
        if not vehicle.rounds.filter(is_open).exists():
            return f"{vehicle.title} is closed between rounds: open the next one first."
    return ""
