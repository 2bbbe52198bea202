"""Keep places to live: tell of one, correct or close it, and say who has it from when to when."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from careshape.audit.change import Told, change
from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.market.capacity.fields import capacity
from careshape.policy import Principal
from careshape.providers.models import Location, Room, Stay
from careshape.providers.rooms.words import check, features, parts, traits

KEEP: Final = "providers.keep_rooms"
AGREE: Final = "providers.agree_voids"
AHEAD: Final = timedelta(days=365)
DEAREST: Final = 1_000_000
"""Pence a week of rent, or of support, at most: more is a slip of the hand."""
LONGEST: Final = 365
"""Days of a void for which an agreement may leave the council free, at most."""


@dataclass(frozen=True)
class Description:
    """What is told of a place to live; see ``Room``.

    Raises CallError for what there is not, and for days the wrong way round.
    """

    name: str
    part: str
    begins_on: date
    has: tuple[str, ...] = ()
    client_groups: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    lives: tuple[str, ...] = ()
    closed_on: date | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise CallError("Give it a name by which those who work there know it, such as Room 2.")
        check([self.part], parts(), "type of bed or place")
        check(self.has, features(), "feature")
        for given in (self.only, self.not_for, self.wishes, self.lives):
            check(given, traits(), "trait")
        for one in self.client_groups:
            catalogue().entry("client_group", one)
        if both := set(self.only) & set(self.not_for):
            raise CallError(f"It is only for {traits()[min(both)]}, and not for them. Look at the two.")
        if {"women", "men"} <= set(self.only) or {"under-65", "65-and-over"} <= set(self.only):
            raise CallError("Nobody is both of the two that it is only for. Choose one, or none.")
        if self.closed_on is not None and self.closed_on < self.begins_on:
            raise CallError("Its last day comes before its first. Look at the two.")
        latest = uk_day(timezone.now()) + AHEAD
        for day in (self.begins_on, self.closed_on):
            if day is not None and day > latest:
                raise CallError(f"{day:%d/%m/%Y} is more than a year ahead. Look at the year.")


def keep_room(principal: Principal, location: Location, given: Description, row: Room | None = None) -> Room:
    """Tell of a place to live, or put right what was told of one.

    Raises CallError for a name that another place of the location has, for a type that is not good for any service that
    the location gives, and for days outside which somebody has it.
    """
    with change(principal, KEEP, lock=[location, *([row] if row is not None else [])]) as told:
        _check_part(location, given.part)
        same = Room.objects.filter(location=location, name__iexact=given.name.strip())
        if same.exclude(pk=row.pk if row is not None else None).exists():
            raise CallError("The location has a place of this name already.")
        if row is not None:
            _check_stays(row, given)
        made = row or Room(location=location)
        for one in fields(given):
            value = getattr(given, one.name)
            setattr(made, one.name, list(value) if isinstance(value, tuple) else value)
        made.name, made.told_by_id, made.told_at = given.name.strip(), principal.account, timezone.now()
        made.save()
        told(made, part=made.part, corrected=row is not None)
    return made


def agree(principal: Principal, room: Room, rent: int, support: int, paid_after: int = 0) -> None:
    """Record what the council pays for a place while it stands empty; nothing where both are nought.

    rent, support: pence a week. paid_after: days of each void for which it does not pay yet.

    Raises CallError for an amount that cannot be meant.
    """
    for pence in (rent, support):
        if not 0 <= pence <= DEAREST:
            raise CallError(f"£{pence / 100:,.2f} a week is more than a place costs. Look at the amount.")
    if not 0 <= paid_after <= LONGEST:
        raise CallError(f"Enter 0 to {LONGEST} days.")
    with change(principal, AGREE, lock=[room]) as told:
        room.refresh_from_db()
        room.rent, room.support, room.paid_after = rent, support, paid_after
        room.save(update_fields=["rent", "support", "paid_after"])
        told(room, rent=rent, support=support, after=paid_after)


def move_in(principal: Principal, room: Room, on: date, leaves_on: date | None = None) -> Stay:
    """Say that somebody has a place from a day, whoever it is. Raises CallError for what ``occupy`` refuses."""
    with change(principal, KEEP, lock=[room]) as told:
        return occupy(told, room.pk, on, leaves_on, by=principal.account)


def move_out(principal: Principal, room: Room, on: date) -> Stay:
    """Say on which day who has a place, or came last, leaves or left.

    Raises CallError where nobody came, for a day before they did, and for who came by an award: their package says when
    they leave.
    """
    with change(principal, KEEP, lock=[room]) as told:
        stay = last_of(room)
        if stay is None:
            raise CallError("Nobody has it.")
        if stay.reference:
            raise CallError("They came by an award: tell it on their package, and it follows here.")
        if on < stay.starts_on:
            raise CallError(f"They came on {stay.starts_on:%d/%m/%Y}, which is later. Look at the two days.")
        _check_ahead(on)
        stay.ends_on = on
        stay.save(update_fields=["ends_on"])
        told(stay, leaves=on)
    return stay


def last_of(room: Room) -> Stay | None:
    """The stay that began last; None where nobody came yet."""
    found: Stay | None = room.stays.order_by("-starts_on").first()
    return found


def occupy(
    told: Told, room: int, on: date, leaves_on: date | None = None, reference: str = "", by: int | None = None
) -> Stay:
    """Give a place to somebody from a day, within the caller's change. The place is locked: two cannot have it.

    Raises CallError for days that are wrong, or outside those of the place, and where somebody else has it meanwhile.
    """
    row: Room = Room.objects.select_for_update().get(pk=room)
    if leaves_on is not None and leaves_on < on:
        raise CallError("They would leave before they come. Look at the two days.")
    _check_ahead(on)
    if on < row.begins_on:
        raise CallError(f"{row.name} can be had from {row.begins_on:%d/%m/%Y}.")
    if row.closed_on is not None and (leaves_on is None or leaves_on > row.closed_on):
        raise CallError(f"{row.name} can be had until {row.closed_on:%d/%m/%Y}, and this goes on longer.")
    _check_free(row, on, leaves_on)
    made: Stay = Stay.objects.create(room=row, starts_on=on, ends_on=leaves_on, reference=reference, by_id=by)
    told(made, room=row.pk, reference=reference)
    return made


def follow(told: Told, reference: str, starts_on: date | None, ends_on: date | None) -> None:
    """Let a stay follow the care that it came from, within the caller's change.

    starts_on: None where the care was taken back whole: then nobody came. Where the place went to the next meanwhile,
    the stay ends when theirs begins.
    """
    stay = Stay.objects.filter(reference=reference).first()
    if stay is None:
        return
    Room.objects.select_for_update().only("pk").get(pk=stay.room_id)
    if starts_on is None:
        told(stay, taken_back=True)
        stay.delete()
        return
    later = stay.room.stays.filter(starts_on__gt=stay.starts_on).order_by("starts_on").first()
    if later is not None and (ends_on is None or ends_on > later.starts_on):
        ends_on = later.starts_on
    if ends_on != stay.ends_on:
        stay.ends_on = ends_on
        stay.save(update_fields=["ends_on"])
        told(stay, leaves=ends_on)


def _check_part(location: Location, part: str) -> None:
    if location.services and not any(part in capacity().beds_for(name) for name in location.services):
        raise CallError(f"{location.name} gives no service for which a '{parts()[part]}' is good. Choose another type.")


def _check_ahead(day: date) -> None:
    if day > uk_day(timezone.now()) + AHEAD:
        raise CallError(f"{day:%d/%m/%Y} is more than a year ahead. Look at the year.")


def _check_free(room: Room, on: date, leaves_on: date | None) -> None:
    """Raises CallError where somebody else has a place at some time of a stay."""
    others = room.stays.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))
    if leaves_on is not None:
        others = others.filter(starts_on__lt=max(leaves_on, on + timedelta(days=1)))
    other = others.order_by("starts_on").first()
    if other is not None:
        until = f" to {other.ends_on:%d/%m/%Y}" if other.ends_on is not None else ""
        raise CallError(
            f"Somebody has {room.name} from {other.starts_on:%d/%m/%Y}{until}. Choose another place or day."
        )


def _check_stays(row: Room, given: Description) -> None:
    """Raises CallError where somebody has a place outside the days on which it can be had."""
    first = row.stays.order_by("starts_on").first()
    if first is not None and first.starts_on < given.begins_on:
        raise CallError(f"Somebody came on {first.starts_on:%d/%m/%Y}: its first day is then or before.")
    if given.closed_on is not None:
        later = row.stays.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=given.closed_on)).first()
        if later is not None:
            raise CallError("Somebody has it beyond this last day. Say first when they leave.")
