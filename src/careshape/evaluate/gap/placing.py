"""In which district a registered location lies: by its coordinates, or as its neighbours by postcode do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.catalogue import catalogue
from careshape.catalogue.outlines import outlines

UNKNOWN: Final = "unknown"
NEAR: Final = 0.01
"""Degrees by which a place may lie outside of every outline: these are simplified."""
AUTHORITY: Final = "the council has one district"
COORDINATES: Final = "coordinates within the district's outline"
NEIGHBOURS: Final = "as every located place of its postcode sector"
NOT_TOLD: Final = "the file does not tell"

Floats = NDArray[np.float64]
Placed = tuple[str, str]
"""District, and how it is known."""


def place(authority: str, rows: Sequence[Mapping[str, Any]]) -> list[Placed]:
    """The district of each location, and how it is known.

    Coordinates are held against simplified outlines: a home within a few hundred metres of a boundary may fall on its
    other side (of Worcestershire's 293 rated locations of 2021, 4 do). A postcode leads to a district only where every
    located place of its sector (WR1 2) lies in that one.

    Args:
        rows: ``longitude``, ``latitude`` and ``postcode`` of each, any of them None.
    """
    districts = [one.id for one in catalogue().lists["district"].entries if one.authority == authority]
    if len(districts) == 1:
        return [(districts[0], AUTHORITY)] * len(rows)
    found = _by_coordinates(authority, rows)
    sectors: dict[str, set[str]] = {}
    for row, district in zip(rows, found, strict=True):
        if district and row["postcode"]:
            sectors.setdefault(_sector(row["postcode"]), set()).add(district)
    placed = []
    for row, district in zip(rows, found, strict=True):
        if district:
            placed.append((district, COORDINATES))
            continue
        near = sectors.get(_sector(row["postcode"] or ""), set())
        placed.append((next(iter(near)), NEIGHBOURS) if len(near) == 1 else (UNKNOWN, NOT_TOLD))
    return placed


def _sector(postcode: str) -> str:
    """A postcode without its last two letters."""
    return "".join(postcode.upper().split())[:-2]


def _by_coordinates(authority: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """District of each row; "" where it has no coordinates, or lies in none of them."""
    points = np.array(
        [[np.nan if row[name] is None else row[name] for name in ("longitude", "latitude")] for row in rows],
        dtype=np.float64,
    ).reshape(len(rows), 2)
    found = [""] * len(rows)
    distance = np.full(len(rows), NEAR)
    for outline in outlines(authority):
        rings = [np.asarray(ring, dtype=np.float64) for polygon in outline.geometry["coordinates"] for ring in polygon]
        within = inside(rings, points)
        away = np.where(within, -1.0, _distance(rings, points))
        for number in np.flatnonzero(away < distance):
            found[number], distance[number] = outline.district, away[number]
    return found


def inside(rings: Iterable[Floats], points: Floats) -> NDArray[np.bool_]:
    """Whether each point lies within the rings, by how many of their sides a line from it to the right crosses."""
    crossed = np.zeros(len(points), dtype=np.int64)
    x, y = points[:, :1], points[:, 1:]
    for ring in rings:
        begin, end = ring[:-1], ring[1:]
        rises = end[:, 1] - begin[:, 1]
        spans = (begin[:, 1] > y) != (end[:, 1] > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = begin[:, 0] + (y - begin[:, 1]) * (end[:, 0] - begin[:, 0]) / rises
        crossed += np.sum(spans & (x < at), axis=1)
    return crossed % 2 == 1


def _distance(rings: Iterable[Floats], points: Floats) -> Floats:
    """Degrees from each point to the nearest corner of the rings; not a number where the point is not known."""
    corners = np.concatenate(list(rings))
    away = np.hypot(points[:, :1] - corners[:, 0], points[:, 1:] - corners[:, 1])
    return np.asarray(away.min(axis=1), dtype=np.float64)
