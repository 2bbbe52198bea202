"""Words that claim a place or a direction, against the table beside them."""

from __future__ import annotations

from datetime import date

import pytest

from careshape.statement.claims_of_tables import against_tables
from careshape.statement.expressions import find_expressions
from careshape.statement.formatting import Withheld
from careshape.statement.tables import Cell, Column, Row, Table


def row(label, *values, total=False):
    return Row((label,), tuple(Cell(value, str(value)) for value in values), total)


TABLE = Table(
    "hours", "Hours of home care by district", ("District",),
    (Column("March 2020", "a", True, day=date(2020, 3, 31)), Column("March 2021", "b", True, day=date(2021, 3, 31))),
    (
        row("Redditch", 3_900, 3_575), row("Wyre Forest", 7_000, 7_652), row("Worcester", 4_132, 5_753),
        row("Wychavon", 1, Withheld("too few")), row("All", 15_033, 16_980, total=True),
    ),
    (),
)  # fmt: skip


def said_of(text, shown='{{ table("hours") }}', table=TABLE):
    text = f"## What is needed\n\n{text}\n\n{shown}\n\n## What there is\n\nSome.\n"
    return [one.message for one in against_tables(text, find_expressions(text, "a.md")[0], {"hours": table}.get)]


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("Most hours are in Redditch.", "'Most' of Redditch"),
        ("Redditch has the most hours.", "'the most' of Redditch"),
        ("More hours go to Worcester than to any other district.", "'More' of Worcester"),
        ('Worcester, with {{ measure("hours") }}, has the largest number of hours.', "'the largest' of Worcester"),
        ("Wyre Forest has the fewest hours.", "'the fewest' of Wyre Forest"),
        ("Fewest hours are in Worcester.", "'Fewest' of Worcester"),
        ("In Worcester hours fell since March of the year before.", "'fell' of Worcester"),
        ("Hours rose in Redditch.", "'rose' of Redditch"),
        ("In Redditch the hours of care have risen.", "'risen' of Redditch"),
    ],
)
def test_a_planted_contradiction_between_text_and_table_is_found(text, of):
    found = said_of(text)
    assert len(found) == 1, found
    assert of in found[0]


def test_it_says_what_the_table_says():
    assert said_of("Most hours are in Redditch.") == [
        "The text says 'Most' of Redditch, and in the table 'Hours of home care by district' it is Wyre Forest in "
        "'March 2020'. Put the word or the name right."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Most hours are in Wyre Forest, and hours rose in Worcester.",
        "Wyre Forest has the most hours. In Redditch hours fell.",
        "Most providers are in Redditch.",  # nothing in common with what the table shows
        "Most people in Redditch are older, and want hours.",
        "Redditch has the most expensive hours of home care.",
        "Redditch has the most providers of home care, and hours to spare.",
        "The costs of hours rose in Redditch.",
        "Prices of home care rose in Redditch.",
        "Most hours are in Redditch and Wyre Forest.",
        "Redditch has not the most hours.",
        "If hours rose in Redditch, we would ask.",
        "Hours rose in Redditch, and fell in Worcester.",  # of two rows: not read
        "Hours in Wychavon fell.",  # one of its two is withheld
    ],
)
def test_words_that_a_table_bears_out_or_that_are_of_something_else_pass(text):
    assert said_of(text) == []


def test_a_table_of_another_part_of_the_page_contradicts_nothing():
    assert said_of("Most hours are in Redditch.", shown="") == []
    assert said_of("Most hours are in Redditch.", shown='{{ chart("hours") }}')
