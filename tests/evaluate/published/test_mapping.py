"""The mapping takes every published cell that line items can give, and says of every other why not."""

from __future__ import annotations

import pytest

from careshape.errors import CatalogueError
from careshape.evaluate.published import left_out, mapping
from careshape.evaluate.published.mapping import parse_mapping
from careshape.records import dataset, observations

TABLES = ("06", "07", "09", "10", "13", "14", "16", "17", "20", "21", "22", "23", "26", "27", "28", "29")


def counted_rows(authority: str) -> list[str]:
    """Ids of the rows that the [[count]] entries take, found without the checking code."""
    files = {entry.file.removesuffix(".csv"): name for name, entry in dataset(authority).tables.items()}
    found = []
    for count in mapping(authority).count:
        for row in observations(authority).find(table=files[count.file]):
            if all(row.get(column) == value for column, value in count.rows.items()):
                found.append(row.id)
    return found


def test_every_cell_of_the_tables_that_line_items_give_is_taken_once():
    taken = counted_rows("worcestershire")
    published = [row.id for table in TABLES for row in observations("worcestershire").find(table=f"table-{table}")]
    assert sorted(taken) == sorted(published)
    assert len(taken) == 276


@pytest.mark.parametrize("authority", ["worcestershire", "thurrock"])
def test_every_prose_figure_is_taken_or_left_with_a_reason(authority):
    tables = {"prose-figures", "key-statistics"}
    figures = {row.id for row in observations(authority) if row.table in tables}
    taken = {figure.row for figure in mapping(authority).figure} | {i for i in counted_rows(authority) if i in figures}
    left = {figure for figure in left_out() if figure in figures}
    assert not taken & left
    assert taken | left == figures


def test_every_reason_is_a_sentence():
    assert all(len(reason) > 5 and reason.endswith(".") for reason in left_out().values())


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('[[figure]]\nrow = "W-PF-1"\nmeasure = "no_such"\nperiod = "2021"', "no measure is called 'no_such'"),
        (
            '[[figure]]\nrow = "W-PF-1"\nmeasure = "cost"\nperiod = "2021"\nwhere = { colour = "x" }',
            "'colour' is no dimension",
        ),
        ('[[count]]\nfile = "table-06"\nmeasure = "cost"\ncolumns = { area = "place" }', "'place' is no dimension"),
        ('[[count]]\nfile = "table-06"\nmeasure = "cost"\nsize = 3', "'count 1', field 'size' has value 3"),
        ('[[figure]]\nrow = "W-PF-1"\nmeasure = "cost"\nperiod = "soon"', "'figure W-PF-1'"),
        ('figure = "W-PF-1"', "field 'figure'"),
        ("[[figure\n", "It must be a file of TOML"),
    ],
)
def test_faulty_mapping_is_refused_with_file_and_entry(text, rule):
    with pytest.raises(CatalogueError, match=r"x\.toml") as error:
        parse_mapping(text, "x.toml")
    assert rule in str(error.value)
