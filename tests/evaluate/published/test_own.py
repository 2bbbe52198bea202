"""A council's own published figures: compared by its own mapping, and refused in words where that is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from careshape.errors import CallError, CatalogueError, InputError
from careshape.evaluate.published import check_published, is_mapped
from tests.evaluate.measure.conftest import RowLedger, row, table

FIGURES = """id,measure,unit,period,client_group,value
,people,persons,2021-03-31,older-people,2
,people,persons,2021-03-31,learning-disability,2
,people,persons,2021-03-31,all,3
report-growth,growth,percent,2021-03-31,,50
"""
MAPPING = """
[[count]]
file = "annual-report"
rows = { measure = "people" }
measure = "care_home_people"
columns = { client_group = "client_group" }

[[figure]]
row = "report-growth"
measure = "care_home_people"
compute = "growth"
from = "2020-03-31"
period = "2021-03-31"
"""


@dataclass
class InAFolder(RowLedger):
    """A ledger in a council's folder."""

    path: Path = Path()


@pytest.fixture
def council(tmp_path):
    """Return a function from what a council writes to its ledger: three people in care homes, two of them older."""
    rows = [
        row(1, "2020-01-01", person=1, service="nursing", client_group="older-people"),
        row(2, "2020-01-01", person=2, service="residential", client_group="older-people"),
        row(3, "2021-01-01", person=3, service="residential", client_group="learning-disability"),
    ]
    pq.write_table(table(rows), tmp_path / "rows.parquet")

    def make(mapping: str | None = MAPPING, authority: str = "newtown") -> InAFolder:
        folder = tmp_path / authority
        (folder / "observations").mkdir(parents=True)
        (folder / "observations" / "annual-report.csv").write_text(FIGURES, "utf-8")
        if mapping is not None:
            (folder / "published.toml").write_text(mapping, "utf-8")
        return InAFolder(tmp_path / "rows.parquet", {1: date(2030, 1, 1)}, authority, folder)

    return make


def test_own_figures_are_compared_by_the_councils_own_mapping(council):
    ledger = council()
    assert is_mapped("newtown", ledger.path)
    found = check_published("newtown", ledger)
    assert [(one.file, one.row, one.published, one.computed, one.status) for one in found] == [
        ("annual-report.csv", "1", 2, 2, "equal"),
        ("annual-report.csv", "2", 2, 1, "differs"),
        ("annual-report.csv", "3", 3, 3, "equal"),
        ("annual-report.csv", "report-growth", 50, 50, "equal"),
    ]


def test_own_figures_of_a_packaged_council_stand_beside_the_packaged_ones(council):
    found = check_published("thurrock", council(authority="thurrock"))
    assert len(found) == 23 + 4
    assert len([one for one in found if one.file == "annual-report.csv"]) == 4


def test_a_council_without_a_mapping_is_told_where_to_write_one(council):
    ledger = council(mapping=None)
    assert not is_mapped("newtown", ledger.path)
    with pytest.raises(CallError, match=r"newtown/published\.toml what counts each"):
        check_published("newtown", ledger)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[[count]]", "[[count"), "published.toml: .* must be a file of TOML"),
        (('measure = "care_home_people"', 'measure = "homes"'), "published.toml: .*no measure is called 'homes'"),
        (('file = "annual-report"', 'file = "anual-report"'), "no such file. Choose from annual-report"),
        (('measure = "people" }', 'measure = "persons" }'), "No row of the file has these values"),
        (("columns = { client_group", "columns = { group"), "no such column. They have client_group"),
        (('= "client_group" }', '= "colour" }'), "'colour' is no dimension"),
        (('"report-growth"', '"report-grown"'), "No observation has this id. Near it: report-growth"),
        (('from = "2020-03-31"', ""), "growth and difference, and no others"),
        (('period = "2021-03-31"', 'period = "March"'), "published.toml: .*period: "),
    ],
)
def test_a_faulty_mapping_is_refused_with_file_entry_and_rule(council, change, said):
    assert change[0] in MAPPING
    with pytest.raises(CatalogueError, match=f"(?s){said}"):
        check_published("newtown", council(MAPPING.replace(*change)))


def test_a_mapping_that_is_no_text_is_refused(council):
    ledger = council()
    (ledger.path / "published.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="cannot be read as UTF-8"):
        check_published("newtown", ledger)
