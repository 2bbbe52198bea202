"""Measures as entries: what the schema refuses, and that every shipped entry can be counted."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from careshape.errors import CallError, CatalogueError
from careshape.evaluate.measure import measure, measures
from careshape.evaluate.measure.entry import find_measure, parse_measures
from careshape.evaluate.measure.evaluate import open_context
from careshape.evaluate.measure.unmet import is_unmet

from .conftest import RowLedger, row

ENTRY = """
[[measure]]
id = "nights_here"
label = "Nights"
kind = "nights"
unit = "nights"
[measure.card]
what = "Nights that somebody spent somewhere."
source = "The ledger."
formula = "Last day less first day."
updated = "Daily."
limitations = "None known."
"""


def test_entry_is_read_with_its_card():
    assert parse_measures(ENTRY, "own.toml")["nights_here"].card.source == "The ledger."


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (('kind = "nights"', 'kind = "evenings"'), "kind"),  # not a kind of counting
        (('id = "nights_here"', 'id = "Nights here"'), "id"),  # ids are small letters and underscores
        (('unit = "nights"', 'unit = "nights"\ncolour = "red"'), "colour"),  # no such field
        (('unit = "nights"', 'unit = "nights"\nwhere = { colour = "red" }'), "entry"),  # no such dimension
        (('unit = "nights"', 'unit = "nights"\nwhere = { service = "hotel" }'), "where.service"),  # no such service
        (('kind = "nights"', 'kind = "share"\nnumerator = "cost"'), "entry"),  # a share of nothing
        (('kind = "nights"', 'kind = "share"\nnumerator = "gold"\ndenominator = "cost"'), "numerator"),  # no measure
        (('unit = "nights"', 'unit = "nights"\ndecimals = -1'), "decimals"),  # printed figures have no such precision
        (
            ('what = "Nights that somebody spent somewhere."', 'what = "Nights"'),
            "card.what",
        ),  # a card must say something
    ],
)
def test_faulty_entry_is_refused_by_file_entry_and_field(change, field):
    with pytest.raises(CatalogueError) as error:
        parse_measures(ENTRY.replace(*change), "own.toml")
    assert error.value.file == "own.toml"
    assert error.value.field == field


def test_second_entry_of_the_same_id_is_refused():
    with pytest.raises(CatalogueError, match="ids are unique"):
        parse_measures(ENTRY + ENTRY, "own.toml")


def test_own_measures_stand_beside_the_packaged_ones(tmp_path, monkeypatch):
    (tmp_path / "measures.toml").write_text(ENTRY, "utf-8")
    monkeypatch.setenv("CARESHAPE_MEASURES", str(tmp_path / "measures.toml"))
    assert {"nights_here", "bed_nights"} <= set(measures())
    monkeypatch.setenv("CARESHAPE_MEASURES", str(tmp_path / "lost.toml"))
    with pytest.raises(CallError, match=r"lost\.toml"):
        measures()
    monkeypatch.delenv("CARESHAPE_MEASURES")
    assert "nights_here" not in measures()


def test_unknown_measure_names_near_ones():
    with pytest.raises(CallError, match="bed_nights"):
        find_measure("bed_night")


def test_every_measure_can_be_counted_and_split(make_ledger):
    rows = [row(1, "2020-01-01", None, person=1, service="nursing", weekly_cost=70000, district="redditch")]
    context = open_context(make_ledger(rows))
    for name, entry in measures().items():
        if is_unmet(entry):  # counts rows of its own: see test_unmet
            continue
        assert len(measure(context, name, period="2020/21").cells) == 1, name
        if entry.population is None:
            measure(context, name, by=["district", "financial_year"], period="2019/20:2020/21")


def test_share_of_nothing_is_not_known_rather_than_nought(make_ledger):
    context = open_context(make_ledger([row(1, "2020-01-01", None, person=1, service="nursing")]))
    assert measure(context, "not_for_profit_share", period="2020/21").value is None


def test_share_is_within_the_cell_or_of_all(make_ledger):
    rows = [
        row(1, "2020-01-01", None, person=1, service="supported-living", component="package"),
        row(2, "2020-01-01", None, person=1, service="supported-living", component="visits"),
        row(3, "2020-01-01", None, person=2, service="supported-living", component="visits"),
    ]
    context = open_context(make_ledger(rows))
    shares = measure(context, "supported_living_share", by=["component"], period="2020-06-30")
    assert {tuple(r.values()) for r in shares.rows} == {("package", 50), ("visits", 100)}


def test_population_rate_takes_the_latest_year_that_is_not_after_the_period(make_ledger):
    rows = [row(1, "2020-01-01", None, person=1, service="home-care", birth_month=1940 * 12)]
    context = open_context(make_ledger(rows))
    # 138,225 people of 65 and over in 2020, the sum of the six districts of Table 1.
    assert measure(context, "home_care_rate_65", period="2021-03").exact * 138_225 == 100
    with pytest.raises(CallError, match="whole council"):
        measure(context, "home_care_rate_65", by=["district"], period="2021-03")


@dataclass
class InAFolder(RowLedger):
    """A ledger in a council's folder, where its own observations may stand."""

    path: Path = Path()


def test_population_of_the_councils_own_observations_comes_before_the_packaged_one(make_ledger, tmp_path):
    lines = [row(1, "2010-01-01", person=1, service="home-care", birth_month=12 * 1940)]
    made = make_ledger(lines)
    ledger = InAFolder(made.file, made.recorded, path=tmp_path / "worcestershire")
    early = measure(ledger, "home_care_rate_65", period="2018-06").exact
    assert early is not None
    assert 0 < early < Fraction(1, 1000)
    own = ledger.path / "observations"
    own.mkdir(parents=True)
    (own / "residents.csv").write_text(
        "measure,unit,period,age_band,value\npopulation,persons,2019,65+,150\npopulation,persons,2020,65+,200\n"
        "population,persons,2020,75+,90\npopulation,persons,2022,65+,400\n"
    )
    assert measure(ledger, "home_care_rate_65", period="2021-03").exact == Fraction(100, 200)
    assert measure(ledger, "home_care_rate_65", period="2020-03").exact == Fraction(100, 200)
    # For a year before its own figures the packaged ones serve, and before those nothing does.
    assert measure(ledger, "home_care_rate_65", period="2018-06").exact == early
    with pytest.raises(CallError, match="Add one to its own observations"):
        measure(ledger, "home_care_rate_65", period="2010-03")
