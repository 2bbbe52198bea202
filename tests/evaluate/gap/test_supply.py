"""What there is: entries of supply, read, checked and added up."""

from datetime import date
from decimal import Decimal

import pytest

from careshape.errors import CallError, InputError
from careshape.evaluate.gap.published import council_supply, published_supply
from careshape.evaluate.gap.supply import (
    Supply,
    available,
    by_origin,
    check_together,
    check_units,
    read_supply,
    read_supply_file,
)
from careshape.records import observations

DAY = date(2021, 3, 31)
HEADER = "service,kind,quantity,as_of,source,area,client_group,opens,closes,void,certainty\n"


def _supply(**given):
    return Supply(
        **{
            "service": "residential",
            "quantity": Decimal(100),
            "as_of": date(2021, 1, 1),
            "source": "Survey",
            "kind": "operational",
            **given,
        }
    )


def test_available_adds_up_one_kind_only():
    entries = [
        _supply(area="redditch"),
        _supply(area="wychavon", quantity=Decimal(50)),
        _supply(kind="registered", quantity=Decimal(170)),
    ]
    found = available(entries, "residential", on=DAY)
    assert (found.quantity, found.basis) == (Decimal(150), "operational")
    assert found.whole_market


def test_available_takes_what_is_registered_where_nothing_else_is_known():
    found = available([_supply(kind="registered", quantity=Decimal(170))], "residential", on=DAY)
    assert (found.quantity, found.basis) == (Decimal(170), "registered")


def test_available_of_a_contract_is_the_councils_alone():
    assert not available([_supply(kind="contracted")], "residential", on=DAY).whole_market


def test_available_is_none_and_never_0_where_nothing_is_known():
    found = available([_supply()], "nursing", on=DAY)
    assert found.quantity is None
    assert found.void_rate is None
    assert found.oldest is None


def test_available_counts_a_scheme_from_its_opening_and_a_home_up_to_its_closing():
    entries = [
        _supply(place="A"),
        _supply(place="B", kind="scheme", quantity=Decimal(20), opens=date(2022, 1, 1)),
        _supply(place="C", quantity=Decimal(30), closes=date(2023, 1, 1)),
    ]
    on = [date(2021, 12, 31), date(2022, 1, 1), date(2022, 12, 31), date(2023, 1, 1)]
    assert [available(entries, "residential", on=day).quantity for day in on] == [130, 150, 150, 120]
    assert available(entries, "residential", on=on[0]).coming == (entries[1],)


def test_available_shows_a_proposed_scheme_and_does_not_count_it():
    scheme = _supply(kind="scheme", opens=date(2020, 1, 1), certainty="proposed")
    found = available([_supply(), scheme], "residential", on=DAY)
    assert found.quantity == 100
    assert found.coming == (scheme,)


def test_available_leaves_out_a_part_of_a_service():
    assert available([_supply(part="Cluster flats")], "residential", on=DAY).quantity is None


def test_available_rates_voids_over_the_places_whose_voids_are_known():
    entries = [_supply(place="A", void=Decimal(10)), _supply(place="B", quantity=Decimal(300))]
    assert available(entries, "residential", on=DAY).void_rate == pytest.approx(0.10)


def test_available_says_how_old_the_oldest_figure_is():
    entries = [_supply(place="A"), _supply(place="B", as_of=date(2019, 6, 30))]
    found = available(entries, "residential", on=DAY)
    assert (found.quantity, found.oldest) == (200, date(2019, 6, 30))


def test_available_takes_the_newest_of_several_counts_of_the_same_places():
    entries = [_supply(), _supply(quantity=Decimal(90), as_of=date(2020, 1, 1))]
    assert available(entries, "residential", on=DAY).quantity == 100
    home = [_supply(place="A", as_of=date(2020, 1, 1)), _supply(place="A", quantity=Decimal(95))]
    assert available(home, "residential", on=DAY).quantity == 95


def test_available_is_0_where_everything_known_has_closed():
    found = available([_supply(closes=date(2021, 2, 1))], "residential", on=DAY)
    assert (found.quantity, found.basis) == (0, "operational")


def test_available_shows_schemes_where_it_is_not_known_what_there_is_already():
    scheme = _supply(kind="scheme", opens=date(2020, 1, 1))
    found = available([scheme], "residential", on=DAY)
    assert (found.quantity, found.coming) == (None, (scheme,))


@pytest.mark.parametrize(
    "entries",
    [
        [_supply(), _supply(area="redditch")],
        [_supply(), _supply(client_group="older-people")],
        [_supply(client_group="working-age-adults"), _supply(client_group="learning-disability")],
        [_supply(), _supply(place="A")],
    ],
)
def test_totals_that_hold_each_other_are_refused(entries):
    with pytest.raises(InputError, match=r"Keep one of them"):
        check_together(entries)


@pytest.mark.parametrize(
    "entries",
    [
        [_supply(area="wychavon"), _supply(area="redditch")],
        [_supply(client_group="mental-health"), _supply(client_group="learning-disability")],
        [_supply(place="A"), _supply(place="B", client_group="older-people")],
        [_supply(), _supply(as_of=date(2020, 1, 1))],
        [_supply(), _supply(kind="registered", area="redditch")],
        [_supply(), _supply(kind="scheme", opens=date(2023, 1, 1), area="redditch")],
    ],
)
def test_entries_that_do_not_meet_stand_beside_each_other(entries):
    check_together(entries)


