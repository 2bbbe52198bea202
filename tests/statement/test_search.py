"""Search and the list from A to Z."""

from __future__ import annotations

from careshape.statement.search import MOST, a_to_z, search


def test_search_finds_pages_that_hold_every_word_titles_first(council):
    hits = search(council, "care homes")
    assert (hits[0].entry.title, hits[0].entry.kind) == ("Care homes", "Statement")
    assert all("care" in f"{hit.entry.title} {hit.entry.words}".casefold() for hit in hits)
    assert len(hits) <= MOST


def test_search_looks_into_the_computed_figures(council):
    assert "Population" in [hit.entry.title for hit in search(council, "638,800")]


def test_search_shows_the_words_around_the_first_match(council):
    hit = next(hit for hit in search(council, "paid for") if hit.entry.title == "Care homes")
    assert "council paid for five people" in hit.excerpt


def test_search_of_nothing_or_of_signs_finds_nothing(council):
    assert search(council, "") == search(council, "?!*") == []


def test_a_to_z_holds_every_page_under_its_letter(council):
    letters = a_to_z(council)
    assert [entry.title for entry in letters["S"]].count("Shared Lives") == 1
    assert all(
        entry.title[0].upper() == letter for letter, found in letters.items() if letter != "0 to 9" for entry in found
    )
