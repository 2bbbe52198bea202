"""The released editions: those that a reader may have, and whether there is any of a council at all."""

from __future__ import annotations

from careshape.editions.models import Edition, State
from careshape.policy import Principal


def has_released(council: str) -> bool:
    """Whether any edition of a council is released: what decides that everybody may read its editions."""
    return bool(Edition.objects.filter(council=council, state=State.RELEASED.value).exists())


def released(principal: Principal, act: str, council: str = "") -> list[Edition]:
    """The released editions that an act lets a principal reach, of one council or of all, the latest of each first."""
    rows = Edition.objects.reached(principal, act).filter(state=State.RELEASED.value).order_by("council", "-number")
    return list(rows.filter(council=council) if council else rows)
