"""Promise capacity, and give it back, within the change by which care is arranged.

    with change(principal, ACT, lock=[request, ...]) as told:
        ...
        take(told, Asked(organisation.pk, "home-care", 1_400, "wychavon"), f"award {award.pk}")

The caller's rows are locked first, then the provider's rows of what counts, in the order of their keys: two that
promise the same hours wait for each other, and the second sees what the first has left. What a provider has returned
later includes what was promised before, since it knows of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from careshape.audit.change import Told
from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.market.capacity.fields import capacity
from careshape.providers.capacity.free import Pool, held, in_pool, is_fresh, of_service, pools
from careshape.providers.models.capacity import Newest, Taking


@dataclass(frozen=True)
class Asked:
    """What is to be promised.

    Attributes:
        organisation: key of the provider. service: an entry of the catalogue.
        units: hundredths a week of the service's unit.
        district: where it is wanted; empty for anywhere. zone: the home care zone, where it is known.
        locations: keys of the locations that are meant, as of a place in a home; None for any of the provider's.
    """

    organisation: int
    service: str
    units: int
    district: str = ""
    zone: str = ""
    locations: tuple[int, ...] | None = None


def take(told: Told, asked: Asked, reference: str, until: datetime | None = None) -> list[Taking]:
    """Promise capacity of a provider to something, within the caller's change.

    Args:
        reference: what it is promised to: ``award 12``, by which it is changed and given back.
        until: when it falls back by itself; none for firm.

    Returns what was taken, one for each location and part; none where no fresh return tells what is free: that bars
    nothing. Raises CallError where less is free, and where something is promised to the reference already.
    """
    if held().filter(reference=reference).exists():
        raise CallError(f"Capacity is promised to {reference} already.")
    return _taken(told, asked, reference, until)


def change_to(told: Told, asked: Asked, before: int, reference: str) -> list[Taking]:
    """Promise more, or give some back, where what it is for changes from ``before`` to ``asked.units``.

    More is taken where it is given: at the locations that hold something for the reference, so that nobody's care is
    spread over homes of a provider unseen.

    Raises CallError where less is free there than is wanted more, though another location of the provider has it.
    """
    more = in_pool(asked.service, asked.units) - in_pool(asked.service, before)
    if more > 0:
        where = tuple(set(held().filter(reference=reference).values_list("location", flat=True))) or None
        wanted = replace(asked, units=of_service(asked.service, more), locations=where)
        return _taken(told, wanted, reference, None, "ask for what is more in a request of its own")
    if more < 0:
        give_back(told, reference, of_service(asked.service, -more), asked.service)
    return []


def give_back(told: Told, reference: str, units: int | None = None, service: str = "") -> int:
    """Give back what was promised to something, or so many hundredths of the service's unit of it, the latest first.

    Returns the hundredths of hours or places that were given back: none where nothing was promised. It is free again at
    once where it was promised after the newest return; what was promised before is free when the provider says so.
    """
    now = timezone.now()
    rows = list(held().filter(reference=reference).select_for_update().order_by("-taken_at", "-pk"))
    left = sum(one.units for one in rows) if units is None else in_pool(service, units)
    given = 0
    for row in rows:
        back = min(row.units, left - given)
        if back <= 0:
            break
        if back < row.units:  # what is kept stays as it was taken; what is given back becomes a row of its own
            Taking.objects.filter(pk=row.pk).update(units=row.units - back)
            row.pk, row._state.adding = None, True
        row.units, row.given_back_at = back, now
        row.save()
        told(row, given_back=back)
        given += back
    return given


def confirm(told: Told, reference: str) -> int:
    """Make what was promised for a time firm; how many rows. Raises CallError where its time is over."""
    rows = list(held().filter(reference=reference).select_for_update())
    if not rows and Taking.objects.filter(reference=reference, given_back_at__isnull=True).exists():
        raise CallError("The time for which capacity was kept is over. Ask again what is free.")
    for row in rows:
        row.until = None
        row.save(update_fields=["until"])
        told(row, firm=True)
    return len(rows)


def full_at(asked: Asked) -> set[int]:
    """Those locations, by key, where less is left than is asked for, so that it cannot be taken there.

    A location without a fresh return is none of them: what is not known bars nothing.
    """
    fresh, wanted = _fresh(_rows(asked)), in_pool(asked.service, asked.units)
    left = dict.fromkeys((one.location_id for one in fresh), 0)
    for one in _pools(asked, fresh):
        left[one.newest.location_id] += one.left
    return {key for key, many in left.items() if many < wanted}


def _taken(
    told: Told, asked: Asked, reference: str, until: datetime | None, instead: str = "choose another"
) -> list[Taking]:  # fmt: skip
    kind = capacity().kind_of(asked.service)
    if kind is None or asked.units <= 0:
        return []
    rows = _rows(asked)
    list(rows.select_for_update().values_list("pk"))
    # Read once they are locked: who held them before may have promised some of it, or returned anew.
    fresh = _fresh(rows)
    if not fresh:
        return []
    found = _pools(asked, fresh)
    wanted = in_pool(asked.service, asked.units)
    if sum(one.left for one in found) < wanted:
        raise CallError(f"{_too_little(asked, fresh, found)} Ask it for a new return, or {instead}.")
    made, now = [], timezone.now()
    for pool in found:
        part = min(pool.left, wanted)
        if part > 0:
            row = Taking.objects.create(
                location=pool.newest.location, kind=kind, part=pool.part, units=part, reference=reference,
                taken_at=now, until=until,
            )  # fmt: skip
            told(row, taken=part, reference=reference)
            made.append(row)
            wanted -= part
    return made


def _rows(asked: Asked) -> QuerySet[Newest]:
    """What counts of a provider's locations, or of those that are meant; the order is that in which they are locked."""
    rows = Newest.objects.filter(
        location__place__organisation=asked.organisation, kind=capacity().kind_of(asked.service)
    ).order_by("pk")  # fmt: skip
    return rows if asked.locations is None else rows.filter(location__in=asked.locations)


