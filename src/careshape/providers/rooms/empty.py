"""How each place to live stands: since when it is empty, its void days and their cost. Who has it is not told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Prefetch, QuerySet

from careshape.market.capacity.voids import Stay as Time
from careshape.market.capacity.voids import Voids, voids
from careshape.policy import Principal
from careshape.providers.models import Location, Room, Stay

_STAYS: Final = "stays_in_turn"


@dataclass(frozen=True)
class Standing:
    """How a place stands on a day.

    Attributes:
        free_from: the first day from which nobody has it, the day asked or later; None while no such day is known.
        since: since when it stands empty; None where somebody has it on the day.
        voids: void days within the time asked. paid: those of them for which the council pays.
        cost: pence that it pays for them.
        weekly: pence a week that it pays, or will, while the place stands empty.
    """

    room: Room
    free_from: date | None
    since: date | None
    voids: Voids
    paid: int
    cost: int

    @property
    def weekly(self) -> int:
        """What the council saves a week by filling it."""
        return self.room.rent + self.room.support


def rooms(principal: Principal, act: str) -> QuerySet[Room]:
    """The places that a principal may see, with location, provider and stays."""
    found: QuerySet[Room] = with_stays(Room.objects.reached(principal, act))
    return found


def room_of(principal: Principal, act: str, pk: int) -> Room:
    """One place that a principal may see, with its stays. Raises Http404 where it is not there or not in reach."""
    found: Room = with_stays(Room.objects.all()).reach(principal, act, pk=pk)
    return found


def with_stays(found: QuerySet[Room]) -> QuerySet[Room]:
    """Places with their location, provider and stays (see ``stays_of``), in three queries.

    What many places share is made once for all of them, and their stays are lists: a page shows hundreds of places.
    """
    where = Location.objects.select_related("place__organisation")
    return found.prefetch_related(
        Prefetch("location", queryset=where),
        Prefetch("stays", queryset=Stay.objects.order_by("starts_on", "pk"), to_attr=_STAYS),
    ).order_by("location__place__organisation__name", "location__place__name", "name", "pk")


def stays_of(room: Room) -> list[Stay]:
    """Who had a place, one after the other: as ``with_stays`` read it, and read now for a place alone."""
    found: list[Stay] | None = getattr(room, _STAYS, None)
    return list(room.stays.order_by("starts_on", "pk")) if found is None else found


def standing(room: Room, on: date, first: date, last: date) -> Standing:
    """How a place stands on a day, and its void days from ``first`` to ``last``, both included.

    Before its first day and after its last a place is not void. A void to come is not counted: ``last`` is at most
    the day asked.
    """
    stays = stays_of(room)
    first, last = max(first, room.begins_on), min(last, on, room.closed_on or last)
    times = [Time(one.starts_on, one.ends_on) for one in stays]
    # Voids are counted from the first day of the place, since the days for which nothing is paid begin with each void.
    whole = voids(times, room.begins_on, last)
    gaps = [(max(begin, first), end, begin) for begin, end in whole.gaps if end >= first]
    days = sum((end - begin).days + 1 for begin, end, _ in gaps)
    late = timedelta(days=room.paid_after)
    paid = sum(
        max(0, (end - max(begin, real + late)).days + 1) for begin, end, real in gaps if room.rent + room.support
    )
    found = Voids(days, max(0, (last - first).days + 1), tuple((begin, end) for begin, end, _ in gaps))
    cost = Voids(paid, found.available, ()).cost(room.rent, room.support)
    return Standing(room, free_from(room, stays, on), _since(room, stays, on), found, paid, cost)


def free_from(room: Room, stays: Sequence[Stay], on: date) -> date | None:
    """The first day from the day asked on from which nobody has a place or is to have it; None where none is known."""
    ends = [one.ends_on for one in stays]
    if None in ends:
        return None
    free = max([on, room.begins_on, *(end for end in ends if end is not None)])
    return None if room.closed_on is not None and free > room.closed_on else free


def _since(room: Room, stays: Iterable[Stay], on: date) -> date | None:
    """Since when a place is empty; None where somebody has it, it cannot be had yet, or any more."""
    if on < room.begins_on or (room.closed_on is not None and on > room.closed_on):
        return None
    since = room.begins_on
    for one in stays:
        if one.starts_on <= on and (one.ends_on is None or one.ends_on > on):
            return None
        if one.starts_on <= on and one.ends_on is not None:
            since = max(since, one.ends_on)
    return since
