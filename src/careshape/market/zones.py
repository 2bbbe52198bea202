"""Where a location or a person lies: home care zones by postcode, and minutes between postcode districts.

Zones come from the catalogue. Minutes come from the middles of postcode districts where a file of their outlines is
given; where it is not, or does not have a district, they are unknown and never guessed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from careshape.catalogue import catalogue
from careshape.catalogue.places import NOWHERE_KNOWN, Whereabouts, place_of_postcode
from careshape.declared import declared, read_toml
from careshape.errors import CallError, InputError
from careshape.evaluate.gap.placing import place
from careshape.evaluate.numbers import rounded
from careshape.market.files import RegulatorFile

KILOMETRES_A_DEGREE: Final = 111.32
WITHIN: Final = "both lie in one postcode district, whose size the middles do not tell"
NO_MIDDLES: Final = "no outlines of postcode districts were given"
_DISTRICT: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)(?:[0-9][A-Z]{2})?")

Point = tuple[float, float]


class Speed(BaseModel):
    """What minutes are worked out with; see the notes in ``data/travel.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fixed_minutes: Decimal = Field(ge=0)
    minutes_a_kilometre: Decimal = Field(gt=0)
    error_minutes: Decimal = Field(ge=0)
    furthest: int = Field(gt=0)


@cache
def speed() -> Speed:
    """The fit that is packaged."""
    name = "market/data/travel.toml"
    text = files("careshape.market").joinpath("data", "travel.toml").read_text("utf-8")
    return declared(Speed, read_toml(text, name), name)


def whereabouts(postcode: str, on: date | None = None) -> Whereabouts:
    """Zone, district and locality of a postcode; everything unknown where it is blank, none, or in no zone."""
    try:
        return place_of_postcode(postcode, on)
    except CallError:
        return NOWHERE_KNOWN


def zones_of(district: str) -> tuple[str, ...]:
    """Home care zones that lie, whole or in part, in a district. Raises CallError where there is no such district."""
    catalogue().lists["district"].entry(district)
    return _zones(district)


def only_zone(district: str) -> str:
    """The home care zone of a district that has one; '' where it has several or none, or is not known."""
    found = _zones(district)
    return found[0] if len(found) == 1 else ""


def _zones(district: str) -> tuple[str, ...]:
    return tuple(one.id for one in catalogue().lists["zone"].entries if district in one.districts)


def places_of(given: Iterable[RegulatorFile], authority: str | None = None) -> dict[str, dict[str, str]]:
    """What the regulator's files say of where each location is: area, zone and, within one council, district.

    Args:
        authority: the council whose districts are meant; without it, a district is that of the zone.

    Raises CallError where there is no such council.
    """
    if authority is not None:
        catalogue().lists["authority"].entry(authority)
    rows = [row for one in given for row in one.rows]
    found = {}
    for row in rows:
        where = whereabouts(row.get("postcode") or "")
        area = row.get("authority_name") or "unknown"
        found[row["location_id"]] = {"area": area, "district": where.district, "zone": where.zone}
    if authority is not None:
        blank = {"longitude": None, "latitude": None, "postcode": None}
        for row, (district, _) in zip(rows, place(authority, [blank | dict(row) for row in rows]), strict=True):
            found[row["location_id"]]["district"] = district
    return found


@dataclass(frozen=True)
class Travel:
    """Minutes from one postcode to another; None where they are unknown, with the reason, else with the method."""

    minutes: Decimal | None
    why: str


def travel(one: str, other: str, middles: Mapping[str, Point] | None) -> Travel:
    """Minutes by car between two postcodes, whole or outward, by a straight line between their districts' middles.

    Args:
        middles: postcode district -> longitude and latitude; None where nothing is known of them.
    """
    if not middles:
        return Travel(None, NO_MIDDLES)
    ends = [_district(one), _district(other)]
    for district, text in zip(ends, (one, other), strict=True):
        if district not in middles:
            return Travel(None, f"the outlines do not have the postcode district of '{text}'")
    if ends[0] == ends[1]:
        return Travel(None, WITHIN)
    straight = rounded(Fraction(_kilometres(middles[ends[0]], middles[ends[1]])), 1)
    if straight > speed().furthest:
        return Travel(None, f"{straight} km in a straight line is further than the {speed().furthest} that were fitted")
    minutes = rounded(speed().fixed_minutes + speed().minutes_a_kilometre * straight, 0)
    method = (
        f"{straight} km in a straight line, by a fit to car journeys (9 of 10 within {speed().error_minutes} minutes)"
    )
    return Travel(minutes, f"between the middles of {ends[0]} and {ends[1]}: {method}")


def _district(postcode: str) -> str:
    fits = _DISTRICT.fullmatch("".join(postcode.upper().split()))
    return fits[1] if fits else ""


def _kilometres(one: Point, other: Point) -> float:
    across = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(across, one[1] - other[1]) * KILOMETRES_A_DEGREE


def read_middles(path: Path) -> dict[str, Point]:
    """The middles of postcode districts from a GeoJSON of their outlines, each feature with its ``name``.

    Raises:
        InputError: it is no such file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        features = content["features"]
        found = {one["properties"]["name"].upper(): _middle(_rings(one["geometry"])) for one in features}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as fault:
        raise InputError(
            f"{path.name} is no GeoJSON of postcode districts ({type(fault).__name__}). Each feature needs its name "
            "(WR1), and a polygon in degrees."
        ) from None
    if not found:
        raise InputError(f"{path.name} holds no postcode district.")
    return found


def _rings(geometry: Mapping[str, Any]) -> list[Sequence[Sequence[float]]]:
    """The outer rings of a polygon or of several."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [polygon[0] for polygon in polygons]


def _middle(rings: Sequence[Sequence[Sequence[float]]]) -> Point:
    """The centre of the area that rings enclose."""
    area = across = up = 0.0
    for ring in rings:
        for begin, end in pairwise(ring):
            part = begin[0] * end[1] - end[0] * begin[1]
            area += part
            across += (begin[0] + end[0]) * part
            up += (begin[1] + end[1]) * part
    if not area:
        raise ValueError("an outline without an area")
    return across / (3 * area), up / (3 * area)
