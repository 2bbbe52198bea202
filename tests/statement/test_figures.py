"""Figures: values, cards, what they are worked out from, and what happens where they cannot be computed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from careshape.statement.calls import Place
from careshape.statement.expressions import parse

HERE = Place("test.md", 1)


@pytest.fixture
def figure(council):
    return lambda text: council.book.figure(parse(text, HERE))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        # Six people had nursing care, two left in 2020, one came into residential care: four and one remain.
        ('measure("care_home_people", period="2021-03-31")', "5"),
        ('measure("care_home_people", period="2021-03-31", district=["wychavon", "redditch"])', "5"),
        ('measure("care_home_people", period="2021-03-31") | words', "five"),
        # (900.00 + 901.00 + 1000.00 + 1000.50) / 4 = 950.375
        ('measure("care_home_mean_weekly_cost", period="2021-03-31", service="nursing")', "£950.38 a week"),
        ('observation("W-PF-009")', "592,100"),
        ('observation("table-01", district="wychavon", period="2030")', "42,339"),
        ('growth(observation("W-PF-009"), observation("W-PF-010"))', "7.9%"),
        ('share(observation("W-PF-009"), observation("W-PF-010")) | percent1', "92.7%"),
        ('difference(observation("W-PF-009"), observation("W-PF-010"))', "46,700"),
        ('total("table-01", period="2018")', "133,100"),
        ('largest("table-01", by="district", period="2030")', "Wychavon"),
        ('smallest("table-01", by="district", period="2030")', "Redditch"),
        ('rank("table-01", by="district", district="Malvern Hills", period="2030")', "3"),
        ('largest("care_home_people", by="district", period="2021-03-31")', "Wychavon"),
        ('rank("care_home_people", by="district", district="redditch", period="2021-03-31")', "2"),
        ('count("table-01", period="2018")', "6"),
        ('date("2021-03-31")', "31 March 2021"),
        ('month("2021-03")', "March 2021"),
        ('year("2020/21")', "2020/21"),
        ('age("65+")', "65 and over"),
        ('label("service", "nursing")', "Nursing care"),
        ('name("Covid-19")', "Covid-19"),
        ('intention("W-CI-001")', "April 2022"),
    ],
)
def test_figure_is_written_as_expected(figure, text, written):
    found = figure(text)
    assert found.problem == ""
    assert found.text == written


def test_figure_of_a_measure_carries_its_card(figure):
    card = figure('measure("care_home_people", period="2021-03-31", district="wychavon")').card
    said = {line.label: line.text for line in card.lines}
    assert said["District"] == "Wychavon"
    assert said["Period"] == "31 March 2021"
    assert said["As known on"] == "30 June 2021, posting 1"
    assert {"What it measures", "Source", "How it is worked out", "What to bear in mind", "Owner", "Direction"} <= set(
        said
    )


def test_figure_of_an_observation_carries_document_table_and_line(figure):
    card = figure('observation("W-PF-009")').card
    said = {line.label: line.text for line in card.lines}
    assert "July 2021 to March 2023" in said["Quoted from"]
    assert said["Line of the document's text"] == "147"
    assert said["Kind"]


def test_figure_worked_out_from_others_names_them(figure):
    found = figure('growth(observation("W-PF-009"), observation("W-PF-010"))')
    assert [parent.text for parent in found.parents] == ["592,100", "638,800"]
    assert found.value == Fraction(46700, 592100) * 100
    assert found.what.startswith("Change from “")


def test_figure_of_nothing_is_not_known_rather_than_nought(figure):
    assert figure('measure("care_home_mean_weekly_cost", period="2001-03-31")').text == "not known"
    assert (
        figure('growth(measure("bed_nights", period="2001/02"), measure("bed_nights", period="2020/21"))').text
        == "not known"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('measure("bed_nihgts")', "bed_nights"),
        ('measure("bed_nights", period="2020/21", district="wichavon")', "wychavon"),
        ('measure("bed_nights", period="2020/22")', "2020/22"),
        ('measure("care_home_people", period="2031-06")', "counted as going on to 30 June 2031"),
        ('growth(measure("bed_nights", period="2020/21"), measure("bed_nights", period="2030/31"))', "going on to"),
        ('observation("W-PF-0099")', "W-PF-009"),
        ('observation("table-01", district="Wychavon")', "period"),
        ('total("table-99")', "table-99"),
        ('growth(date("2021-03-31"), observation("W-PF-009"))', "gives words"),
        ('growth(observation("W-PF-009"), observation("nothing"))', "nothing"),
        ('largest("bed_nights", period="2020/21")', "needs by="),
        ('date("2021-03")', "no date"),
    ],
)
def test_figure_that_cannot_be_computed_says_why(figure, text, says):
    found = figure(text)
    assert found.text == "not known"
    assert says in found.problem


def test_book_asks_a_measure_once_for_all_its_periods(council):
    asked = [key for key in council.book._results if key[0] == "bed_nights" and not key[2]]
    council.warm()
    asked = [key for key in council.book._results if key[0] == "bed_nights" and key[1] == ("period",)]
    assert [key[3] for key in asked] == ["2020/21,2019/20"]
