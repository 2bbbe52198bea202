"""What differs between two texts, and a draft that is brought up to date."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from careshape.writing.differences import between, changes, counted
from careshape.writing.effects import stretches
from careshape.writing.merge import merge, merge_rows
from careshape.writing.particulars import first_line, rule_in, slot_text, with_rule, with_slot

PAGE = """+++
id = "a"
title = "A"
[slots.need]
owner = "Lead"
+++

## What is needed

Much.

## What we intend

More of it.
"""
MOMENT = 5.0
"""Seconds of the processor: far more than it takes, and far less than the minutes that it took."""
words = some.lists(some.sampled_from(["a", "b", "c ", "\n\n", "## X\n", '{{ m("x") }}', " "]), max_size=25).map("".join)


@given(words, words)
def test_both_texts_can_be_read_back_from_what_differs(before, after):
    found = between(before, after)
    was = "".join(piece.text for one in found for piece in one.before)
    now = "".join(piece.text for one in found for piece in one.after)
    assert was.split() == before.replace("\n\n", " ").split() or "".join(was.split()) == "".join(before.split())
    assert "".join(now.split()) == "".join(after.split())


def test_words_that_changed_are_told_with_their_heading():
    found = between(PAGE.replace("Much.", "Much is needed."), PAGE.replace("Much.", "Very much is needed."))
    assert [(one.heading, len(one.differences)) for one in stretches(found)] == [("What is needed", 1)]
    pieces = [(piece.mark, piece.text.strip()) for piece in changes(found)[0].pieces]
    assert ("removed", "Much") in pieces
    assert ("added", "Very much") in pieces
    assert counted(found) == (2, 1)
    assert changes(between(PAGE, PAGE)) == []


def test_live_figure_is_one_word():
    one, other = ('It is {{ measure("a", period="2021-03") }}.', 'It is {{ measure("a", period="2021-04") }}.')
    assert counted(between(one, other)) == (1, 1)
    marked = [piece.text for piece in changes(between(one, other))[0].pieces if piece.mark != "same"]
    assert marked == ['{{ measure("a", period="2021-03") }}', '{{ measure("a", period="2021-04") }}']


def test_what_only_one_changed_is_taken_and_what_both_changed_is_named():
    mine = PAGE.replace("Much.", "Very much.")
    theirs = PAGE.replace("More of it.", "Less of it.").replace('title = "A"', 'title = "B"')
    made = merge(PAGE, mine, theirs)
    assert made.content == PAGE.replace("Much.", "Very much.").replace("More of it.", "Less of it.").replace(
        'title = "A"', 'title = "B"'
    )
    assert made.theirs == ("the particulars", "What we intend")
    assert made.both == ()
    clash = merge(PAGE, mine, PAGE.replace("Much.", "Little."))
    assert clash.both == ("What is needed",)
    assert "Very much." in clash.content


def test_rows_are_brought_together_field_by_field_and_what_both_changed_is_named():
    base = [{"id": "1", "a": "x", "b": "y"}, {"id": "2", "a": "x", "b": "y"}, {"id": "3", "a": "x", "b": "y"}]
    mine = [{"id": "1", "a": "mine", "b": "y"}, {"id": "2", "a": "mine", "b": "y"}, {"id": "4", "a": "", "b": ""}]
    now = [{"id": "1", "a": "x", "b": "now"}, {"id": "2", "a": "now", "b": "now"}, base[2]]
    made, both = merge_rows(base, mine, now)
    assert made == [
        {"id": "1", "a": "mine", "b": "now"}, {"id": "2", "a": "mine", "b": "now"}, {"id": "4", "a": "", "b": ""},
    ]  # fmt: skip
    assert both == ("2",)


def test_heading_that_only_one_added_stays_in_its_place():
    theirs = PAGE.replace("## What we intend", "## What there is\n\nSome.\n\n## What we intend")
    made = merge(PAGE, PAGE.replace("Much.", "Very much."), theirs)
    assert made.content == theirs.replace("Much.", "Very much.")
    assert merge(PAGE, theirs, PAGE).content == theirs


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 20_000, "a b " * 10_000),
        ("a\n\n" * 20_000, "a\n\nb\n\n" * 10_000),
        ("".join(f"a {n} a\n\n" for n in range(4000)), "".join(f"a {n}x a\n\n" for n in range(4000))),
        ("{" * 20_000, "{{" * 10_001),
    ],
    ids=["words", "paragraphs", "pairs", "braces"],
)
def test_texts_made_to_hold_a_page_up_are_compared_in_a_moment(before, after):
    began = process_time()
    found = between(before, after)
    counted(found)
    assert process_time() - began < MOMENT
    assert "".join("".join(piece.text for one in found for piece in one.after).split()) == "".join(after.split())


def test_slot_is_changed_and_nothing_else():
    made = with_slot(PAGE, "need", "Little.\n\n- one\n- another")
    assert slot_text(made, "need") == "Little.\n\n- one\n- another"
    assert made.replace("Little.\n\n- one\n- another", "Much.") == PAGE
    assert with_slot(PAGE, "need", slot_text(PAGE, "need")) == PAGE
    assert made.splitlines()[first_line(made, "need") - 1] == "Little."


@pytest.mark.parametrize(
    ("slot", "before", "after"), [("supply", "Much.", "## What we intend"), ("opportunities", "More of it.", "")]
)
def test_slot_without_a_heading_gets_it_in_its_place(slot, before, after):
    made = with_slot(PAGE, slot, "Something.")
    place = made.index("Something.")
    assert made.index(before) < place
    assert not after or place < made.index(after)
    assert with_slot(made, slot, "") != PAGE, "an empty slot keeps its heading"


def test_rule_of_a_slot_is_set_beside_others_and_taken_away():
    made = with_rule(PAGE, "need", {"review": date(2031, 1, 31), "agreed": None})
    assert rule_in(made, "need") == {"owner": "Lead", "review": date(2031, 1, 31)}
    made = with_rule(made, "price", {"owner": 'The "new" lead'})
    assert rule_in(made, "price") == {"owner": 'The "new" lead'}
    bare = with_rule(with_rule(made, "need", {"owner": None, "review": None}), "price", {"owner": None})
    assert "slots" not in bare
    assert bare.partition("\n+++\n")[2] == PAGE.partition("\n+++\n")[2]
