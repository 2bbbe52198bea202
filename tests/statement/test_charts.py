"""Charts: pictures that a strict content policy lets through, and that say what they show."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from careshape.statement.charts import draw
from careshape.statement.tables import Column, Row, Table, valued


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
