"""What is to come, in the text of a statement: figures with their cards, charts and tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from careshape.evaluate.gap.supply import ALL
from careshape.evaluate.need import need
from careshape.statement.blocks import block_context
from careshape.statement.calls import Place
from careshape.statement.council import open_council
from careshape.statement.expressions import parse
from careshape.statement.figures import FigureBook, Lookout
from careshape.statement.formatting import day
from careshape.statement.functions import read
from careshape.statement.lint import lint
from careshape.statement.outlook.tables import series_table
from careshape.statement.search import a_to_z, search
from tests.statement.outlook.conftest import make_council

HERE = Place("a.md", 1)


def figure(council, text):
    """The figure of an expression, with all that a forecast can say at hand."""
    outlook = Lookout(council.outlook.home, council.slug, lambda: council.outlook)
    return FigureBook(replace(council.sources, outlook=outlook), read).figure(parse(text, HERE))


def test_forecast_gives_the_figure_of_the_outlook_with_its_interval(council):
    found = figure(council, 'forecast("home-care", year="2024")')
    gap = next(one for one in council.outlook.gaps_of("home-care", ALL, ALL) if one.on.year == 2024)
    assert found.value == round(gap.demand.mean)
    limits = gap.demand.limits()
    lines = {line.label: line for line in found.card.lines}
    assert lines["80% interval"].text == f"{round(limits['lower_80']):,} to {round(limits['upper_80']):,}"
    assert lines["How it was reached"].item == "home-care/all/all"
    assert "semi-Markov" in lines["Method"].text


def test_forecast_without_a_year_is_of_the_day_that_the_outlook_sums_up_by(council):
    year = council.outlook.origin.year + council.outlook.ahead
    text = figure(council, 'forecast("home-care")')
    assert text.value == figure(council, f'forecast("home-care", year="{year}")').value
    assert figure(council, "coming()").value == f"June {year}"


def test_forecast_of_districts_adds_up_to_the_whole(council):
    parts = [figure(council, f'forecast("home-care", year="2023", area="{one}")').value
             for one in ("wychavon", "redditch", "worcester")]  # fmt: skip
    assert sum(parts) == pytest.approx(figure(council, 'forecast("home-care", year="2023")').value, abs=2)


def test_need_gives_people_times_rate_with_its_interval(council):
    row = need(council.outlook.home, "worcestershire", "dementia", "wychavon", [2030]).rows[0]
    found = figure(council, 'need("dementia", year="2030", area="wychavon")')
    assert found.value == round(row["value"])
    text = {line.label: line.text for line in found.card.lines}
    assert text["95% interval"] == f"{round(row['lower_95']):,} to {round(row['upper_95']):,}"
    assert text["Study"] == row["study"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('forecast("home-cares", year="2024")', "Near matches: home-care"),
        ('forecast("home-care", year="2050")', "The forecast covers 2022 to 2030, not 2050."),
        ('forecast("home-care", year="soon")', 'needs year=, such as year="2030"'),
        ('forecast("home-care", year="2024", area="mars")', "mars"),
        ('need("dementias", year="2030")', "Near matches: dementia"),
        ('need("dementia", year="1999")', "begins in 2018"),
    ],
)
def test_figure_of_what_is_not_there_says_why(council, text, said):
    assert said in figure(council, text).problem


def test_outlook_block_shows_sentence_chart_and_values(client, council):
    context = block_context(council, parse('outlook("home-care")', HERE))
    (shown,) = context["shown"]
    assert shown.said.startswith("By June 2024: about ")
    assert shown.chart.svg.startswith("<svg")


def test_gap_table_has_a_row_for_each_group_and_year(council):
    context = block_context(council, parse('gap_table("supported-living")', HERE))
    assert [row.heads[0] for row in context["table"].rows] == ["June 2022", "June 2024", "June 2026", "June 2030"]


def test_block_of_a_council_without_records_says_so(made):
    thurrock = open_council(made, "thurrock")
    context = block_context(thurrock, parse('outlook("home-care")', HERE))
    assert context["problem"].startswith("No records have been imported yet")


def test_statement_page_shows_the_block_and_the_lint_knows_its_names(tmp_path):
    data = make_council(tmp_path)
    folder = data / "councils" / "worcestershire" / "statement"
    path = folder / "02-care-homes.md"
    whole = path.read_text("utf-8")
    path.write_text(whole.replace("## What there is", '{{ outlook("home-care") }}\n\n## What there is'), "utf-8")
    assert lint("worcestershire", folder) == []
    path.write_text(whole.replace("## What there is", '{{ outlook("home-car") }}\n\n{{ gap_table("home-care", '
                                  'client_group="autism") }}\n\n## What there is'), "utf-8")  # fmt: skip
    first, second = lint("worcestershire", folder)
    assert "Near matches: home-care" in first.message
    assert "is not shown for 'autism'" in second.message


def test_search_and_the_list_of_all_pages_know_the_outlook(council):
    assert search(council, "supported living to come")[0].entry.href == "/worcestershire/outlook/supported-living/"
    titles = [entry.title for entries in a_to_z(council).values() for entry in entries]
    for title in ("Population", "Need", "Scenarios", "How good are these forecasts?"):
        assert title in titles


def test_paper_leaves_out_the_quarters_between_years_and_the_data_has_them_all(council):
    found = series_table(council.outlook, council.outlook.segments["home-care"], ALL)
    printed = [row.heads[0] for row in found.rows if not row.between]
    past, coming = council.outlook.series(council.outlook.segments["home-care"], ALL)
    last = past[-1].day
    assert len(found.records) == len(found.rows) == len(past) + len(coming)
    # The month of the latest record in each year, and the last day that is expected.
    days = [one.day for one in (*past, *coming)]
    assert printed == [day(one) for one in days if one.month == last.month or one == days[-1]]
    assert len(printed) < len(found.rows) / 3
