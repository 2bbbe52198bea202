"""Figures of the market from what the register holds and what providers return, and the lines of a council."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from careshape.evaluate.cost.market import index
from careshape.market.alerts import Figure, Lines, capacity_figures, packaged_lines, read_lines
from careshape.market.capacity.fields import Kind
from careshape.market.capacity.occupancy import capacity_by
from careshape.policy import Principal
from careshape.providers.capacity.standing import standings
from careshape.providers.models import Location

ACT: Final = "providers.alerts"
AREAS: Final[dict[Kind, str]] = {"beds": "district", "hours": "zone", "staff": "district"}
"""Kind of return -> the areas by which its figures raise alerts."""
FILE: Final = "market/alerts.toml"
"""A council's own lines, in its folder."""


def lines_of(council: Path) -> Lines:
    """The lines of a council: its own where it has some, else those packaged. Raises CatalogueError for a fault."""
    own = council / FILE
    return read_lines(own) if own.is_file() else packaged_lines()


def returned_figures(principal: Principal, on: date) -> list[Figure]:
    """Vacancies, voids, free hours and vacant posts by area, of the returns that count on a day. Areas are ids."""
    found = []
    known = standings(principal, ACT, AREAS)
    for kind, by in AREAS.items():
        given = known[kind]
        if not given.lines:
            continue
        found += capacity_figures(capacity_by(given.lines, kind, on, [by], given.places), [by], on)
    return found


def concentration_of(principal: Principal, on: date) -> list[Figure]:
    """How far the registered beds of each district rest on few providers; those of one brand count as one. Districts in
    which the register holds one home say nothing.
    """
    beds: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    homes: dict[str, int] = defaultdict(int)
    rows: Any = Location.objects.reached(principal, ACT).filter(closed_on__isnull=True, registered_beds__gt=0)
    for one in rows.exclude(district="").select_related("place__organisation__provider"):
        provider = getattr(one.place.organisation, "provider", None)
        whose = (provider.brand if provider is not None else "") or f"organisation {one.place.organisation_id}"
        beds[one.district][whose] += one.registered_beds
        homes[one.district] += 1
    found = []
    for district, sizes in sorted(beds.items()):
        if homes[district] > 1:
            shares = index(dict(sizes))
            found += [
                Figure(name, district, None if shares[name] is None else Decimal(shares[name]), shares["providers"], on)
                for name in ("hhi", "top_1_share", "top_3_share")
            ]
    return found