def test_available_asks_by_area_and_group():
    entries = [_supply(area="wychavon", client_group="older-people"), _supply(area="redditch")]
    assert available(entries, "residential", area="wychavon", on=DAY).quantity == 100
    assert available(entries, "residential", "older-people", on=DAY).quantity == 100
    assert available(entries, "residential", on=DAY).quantity == 200


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"service": "residental"}, "residential"),
        ({"client_group": "older-peopel"}, "older-people"),
        ({"area": "wychaven"}, "wychavon"),
        ({"kind": "beds"}, "column 'kind' has 'beds'. It must be one of operational"),
        ({"unit": "beds"}, "column 'unit' has 'beds'"),
        ({"certainty": "sure"}, "column 'certainty' has 'sure'"),
        ({"quantity": Decimal(-1)}, "cannot be below 0"),
        ({"void": Decimal(101)}, "between 0 and the quantity, 100"),
        ({"opens": DAY, "closes": DAY}, "must lie after the day of opening"),
        ({"kind": "scheme"}, "needs the day on which it is to open"),
    ],
)
def test_supply_that_cannot_be_right_is_refused_in_words(given, words):
    with pytest.raises(CallError, match=words):
        _supply(**given)


def _file(tmp_path, text):
    path = tmp_path / "homes.csv"
    path.write_text(text, "utf-8")
    return path


def test_read_supply_file_keeps_every_column(tmp_path):
    text = HEADER + 'residential,Operational,"1,200",2021-03-31,Survey,wychavon,older-people,,2025-01-01,12.5,\n\n'
    (found,) = read_supply_file(_file(tmp_path, text), "worcestershire")
    assert found == Supply(
        service="residential",
        quantity=Decimal(1200),
        as_of=date(2021, 3, 31),
        source="Survey",
        area="wychavon",
        client_group="older-people",
        closes=date(2025, 1, 1),
        void=Decimal("12.5"),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("service,kind\n", "homes.csv: the header lacks quantity, as_of, source"),
        (HEADER.replace("area", "town"), "careshape has no column 'town'"),
        (HEADER + "residential,registered,many,2021-03-31,Survey\n", "line 2: column 'quantity' has 'many'"),
        (HEADER + "residential,registered,5,31/03/2021,Survey\n", "line 2: column 'as_of' has '31/03/2021'"),
        (HEADER + "residential,registered,5,,Survey\n", "line 2: column 'as_of' is empty"),
        (HEADER + "residential,registered,5,2021-03-31,Survey\nresidental,registered,5,2021-03-31,Survey\n", "line 3"),
        (
            HEADER + "residential,contracted,5,2021-03-31,Survey,thurrock\n",
            "line 2: column 'area': 'thurrock' lies in the area of Thurrock",
        ),
        (HEADER + "residential,registered,5,9999-03-31,Survey\n", "'as_of' has 9999-03-31, which is still to come"),
    ],
)
def test_read_supply_file_says_what_is_wrong_and_where(tmp_path, text, words):
    with pytest.raises(InputError, match=words):
        read_supply_file(_file(tmp_path, text), "worcestershire")


def test_read_supply_file_refuses_text_in_another_encoding(tmp_path):
    path = tmp_path / "homes.csv"
    path.write_bytes(HEADER.encode() + b"residential,registered,5,2021-03-31,\xa3\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read_supply_file(path, "worcestershire")


def test_read_supply_of_a_folder_that_is_not_there_is_none(tmp_path):
    assert read_supply(tmp_path / "supply", "worcestershire") == []


def test_published_supply_is_what_the_statements_say():
    thurrock = published_supply("thurrock", observations("thurrock"))
    assert [(one.client_group, one.quantity, one.void) for one in thurrock] == [
        ("older-people", 611, Decimal("30.6")),  # 5% of 611 is 30.55
        ("working-age-adults", 139, None),
    ]
    worcestershire = published_supply("worcestershire", observations("worcestershire"))
    assert available(worcestershire, "extra-care-housing", on=date(2021, 8, 1)).quantity == 869
    assert all("W-PF-" in one.source for one in worcestershire)


def test_published_supply_of_another_council_is_none():
    assert published_supply("elsewhere", observations("thurrock")) == []


def test_council_supply_counts_the_councils_own_files_first(tmp_path):
    text = "residential-and-nursing,registered,5,2001-03-31,Survey,,older-people\n"
    _file(tmp_path, HEADER + text)
    found = council_supply("thurrock", tmp_path, observations("thurrock"))
    on = date(2021, 1, 1)
    first, second = by_origin(found, "residential-and-nursing", "older-people", on=on)
    assert (first.quantity, first.origin, second.quantity, second.origin) == (5, "own", 611, "printed")
    (other,) = by_origin(found, "residential-and-nursing", "working-age-adults", on=on)
    assert (other.quantity, other.origin) == (139, "printed")


def test_supply_in_another_unit_than_the_planned_one_is_refused():
    units = {"residential": "places"}
    check_units([_supply(), _supply(service="home-care", unit="hours a week")], units)
    with pytest.raises(InputError, match="given in people and planned in places"):
        check_units([_supply(unit="people")], units)
    check_units([_supply(unit="people", part="Short stays")], units)
