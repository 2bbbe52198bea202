"""What a council would lose by a standard on a list: who would be asked no more, what is free there, whom they support.

Hours are told by home care zone, as returns tell them, and places by district. What no fresh return tells is not known,
and is not nought.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from careshape.accounts.models import Organisation
from careshape.market.capacity.fields import capacity
from careshape.providers.capacity.free import in_use_of, is_fresh, of_service, pools
from careshape.providers.facts import grades_on
from careshape.providers.models.capacity import Newest
from careshape.source.lists.listed import in_force
from careshape.source.lists.meeting import below
from careshape.source.lists.running import NOWHERE_KNOWN, running_of
from careshape.source.lists.standards import standards
from careshape.source.models import Lot, Member, Vehicle
from careshape.source.models.vehicles import Standing

EVERYWHERE: Final = NOWHERE_KNOWN
"""Where nothing says where what a provider has lies."""
Place = tuple[int, str, str]
"""Organisation, service and place."""


@dataclass(frozen=True)
class Part:
    """What a provider on a list has of a service at a place, and whether it would be asked no more.

    Attributes:
        place: a home care zone for what is bought by the hour, else a district; ``EVERYWHERE`` where none is known.
        grade: empty where none is recorded.
        in_use, free: hundredths a week of the service's unit; None where no fresh return says so.
        packages, people: that run with it there, and for how many people. They go on.
        elsewhere: titles of other lists from which it would still be asked for the service.
    """

    organisation: Organisation
    service: str
    place: str
    grade: str
    lost: bool
    in_use: int | None
    free: int | None
    packages: int
    people: int
    elsewhere: tuple[str, ...]


@dataclass(frozen=True)
class Loss:
    """What would be lost of a service at a place, over all providers of a list.

    providers: who is asked there. lost: how many of them would be asked no more, of which ``elsewhere`` still from
    another list. unknown: how many of the lost have no fresh return; their hours and places are in no sum.
    """

    service: str
    place: str
    providers: int
    lost: int
    elsewhere: int
    in_use: int
    free: int
    unknown: int
    packages: int
    people: int


def parts(vehicle: Vehicle, standard: str, on: date, lot: Lot | None = None) -> list[Part]:
    """Every provider that may be asked from a list (or from one lot of it), with what it has, service by service."""
    rows = Member.objects.filter(vehicle=vehicle, state=Standing.ADMITTED.value).select_related("organisation")
    if lot is not None:
        rows = rows.filter(lot=lot)
    members: dict[tuple[int, str], list[Member]] = defaultdict(list)
    for one in rows.order_by("service", "organisation__name", "pk"):
        members[one.organisation_id, one.service].append(one)
    good = standards()[standard].grades
    grades = grades_on({one for one, _ in members}, on)
    other = _other_lists(vehicle, members, on)
    found = []
    for service in dict.fromkeys(name for _, name in members):
        of_it = {organisation: held for (organisation, name), held in members.items() if name == service}
        has = _has(vehicle.council, of_it, service, on)
        runs = {(one.organisation, one.place): one for one in running_of(vehicle.council, service, on)}
        for organisation, held in of_it.items():
            told, known = has.get(organisation), {place for key, place in runs if key == organisation}
            for place in _places(held, set(told or ()) | known):
                grade = grades.get(organisation, "")
                in_use, free = (None, None) if told is None else told.get(place, (0, 0))
                care = runs.get((organisation, place))
                found.append(Part(
                    held[0].organisation, service, place, grade, grade not in good, in_use, free,
                    len(care.packages) if care else 0, len(care.people) if care else 0,
                    other.get((organisation, service), ()),
                ))  # fmt: skip
    return found


def losses(found: Iterable[Part]) -> list[Loss]:
    """What would be lost: a row a service and place at which somebody is.

    Who is on the list for everywhere and has nothing known anywhere counts among those who are asked at each place.
    """
    groups: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for one in found:
        groups[one.service, one.place].append(one)
    made = []
    for (service, place), rows in sorted(groups.items()):
        anywhere = len(groups.get((service, EVERYWHERE), ())) if place != EVERYWHERE else 0
        made.append(_loss(service, place, rows, anywhere))
    return [one for one in made if one.lost]


def from_json(text: str) -> list[Loss]:
    """What was shown, as it was kept."""
    return [Loss(**one) for one in json.loads(text)]


def _loss(service: str, place: str, rows: Sequence[Part], anywhere: int) -> Loss:
    lost = [one for one in rows if one.lost]
    return Loss(
        service, place, len(rows) + anywhere, len(lost), sum(bool(one.elsewhere) for one in lost),
        sum(one.in_use or 0 for one in lost), sum(one.free or 0 for one in lost),
        sum(one.free is None for one in lost), sum(one.packages for one in lost), sum(one.people for one in lost),
    )  # fmt: skip


def _other_lists(
    vehicle: Vehicle, members: Iterable[tuple[int, str]], on: date
) -> dict[tuple[int, str], tuple[str, ...]]:
    """The other lists from which organisations may be asked for a service: organisation and service -> titles."""
    wanted = set(members)
    rows = list(
        Member.objects.filter(
            in_force(on), vehicle__council=vehicle.council, state=Standing.ADMITTED.value,
            organisation__in={one for one, _ in wanted},
        ).exclude(vehicle=vehicle).select_related("vehicle").order_by("vehicle__title", "pk")
    )  # fmt: skip
    low = below(rows, on)
    found: dict[tuple[int, str], dict[str, None]] = defaultdict(dict)
    for one in rows:
        if one.pk not in low and (one.organisation_id, one.service) in wanted:
            found[one.organisation_id, one.service][one.vehicle.title] = None
    return {key: tuple(titles) for key, titles in found.items()}


def _has(council: str, organisations: Iterable[int], service: str, on: date) -> dict[int, dict[str, tuple[int, int]]]:
    """What fresh returns say is in use and could begin, by organisation and place; who has none is left out."""
    kind = capacity().kind_of(service)
    if kind is None:
        return {}
    newest = Newest.objects.filter(
        location__place__organisation__in=list(organisations), location__place__organisation__council__slug=council,
        kind=kind,
    ).select_related("given", "location__place")  # fmt: skip
    fresh = [one for one in newest if is_fresh(one, on)]
    found: dict[int, dict[str, tuple[int, int]]] = {one.location.place.organisation_id: {} for one in fresh}
    used = in_use_of(fresh, kind, service)
    for pool in pools(fresh, kind, service, ""):
        place = pool.part if kind == "hours" else pool.newest.location.district
        held = found[pool.newest.location.place.organisation_id]
        in_use, free = held.get(place, (0, 0))
        now = used.get((pool.newest.given_id, pool.part), 0)
        held[place] = in_use + of_service(service, now), free + of_service(service, pool.left)
    return found


def _places(held: Iterable[Member], known: set[str]) -> list[str]:
    """The places at which a provider is asked: those for which it is on the list, else those where it has something."""
    rows = list(held)
    own = {one.zone or one.district for one in rows}
    return sorted(known) or [EVERYWHERE] if EVERYWHERE in own else sorted(own)
