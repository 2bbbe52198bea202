"""What waits of the lists by which the council buys."""

from __future__ import annotations

from careshape.source.lists.courses import NOWHERE
from careshape.source.lists.standards import switching
from careshape.source.models import Switch
from careshape.statement.formatting import day
from careshape.work.desk import Desk
from careshape.work.found import Found


def switches_to_agree(desk: Desk) -> Found | None:
    """Standards that somebody else proposed for a list; nothing where there is none."""
    proposed = {one.to for one in switching().leads(NOWHERE)}
    waiting = Switch.objects.reached(desk.principal, "source.switch").filter(state__in=proposed)
    waiting = waiting.exclude(made_by=desk.principal.account)
    first = waiting.select_related("vehicle").order_by("begins_on", "pk").first()
    if first is None:
        return None
    said = f"The first is for {first.vehicle.title}, from {day(first.begins_on)}."
    return Found(waiting.count(), said, f"/work/switches/{first.pk}/")
