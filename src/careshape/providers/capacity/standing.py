"""What counts of the returns today: as lines of the market, with where each location lies and whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, cast

from django.db.models import Prefetch, QuerySet

from careshape.market.capacity.fields import Kind, capacity
from careshape.market.capacity.lines import Line
from careshape.market.zones import whereabouts
from careshape.policy import Principal
from careshape.providers.kinds import location_kinds
from careshape.providers.models.capacity import Newest, Return, ReturnLine
from careshape.providers.models.provider import Location

SEE: Final = "providers.capacity"
RETURNS: Final = "providers.returns"


@dataclass(frozen=True)
class Standing:
    """The newest returns of one kind.

    Attributes:
        lines: of the market; their location is the key of the row as text.
        places: key -> district, zone, kind, name, provider and type of provider.
    """

    lines: tuple[Line, ...]
    places: dict[str, dict[str, str]] = field(default_factory=dict)


def standing(principal: Principal, act: str, kind: Kind) -> Standing:
    """The newest returns of one kind that a principal may see, in two queries."""
    return standings(principal, act, (kind,))[kind]


def standings(principal: Principal, act: str, kinds: Iterable[Kind]) -> dict[Kind, Standing]:
    """The same of several kinds, in two queries for all of them."""
    reached = Location.objects.reached(principal, act)
    wanted = list(kinds)
    rows: Any = (
        Newest.objects.filter(location__in=reached, kind__in=wanted, given__isnull=False)
        .select_related("given", "location__place__organisation__provider")
        .prefetch_related(Prefetch("given__lines", queryset=ReturnLine.objects.order_by("pk")))
        .order_by("pk")
    )
    lines: dict[Kind, list[Line]] = {kind: [] for kind in wanted}
    places: dict[Kind, dict[str, dict[str, str]]] = {kind: {} for kind in wanted}
    for one in rows:
        key = str(one.location_id)
        places[one.kind][key] = place_of(one.location)
        lines[one.kind] += market_lines(one.given, key)
    return {kind: Standing(tuple(lines[kind]), places[kind]) for kind in wanted}


def place_of(location: Location) -> dict[str, str]:
    """Where a location lies and whose it is, by dimension; what is not known is ``unknown``."""
    provider = getattr(location.place.organisation, "provider", None)
    return {
        "district": location.district or "unknown",
        "home_zone": whereabouts(location.outward).zone if location.outward else "unknown",
        "location_kind": location.kind,
        "provider_type": provider.type if provider is not None else "unknown",
        "name": location.place.name,
        "provider": location.place.organisation.name,
    }


def market_lines(given: Return, key: str) -> list[Line]:
    """The lines of a return as the market reads them."""
    kind = cast("Kind", given.kind)
    in_hours = {one.id for one in capacity().of_kind(kind) if one.unit == "hours"}
    return [
        Line(
            key, given.day, kind, (one.part, one.band) if kind == "hours" else (one.part,),
            {name: Decimal(value) / 100 if name in in_hours else value for name, value in one.figures.items()},
            0, {}, one.closed_reason,
        )
        for one in given.lines.all()
    ]  # fmt: skip


def kinds_of(location: Location) -> tuple[Kind, ...]:
    """Which kinds of return a location is asked for, by the services that it gives; where none is told, by those that
    such a place usually gives.
    """
    usual = location_kinds().get(location.kind)
    services = location.services or (usual.services if usual is not None else ())
    found = {capacity().kind_of(one) for one in services}
    return tuple(one for one in ("beds", "hours") if one in found)


def returns_of(location: Location, kind: Kind) -> QuerySet[Return]:
    """Every return of one kind of a location, whichever counts."""
    found: QuerySet[Return] = Return.objects.filter(location=location, kind=kind)
    return found


def newest_row(location: Location, kind: Kind) -> Newest | None:
    """Which return of one kind of a location counts; none where there is none."""
    rows = Newest.objects.filter(location=location, kind=kind, given__isnull=False).select_related("given")
    return rows.first()


def newest_of(locations: Iterable[Location]) -> dict[tuple[int, str], Return]:
    """Location and kind -> the return that counts."""
    rows: Any = Newest.objects.filter(location__in=list(locations), given__isnull=False).select_related("given")
    return {(one.location_id, one.kind): one.given for one in rows}


def monday(day: date) -> date:
    """The first day of a week."""
    return day - timedelta(days=day.weekday())


def silent(locations: Iterable[Location], on: date) -> list[tuple[Location, Kind, Newest | None]]:
    """The locations that are asked for a return and have sent none of this week, by kind, with their last."""
    asked = [(one, kind) for one in locations for kind in kinds_of(one)]
    rows: Any = Newest.objects.filter(location__in=[one for one, _ in asked]).select_related("given")
    last = {(one.location_id, one.kind): one for one in rows if one.given is not None}
    return [
        (one, kind, last.get((one.pk, kind)))
        for one, kind in asked
        if (one.pk, kind) not in last or last[one.pk, kind].given.day < monday(on)
    ]


def open_locations(principal: Principal, act: str) -> QuerySet[Location]:
    """The locations that work today, of those that a principal may see."""
    found: QuerySet[Location] = (
        Location.objects.reached(principal, act)
        .filter(closed_on__isnull=True)
        .select_related("place__organisation")
        .order_by("place__organisation__name", "place__name")
    )
    return found
