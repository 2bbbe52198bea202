"""The card of a figure says how it was counted, and what an edition did to it."""

from __future__ import annotations

from careshape.evaluate.measure import measures
from careshape.statement.cards import measure_lines


def test_card_of_an_edition_that_rounds_says_so_and_any_other_does_not():
    entry = measures()["care_home_people"]
    (plain,) = [line.text for line in measure_lines(entry) if line.label == "Method"]
    (rounded,) = [line.text for line in measure_lines(entry, 5) if line.label == "Method"]
    assert plain == "Computed from line items"
    assert rounded.startswith(f"{plain}. In this edition counts are rounded to multiples of 5, so that nobody")
