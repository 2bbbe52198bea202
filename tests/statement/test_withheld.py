"""What an edition withholds: written as suppressed everywhere, and never worked out from again."""

from __future__ import annotations

from fractions import Fraction

import pytest

from careshape.evaluate.measure import Result, measure
from careshape.statement.arrange import arrange
from careshape.statement.calls import Place
from careshape.statement.charts import draw
from careshape.statement.council import Council
from careshape.statement.expressions import parse
from careshape.statement.figures import FigureBook
from careshape.statement.fill import fill
from careshape.statement.formatting import Withheld
from careshape.statement.functions import read
from careshape.statement.spec import TableSpec

HERE = Place("test.md", 1)
FEW = Withheld("fewer than 5 people")


class _Few(Result):
    """A result that withholds what is below five."""

    def value_of(self, cell, places=None):
        return FEW if cell.exact is not None and 0 < cell.exact < 5 else super().value_of(cell, places)


def _ask(*given, **named):
    found = measure(*given, **named)
    return _Few(found.measure, found.dimensions, found.cells, found.posting, found.periods)


@pytest.fixture
def book(council: Council) -> FigureBook:
    return FigureBook(council.sources, read, ask=_ask)


@pytest.mark.parametrize(
    "text",
    [
        'measure("care_home_people", period="2021-03-31", district="redditch")',
        'growth(measure("care_home_people", period="2021-03-31", district="redditch"), observation("W-PF-009"))',
        'sum(observation("W-PF-009"), measure("care_home_people", period="2021-03-31", district="redditch"))',
        'share(measure("care_home_people", period="2021-03-31", district="redditch"), observation("W-PF-009"))',
        'largest("care_home_people", by="district", period="2021-03-31")',
        'rank("care_home_people", by="district", district="redditch", period="2021-03-31")',
    ],
)
def test_figure_withheld_or_made_from_it_is_suppressed_with_the_reason(book, text):
    figure = book.figure(parse(text, HERE))
    assert (figure.text, figure.value, figure.problem) == ("suppressed", FEW, "")


def test_figure_above_the_threshold_stays(book):
    assert book.figure(parse('measure("care_home_people", period="2021-03-31")', HERE)).value == 5


@pytest.fixture
def table(book):
    spec = TableSpec.model_validate(
        {
            "id": "few", "title": "People by district", "measure": "care_home_people", "rows": "district",
            "period": "2021-03-31", "total": True, "chart": "bar",
        }
    )  # fmt: skip
    return fill(book, spec)


def test_table_says_suppressed_in_page_and_downloads_and_why(table):
    texts = {row.heads[0]: row.cells[0].text for row in table.rows}
    assert texts == {"Redditch": "suppressed", "Wychavon": "suppressed", "Total": "5"}
    assert table.withheld == (("fewer than 5 people", 2),)
    assert "suppressed" in table.as_csv()
    assert '"value": "suppressed"' in table.as_json()


def test_table_with_withheld_cells_sorts_them_apart_from_numbers(table):
    arranged = arrange(table, {"sort": "1"})
    assert [row.cells[0].text for row in arranged.table.rows] == ["suppressed", "suppressed", "5"]


def test_chart_draws_nothing_of_what_is_withheld(table):
    assert draw(table) is None
    assert Fraction(1) not in [cell.value for row in table.rows for cell in row.cells]
