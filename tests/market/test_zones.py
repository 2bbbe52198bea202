"""Zones by postcode from the catalogue, and minutes only where the middles of postcode districts are known."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from careshape.errors import CallError, InputError
from careshape.market.files import read_file
from careshape.market.zones import places_of, read_middles, travel, whereabouts, zones_of
from tests.market.synthetic import ACTIVE, JULY, as_csv

SHARED = Path(__file__).parents[3] / "shared" / "data" / "boundaries"
MIDDLES = {"WR1": (-2.22, 52.19), "WR9": (-2.15, 52.27), "SS17": (0.45, 51.52)}


def test_a_postcode_lies_in_a_zone_or_nothing_is_known() -> None:
    assert (whereabouts("wr1 1aa").zone, whereabouts("WR1 1AA").district) == ("worcester-zone", "worcester")
    for text in ("", "ZZ99 9ZZ", "not a postcode"):
        assert whereabouts(text).zone == "unknown"
    assert set(zones_of("wyre-forest")) == {"kidderminster-zone", "stourport-and-bewdley-zone"}
    with pytest.raises(CallError, match="'wire-forest' is not in the list district"):
        zones_of("wire-forest")


def test_locations_have_the_district_of_their_coordinates(tmp_path: Path) -> None:
    # WR1 is in the city; this made-up place of it stands, by its coordinates, in Wychavon (at Evesham).
    moved = ACTIVE | {"Location ID": "1-2", "Location Latitude": "52.092", "Location Longitude": "-1.947"}
    given = [read_file(as_csv(tmp_path / f"{JULY}.csv", [ACTIVE, moved]))]
    assert places_of(given)["1-2"] == {"area": "Worcestershire", "district": "worcester", "zone": "worcester-zone"}
    assert places_of(given, "worcestershire")["1-2"]["district"] == "wychavon"


def test_minutes_follow_the_fit_and_are_unknown_without_middles() -> None:
    found = travel("WR1 1AA", "wr9", MIDDLES)
    # 4.8 km across (0.07 degrees at 52 degrees north) and 8.9 km up are 10.1 km: 12.8 + 0.80 x 10.1 = 20.9 minutes.
    assert found.minutes == Decimal(21)
    assert "10.1 km in a straight line, by a fit to car journeys" in found.why
    for one, other, middles, why in (
        ("WR1", "WR9", None, "no outlines of postcode districts were given"),
        ("WR1", "B60 1AA", MIDDLES, "do not have the postcode district of 'B60 1AA'"),
        ("WR1", "", MIDDLES, "do not have the postcode district of ''"),
        ("WR1 1AA", "WR1 9ZZ", MIDDLES, "both lie in one postcode district"),
        ("WR1", "SS17", MIDDLES, "further than the 40 that were fitted"),
    ):
        assert travel(one, other, middles).minutes is None
        assert why in travel(one, other, middles).why


def test_middles_come_from_outlines(tmp_path: Path) -> None:
    square = [[0.0, 52.0], [0.2, 52.0], [0.2, 52.1], [0.0, 52.1], [0.0, 52.0]]
    feature = {"properties": {"name": "WR1"}, "geometry": {"type": "Polygon", "coordinates": [square]}}
    path = tmp_path / "made-up.geojson"
    path.write_text(json.dumps({"features": [feature]}))
    assert read_middles(path)["WR1"] == pytest.approx((0.1, 52.05))
    for text in ("[", "{}", '{"features": []}', '{"features": [{"properties": {"name": "A"}, "geometry": null}]}'):
        path.write_text(text)
        with pytest.raises(InputError, match="postcode district"):
            read_middles(path)


@pytest.mark.data
def test_real_outlines_place_worcester_and_evesham_apart() -> None:
    path = SHARED / "postcode_districts_WR.geojson"
    if not path.is_file():
        pytest.skip("the folder shared is not beside the checkout")
    middles = read_middles(path)
    assert middles["WR1"] == pytest.approx((-2.22, 52.19), abs=0.03)
    found = travel("WR1", "WR11", middles)
    assert found.minutes is not None
    assert 20 < found.minutes < 40
