"""Search and the list from A to Z."""

from __future__ import annotations

from careshape.statement.search import a_to_z, search, suggestion


def test_search_finds_pages_that_hold_every_word_titles_first(council):
    hits = search(council, "care homes")
    assert (hits[0].entry.title, hits[0].entry.kind) == ("Care homes", "Statement")
    assert all("care" in f"{hit.entry.title} {hit.entry.words}".casefold() for hit in hits)


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


def test_search_excerpts_hold_whole_words(council):
    for hit in search(council, "care"):
        words = hit.entry.words.split()
        assert all(word.strip(" ,;:.") in " ".join(words) for word in hit.excerpt.replace("…", "").split())
        first = hit.excerpt.replace("… ", "").split()[:1]
        assert not first or any(word.startswith(first[0].strip(" ,;:")) for word in words)


def test_suggestion_puts_a_misspelt_word_right(council):
    assert suggestion(council, "popluation") == "population"
    assert suggestion(council, "shraed lives") == "shared lives"
    assert suggestion(council, "care") == suggestion(council, "xyzzyq") == ""


def test_search_puts_the_word_itself_before_words_that_begin_with_it(council):
    titles = [hit.entry.title for hit in search(council, "care") if hit.entry.kind == "Statement"]
    assert titles[0] == "Care homes"
