"""Observations can be asked for as a person would ask, and say what is wrong when they cannot answer."""

import pytest

from careshape.errors import CallError
from careshape.records import Observations, observations

WORCESTERSHIRE = observations("worcestershire")


def test_observation_is_found_by_id_and_keeps_its_printed_decimals():
    assert str(WORCESTERSHIRE["table-08/5"].value) == "19.00"
    assert WORCESTERSHIRE["W-PF-009"].unit == "persons"


@pytest.mark.parametrize("district", ["Malvern Hills", "malvern-hills", "MALVERN hills"])
@pytest.mark.parametrize("table", ["table-06", "Table 6", "table 06"])
def test_one_ignores_case_and_punctuation(table, district):
    assert WORCESTERSHIRE.one(table=table, district=district, period="2020-03").id == "table-06/3"


@pytest.mark.parametrize("period", ["2018/19", "2018-04-01/2019-03-31"])
def test_financial_year_is_found_by_label_and_by_dates(period):
    found = WORCESTERSHIRE.one(table="table-16", district="all", service="nursing", period=period)
    assert found.row_kind == "subtotal"


def test_find_takes_a_list_of_values_for_one_criterion():
    found = WORCESTERSHIRE.find(table="table-06", district=["Redditch", "Wychavon"], period="2021-03")
    assert found.values("district") == ["Redditch", "Wychavon"]


def test_find_of_nothing_is_empty_and_not_an_error():
    assert len(WORCESTERSHIRE.find(table="table-06", district="Thurrock")) == 0


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"table": "table-06", "district": "wychavn"}, "Near it district: wychavon"),
        ({"table": "table-06", "period": "2021-04"}, "2021-03"),
        ({"table": "table-06"}, "16 observations have table='table-06'. Add one of: row_kind (part, total); district"),
        ({"distric": "Wychavon"}, "no dimension 'distric'. Near it: district"),
    ],
)
def test_one_says_what_was_asked_and_what_comes_near(wanted, said):
    with pytest.raises(CallError) as refused:
        WORCESTERSHIRE.one(**wanted)
    assert said.lower() in str(refused.value).lower()


def test_unknown_id_names_near_ids():
    with pytest.raises(CallError, match="W-PF-09"):
        WORCESTERSHIRE["W-PF-9"]


def test_same_id_twice_in_one_collection_is_refused():
    with pytest.raises(CallError, match="W-PF-001"):
        Observations([*WORCESTERSHIRE, WORCESTERSHIRE["W-PF-001"]])


def test_observations_of_an_unknown_council_name_those_there_are():
    with pytest.raises(CallError, match="thurrock, worcestershire"):
        observations("atlantis")
