"""Minutes from a provider's nearest location to where care is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def minutes_to(
    council: str, organisations: Iterable[int], outward: str, service: str = "", on: date | None = None
) -> dict[int, int | None]:
    """Minutes from the nearest location of each organisation to a postcode district; None where it is not known.

    Args:
        outward: the first part of the postcode where care is wanted, such as WR1.
        service: locations that give it come first; empty: any.
    """
    return dict.fromkeys(organisations)
