"""The slots of a segment: their rules, their states, and how pages show them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from careshape.errors import InputError
from careshape.statement.content import load_statement
from careshape.statement.council import Council
from careshape.statement.slots import SLOTS, Rule, Rules, Slot, read_rules, resolved, slot_texts, uk_today
from careshape.statement.text import parts, review_day
from tests.statement.sample import write_text

TODAY = date(2026, 11, 22)


def slot(review: date | None) -> Slot:
    return Slot("need", "Text.", 1, "Commissioning manager", review, None)


@pytest.mark.parametrize(
    ("review", "state"),
    [
        (None, "written"),
        (date(2026, 12, 23), "written"),  # 31 days ahead
        (date(2026, 12, 22), "due"),
        (date(2026, 11, 22), "due"),
        (date(2026, 11, 21), "overdue"),
    ],
)
def test_a_slot_falls_due_a_month_before_its_date_and_overdue_the_day_after(review, state):
    assert slot(review).state(TODAY, written=True) == state
    assert slot(review).state(TODAY, written=False) == "empty"


def test_what_is_said_of_one_slot_stands_over_what_is_said_of_all():
    of_segment = Rules(Rule("Home care manager", date(2027, 1, 1)), {"price": Rule(review=date(2027, 2, 2))})
    of_statement = Rules(Rule("Manager"), {"price": Rule("Fees manager", date(2027, 3, 3), date(2026, 1, 1))})
    assert resolved("need", of_segment, of_statement) == Rule("Home care manager", date(2027, 1, 1))
    assert resolved("price", of_segment, of_statement) == Rule("Fees manager", date(2027, 2, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("x", "must be a table"),
        ({"onwer": "x"}, "no field 'onwer'. Near matches: owner"),
        ({"owner": " "}, "name of a post"),
        ({"owner": "jo@example.org"}, "reads like a person"),
        ({"prices": {}}, "no slot 'prices'. Near matches: price"),
        ({"price": {"review": 2027}}, "[slots.price]: 'review' is 2027"),
        ({"moved_percent": 101}, "whole number from 0 to 100"),
        ({"moved_percent": True}, "whole number from 0 to 100"),
    ],
)
def test_rules_that_cannot_be_are_refused_with_their_place(raw, says):
    with pytest.raises(InputError) as raised:
        read_rules(raw, "a.md")
    assert says in str(raised.value)
    assert str(raised.value).startswith("a.md: ")


def test_slot_texts_gives_each_text_below_its_heading_and_passes_others_by():
    text = "\n## What is needed\n\nA.\n\n### More\n\nB.\n\n## Another\n\nC.\n\n## What it costs\n"
    assert slot_texts(text) == {"need": ("A.\n\n### More\n\nB.", 1), "price": ("", 13)}


def test_a_segment_has_nine_slots_and_a_page_of_context_none(tmp_path):
    statement = load_statement(write_text(tmp_path / "s"))
    assert [one.id for one in statement.segments["care-homes"].slots] == list(SLOTS)
    assert statement.segments["population"].slots == ()
    owners = {one.id: one.owner for one in statement.segments["care-homes"].slots}
    assert (owners["price"], owners["need"]) == ("Fees manager", "Commissioning manager")


def test_a_slot_without_a_heading_stands_in_its_place_with_nothing_in_it(council: Council):
    assert council.statement is not None
    found = parts(council, council.statement.segments["care-homes"], lambda call, level: "")
    assert [part.title for part in found] == list(SLOTS.values())
    assert [part.slot.id for part in found if part.slot and not part.html] == [
        "gap", "quality", "price", "views", "opportunities",
    ]  # fmt: skip


def test_in_an_edition_dates_are_compared_with_the_day_of_its_records(council: Council):
    assert review_day(council) == uk_today()
    assert review_day(replace(council, edition="Edition 1")) == date(2021, 6, 30)
