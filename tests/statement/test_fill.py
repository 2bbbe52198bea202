"""Declared tables, filled."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

from careshape.statement.calls import Place
from careshape.statement.expressions import parse
from careshape.statement.fill import fill
from careshape.statement.spec import TableSpec
from careshape.statement.tables import Head, Row, Table, evenly, valued


def table(council, **given):
    return fill(council.book, TableSpec.model_validate({"id": "t", "title": "A table", **given}))


def texts(found):
    return [[*row.heads, *(cell.text for cell in row.cells)] for row in found.rows]


def test_fill_splits_a_measure_by_rows_and_columns_in_catalogue_order(council):
    found = council.table("people-by-district")
    assert [column.title for column in found.columns] == ["31 March 2020", "31 March 2021"]
    assert texts(found) == [
        ["Bromsgrove", "2", "0"],
        ["Redditch", "0", "2"],
        ["Wychavon", "2", "3"],
        ["Total", "4", "5"],
    ]


def test_fill_gives_each_cell_a_card_that_says_what_the_cell_is(council):
    found = council.table("people-by-district")
    cell = found.rows[2].cells[1]
    figure = council.book.by_key(cell.item)
    assert (cell.page, cell.text, figure.text) == ("figure", "3", "3")
    said = {line.label: line.text for line in figure.card.lines}
    assert (said["District"], said["Period"]) == ("Wychavon", "31 March 2021")
    # Asked by itself, the figure of the card is the figure of the cell.
    assert council.book.read(council.book, parse(figure.expression, Place("t", 1))).value == cell.value


def test_fill_asks_the_measure_for_totals_instead_of_adding(council):
    # A mean over districts is no mean of their means.
    found = table(
        council, measure="care_home_mean_weekly_cost", rows="district", columns="measure", period="2021-03-31",
        where={"service": "nursing"}, total=True,
    )  # fmt: skip
    assert texts(found) == [["Redditch", "£1,000.25"], ["Wychavon", "£900.50"], ["Total", "£950.38"]]


def test_fill_quotes_observations_and_links_each_to_its_source(council):
    found = council.table("older-people")
    assert [row.heads[0] for row in found.rows][:2] == ["Bromsgrove", "Malvern Hills"]
    cell = found.rows[0].cells[0]
    assert (cell.text, cell.page, cell.item, cell.anchor) == ("22,168", "observations", "table-01", "table-01-1")
    assert found.rows[-1].total
    assert found.rows[-1].cells[0].text == "133,100"


def test_fill_reads_a_table_of_expressions(council):
    rows = [{"label": "People", "cells": ['observation("W-PF-009")', ""]}]
    found = table(council, head="Who", columns=["Then", "Now"], row=rows)
    assert found.heads == ("Who",)
    assert texts(found) == [["People", "592,100", ""]]
    assert found.rows[0].cells[0].page == "figure"


def test_fill_says_what_is_wrong_instead_of_filling(council):
    assert "Near matches: bed_nights" in table(council, measure="bed_night", rows="district").problem
    assert "several values" in table(council, observation="table-01", rows="district").problem
    assert (
        "several periods"
        in table(council, measure="bed_nights", rows="district", periods=["2019/20", "2020/21"]).problem
    )


def test_downloads_hold_one_value_a_row_under_stable_columns(council):
    found = council.table("people-by-district")
    rows = list(csv.DictReader(io.StringIO(found.as_csv())))
    assert list(rows[0]) == ["district", "period", "measure", "unit", "value"]
    last = {"district": "all", "period": "2021-03-31", "measure": "care_home_people", "unit": "persons", "value": "5"}
    assert last in rows
    data = json.loads(found.as_json())
    assert data["known"] == "30 June 2021, posting 1"
    assert {
        "district": "redditch",
        "period": "2021-03-31",
        "measure": "care_home_people",
        "unit": "persons",
        "value": 2,
    } in data["rows"]


def test_evenly_gives_a_column_one_number_of_decimals():
    cells = [valued(Decimal(text), unit) for text, unit in (("78.0", "percent"), ("67.7", "percent"), ("-3", ""))]
    assert [one.text for one in evenly(cells)] == ["78.0%", "67.7%", "\u22123"]
    pounds = [valued(Decimal(text), "gbp-per-week") for text in ("1347.00", "1642.94")]
    assert [one.text for one in evenly(pounds)] == ["£1,347.00", "£1,642.94"]
    assert [one.text for one in evenly([valued(7, "hours"), valued(None, "hours")])] == ["7", "not known"]


def test_headings_stand_once_for_the_rows_below_and_a_total_for_all():
    heads = (("White", "British"), ("White", "Irish"), ("Asian", "Indian"), ("Total", "Total"))
    rows = tuple(Row(one, (), one[0] == "Total") for one in heads)
    made = [found for _, found in Table("t", "T", ("Category", "Group"), (), rows, ()).headed]
    assert made == [
        [Head("White", 2), Head("British")], [Head("Irish")], [Head("Asian"), Head("Indian")], [Head("Total", 1, 2)],
    ]  # fmt: skip
