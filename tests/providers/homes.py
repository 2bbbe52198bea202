"""Locations that return their capacity; everything is synthetic."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from careshape.accounts.models import Organisation, OrganisationLocation
from careshape.market.capacity.lines import Line
from careshape.policy import Principal
from careshape.providers.capacity.send import id_of, send
from careshape.providers.models import Location, Return
from tests.source.place import today


def home(organisation: Organisation, name: str = "Home", beds: int | None = 40, **more: Any) -> Location:
    """A care home in Wychavon."""
    fields = {
        "kind": "nursing-home", "services": ["nursing", "residential"], "district": "wychavon", "outward": "WR10",
        "registered_beds": beds,
    }  # fmt: skip
    return _location(organisation, name, fields | more)


def branch(organisation: Organisation, name: str = "Branch", **more: Any) -> Location:
    """A branch of home care."""
    fields = {"kind": "home-care-branch", "services": ["home-care"], "district": "worcester", "outward": "WR1"}
    return _location(organisation, name, fields | more)


def setting(organisation: Organisation, name: str = "House", **more: Any) -> Location:
    """A setting of supported living in Wychavon."""
    fields = {"kind": "supported-living-setting", "services": ["supported-living"], "district": "wychavon"}
    return _location(organisation, name, fields | more)


def _location(organisation: Organisation, name: str, fields: dict[str, Any]) -> Location:
    place = OrganisationLocation.objects.create(organisation=organisation, name=name)
    made: Location = Location.objects.create(place=place, **fields)
    return made


def beds(location: Location, part: str = "general-nursing", day: date | None = None, **more: int) -> Line:
    """A line of beds: 20 that can be used, of which 15 are in use and 5 free."""
    figures = {"maximum": 20, "in_use": 15, "reserved": 0, "admittable": 5} | more
    return Line(id_of(location), day or today(), "beds", (part,), figures, 1, {})


def hours(
    location: Location, free: str = "10", zone: str = "worcester-zone", band: str = "any-time", day: date | None = None
) -> Line:
    """A line of hours: 100 that are held, and so many free."""
    figures = {"held": Decimal(100), "free": Decimal(free)}
    return Line(id_of(location), day or today(), "hours", (zone, band), figures, 1, {})


def returned(who: Principal, location: Location, *lines: Line, read_at: datetime | None = None) -> Return:
    """What a location returned."""
    return send(who, location, lines[0].kind, lines, way="form", read_at=read_at)
