"""The pages behind the outlook say what was worked out, and what could not be."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from careshape.errors import CallError
from careshape.evaluate.forecast import Lever
from careshape.evaluate.need import need
from careshape.evaluate.population import population
from careshape.home import Home
from careshape.records.official import add_file
from careshape.statement.addresses import address
from careshape.statement.council import open_council
from careshape.statement.outlook import beside
from careshape.statement.outlook.people import span
from careshape.statement.outlook.report_views import report_paths
from careshape.statement.outlook.reports import KINDS, report, verdict
from careshape.statement.outlook.sureness import origins_of, tried
from careshape.statement.outlook.whatif import lever_words
from careshape.statement.pictures import Difference, draw_differences
from tests.statement.outlook.conftest import make_council


def rows_of(council, page, section):
    found = report(council, page).section(section)
    return {row.heads: [cell.text for cell in row.cells] for row in found.table.rows}


def test_population_page_gives_the_published_totals_back(council):
    people = population(council.outlook.home, "worcestershire")
    first, last = span(council, people)
    assert (first, last) == (2021, 2030)
    cells = rows_of(council, "people", "projection")[("65 and over", "Wychavon")]
    assert cells[-2] == f"{round(people.total('wychavon', 2030, (65, None))):,}"
    assert "spread from published totals" in report(council, "people").lead


def test_districts_rank_by_growth(council):
    rows = rows_of(council, "people", "districts")
    growth = [int(cells[2].strip("+%")) for cells in rows.values()]
    assert growth == sorted(growth, reverse=True)
    assert [cells[3] for cells in rows.values()] == [str(place) for place in range(1, 7)]


def test_need_page_gives_people_times_rate_with_the_interval(council):
    row = need(council.outlook.home, "worcestershire", "dementia", years=[2021]).rows[0]
    cells = rows_of(council, "need", "conditions")[("Dementia, 65 and over",)]
    assert cells[0] == f"{round(row['value']):,}"
    assert cells[1] == f"{round(row['lower_95']):,} to {round(row['upper_95']):,}"


def test_need_page_says_what_is_missing_and_what_others_buy(council):
    found = report(council, "need")
    assert any("mobility" in line for line in found.section("missing").listed)
    assert "has entered no register of young people" in found.section("coming-of-age").said[0]
    markets = rows_of(council, "need", "outside")
    assert markets[("Home care", "Paid for by the NHS")][:2] == ["together", ""]
    assert "the council has to enter it, with its source" in markets[("Home care", "Paid for by the NHS")][2]
    own = markets[("Home care", "Paid for by people themselves")]
    assert own[2].startswith("Estimated: from what the council buys, by its share of the market")
    for payer in ("people themselves", "the NHS"):
        cells = markets[("Care homes, older people", f"Paid for by {payer}")]
        assert " to " in cells[1]
        assert cells[2].startswith("Estimated: ")
    listed = found.section("outside").listed
    assert any("England, not this place" in line for line in listed)
    assert len([line for line in listed if "25.8% of 314,839 people" in line]) == 1


def test_every_condition_has_a_picture_and_its_districts(council):
    found = report(council, "need")
    drawn = [heads[0] for heads in rows_of(council, "need", "conditions")]
    assert [leaf.title for leaf in found.leaves] == drawn
    assert len(drawn) > 20
    for leaf in found.leaves:
        one, *districts = found.on(leaf.id)
        assert [each.id for each in districts] in ([], [f"{one.id}-districts"])
        assert one.table.rows
        # where a study gives no limits the picture has no band and the page says why
        bands = [column.title for column in one.table.columns]
        assert ("95% interval" in bands) != one.said[-1].startswith("No interval.")
        assert ("No interval is known" in one.chart.description) == one.said[-1].startswith("No interval.")


def test_pages_of_what_is_to_come_can_be_read(client, council):
    """Charts aside, none is longer than 300 kB, and each with more than a few parts lists them."""
    for name in KINDS:
        page = client.get(address("worcestershire", name))
        assert page.status_code == 200
        text = re.sub(r"<svg.*?</svg>", "", page.content.decode(), flags=re.DOTALL)
        assert len(text) < 300_000
        found = report(council, name)
        listed = len(found.on("")) > 3 or bool(found.leaves)
        assert ('aria-label="On this page"' in text) == listed
        for leaf in found.leaves:
            assert address("worcestershire", f"{name}-leaf", leaf.id) in text


def test_a_condition_has_a_page_of_its_own(client):
    page = client.get("/worcestershire/need/dementia/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "<h1" in text
    assert "Dementia, 65 and over" in text
    assert "/worcestershire/need/dementia.csv" in text
    assert client.get("/worcestershire/need/dementias/").status_code == 404
    assert client.get("/worcestershire/supply/dementia/").status_code == 404


def test_pages_of_their_own_are_exported(council):
    paths = list(report_paths(council))
    assert "/worcestershire/need/dementia/" in paths
    assert len(paths) == len(set(paths))


def test_districts_of_a_condition_add_up_to_the_council(council):
    (row,) = need(council.outlook.home, "worcestershire", "falls", years=[2030]).rows
    cells = rows_of(council, "need", "falls-districts")
    assert len(cells) == 6
    assert sum(int(one[0].replace(",", "")) for one in cells.values()) == pytest.approx(row["value"], abs=3)
    assert report(council, "need").section("dementia-districts").chart is not None


def test_young_people_are_shown_by_likely_service_and_few_are_withheld(tmp_path):
    data = make_council(tmp_path)
    (data / "councils" / "worcestershire" / "coming-of-age.csv").write_text(
        "year,need,likely_service,district,people,probability\n"
        "2024,learning-disability,supported-living,wychavon,12,0.5\n2024,autism,supported-living,redditch,3,1\n",
        "utf-8",
    )
    found = KINDS["need"].make(open_council(data, "worcestershire")).section("coming-of-age")
    rows = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in found.table.rows}
    assert rows["Learning disability"][:3] == ["Supported living", "12", "6"]
    assert rows["Autism"] == ["Supported living", "fewer than 5", "suppressed", "suppressed"]
    assert [record["people"] for record in found.table.records] == ["fewer than 5", 12], "nor does the download tell"


def test_scenarios_stand_beside_what_is_expected_without(council):
    rows = rows_of(council, "scenarios", "people")
    assert ("As things go on",) in rows
    assert ("More people take a direct payment",) in rows
    left = report(council, "scenarios").section("levers").listed
    assert any(line.startswith("Eighteen more in Shared Lives: not worked out.") for line in left)
    words = [row.cells[0].text for row in report(council, "scenarios").section("levers").table.rows]
    assert any("Share of direct payments among direct payments and home care" in text for text in words)


def test_lever_is_said_in_words():
    lever = Lever(kind="price", service="home-care", path=({"on": date(2022, 4, 1), "value": 1.1},))
    assert lever_words(lever) == "Cost of a person's week in home care: +10% on 1 April 2022"
    lever = Lever(kind="leaving", service="nursing", group="older-people", path=({"on": "2022-04-01", "value": 0.85},))
    assert lever_words(lever) == "Odds of leaving nursing care, older people: \u221215% on 1 April 2022"


def test_costs_page_carries_the_caveat_of_each_figure(council):
    found = report(council, "costs").section("comparison")
    assert all("Source:" in line for line in found.listed)
    assert any("11th of 12" in cell.text for row in found.table.rows for cell in row.cells)


def test_costs_of_a_model_are_moved_to_the_year_paid_or_not_compared(council, monkeypatch):
    moved = report(council, "costs").section("fees")
    (row,) = [row for row in moved.table.rows if row.heads == ("An hour of home care",)]
    assert moved.table.title.endswith("on 31 March 2021")
    assert "at the prices of 2020/21" in moved.said[1]
    assert row.cells[1].numeric, "providers paid less are counted"

    def no_series(model, year):
        raise CallError(f"The series has no number for {year}.")

    monkeypatch.setattr(beside, "uplift", no_series)
    apart = beside.beside_report(council).section("fees")
    (row,) = [row for row in apart.table.rows if row.heads == ("An hour of home care",)]
    assert [cell.text for cell in row.cells[1:]] == ["not compared"] * 4
    assert any("which are not the same pounds. The series has no number" in line for line in apart.listed)


def test_chart_of_scores_says_its_unit(council):
    assert ", in people." in report(council, "accuracy").section("scores-service").chart.description


def test_forecast_is_tried_only_where_records_are_long_enough(council):
    spells = council.outlook.made.forecast.rates.spells
    days = origins_of(spells)
    # 39 months: the longest horizon within a third of them is 12 months, and half of them lie before each trial.
    assert len(days) == 3
    assert [trial.origin for trial in tried(council).trials] == days
    assert verdict(council).startswith("By service, 12 months ahead: 80% intervals covered")


def test_accuracy_page_tries_what_is_printed_and_says_on_what(council):
    found = report(council, "accuracy")
    people = council.outlook.made.forecast.rates.population
    assert any(f"with the population ({people.label})" in note for note in found.notes)
    assert any("from 3 days, with 200 draws" in note for note in found.notes)


def test_forecasts_own_page_tells_how_such_forecasts_did(client, council):
    said = verdict(council)
    text = client.get("/worcestershire/outlook/home-care/").content.decode("utf-8")
    assert f"Tried against the past: {said}" in text


def test_accuracy_page_sets_three_simple_methods_beside_the_forecast(council):
    found = report(council, "accuracy").section("scores-service")
    assert [column.title for column in found.table.columns] == [
        "This forecast", "Flat line", "Straight line", "Plain Markov",
    ]  # fmt: skip
    assert found.chart is not None


def test_differences_are_described_and_none_are_refused():
    rows = [Difference("More", 5.0, 2.0, 9.0, "+5"), Difference("Less", -3.0, -4.0, -1.0, "\u22123")]
    chart = draw_differences("d", "What changes", "persons", rows)
    assert "The greatest is +5 (More), the least \u22123 (Less)." in chart.description
    with pytest.raises(CallError, match="nothing to compare"):
        draw_differences("d", "What changes", "persons", [])


@pytest.mark.parametrize("name", ["supply/beds.csv", "scenarios/more.toml", "prevalence/observed.csv", "segments.toml",
                                  "directions.toml", "coming-of-age.csv", "outside.toml"])  # fmt: skip
def test_council_is_opened_anew_when_what_it_keeps_changes(tmp_path, name):
    data = make_council(tmp_path)
    first = open_council(data, "worcestershire")
    assert first is open_council(data, "worcestershire")
    path = data / "councils" / "worcestershire" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("", "utf-8")
    assert open_council(data, "worcestershire") is not first


def test_council_is_opened_anew_when_statistics_are_loaded(tmp_path):
    data = make_council(tmp_path)
    first = open_council(data, "worcestershire")
    folder = data / "statistics" / "snpp" / "2018-based"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}", "utf-8")
    assert open_council(data, "worcestershire") is not first


@pytest.mark.data
def test_neighbourhoods_have_a_map_and_a_list_where_their_estimates_are_loaded(tmp_path):
    source = Path(__file__).parents[4] / "shared" / "data" / "population"
    names = ("mye2020_lsoa11_england_single_age_persons.csv.gz", "snpp_2018based_principal_la_age_sex_2018_2043.csv.gz")
    if not all((source / name).is_file() for name in names):
        pytest.skip("the official files are not beside this checkout")
    data = make_council(tmp_path)
    for name in names:
        add_file(Home(data), source / name)
    found = KINDS["people"].make(open_council(data, "worcestershire"))
    section = found.section("neighbourhoods")
    # Worcestershire has 364 neighbourhoods of 2011, each on the map and in the list.
    assert len(section.table.rows) == 364
    assert "Map of 364 areas" in section.chart.description
    assert found.lead.startswith("Figures are an official projection")


def test_long_table_of_need_opens_on_request(client):
    page = client.get("/worcestershire/need/").content.decode()
    section = page.partition('id="outside"')[2].partition("</section>")[0]
    assert section.index("<details") < section.index("<table")
    assert "Methods and sources (" in page.partition('id="how"')[2]
