"""Who on the lists does not meet a standard that is switched on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from careshape.providers.facts import grades_on
from careshape.source.lists.standards import standards, switching
from careshape.source.models import Member, Switch


def binding(vehicles: Iterable[int], on: date) -> list[Switch]:
    """The switches of some lists by which a standard is asked on a day."""
    works = [one.id for one in switching().states if one.works]
    return list(
        Switch.objects.filter(vehicle__in=set(vehicles), state__in=works, begins_on__lte=on)
        .select_related("vehicle").order_by("pk")
    )  # fmt: skip


def below(members: Iterable[Member], on: date) -> dict[int, tuple[str, ...]]:
    """Why members of lists may not be asked by a standard that is switched on, by key; who meets it is left out.

    One query where nothing is switched on, and two where something is.
    """
    rows = list(members)
    asked: dict[int, list[Switch]] = defaultdict(list)
    for one in binding((row.vehicle_id for row in rows), on):
        asked[one.vehicle_id].append(one)
    if not asked:
        return {}
    grades = grades_on({row.organisation_id for row in rows}, on)
    found = {}
    for row in rows:
        grade = grades.get(row.organisation_id, "")
        wanting = [one for one in asked[row.vehicle_id] if grade not in standards()[one.standard].grades]
        said = tuple(_said(one, grade) for one in wanting if covers(one, row))
        if said:
            found[row.pk] = said
    return found


def covers(one: Switch, member: Member) -> bool:
    """Whether a switch is asked of who stands on a list."""
    return one.vehicle_id == member.vehicle_id and one.lot_id in (None, member.lot_id)


def _said(one: Switch, grade: str) -> str:
    title = standards()[one.standard].title.lower()
    has = f"it is graded {grade}" if grade else "it has no grade"
    return f"{title} on {one.vehicle.title} from {one.begins_on:%d/%m/%Y}, and {has}"
