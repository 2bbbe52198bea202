"""After a tender: who is asked first at each place, who follows, and who keeps its packages and gets no new work.

Shown first, then done as one act: the tender is decided, the winners stand on the list in their order, and who was not
successful is turned away. The rule that only successful providers get new home care reads the tender.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from careshape.accounts.models import Organisation
from careshape.audit.change import Told, change
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.policy import Principal
from careshape.providers.models import Tender, TenderOutcome
from careshape.providers.standing import TENDER, decide_within
from careshape.source.lists.notices import tell_moved, tell_not_successful
from careshape.source.lists.outcome import NUMBER, Placed, as_read, as_rows, check
from careshape.source.lists.running import running_of
from careshape.source.lists.shown import as_json, mark
from careshape.source.lists.vehicles import in_order, join, move_of, step
from careshape.source.models import Lot, Member, Settlement, Vehicle


@dataclass(frozen=True)
class Follows:
    """What follows at a place.

    Attributes:
        place: a home care zone; a district where the lot has none; empty where care runs of
            which the zone is not known.
        primary: the name of who is asked first; empty where nobody is named.
        backups: names, in their order.
        lost: names of those who were not successful there, or who have care there and took no part.
        with_winners, with_lost: hundredths a week of the service's unit that run today.
        people: whom those who were not successful support there; they keep their care.
    """

    place: str
    primary: str
    backups: tuple[str, ...]
    lost: tuple[str, ...]
    with_winners: int
    with_lost: int
    people: int


def follows(tender: Tender, vehicle: Vehicle, rows: Sequence[Placed]) -> list[Follows]:
    """What would follow from an outcome, place by place."""
    return _follow(tender, vehicle, [*rows, *left_out(tender, vehicle, rows)])


def _follow(tender: Tender, vehicle: Vehicle, rows: Sequence[Placed]) -> list[Follows]:
    """The same of an outcome with those whom it leaves out."""
    running = running_of(tender.council, tender.service, uk_day(timezone.now()))
    lots = {(one.zone or one.district): one for one in vehicle.lots.filter(service=tender.service).order_by("-number")}
    names = dict(Organisation.objects.filter(council__slug=tender.council).values_list("pk", "name"))
    won_anywhere = {one.organisation.pk for one in rows if one.place}
    made = []
    for place in sorted({*lots, *(one.place for one in running)}):
        of_lot = [one for one in rows if one.lot is not None and place == (one.lot.zone or one.lot.district)]
        won = sorted((one for one in of_lot if one.place), key=lambda one: one.place or 0)
        here = [one for one in running if one.place == place]
        lost = {one.organisation.pk for one in of_lot if not one.place}
        lost |= {one.organisation for one in here} - won_anywhere
        made.append(Follows(
            place, won[0].organisation.name if won else "", tuple(one.organisation.name for one in won[1:]),
            tuple(sorted(names[one] for one in lost)),
            sum(one.units for one in here if one.organisation in won_anywhere),
            sum(one.units for one in here if one.organisation not in won_anywhere),
            len({who for one in here if one.organisation not in won_anywhere for who in one.people}),
        ))  # fmt: skip
    return made


def left_out(tender: Tender, vehicle: Vehicle, rows: Sequence[Placed]) -> list[Placed]:
    """Who has a place by what was recorded of a tender before, and has none by an outcome that puts it right.

    It loses that place with the mistake by which it came to it. Who was on the list without it stays there.
    """
    before = tender.settlements.filter(vehicle=vehicle).order_by("-pk").first()
    if before is None:
        return []
    had = [one for one in as_read(before.rows) if one["place"] != "no"]
    numbers = {(one["lot"], one[NUMBER]) for one in had if one.get(NUMBER)}
    names = {(one["lot"], one["provider"]) for one in had if not one.get(NUMBER)}  # as it was recorded at first
    now = {(one.organisation.pk, one.lot.pk) for one in rows if one.lot is not None}
    nowhere = {one.organisation.pk for one in rows if one.lot is None}
    held = Member.objects.filter(vehicle=vehicle, lot__isnull=False, rank__isnull=False)
    return [
        Placed(one.organisation, one.lot, reason=f"The outcome of {tender.title} was put right.")
        for one in held.select_related("organisation", "lot").order_by("lot__number", "rank")
        if ((str(one.lot.number), str(one.organisation_id)) in numbers
            or (str(one.lot.number), one.organisation.name) in names)
        and (one.organisation_id, one.lot_id) not in now and one.organisation_id not in nowhere
    ]  # fmt: skip


def settle(
    principal: Principal, tender: Tender, vehicle: Vehicle, on: date, rows: Sequence[Placed], read: str
) -> Settlement:
    """Record the outcome of a tender with its places on a ranked list, all of it or nothing. Done again, it puts right
    what was recorded before: who had a place by that alone loses it.

    Args:
        principal: who records it.
        tender: the tender.
        vehicle: a ranked list of the council with lots for the service.
        on: the day on which it was decided.
        rows: who won which lot, in which order, and who was not successful.
        read: the mark of what was shown, as ``mark`` gives it.

    Raises CallError for a list that is not ranked or of another council, for places that cannot stand together, for a
    day to come, and where what follows is not what was read.
    """
    if not vehicle.is_of.ranked or vehicle.council != tender.council:
        raise CallError(f"{vehicle.title} has no order of primary and backups. Choose a ranked list.")
    check(vehicle, rows)
    with change(principal, TENDER, lock=[tender, vehicle]) as told:
        wrong = left_out(tender, vehicle, rows)
        shown = _follow(tender, vehicle, [*rows, *wrong])
        if mark(shown) != read:
            raise CallError("What follows from it has changed since you read it. Read it again below.")
        won = {one.organisation: any(other.place for other in rows if other.organisation == one.organisation)
               for one in rows}  # fmt: skip
        before, lost = _standing(vehicle), _lost(tender)
        decide_within(told, tender, on, won)
        for one in (*rows, *wrong):
            _place(told, tender, vehicle, one)
        for lot in {one.lot for one in rows if one.lot is not None}:
            _order(lot, rows)
        made = Settlement.objects.create(
            tender=tender, vehicle=vehicle, rows=as_rows(rows), shown=as_json(shown), by_id=principal.account
        )
        told(made, list=vehicle.pk, rows=len(rows))
        changed = [pk for pk, stands in _standing(vehicle).items() if before.get(pk) != stands]
        moved = Member.objects.filter(pk__in=changed).select_related("vehicle").order_by("pk")
        tell_moved(moved)
        told_already = lost | {one.organisation_id for one in moved}
        tell_not_successful(tender.council, tender.title, sorted(_lost(tender) - told_already))
    return made


def _lost(tender: Tender) -> set[int]:
    """Who was not successful in a tender, as far as it is recorded."""
    return set(TenderOutcome.objects.filter(tender=tender, won=False).values_list("organisation", flat=True))


def _standing(vehicle: Vehicle) -> dict[int, tuple[object, ...]]:
    """How everybody stands on a list."""
    return {one.pk: (one.state, one.rank, one.price) for one in Member.objects.filter(vehicle=vehicle)}


def _place(told: Told, tender: Tender, vehicle: Vehicle, one: Placed) -> None:
    """Bring one provider to where the outcome has it on the list."""
    held = Member.objects.filter(vehicle=vehicle, organisation=one.organisation)
    held = held.filter(lot=one.lot) if one.lot is not None else held
    if one.place and one.lot is not None:
        member = held.select_related("vehicle").first()
        if member is None:
            part = {name: getattr(one.lot, name) for name in ("service", "client_group", "zone", "district")}
            join(told, vehicle, one.organisation, part, lot=one.lot, price=one.price, by="admit")
            return
        member.price = one.price if one.price is not None else member.price
        member.save(update_fields=["price"])
        if found := move_of(member, "admit"):
            step(member, found, told.principal, "", told)
        return
    why = one.reason or f"Not successful in {tender.title}."
    for member in held.select_related("vehicle"):
        found = move_of(member, "turn-away") or move_of(member, "remove")
        if found is not None:
            step(member, found, told.principal, why, told)


def _order(lot: Lot, rows: Sequence[Placed]) -> None:
    """Write the order of a lot: those of the outcome by their places, then who stood there before."""
    places = {one.organisation.pk: one.place for one in rows if one.lot == lot and one.place}
    members = list(Member.objects.filter(lot=lot, rank__isnull=False).order_by("rank"))
    in_order(sorted(members, key=lambda one: places.get(one.organisation_id) or len(rows) + (one.rank or 0)))
