"""Places bought in advance under block contracts, and the gaps in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q

from careshape.source.models import Line, Member
from careshape.source.models.vehicles import Standing


def block_gaps(council: str, service: str, on: date, until: date | None) -> int | None:
    """Places under block contracts of a service that are free on every day from one to another, over all providers.

    Args:
        on: the first day; ``until`` the last, none where the care is meant to last.

    Returns None where the council has no block contract for the service that is in force on the first day.
    """
    members = list(_blocks(council, service, on))
    if not members:
        return None
    taken = most_taken(members, on, until)
    return sum(max(0, (one.places or 0) - taken[one.pk]) for one in members)


def most_taken(members: Iterable[Member], on: date, until: date | None) -> dict[int, int]:
    """For each member under a block contract the most places that are taken together on a day between two."""
    found: dict[int, list[tuple[date, date | None]]] = {one.pk: [] for one in members}
    runs = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    lines = Line.objects.filter(runs, package__award__offer__member__in=list(found), withdrawn=False, component="core")
    if until is not None:
        lines = lines.filter(starts_on__lte=until)
    for member, begins, ends in lines.values_list("package__award__offer__member", "starts_on", "ends_on"):
        found[member].append((max(begins, on), ends))
    return {member: _together(spells) for member, spells in found.items()}


def _blocks(council: str, service: str, on: date) -> list[Member]:
    rows = Member.objects.filter(
        Q(vehicle__ends_on__isnull=True) | Q(vehicle__ends_on__gte=on), vehicle__council=council, service=service,
        vehicle__begins_on__lte=on, state=Standing.ADMITTED.value, places__isnull=False,
    )  # fmt: skip
    return [one for one in rows.select_related("vehicle") if one.vehicle.is_of.places]


def _together(spells: list[tuple[date, date | None]]) -> int:
    """The most spells, each from a first day to a last, that hold one day together."""
    steps: list[tuple[date, int]] = []
    for begins, ends in spells:
        steps.append((begins, 1))
        if ends is not None:
            steps.append((ends + timedelta(days=1), -1))
    most = now = 0
    for _, step in sorted(steps):
        now += step
        most = max(most, now)
    return most
