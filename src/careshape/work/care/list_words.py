"""How a list stands, in words."""

from __future__ import annotations

from django.utils import timezone

from careshape.ledger.posting import uk_day
from careshape.source.lists.standards import standards, switching
from careshape.source.models import Switch, Vehicle
from careshape.statement.formatting import day


def stands(row: Vehicle) -> str:
    """How a standard stands on a list, in a sentence."""
    live = list(row.switches.filter(ended_at__isnull=True).select_related("lot").order_by("pk"))
    if not live:
        return "Not switched on: providers of every grade are asked."
    return " ".join(_stands(one) for one in live)


def _stands(one: Switch) -> str:
    what, today = standards()[one.standard].title, uk_day(timezone.now())
    where = f" in {one.lot.title}" if one.lot else ""
    if not switching().state(one.state).works:
        return f"{what}{where}: proposed from {day(one.begins_on)}; somebody else has to agree."
    return f"{what}{where}: {'asked since' if one.begins_on <= today else 'asked from'} {day(one.begins_on)}."
