"""Whether a council has released an edition: what decides that everybody may read its editions."""

from __future__ import annotations

from careshape.editions.models import Edition, State


def has_released(council: str) -> bool:
    """Whether any edition of a council is released."""
    return bool(Edition.objects.filter(council=council, state=State.RELEASED.value).exists())
