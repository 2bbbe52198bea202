"""Reports as a person reads them, and the export."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser

import duckdb
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.ledger.columns import NAMES
from careshape.ledger.export import export
from careshape.ledger.imports import import_file
from careshape.ledger.report_output import COLUMNS, print_report, to_csv, to_html
from tests.ledger.writing import package

HOSTILE = "<script>alert(1)</script>"
SHAPE = "<xxxxxx>xxxxx(9)</xxxxxx>"
"""What a report shows of text that may be somebody's name."""


@pytest.fixture
def report(ledger: Ledger, write):
    rows = [package("L-1", service=HOSTILE), package("L-2", weekly_cost="=1+1"), package("L-3", district="[bold]x")]
    return import_file(ledger, write("p.csv", [*rows, package("L-4")]))


def test_report_says_line_column_value_rule_and_what_to_do(report) -> None:
    finding = report.findings[1]
    assert (finding.line, finding.column, finding.value, finding.rule) == (3, "weekly_cost", "=1+1", "value-unreadable")
    assert "1234.50" in finding.message
    assert "1234.50" in finding.remedy
    assert report.summary().splitlines()[0] == "p.csv: Care package line items, 4 rows; posted as posting 1."
    assert json.loads(report.to_json())["findings"][0]["value"] == SHAPE


def test_terminal_report_prints_the_shape_of_what_the_file_says_and_runs_none_of_it(report) -> None:
    console = Console(record=True, width=200, file=io.StringIO())
    print_report(report, console, limit=2)
    text = console.export_text()
    assert "4 rows; posted as posting 1." in text
    assert "2 of 3 findings" in text
    assert SHAPE in text


def test_csv_report_has_a_row_for_each_finding_and_no_formula(report) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(report))))
    assert [row["value"] for row in rows] == [SHAPE, "'=1+1", "[xxxx]x"]
    assert tuple(rows[0]) == COLUMNS


class Outline(HTMLParser):
    """Tags, and header cells without a scope."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.bare = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.bare += tag == "th" and "scope" not in dict(attrs)


def test_html_report_escapes_and_labels_everything(report) -> None:
    page = to_html(report)
    outline = Outline()
    outline.feed(page)
    assert "script" not in outline.tags
    assert HOSTILE not in page
    assert "xxxxxx" not in outline.tags
    assert outline.tags.count("caption") == outline.tags.count("table") == 3
    assert (outline.tags.count("h1"), outline.bare) == (1, 0)
    assert '<html lang="en-GB">' in page


def test_many_findings_are_counted_and_the_first_are_shown(ledger: Ledger, write) -> None:
    rows = [package(f"L-{n}", start_date="soon") for n in range(150)]
    report = import_file(ledger, write("p.csv", rows))
    assert (report.refused, report.by_rule, report.shown) == (150, {"value-unreadable": 150}, 100)


def test_export_holds_every_row_of_every_council(ledger: Ledger, write, tmp_path) -> None:
    other = Ledger.create(tmp_path / "data" / "councils" / "thurrock", "thurrock", demonstration=True)
    import_file(ledger, write("a.csv", [package("L-1")]))
    import_file(ledger, write("b.csv", [package("L-1", weekly_cost="710.00")]))
    import_file(other, write("c.csv", [package("L-1", district="thurrock")]))
    assert export([ledger, other], tmp_path / "all.parquet") == 4
    assert pq.read_schema(tmp_path / "all.parquet").names == list(NAMES)
    total = f"SELECT sum(sign * weekly_cost) FROM '{tmp_path / 'all.parquet'}'"
    assert duckdb.sql(total).fetchall()[0][0] == 71_000 + 70_000
    assert not list(tmp_path.glob("*.part"))


def test_export_of_nothing_or_to_nowhere_is_a_wrong_call(ledger: Ledger, tmp_path) -> None:
    with pytest.raises(CallError, match="no ledger to export"):
        export([], tmp_path / "all.parquet")
    with pytest.raises(CallError, match="does not end in"):
        export([ledger], tmp_path / "all.csv")
    with pytest.raises(CallError, match="no folder"):
        export([ledger], tmp_path / "nowhere" / "all.parquet")
    assert export([ledger], tmp_path / "empty.parquet") == 0
