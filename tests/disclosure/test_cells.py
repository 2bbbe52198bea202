"""Figures, rules and editions: what is refused, and what is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from careshape.disclosure import (
    Cell,
    Edition,
    Figure,
    Printed,
    Published,
    Ratio,
    Rule,
    Sum,
    Tables,
    default_rule,
    joined,
    part_of,
    protect,
    read_rule,
    tables_of,
)  # fmt: skip
from careshape.errors import CallError, CatalogueError, InputError
from tests.disclosure.brute import SUPPRESS, at, grid, printed

REFUSED = (
    ((Cell("a", 1), Cell("a", 2)), (), (), "stands twice"),
    ((Cell("a", -1),), (), (), "is -1"),
    ((Cell("a", 1, people=-1),), (), (), "says -1 people"),
    ((Cell("a", 1, weight=0),), (), (), "weight 0"),
    ((Cell("a", 9, largest=(2, 3)),), (), (), "the largest first"),
    ((Cell("a", 9), Cell("b", 8)), (Sum("a", ("b",), "Table 9"),), (), r"add up to 8 \(Table 9\)"),
    ((Cell("a", 9), Cell("b", 8)), (Sum("a", ("b",)),), (), "add up to 8. Where people"),
    ((Cell("a", 9),), (Sum("a", ("b",)),), (), "no cell 'b', which the sum of 'a' names"),
    ((Cell("a", 9),), (), (Ratio("r", "a", "c"),), "no cell 'c', which the ratio 'r' names"),
)


@pytest.mark.parametrize(("cells", "sums", "ratios", "says"), REFUSED)
def test_figures_that_contradict_themselves_are_refused(
    cells: tuple[Cell, ...], sums: tuple[Sum, ...], ratios: tuple[Ratio, ...], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        Tables(cells, sums, ratios)


def test_ratio_is_rounded_half_up() -> None:
    assert Ratio("r", "a", "b", 100, 0).printed(1, 8) == 13  # 12.5
    assert Ratio("r", "a", "b", 100, 1).printed(1, 3) == 333
    assert Ratio("r", "a", "b", 100, 0).printed(1, 0) is None


def test_rule_protects_few_people_and_dominated_money() -> None:
    rule = Rule(method="suppress")
    few = "fewer than 5 people"
    assert rule.sensitive(Cell("a", 4, 4)) == few
    assert rule.sensitive(Cell("a", 0, 0)) is None
    assert Rule(method="suppress", zeros=True).sensitive(Cell("a", 0, 0)) == few
    assert rule.sensitive(Cell("a", 4, 4, known=True)) is None
    assert rule.sensitive(Cell("a", 3)) is None, "not about people"
    # Two of three providers hold 95 of 100: above 90%.
    assert rule.sensitive(Cell("a", 100, 20, (60, 35, 5), "pence")) == "2 providers make up most of it"
    assert (
        Rule(dominance_providers=1).sensitive(Cell("a", 100, 20, (95, 3), "pence"))
        == "one provider makes up most of it"
    )
    # The p% rule: the second can work out the first to within 100 - 60 - 35 = 5, below 10% of 60.
    near = Rule(dominance_providers=0).sensitive(Cell("a", 100, 20, (60, 35, 5), "pence"))
    assert near == "one provider makes up most of it"
    assert rule.sensitive(Cell("a", 100, 20, (40, 30, 30), "pence")) is None
    assert rule.sensitive(Cell("a", 0, 20, (0,), "pence")) is None


def test_need_is_people_or_a_share_of_money() -> None:
    assert Rule().need(Cell("a", 3, 3)) == 5
    assert Rule().need(Cell("a", 1001, 3, unit="pence")) == 201
    assert Rule().need(Cell("a", 0, 3, unit="pence")) == 1


def test_rule_is_read_from_a_file_that_is_checked() -> None:
    assert default_rule() == Rule()
    assert read_rule('method = "suppress"\nthreshold = 6').threshold == 6
    with pytest.raises(CatalogueError, match="'threshold' has value 1"):
        read_rule("threshold = 1")
    with pytest.raises(CatalogueError, match="Rounding to 5 cannot leave a reader a range of 6"):
        read_rule("width = 6")
    with pytest.raises(CatalogueError, match="There is no such field"):
        read_rule("treshold = 5")


def test_edition_goes_to_a_file_and_comes_back() -> None:
    tables = replace(grid((3, 9), (8, 7)), ratios=(Ratio("share", at("r0", "c1"), at("all", "all"), 100, 1),))
    published = protect(tables, SUPPRESS).published
    text = published.to_json()
    assert Published.from_json(text) == published
    assert Published.from_json(text).to_json() == text


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2}', '{"format": 1, "number": 1, "rule": {"method": "hide"}}'])
def test_file_that_holds_no_edition_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"published edition|format 2"):
        Published.from_json(text)


def test_reason_does_not_tell_which_cell_is_small() -> None:
    tables = grid((3, 9), (8, 7))
    published = printed(tables, [at("r0", "c0"), at("r0", "c1")])
    small, other = (published.reason(at("r0", column)) for column in ("c0", "c1"))
    assert small == other == "it could tell of fewer than 5 people"
    assert published.reason(at("all", "all")) is None
    money = Published(1, SUPPRESS, (Figure("cost", None, 0, None, "pence"),))
    assert money.reason("cost") == "it could tell of fewer than 5 people, or of one provider's business"


def test_figure_that_no_page_prints_is_not_called_suppressed() -> None:
    rest = Figure("rest", None, 0, None, printed=False)
    assert not rest.suppressed
    assert Figure("a", None, 0, None).suppressed


def test_table_holds_every_margin_and_level() -> None:
    rows = [
        ({"place": "a", "group": "x"}, 3, 3),
        ({"place": "a", "group": "x"}, 1, None),
        ({"place": "c", "group": "y"}, 7, 7),
    ]
    tables = tables_of(rows, {"place": ["a", "b", "c"], "group": ["x", "y"]}, {"place": {"north": ["a", "b"]}})
    assert len(tables.cells) == 5 * 3
    cell = tables.by_id["table[place=north, group=all]"]
    assert (cell.value, cell.people) == (4, None), "people who are not known stay so in totals"
    assert tables.by_id["table[place=all, group=all]"].value == 11
    assert (
        Sum("table[place=all, group=x]", ("table[place=c, group=x]", "table[place=north, group=x]"), "table")
        in tables.sums
    )


def test_dimension_that_does_not_add_up_has_no_total() -> None:
    rows = [({"month": month, "place": "a"}, 3, 3) for month in ("1", "2")]
    tables = tables_of(rows, {"month": ["1", "2"], "place": ["a", "b"]}, apart=("month",))
    assert {cell.id for cell in tables.cells if "month=all" in cell.id} == set()
    assert all("place=all" in one.total for one in tables.sums)


def test_rows_and_groups_that_fit_nowhere_are_refused() -> None:
    with pytest.raises(CallError, match="A row stands at b, which is no place"):
        tables_of([({"place": "b"}, 1, 1)], {"place": ["a"]})
    with pytest.raises(CallError, match="The groups all, north of 'place' hold"):
        tables_of([], {"place": ["a"]}, {"place": {"north": ["z"]}})


def test_tables_are_joined_by_what_they_share() -> None:
    one, other = grid((3, 9)), grid((3, 9))
    assert joined(one, other).cells == one.cells
    with pytest.raises(CallError, match="say different things of the cell"):
        joined(one, grid((3, 8)))


def test_part_of_a_table_keeps_the_sums_that_hold() -> None:
    margins = part_of(grid((3, 9), (8, 7)), lambda id_: "=all" in id_)
    assert {one.total for one in margins.sums} == {at("all", "all")}
    assert len(margins.sums) == 2


def test_edition_carries_what_the_next_needs() -> None:
    protected = protect(grid((3, 9), (8, 7)), SUPPRESS)
    assert protected.edition == Edition(protected.published, protected.tables)
    assert protected.published.number == 1
    assert set(protected.suppressed) == set(protected.why)
    assert Printed(Ratio("r", "a", "b"), 5).of_counts