def _fresh(rows: QuerySet[Newest]) -> list[Newest]:
    today = uk_day(timezone.now())
    return [one for one in rows.select_related("given", "location__place") if is_fresh(one, today)]


def _pools(asked: Asked, fresh: Sequence[Newest]) -> list[Pool]:
    """What fresh returns hold of it where it is wanted."""
    kind = capacity().kind_of(asked.service)
    if kind is None:
        return []
    return [one for one in pools(fresh, kind, asked.service, asked.district, asked.zone) if one.here]


def _too_little(asked: Asked, fresh: Sequence[Newest], found: list[Pool]) -> str:
    unit = catalogue().lists["service"].by_id[asked.service].unit
    many = "places" if unit == "week" else f"{unit}s a week"
    returned = of_service(asked.service, sum(one.returned for one in found))
    left = of_service(asked.service, sum(one.left for one in found))
    day = min(one.given.day for one in fresh if one.given is not None)
    since = f" So it says in its return of {day:%d/%m/%Y}."
    if returned > left:
        since = f" It returned {returned / 100:g} on {day:%d/%m/%Y}, and the rest was promised since."
    where, other = "here", ""
    if asked.locations is not None:
        where = f"at {' and '.join(sorted(one.location.place.name for one in fresh))}"
        anywhere = replace(asked, locations=None)
        more = of_service(asked.service, sum(one.left for one in _pools(anywhere, _fresh(_rows(anywhere))))) - left
        other = f" Others of its locations have {more / 100:g}." if more > 0 else ""
    is_free = f"The provider has {left / 100:g} {many} free {where}, and {asked.units / 100:g} are asked for."
    return f"{is_free}{since}{other}"
