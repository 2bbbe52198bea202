"""Outlines of districts and neighbourhoods."""

from collections import Counter
from itertools import pairwise
from math import cos, radians

import pytest

from careshape.catalogue import catalogue
from careshape.catalogue.outlines import ATTRIBUTION, LEVELS, Outline, outlines
from careshape.errors import CallError

SQUARE_KM = {
    "bromsgrove": 217,
    "malvern-hills": 577,
    "redditch": 54,
    "worcester": 33,
    "wychavon": 664,
    "wyre-forest": 195,
    "thurrock": 163,
}
"""Areas as the Office for National Statistics gives them, in its standard area measurements."""
BOTH = ("worcestershire", "thurrock")


def _area(outline: Outline) -> float:
    """Square kilometres by the shoelace rule on degrees made square at the area's latitude; 111.2 km a degree."""
    total = 0.0
    for polygon in outline.geometry["coordinates"]:
        for sign, ring in zip([1, *[-1] * len(polygon)], polygon, strict=False):
            squared = [(x * cos(radians(y)) * 111.2, y * 111.2) for x, y in ring]
            pairs = pairwise(squared)
            total += sign * abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2
    return total


def test_outlines_cover_every_district_of_the_catalogue_at_its_official_size():
    found = {one.district: one for authority in BOTH for one in outlines(authority)}
    assert set(found) == set(SQUARE_KM)
    for district, area in SQUARE_KM.items():
        assert _area(found[district]) == pytest.approx(area, rel=0.05)
        assert found[district].code == catalogue().lists["district"].by_id[district].ons_code


def test_neighbourhoods_are_the_official_ones_and_fill_their_district():
    found = [one for authority in BOTH for one in outlines(authority, "neighbourhood")]
    assert Counter(one.district for one in found) == {
        "bromsgrove": 58,
        "malvern-hills": 45,
        "redditch": 55,
        "worcester": 63,
        "wychavon": 78,
        "wyre-forest": 65,
        "thurrock": 98,
    }
    whole = {one.district: _area(one) for authority in BOTH for one in outlines(authority)}
    parts: Counter[str] = Counter()
    for one in found:
        parts[one.district] += _area(one)
    for district, area in whole.items():
        assert parts[district] == pytest.approx(area, rel=0.002), "neighbours overlap or leave gaps"


@pytest.mark.parametrize("level", LEVELS)
def test_outlines_are_closed_rings_of_degrees(level):
    for one in outlines("worcestershire", level):
        for polygon in one.geometry["coordinates"]:
            for ring in polygon:
                assert ring[0] == ring[-1]
                assert len(ring) >= 4
                assert all(-2.7 < x < -1.7 and 51.9 < y < 52.5 for x, y in ring)


def test_outlines_of_an_authority_without_any_are_none():
    assert outlines("elsewhere") == ()


def test_outlines_of_another_level_are_refused():
    with pytest.raises(CallError, match="district or neighbourhood"):
        outlines("thurrock", "ward")


def test_attribution_names_the_licence():
    assert "Open Government Licence" in ATTRIBUTION
    assert "Contains OS data" in ATTRIBUTION
