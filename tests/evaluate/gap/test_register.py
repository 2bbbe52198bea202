"""Supply from the regulator's register."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from careshape.catalogue.outlines import outlines
from careshape.evaluate.gap.listing import differences, supply_rows
from careshape.evaluate.gap.placing import NEIGHBOURS, NOT_TOLD, inside, place
from careshape.evaluate.gap.register import DORMANT, TWICE, read_ended, read_register, reading
from careshape.evaluate.gap.registered import beds_shared, register_rows, register_supply
from careshape.evaluate.gap.supply import Supply, by_origin
from careshape.home import Home
from careshape.records.official import add_file, statistic
from tests.evaluate.gap.registers import AGENCY, KIDDERMINSTER, NURSING, YOUNGER, directory, ended, ratings

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
REAL = SHARED / "cqc" / "cqc_latest_ratings_worcs_thurrock.csv"
DAY = date(2026, 7, 1)
real = pytest.mark.skipif(not REAL.is_file(), reason="the folder `shared` is not beside the checkout")
"""Tests on the ratings of the 349 rated locations of both councils, published up to 30 January 2021."""


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "data")


def _register(home, folder, *places):
    add_file(home, directory(folder, *places))
    return read_register(home, "worcestershire")


def test_register_is_none_where_no_file_is_kept(home):
    assert read_register(home, "worcestershire") is None


def test_register_of_another_council_holds_nobody(home, tmp_path):
    add_file(home, directory(tmp_path, {}))
    assert read_register(home, "thurrock") is None


def test_register_counts_beds_by_type_group_and_district(home, tmp_path):
    found = _register(home, tmp_path, {}, NURSING | KIDDERMINSTER, YOUNGER | {"Care homes beds": "6"}, AGENCY)
    assert (found.as_of, found.untested, found.has_types) == (DAY, True, True)
    entries = register_supply(found)
    assert [(one.place, one.client_group, one.area, one.quantity, one.kind) for one in entries] == [
        ("1-100", "older-people", "worcester", 40, "registered"),
        ("1-101", "older-people", "wyre-forest", 40, "registered"),
        ("1-102", "working-age-adults", "worcester", 6, "registered"),
    ]
    rows = {(row["type"], row["area"]): row for row in register_rows(found, by_area=True)}
    assert rows["care-home-without-nursing", "all"]["beds"] == 46
    # With and without nursing at once: the beds cannot be told apart and are counted with nursing.
    assert rows["care-home-with-nursing", "wyre-forest"]["beds"] == 40
    assert rows["home-care", "all"]["locations"] == 1
    assert rows["home-care", "all"]["beds"] is None
    assert {one.source for one in entries} == {found.name}
    assert found.name.startswith("Care Quality Commission: Directory of active locations")
    assert found.name.endswith("1 July 2026")


def test_register_leaves_out_what_is_dormant_or_counted_elsewhere(home, tmp_path):
    second = {"Location Dual Registered": "Y", "Primary ID (Dual registration locations)": "1-100"}
    found = _register(home, tmp_path, {}, {"Dormant (Y/N)": "Y"}, second)
    assert [one.id for one in found.locations] == ["1-100"]
    assert found.left_out == {DORMANT: 1, TWICE: 1}


def test_register_tells_nought_beds_from_beds_not_told(home, tmp_path):
    found = _register(home, tmp_path, {"Care homes beds": "0"}, {"Care homes beds": ""})
    assert [one.quantity for one in register_supply(found)] == [0]
    (row,) = register_rows(found)
    assert (row["locations"], row["beds"], row["beds_not_told"]) == (2, 0, 1)


def test_register_says_which_beds_serve_several_groups(home, tmp_path):
    both = {"Service user band - Mental Health": "Y"}
    neither = {"Service user band - Older People": "", "Care homes beds": "7"}
    found = _register(home, tmp_path, {}, both, neither)
    assert [one.client_group for one in found.locations] == ["older-people", "older-people", "unknown"]
    assert beds_shared(found) == (40, 7)


def test_register_counts_types_it_does_not_read(home, tmp_path):
    found = _register(home, tmp_path, {}, {"Service type - Specialist college service": "Y"})
    assert found.unread == {"Specialist college service": 1}


def test_register_takes_the_newer_rating_and_its_age(home, tmp_path):
    add_file(home, ratings(tmp_path, {}, {"Location ID": "1-101", "Publication Date": "01/07/2020"}))
    found = _register(home, tmp_path, {}, {}, {"Location Latest Overall Rating": "", "Publication Date": ""})
    assert [one.rating for one in found.locations] == ["inadequate", "good", "not-yet-inspected"]
    assert [found.years_old(one) for one in found.locations] == [
        pytest.approx(1.0, abs=0.01),
        pytest.approx(3.0, abs=0.01),
        None,
    ]
    (row,) = register_rows(found)
    assert (row["inadequate"], row["good"], row["not_yet_inspected"]) == (1, 1, 1)
    assert (row["median_rating_years"], row["oldest_rating"]) == (2.0, "2023-07-01")


def test_ratings_alone_tell_neither_beds_nor_types(home, tmp_path):
    add_file(home, ratings(tmp_path, {}, {"Location ID": "1-101", "Care Home?": "N"}))
    found = read_register(home, "worcestershire")
    assert register_supply(found) == []
    rows = {row["type"]: row for row in register_rows(found)}
    assert set(rows) == {"care-home", "community"}
    assert rows["care-home"]["inadequate"] == 1
    assert rows["care-home"]["not_yet_inspected"] is None


def test_ended_registrations_are_summed_by_year(home, tmp_path):
    assert read_ended(home, "worcestershire") == []
    places = (
        {}, {"Location HSCA End Date": "01/01/2025", "Care homes beds at point location de-activated": ""},
        {"Location HSCA End Date": "30/06/2026"}, {"Care home?": "N"}, {"Location Local Authority": "Thurrock"},
    )  # fmt: skip
    add_file(home, ended(tmp_path, *places))
    found = read_ended(home, "worcestershire")
    assert [(one.year, one.homes, one.beds) for one in found] == [(2025, 2, 22), (2026, 1, 22)]
    assert found[0].source.endswith("up to 30 June 2026")


def test_register_says_what_it_cannot_say():
    assert any("not beds that the council can buy" in line for line in reading().cannot_say)


def test_place_without_coordinates_lies_as_its_sector_does():
    known = {"longitude": -2.22, "latitude": 52.19, "postcode": "WR1 1AA"}
    rows = [known, {"longitude": None, "latitude": None, "postcode": "WR1 1ZZ"},
            {"longitude": None, "latitude": None, "postcode": "WR9 9ZZ"},
            {"longitude": 0.0, "latitude": 51.0, "postcode": None}]  # fmt: skip
    assert place("worcestershire", rows)[1:] == [("worcester", NEIGHBOURS), *[("unknown", NOT_TOLD)] * 2]


def test_place_of_a_council_of_one_district_needs_nothing():
    assert place("thurrock", [{"longitude": None, "latitude": None, "postcode": None}])[0][0] == "thurrock"


def test_inside_leaves_out_holes():
    square = np.array([[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], dtype=float)
    hole = np.array([[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]], dtype=float)
    assert inside([square, hole], np.array([[0.5, 2.0], [2.0, 2.0], [5.0, 2.0]])).tolist() == [True, False, False]


def _own(**given):
    return Supply(
        **{"service": "residential-and-nursing", "client_group": "older-people", "kind": "contracted",
           "quantity": Decimal(30), "as_of": date(2021, 3, 31), "source": "Contracts", **given}
    )  # fmt: skip


def test_councils_own_figure_goes_before_the_register_and_both_are_listed(home, tmp_path):
    register = _register(home, tmp_path, {}, YOUNGER)
    entries = [_own(), *register_supply(register)]
    first, second = by_origin(entries, "residential-and-nursing", "older-people", on=DAY)
    assert (first.origin, first.quantity, second.origin, second.quantity) == ("own", 30, "register", 40)
    younger = by_origin(entries, "residential-and-nursing", "working-age-adults", on=DAY)
    assert [one.origin for one in younger] == ["register"]
    rows = supply_rows(entries, register)
    assert [(row["origin"], row["client_group"], row["counted"]) for row in rows] == [
        ("the council's own file", "older-people", "yes"),
        ("the regulator's register", "older-people", "no: the council's own file counts"),
        ("the regulator's register", "working-age-adults", "yes"),
    ]
    (differs,) = differences(entries)
    assert (differs["quantity"], differs["other_quantity"], differs["other_as_of"]) == (30.0, 40.0, "2026-07-01")


def test_equal_figures_do_not_differ(home, tmp_path):
    entries = [_own(quantity=Decimal(40)), *register_supply(_register(home, tmp_path, {}))]
    assert differences(entries) == []


def test_register_and_printed_statement_count_by_their_day(home, tmp_path):
    entries = register_supply(_register(home, tmp_path, {}))
    for day, first in ((date(2018, 12, 31), "register"), (date(2027, 1, 1), "printed")):
        printed = _own(origin="printed", kind="registered", quantity=Decimal(611), as_of=day)
        assert by_origin([printed, *entries], "residential-and-nursing", "older-people", on=DAY)[0].origin == first


def test_schemes_join_the_register(home, tmp_path):
    scheme = _own(kind="scheme", quantity=Decimal(24), opens=date(2026, 1, 1))
    entries = [scheme, *register_supply(_register(home, tmp_path, {}))]
    (found,) = by_origin(entries, "residential-and-nursing", "older-people", on=DAY)
    assert (found.quantity, found.origin) == (64, "register")
    assert supply_rows(entries, None)[0]["counted"] == "from 1 January 2026"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("ratings"))
    add_file(home, REAL)
    return home


@pytest.mark.data
@real
def test_register_gives_the_checked_counts_back(kept):
    found = read_register(kept, "worcestershire")
    homes = next(row for row in register_rows(found) if row["type"] == "care-home")
    # 178 homes: 8 outstanding, 133 good, 35 requires improvement, 2 inadequate.
    assert [homes[name] for name in ("locations", "outstanding", "good", "requires_improvement", "inadequate")] == [
        178, 8, 133, 35, 2,
    ]  # fmt: skip
    assert not found.untested
    assert {one.district for one in found.locations} == {one.district for one in outlines("worcestershire")}
    assert len(read_register(kept, "thurrock").locations) == 56


@pytest.mark.data
@real
def test_register_keeps_no_name(kept):
    named = {
        text for row in statistic(kept, "cqc-ratings").rows() for text in (row["location_name"], row["provider_name"])
    }
    found = json.dumps([one.__dict__ for one in read_register(kept, "worcestershire").locations], default=str)
    assert len(named) > 300
    assert not [name for name in named if f'"{name}"' in found]


@pytest.mark.data
@real
def test_districts_agree_with_full_outlines_but_near_boundaries(kept):
    rows = statistic(kept, "cqc-ratings", authority_name="Worcestershire").rows()
    points = np.array([[row["longitude"] or np.nan, row["latitude"] or np.nan] for row in rows])
    full = json.loads((SHARED / "boundaries" / "worcs_thurrock_ltla24.geojson").read_text("utf-8"))
    agree: Counter[bool] = Counter()
    for feature in full["features"]:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        within = inside([np.array(ring) for one in polygons for ring in one], points)
        name = feature["properties"]["name"].lower().replace(" ", "-")
        placed = np.array([district == name for district, _ in place("worcestershire", rows)])
        agree.update((placed[within] == within[within]).tolist())
    assert agree[False] <= 4
    assert agree[True] >= 285
