"""Funnels on the page of costs: which figures have one, and what stands beside it."""

from __future__ import annotations

import pytest

from careshape.evaluate.cost import benchmark
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.records.official import add_file
from careshape.statement.council import open_council
from careshape.statement.outlook.beside import beside_report
from careshape.statement.outlook.funnels import funnels

PEOPLE = {"Worcestershire": (654, 137_439)} | {
    f"Council {n:02d}": (400 + 10 * n, 60_000 + 5_000 * n) for n in range(1, 13)
}


@pytest.fixture
def home(tmp_path):
    """A made-up file of the framework, laid out as published: admissions and people of thirteen councils."""
    head = (
        "Geographical Code,Geographical Description,Geographical Level,ONS Code,ASCOF Measure Code,"
        "Disaggregation Level,Measure Type,Measure Value,Measure Group,Measure Group Description"
    )
    lines = [head]
    for number, (name, (above, below)) in enumerate(PEOPLE.items()):
        code = "E10000034" if name == "Worcestershire" else f"E060000{number:02d}"
        for kind, value in (
            ("Outcome", f"{100_000 * above / below:.1f}"),
            ("Numerator", above),
            ("Denominator", below),
        ):
            lines.append(f"1,{name},Council,{code},2A2,Total,{kind},{value},2A2,Admissions")
    file = tmp_path / "ascof-2020-21.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = Home(tmp_path / "data")
    add_file(found, file)
    return found


def test_a_funnel_has_every_council_with_its_limits_beside_it(home):
    made = benchmark(home, "worcestershire", "admissions-65")
    (section,) = funnels([made])
    assert section.id == "funnel-admissions-65"
    assert section.chart is not None
    assert [row.heads[0] for row in section.table.rows] == sorted(
        PEOPLE, key=lambda name: (name != "Worcestershire", name)
    )
    own = [cell.text for cell in section.table.rows[0].cells]
    assert own[:2] == ["137,439", "475.8"]
    low, high = made.own.limits["95"]
    assert own[2] == f"{low:,.1f} to {high:,.1f}"
    assert own[4] == made.own.position
    where = "inside the 95% limits" if made.own.position == "inside" else made.own.position
    assert section.said[0].endswith(f"The council lies {where}.")
    record = section.table.records[0]
    assert (record["people"], float(record["target"])) == (137_439, pytest.approx(made.target, abs=0.05))
    assert record["caveat"] == made.caveat


def test_figures_without_counts_have_no_funnel(home):
    assert funnels([]) == []
    printed = benchmark(Home(home.path / "empty"), "worcestershire", "nursing-unit-cost-65")
    assert funnels([printed]) == []


def test_each_figure_has_a_page_with_every_council(home):
    Ledger.create(home.council_path("worcestershire"), "worcestershire", demonstration=True)
    found = beside_report(open_council(home.path, "worcestershire"))
    assert found.leaves[-1].title == "Admissions to care homes, 65 and over, per 100,000, 2020/21"
    funnel, areas = found.on("admissions-65")
    assert {row.heads[0] for row in areas.table.rows} == set(PEOPLE)
    assert len(funnel.table.rows) == len(PEOPLE)
    every = found.section("areas")
    # all figures in one file, and on no page
    counted = [len(one.table.records) for one in found.sections if one.id.startswith("areas-")]
    assert (len(every.table.records), every.shown, every.page) == (sum(counted), False, "")
