"""Protection beside readers who try every table, and beside the fewest cells that any pattern hides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careshape.bench.disclosure import three_way
from careshape.disclosure import Cell, Edition, Ratio, Rule, Sum, Tables, attack, protect
from careshape.disclosure.published import hidden
from tests.disclosure.brute import ROUND, SUPPRESS, at, fewest, grid, printed, ranges

NARROW = Rule(method="suppress", threshold=3, width=3)
"""A rule whose ranges are quick to try in full."""


def room(tables: Tables, rule: Rule, seen: dict[str, tuple[int, int]]) -> list[str]:
    """Protected cells that a reader who tried every table can tell too well."""
    return [id_ for id_, need in rule.protected(tables).items() if seen[id_][1] - seen[id_][0] < need.width]


@settings(max_examples=20, deadline=None)
@given(values=st.lists(st.integers(0, 5), min_size=4, max_size=4))
def test_nobody_who_tries_every_table_tells_a_suppressed_cell(values: list[int]) -> None:
    tables = grid(values[:2], values[2:])
    found = protect(tables, NARROW)
    assert found.unprotected == {}
    assert room(tables, NARROW, ranges(found.published, max(values) + 6)) == []


@settings(max_examples=20, deadline=None)
@given(values=st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_nobody_who_tries_every_table_tells_a_rounded_cell(values: list[int]) -> None:
    tables = grid(values[:2], values[2:])
    found = protect(tables, ROUND)
    assert found.suppressed == ()
    assert room(tables, ROUND, ranges(found.published, 20)) == []


@pytest.mark.parametrize(
    "values", [((1, 4, 5), (6, 7, 3)), ((2, 5, 0), (4, 0, 6)), ((1, 6), (5, 4)), ((0, 2, 0), (3, 4, 5))]
)
def test_no_pattern_hides_fewer_cells(values: tuple[tuple[int, ...], ...]) -> None:
    tables = grid(*values)
    found = protect(tables, NARROW)
    assert found.cost == found.bound == fewest(tables, NARROW, 9)


def test_single_small_cell_takes_three_others_with_it() -> None:
    """In a table in two ways a cell is hidden by a rectangle: two cells would leave a sum with one unknown."""
    tables = grid((3, 20, 21), (22, 23, 24), (25, 26, 27))
    found = protect(tables, SUPPRESS)
    assert found.cost == found.bound == 3
    assert found.why[at("r0", "c0")] == "fewer than 5 people"
    assert sorted(found.why.values())[-1] == "would give another figure away"
    assert attack(found.published, truth=tables).failed


def test_protection_without_the_cover_is_caught() -> None:
    tables = three_way(1, (4, 3, 3))
    found = protect(tables, SUPPRESS, work=10)
    assert attack(found.published, truth=tables).failed
    alone = printed(tables, list(SUPPRESS.protected(tables)))
    assert not attack(alone, truth=tables).failed
    for id_ in (id_ for id_, why in found.why.items() if why == "would give another figure away"):
        fewer = printed(tables, [one for one in found.why if one != id_])
        assert not attack(fewer, truth=tables).failed, f"{id_} was hidden for nothing"


def test_same_figures_and_secret_give_the_same_edition() -> None:
    tables = grid((3, 20, 20, 20), (20, 20, 20, 20), (20, 20, 20, 20), (20, 20, 20, 20))
    for rule in (SUPPRESS, ROUND):
        one, again, other = (protect(tables, rule, secret=secret).published.to_json() for secret in ("a", "a", "b"))
        assert one == again
        assert one != other


def test_linked_tables_and_levels_are_protected_together() -> None:
    tables = three_way(7, (4, 3, 3))
    more = Cell("care homes", 0), Cell("rest", 0, printed=False)
    top = tables.by_id["table[d0=all, d1=all, d2=all]"]
    part = tables.by_id["table[d0=0-0, d1=all, d2=all]"]
    more = (
        Cell("care homes", part.value, part.people),
        Cell("rest", top.value - part.value, top.value - part.value, printed=False),
    )
    sums = (Sum("care homes", (part.id,)), Sum(top.id, ("care homes", "rest")))
    linked = Tables((*tables.cells, *more), (*tables.sums, *sums))
    found = protect(linked, SUPPRESS)
    assert attack(found.published, truth=linked).failed
    assert found.published.by_id["rest"].shown is None
    assert "rest" not in found.suppressed


def test_rest_that_nobody_prints_is_protected() -> None:
    """Of 42 people 39 are shown in one group: the other 3 stand on no page and follow all the same."""
    cells = (Cell("all", 42, 42), Cell("shown", 39, 39), Cell("rest", 3, 3, printed=False))
    tables = Tables(cells, (Sum("all", ("shown", "rest")),))
    naive = printed(tables)
    assert [one.id for one in attack(naive, truth=tables).exact] == ["rest"]
    for rule in (SUPPRESS, ROUND):
        found = protect(tables, rule)
        assert attack(found.published, truth=tables).failed
    assert protect(tables, SUPPRESS).cost == 1


def test_what_is_known_elsewhere_is_covered_from_within_or_refused() -> None:
    tables = grid((3, 20), (22, 23))
    known = replace(tables, cells=tuple(replace(c, known=c.id == at("all", "all")) for c in tables.cells))
    for rule in (SUPPRESS, ROUND):
        assert attack(protect(known, rule).published, truth=known).failed
    cells = (Cell("all", 3, 3, known=True), Cell("a", 1, 1), Cell("b", 2, 2))
    hopeless = Tables(cells, (Sum("all", ("a", "b")),))
    for rule in (SUPPRESS, ROUND):
        found = protect(hopeless, rule)
        assert set(found.unprotected) == {"a", "b"}
        assert "'a' cannot be protected" in found.unprotected["a"]
        assert not attack(found.published, truth=hopeless).failed


def test_money_of_few_people_and_of_one_provider_is_hidden() -> None:
    cells = (
        Cell("all", 100_000, 60, (30_000, 30_000, 10_000), "pence"),
        Cell("a", 20_000, 3, (10_000, 5_000, 5_000), "pence"),
        Cell("b", 30_000, 20, (29_000, 500), "pence"),
        Cell("c", 50_000, 37, (15_000, 15_000, 15_000), "pence"),
    )
    tables = Tables(cells, (Sum("all", ("a", "b", "c")),))
    for rule in (SUPPRESS, ROUND):
        found = protect(tables, rule)
        assert found.why["a"] == "fewer than 5 people"
        assert found.why["b"] == "2 providers make up most of it"
        assert found.published.by_id["c"].shown == 50_000
        assert attack(found.published, truth=tables).failed


def test_ratio_goes_with_its_cells_unless_it_is_safe() -> None:
    tables = grid((3, 20, 200), (22, 23, 24), (25, 26, 2700))
    shares = tuple(Ratio(f"share {c.id}", c.id, at("all", "all"), 100, 0) for c in tables.cells)
    means = (Ratio("of nobody", at("r0", "c0"), "empty", 1),)
    tables = Tables((*tables.cells, Cell("empty", 0, 0)), tables.sums, (*shares, *means))
    with_cells = protect(tables, SUPPRESS).published
    where_safe = protect(tables, SUPPRESS.model_copy(update={"ratios": "where safe"})).published
    counts = []
    for published in (with_cells, where_safe):
        assert attack(published, truth=tables).failed
        counts.append(sum(one.shown is not None for one in published.ratios))
    assert counts[0] < counts[1] < len(tables.ratios)
    rounded = protect(tables, ROUND).published
    of_rounded = next(one for one in rounded.ratios if one.ratio.id == f"share {at('r0', 'c2')}")
    top, bottom = rounded.by_id[at("r0", "c2")].shown, rounded.by_id[at("all", "all")].shown
    assert top is not None
    assert bottom is not None
    assert of_rounded.shown == of_rounded.ratio.printed(top, bottom)


def test_percentages_that_tell_are_caught_and_left_out() -> None:
    tables = grid((3, 20), (22, 23))
    ratio = Ratio("share", at("r0", "c0"), at("r0", "c1"), 100, 2)
    tables = Tables(tables.cells, tables.sums, (ratio,))
    rule = SUPPRESS.model_copy(update={"ratios": "where safe"})
    found = protect(tables, rule)
    assert found.published.ratios[0].shown is None
    assert attack(found.published, truth=tables).failed


def changed(tables: Tables, place: str, by: int) -> Tables:
    """The same grid with more people in one place, and in its totals."""
    row, column = (part.split("=")[1] for part in place[2:-1].split(", "))
    above = {place, at(row, "all"), at("all", column), at("all", "all")}
    cells = tuple(
        replace(c, value=c.value + by, people=(c.people or 0) + by) if c.id in above else c for c in tables.cells
    )
    return Tables(cells, tables.sums, tables.ratios)


@pytest.mark.parametrize("rule", [SUPPRESS, ROUND], ids=["suppress", "round"])
@pytest.mark.parametrize("by", [1, 2, -1, 9])
def test_late_change_is_not_located_and_nothing_hidden_comes_out(rule: Rule, by: int) -> None:
    first = grid((3, 20, 200), (22, 23, 24), (25, 26, 27))
    for place in (at("r1", "c1"), at("r0", "c0")):
        if first.by_id[place].value + by < 0:
            continue
        second = changed(first, place, by)
        one = protect(first, rule)
        two = protect(second, rule, [one.edition])
        report = attack(two.published, [one.published], second, [first], only_added=by > 0)
        assert report.failed
        assert two.unprotected == {}
        assert two.published.number == 2


def test_what_was_hidden_and_did_not_change_stays_hidden() -> None:
    first = grid((3, 20, 21), (22, 23, 24), (25, 26, 27))
    one = protect(first, SUPPRESS)
    again = protect(first, SUPPRESS, [one.edition])
    assert again.suppressed == one.suppressed
    assert "hidden in edition 1" in again.why.values()
    gone = protect(first, SUPPRESS, [Edition(one.published)], number=7)
    assert set(one.suppressed) <= set(gone.suppressed), "the truth of the earlier edition is gone: taken as unchanged"
    assert gone.published.number == 7


def test_rounded_values_stay_while_they_are_true() -> None:
    first = grid((12, 20, 21), (22, 23, 24), (25, 26, 27))
    one = protect(first, ROUND)
    two = protect(changed(first, at("r0", "c0"), 1), ROUND, [one.edition])
    assert {f.id: f.shown for f in two.published.figures} == {f.id: f.shown for f in one.published.figures}
    third = changed(first, at("r0", "c0"), 30)
    three = protect(third, ROUND, [one.edition, two.edition])
    assert three.published.by_id[at("r0", "c0")].shown in (40, 45)
    assert three.published.by_id[at("r2", "c2")].shown == one.published.by_id[at("r2", "c2")].shown


def test_three_editions_are_attacked_together() -> None:
    tables = [grid((3, 20, 200), (22, 23, 24), (25, 26, 27))]
    tables += [changed(tables[-1], at("r1", "c1"), 1)]
    tables += [changed(tables[-1], at("r2", "c0"), 2)]
    for rule in (SUPPRESS, ROUND):
        editions: list[Edition] = []
        for number, one in enumerate(tables):
            found = protect(one, rule, editions)
            before = [edition.published for edition in editions]
            report = attack(found.published, before, one, tables[:number], only_added=True)
            assert report.failed
            assert found.unprotected == {}
            editions.append(found.edition)


def test_earlier_ratio_of_a_hidden_figure_counts() -> None:
    """An earlier edition printed a share so fine that it tells the two figures: nothing printed now can undo it."""
    tables = grid((3, 20), (22, 23))
    ratio = Ratio("share", at("r0", "c0"), at("r0", "c1"), 10_000, 2)
    tables = Tables(tables.cells, tables.sums, (ratio,))
    one = protect(tables, SUPPRESS)
    careless = replace(
        one.published, ratios=(replace(one.published.ratios[0], shown=ratio.printed(3, 20), of_counts=True),)
    )
    two = protect(tables, SUPPRESS, [Edition(careless, tables)])
    report = attack(two.published, [careless], tables, [tables])
    assert bool(two.unprotected) == (not report.failed)


def test_rounding_repairs_what_earlier_exact_figures_tell() -> None:
    """A council that first printed everything but the small cells, and rounds from then on."""
    first = grid((3, 20, 21), (22, 23, 24), (25, 26, 27))
    one = protect(first, SUPPRESS)
    second = changed(first, at("r2", "c2"), 6)
    two = protect(second, ROUND, [one.edition])
    report = attack(two.published, [one.published], second, [first])
    assert report.failed
    assert two.unprotected == {}


def test_hidden_cell_carries_no_value() -> None:
    figure = hidden(Cell("a", 3, 3))
    assert (figure.shown, figure.least, figure.greatest) == (None, 0, None)


def test_reason_of_a_withheld_ratio_is_of_what_it_is_worked_out_from():
    tables = Tables(
        (Cell("pay", 900, 3, unit="gbp"), Cell("n", 3, 3), Cell("all", 90, 90)),
        ratios=(Ratio("mean", "pay", "n", 1), Ratio("share", "n", "all")),
    )
    published = protect(tables, Rule(method="suppress")).published
    mean, share = (published.reason_of_ratio(one.ratio) for one in published.ratios)
    assert mean == "what it is worked out from could tell of fewer than 5 people, or of one provider's business"
    assert share == "what it is worked out from could tell of fewer than 5 people"
