"""How much of a service each provider could begin: its newest return less what was promised since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from careshape.catalogue import catalogue
from careshape.market.capacity.fields import Kind, capacity
from careshape.market.zones import zones_of
from careshape.providers.models.capacity import Newest, ReturnLine, Taking

COUNTED: Final = {"beds": "admittable", "hours": "free"}
"""Kind -> the figure of a return that says what could begin."""
IN_USE: Final = {"beds": "in_use", "hours": "held"}
"""Kind -> the figure of a return that says what is in use."""
NIGHTS: Final = 7
"""A place is seven nights a week."""


@dataclass(frozen=True)
class Free:
    """What a provider could begin, in hundredths of the service's unit a week.

    Attributes:
        units: where it is wanted. elsewhere: in other districts and zones, by the same returns.
        promised: what was promised since those returns, where it is wanted; it is taken off already.
        day: of the oldest return that counts. days: its age.
        pools: what is left where it is wanted in each pool by name, in hundredths of an hour or of a place. Care of
            several kinds may draw on one.
    """

    units: int
    elsewhere: int
    promised: int
    day: date
    days: int
    pools: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Pool:
    """What can be promised of as one: a type of beds, or the hours of a zone, of one location."""

    newest: Newest
    part: str
    returned: int
    promised: int
    here: bool

    @property
    def name(self) -> str:
        """Its location and part, by which care of several kinds that draws on it is known."""
        return f"{self.newest.location_id} {self.part}"

    @cached_property
    def left(self) -> int:
        """Hundredths that are left; never below nought, whatever a later return says."""
        return max(0, self.returned - self.promised)


def free_of(
    council: str, organisations: Iterable[int], service: str, district: str, on: date, zone: str = ""
) -> dict[int, Free | None]:
    """What each of some providers could begin of a service, in three queries.

    Args:
        council: slug. organisations: their keys.
        service: an entry of the catalogue. district: where it is wanted. zone: the home care zone, where it is known.
        on: the day on which it is asked, today: returns are fresh or stale by it.

    Returns organisation -> what is free; None where no return asks of the service or none of the provider is fresh:
    that is not known, and bars nothing.
    """
    wanted = list(dict.fromkeys(organisations))
    kind = capacity().kind_of(service)
    if kind is None:
        return dict.fromkeys(wanted)
    rows = Newest.objects.filter(
        location__place__organisation__in=wanted, location__place__organisation__council__slug=council, kind=kind
    ).select_related("given", "location__place")
    fresh = [one for one in rows if is_fresh(one, on)]
    found: dict[int, list[Pool]] = {one.location.place.organisation_id: [] for one in fresh}
    for pool in pools(fresh, kind, service, district, zone):
        found[pool.newest.location.place.organisation_id].append(pool)
    oldest: dict[int, date] = {}
    for one in fresh:
        key = one.location.place.organisation_id
        oldest[key] = min(one.given.day, oldest.get(key, one.given.day))
    return {one: _free(found[one], service, oldest[one], on) if one in found else None for one in wanted}


def is_fresh(one: Newest, on: date) -> bool:
    """Whether somebody can be sent by a return on a day."""
    return one.given is not None and 0 <= (on - one.given.day).days <= capacity().stale_after


def pools(fresh: Sequence[Newest], kind: Kind, service: str, district: str, zone: str = "") -> list[Pool]:
    """What the fresh returns of some locations hold for a service, in the order in which it is promised."""
    by_return = {one.given_id: one for one in fresh}
    returned: dict[tuple[int, str], int] = defaultdict(int)
    for line in ReturnLine.objects.filter(of__in=by_return):
        if kind == "hours" or line.part in capacity().beds_for(service):
            returned[line.of_id, line.part] += _hundredths(kind, line.figures.get(COUNTED[kind], 0))
    promised = promised_since(fresh, kind)
    here = _whether_here(kind, district, zone)
    return [
        Pool(one, part, many, promised.get((one.location_id, part), 0), here(one, part))
        for (key, part), many in sorted(returned.items(), key=lambda item: (by_return[item[0][0]].pk, item[0][1]))
        for one in (by_return[key],)
    ]


def in_use_of(fresh: Iterable[Newest], kind: Kind, service: str) -> dict[tuple[int, str], int]:
    """What fresh returns say is in use: return and part -> hundredths of an hour or of a place."""
    found: dict[tuple[int, str], int] = defaultdict(int)
    for line in ReturnLine.objects.filter(of__in=[one.given_id for one in fresh]):
        if kind == "hours" or line.part in capacity().beds_for(service):
            found[line.of_id, line.part] += _hundredths(kind, line.figures.get(IN_USE[kind], 0))
    return found


def promised_since(newest: Iterable[Newest], kind: str) -> dict[tuple[int, str], int]:
    """Location and part -> hundredths that were promised after its newest return, and not given back."""
    found: dict[tuple[int, str], int] = defaultdict(int)
    rows = held().filter(
        location__in=[one.location_id for one in newest], kind=kind, location__newest__kind=F("kind"),
        taken_at__gt=F("location__newest__given__as_at"),
    )  # fmt: skip
    for location, part, units in rows.values_list("location", "part", "units"):
        found[location, part] += units
    return found


def held() -> QuerySet[Taking]:
    """What is promised at this moment."""
    still: Any = Taking.objects.filter(Q(until__isnull=True) | Q(until__gt=timezone.now()), given_back_at__isnull=True)
    found: QuerySet[Taking] = still
    return found


def in_pool(service: str, units: int) -> int:
    """Hundredths of an hour or of a place that so much of a service a week takes: whoever has a place some nights of
    the week has it on all of them.
    """
    if catalogue().lists["service"].by_id[service].unit == "night":
        return -(-units // (100 * NIGHTS)) * 100
    return -(-units // 100) * 100 if capacity().kind_of(service) == "beds" else units


def of_service(service: str, units: int) -> int:
    """Hundredths of a service's unit a week that hundredths of an hour or of a place give."""
    return units * NIGHTS if catalogue().lists["service"].by_id[service].unit == "night" else units


def _free(found: Sequence[Pool], service: str, day: date, on: date) -> Free:
    here = [one for one in found if one.here]
    return Free(
        units=of_service(service, sum(one.left for one in here)),
        elsewhere=of_service(service, sum(one.left for one in found if not one.here)),
        promised=of_service(service, sum(one.promised for one in here)),
        day=day,
        days=(on - day).days,
        pools={one.name: one.left for one in here},
    )


def _whether_here(kind: Kind, district: str, zone: str) -> Any:
    """Asks of a location and a part whether it lies where care is wanted; what lies nowhere known lies everywhere."""
    if kind == "beds":
        return lambda one, part: not district or one.location.district in (district, "")
    near = {zone} if zone else set(zones_of(district)) if district else set()
    return lambda one, part: not near or part in near


def _hundredths(kind: Kind, figure: int) -> int:
    return figure if kind == "hours" else figure * 100
