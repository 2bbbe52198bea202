"""Minutes from a provider's nearest location to where care is wanted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from careshape.home import Home
from careshape.ledger.posting import uk_day
from careshape.market.zones import Point, read_middles, travel
from careshape.providers.where import working

FILE: Final = Path("providers") / "postcode-districts.geojson"
"""Outlines of postcode districts that an installation puts into a council's folder; without it no minutes are known."""


def minutes_to(
    council: str, organisations: Iterable[int], outward: str, service: str = "", on: date | None = None
) -> dict[int, int | None]:
    """Minutes from the nearest location of each organisation to a postcode district; None where it is not known.

    A location of which the postcode is not known says nothing. Nor do two places within one postcode district, whose
    size nobody told: see ``market.zones.travel``. One query.

    Args:
        outward: the first part of the postcode where care is wanted, such as WR1; empty: not known.
        service: only locations that give it, where the organisation has one that does; empty: all.
    """
    given = list(organisations)
    found: dict[int, int | None] = dict.fromkeys(given)
    middles = middles_of(council)
    if not middles or not outward:
        return found
    from_: dict[int, list[tuple[bool, str]]] = defaultdict(list)
    for one in working(on or uk_day(timezone.now()), given).exclude(outward=""):
        from_[one.place.organisation_id].append((service in one.services, one.outward))
    for organisation, places in from_.items():
        gives = [place for serves, place in places if serves] or [place for _, place in places]
        known = [said for place in gives if (said := travel(place, outward, middles).minutes) is not None]
        if known:
            found[organisation] = int(min(known))
    return found


def middles_of(council: str) -> Mapping[str, Point] | None:
    """The middles of postcode districts, from the file of the council's folder; None where there is none.

    Raises InputError where the file is none of outlines.
    """
    path = Home(settings.CARESHAPE_DIR).council_path(council) / FILE
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> Mapping[str, Point]:
    return read_middles(path)
