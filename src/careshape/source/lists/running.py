"""Care of a service that runs on a day, by provider and by the places at which lists ask."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from careshape.market.capacity.fields import capacity
from careshape.market.zones import only_zone
from careshape.source.models import Line
from careshape.source.packages.components import CORE

NOWHERE_KNOWN: Final = ""
"""Where care runs of which the zone is not known."""


@dataclass(frozen=True)
class Runs:
    """Care of a service that runs with a provider at a place: hundredths a week, packages and people.

    place: a home care zone for what is bought by the hour, else a district; ``NOWHERE_KNOWN``.
    """

    organisation: int
    place: str
    units: int
    packages: frozenset[int]
    people: frozenset[int]


def running_of(council: str, service: str, on: date) -> list[Runs]:
    """Care of a service that runs on a day, by provider and place; one query."""
    by_zone = capacity().kind_of(service) == "hours"
    lines = Line.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), package__person__council=council, package__service=service,
        withdrawn=False, starts_on__lte=on, component=CORE,
    )  # fmt: skip
    of_package = ("organisation", "district", "award__request__zone", "pk", "person")
    found: dict[tuple[int, str], tuple[list[int], set[int], set[int]]] = defaultdict(lambda: ([], set(), set()))
    for organisation, district, zone, package, person, units in lines.values_list(
        *(f"package__{name}" for name in of_package), "units"
    ):
        place = (zone or only_zone(district)) if by_zone else district
        units_of, packages, people = found[organisation, place]
        units_of.append(units)
        packages.add(package)
        people.add(person)
    return [
        Runs(organisation, place, sum(units), frozenset(packages), frozenset(people))
        for (organisation, place), (units, packages, people) in sorted(found.items())
    ]
