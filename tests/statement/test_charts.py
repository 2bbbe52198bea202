"""Charts: pictures that a strict content policy lets through, and that say what they show."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from careshape.statement.charts import draw
from careshape.statement.formatting import Withheld
from careshape.statement.tables import Cell, Column, Row, Table, valued

FEW = Withheld("fewer than 5 people")


@pytest.mark.parametrize("name", ["people-by-district", "older-people"])
def test_chart_is_one_named_image_without_styles_or_scripts(council, name):
    svg = council.chart(name).svg
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    named = [root.find(f"{{*}}{tag}") for tag in ("title", "desc")]
    assert root.get("aria-labelledby") == " ".join(one.get("id") for one in named)
    assert all(one.text for one in named)
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|href=", svg)


def test_chart_says_largest_and_smallest_in_words(council):
    assert "The largest value is 42,339 (Wychavon" in council.chart("older-people").description.replace("2030, ", "")


def test_chart_writes_numbers_the_british_way(council):
    texts = [one.text for one in ET.fromstring(council.chart("older-people").svg).iter() if one.tag.endswith("text")]
    assert "40,000" in texts


def test_chart_tells_series_apart_by_more_than_colour(council):
    svg = council.chart("older-people").svg
    assert len(set(re.findall(r'stroke-dasharray="([^"]+)"', svg))) >= 3


def test_chart_leaves_totals_out(council):
    texts = [
        one.text for one in ET.fromstring(council.chart("people-by-district").svg).iter() if one.tag.endswith("text")
    ]
    assert "Total" not in texts
    assert "Bromsgrove" in texts


def test_chart_counts_large_money_in_millions_and_one_bar_as_one():
    rows = tuple(Row((name,), (valued(value, "gbp"),)) for name, value in (("Home care", 26_450_000), ("Transport", 0)))
    table = Table("spend", "Spending", ("Service",), (Column("2020/21", "2020/21"),), rows, (), chart="bar")
    texts = [one.text for one in ET.fromstring(draw(table).svg).iter() if one.tag.endswith("text")]
    assert "£10m" in texts
    assert "£0" in texts
    assert not any("000,000" in text for text in texts if text != "£26,450,000")
    assert "of 2 bars" in draw(table).description
    assert "of 1 bar, in" in draw(Table("s", "S", ("Service",), table.columns, rows[:1], (), chart="bar")).description


def places_of(svg, texts):
    """Where written labels stand, from left to right."""
    found = {}
    for one in ET.fromstring(svg).iter():
        if one.tag.endswith("text") and one.text in texts:
            found[one.text] = float(re.match(r"translate\(([-\d.]+)", one.get("transform"))[1])
    return [found[text] for text in texts]


def test_line_runs_through_time_as_it_passes(council):
    first, second, third, last = places_of(council.chart("older-people").svg, ["2018", "2020", "2025", "2030"])
    # two years, then five, then five
    assert (third - second) / (second - first) == pytest.approx(5 / 2, rel=0.01)
    assert last - third == pytest.approx(third - second, rel=0.01)


def test_line_of_names_keeps_equal_distances():
    columns = tuple(Column(name, name, numeric=True) for name in ("North", "South", "East"))
    row = Row(("People",), tuple(valued(number, "persons") for number in (3, 1, 2)))
    svg = draw(Table("t", "T", ("Item",), columns, (row,), (), chart="line")).svg
    one, two, three = places_of(svg, ["North", "South", "East"])
    assert two - one == pytest.approx(three - two)
    assert {"1", "2", "3"} <= {text.text for text in ET.fromstring(svg).iter() if text.tag.endswith("text")}


def test_long_label_goes_on_below_instead_of_being_cut():
    name = "Physical support: access and mobility only, of people at home"
    rows = tuple(Row((label,), (valued(5, "persons"),)) for label in (name, 'O\'Neil "ward"'))
    table = Table("t", "T", ("Reason",), (Column("People", "people"),), rows, (), chart="bar")
    drawn = draw(table)
    texts = [one.text for one in ET.fromstring(drawn.svg).iter() if one.text and not one.tag.endswith("desc")]
    assert not any("…" in text for text in texts)
    assert {"Physical support: access and", "mobility only, of people at home", 'O\'Neil "ward"'} <= set(texts)


def table_of(chart, *rows, columns=("2018", "2019", "2020")):
    """A table of values by row; None is a value that is withheld."""
    cells = tuple(
        Row(
            (name,),
            tuple(Cell(FEW, "suppressed", "persons") if one is None else valued(one, "persons") for one in values),
        )
        for name, values in rows
    )
    return Table("t", "T", ("Area",), tuple(Column(one, one, numeric=True) for one in columns), cells, (), chart=chart)


def told(svg):
    """What each mark of a drawing says that it stands for."""
    marks = [one for one in ET.fromstring(svg).iter() if one.tag.endswith("path") and one.get("data-at")]
    return [(one.get("data-at"), one.get("data-series"), one.get("data-text")) for one in marks]


@pytest.mark.parametrize("kind", ["bar", "line"])
def test_chart_says_suppressed_where_a_value_is_withheld(kind):
    chart = draw(table_of(kind, ("North", (31, None, 77)), ("South", (41, 52, 63))))
    place = ("2019", "North", "suppressed") if kind == "line" else ("North", "2019", "suppressed")
    assert place in told(chart.svg)
    assert len(told(chart.svg)) == 6
    assert "suppressed" in {one.text for one in ET.fromstring(chart.svg).iter() if one.tag.endswith("text")}
    assert "1 value is suppressed." in chart.description
    assert "Of those shown, the largest value is 77" in chart.description
    assert "the smallest 31" in chart.description
    whole = draw(table_of(kind, ("North", (31, 40, 77)), ("South", (41, 52, 63)))).description
    assert "suppressed" not in whole
    assert ". The largest value is 77" in whole


def test_line_breaks_off_where_a_value_is_withheld():
    def line(*values):
        svg = draw(table_of("line", ("North", values), columns=("2018", "2019", "2020", "2021"))).svg
        return re.search(r'data-at="" [^>]*d="([^"]+)"', svg)[1]

    assert line(31, 32, 33, 34).count("M") == 1
    assert line(31, None, 33, 34).count("M") == 2


def test_bar_of_what_is_withheld_has_no_length():
    svg = draw(table_of("bar", ("North", (31, None, 77)), ("South", (1, 2, 3)))).svg
    assert re.search(r'data-text="suppressed" d="M0,[\d.]+h0v', svg)


def test_chart_of_one_series_tells_its_marks_without_naming_it():
    svg = draw(table_of("line", ("North", (1, 2, 3)))).svg
    assert told(svg) == [("2018", "", "1"), ("2019", "", "2"), ("2020", "", "3")]


NORTH, SOUTH = ("North", (31, None, 77)), ("South", (41, 52, 63))


@pytest.mark.parametrize(
    ("kind", "rows", "columns", "says"),
    [
        ("bar", (NORTH, SOUTH), ("2018", "2019", "2020"), "Bar chart of 2 groups of 3 bars for 2018, 2019, 2020, in"),
        ("bar", (SOUTH,), ("2018", "2019", "2020"), "Bar chart of 1 group of 3 bars for"),
        ("line", (NORTH, SOUTH), ("2018", "2019", "2020"), "Line chart of 2 lines of 3 points for North, South, in"),
        ("line", (SOUTH,), ("2018", "2019", "2020"), "Line chart of 3 points, in"),
    ],
)
def test_words_for_a_chart_count_every_bar_and_point(kind, rows, columns, says):
    made = draw(table_of(kind, *rows, columns=columns))
    assert made.description.startswith(says)
    assert len(told(made.svg)) == len(rows) * 3


def test_bars_that_groups_lack_are_not_counted():
    table = table_of("bar", ("North", (31, 40, 77)), SOUTH)
    gone = replace(table.rows[0], cells=(valued("not known", "persons"), *table.rows[0].cells[1:]))
    assert draw(replace(table, rows=(gone, table.rows[1]))).description.startswith(
        "Bar chart of 5 bars in 2 groups for"
    )
