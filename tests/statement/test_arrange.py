"""Filtering and sorting by the words of an address."""

from __future__ import annotations

from careshape.statement.arrange import arrange
from careshape.statement.tables import Column, simple

COLUMNS = (Column("Name", "name"), Column("Kind", "kind"), Column("Many", "many", numeric=True))
TABLE = simple("t", "T", COLUMNS, [("b", "x", 10), ("a", "y", 9), ("c", "x", None)])


def names(asked, filters=()):
    return [row.heads[0] for row in arrange(TABLE, asked, filters).table.rows]


def test_arrange_sorts_numbers_as_numbers_with_blanks_last():
    assert names({"sort": "2"}) == ["a", "b", "c"]
    assert names({"sort": "2", "order": "down"}) == ["b", "a", "c"]


def test_arrange_filters_by_the_choices_there_are():
    found = arrange(TABLE, {"kind": "x"}, ("kind",))
    assert [row.heads[0] for row in found.table.rows] == ["b", "c"]
    assert (found.shown, found.of) == (2, 3)
    assert found.filters[0].choices == ("x", "y")


def test_arrange_leaves_aside_what_it_does_not_know():
    for asked in ({"sort": "99"}, {"sort": "-1"}, {"sort": "²"}, {"kind": "<script>"}, {"sort": "x" * 5000}):
        assert names(asked, ("kind",)) == ["b", "a", "c"]


def test_arrange_heading_turns_the_order_round_and_keeps_the_filter():
    found = arrange(TABLE, {"kind": "x", "sort": "2"}, ("kind",))
    assert found.headings[2].sorted == "ascending"
    assert found.headings[2].href == "?kind=x&sort=2&order=down"


def test_arrange_takes_a_choice_by_its_identifier_and_tells_what_is_none():
    table = simple("t", "T", COLUMNS, [("a", "Home care", 1), ("b", "Day services", 2)])
    found = arrange(table, {"kind": "home-care"}, ("kind",))
    assert [row.heads[0] for row in found.table.rows] == ["a"]
    assert (found.filters[0].chosen, found.filters[0].unknown) == ("Home care", "")
    other = arrange(table, {"kind": "nosuch"}, ("kind",))
    assert (other.filters[0].chosen, other.filters[0].unknown, other.shown) == ("", "nosuch", 2)
    signs = simple("t", "T", COLUMNS, [("a", "–", 1), ("b", "Day services", 2)])
    asked_nothing, asked_signs = arrange(signs, {}, ("kind",)), arrange(signs, {"kind": "+"}, ("kind",))
    assert (asked_nothing.filters[0].chosen, asked_nothing.shown) == ("", 2)
    assert (asked_signs.filters[0].unknown, asked_signs.shown) == ("+", 2)
    assert arrange(signs, {"kind": "–"}, ("kind",)).shown == 1
