"""The attacker beside one who tries every table; what gives a figure away, in words; controls that must be broken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careshape.bench.disclosure import nearest, three_way
from careshape.bench.disclosure import starred as naive
from careshape.disclosure import Cell, Figure, Printed, Published, Ratio, Rule, Sum, Tables, attack, tables_of
from careshape.disclosure.published import exact, hidden
from careshape.errors import InputError
from tests.disclosure.brute import ROUND, SUPPRESS, at, grid, printed, ranges, starred

INNER = [at(f"r{i}", f"c{j}") for i in range(2) for j in range(3)]
SMALL = st.lists(st.integers(0, 6), min_size=6, max_size=6)


@settings(max_examples=25, deadline=None)
@given(values=SMALL, gone=st.sets(st.sampled_from(INNER), min_size=2, max_size=4), stars=st.booleans())
def test_ranges_are_those_of_every_table_that_fits(values: list[int], gone: set[str], stars: bool) -> None:
    tables = grid(values[:3], values[3:])
    published = starred(tables) if stars else printed(tables, sorted(gone))
    if stars:
        top = at("all", "all")
        published = replace(
            published, figures=tuple(exact(tables.by_id[f.id]) if f.id == top else f for f in published.figures)
        )
    seen = ranges(published, sum(values))
    report = attack(published, full=True)
    found = {one.id: (one.least, one.greatest) for one in report.findings}
    assert found == {id_: seen[id_] for id_ in found}
    assert set(found) == {figure.id for figure in published.figures if not figure.exact}


@settings(max_examples=15, deadline=None)
@given(values=st.lists(st.integers(0, 9), min_size=3, max_size=3), decimals=st.integers(0, 1))
def test_percentages_narrow_what_they_are_of(values: list[int], decimals: int) -> None:
    tables = grid(values)
    ratio = Ratio("share", at("r0", "c0"), at("r0", "all"), 100, decimals)
    tables = Tables(tables.cells, tables.sums, (ratio,))
    shown = ratio.printed(values[0], sum(values))
    # The total is told to within 8; what is in no column is not printed at all.
    total = (max(0, sum(values) - 4), sum(values) + 4)
    figures = tuple(replace(hidden(c), least=total[0], greatest=total[1]) for c in tables.cells)
    published = Published(1, SUPPRESS, figures, tables.sums, (Printed(ratio, shown, True, shown is None),))
    inner = {c.id for c in tables.cells if "c" in c.id.split("column=")[1]}
    published = replace(published, figures=tuple(replace(f, least=0) if f.id in inner else f for f in figures))
    seen = ranges(replace(published, ratios=() if shown is None else published.ratios), total[1])
    if shown is None:  # nothing to divide by is said as well: the total is 0
        seen = dict.fromkeys(seen, (0, 0))
        published = replace(published, figures=tuple(replace(f, least=0) for f in published.figures))
    found = {one.id: (one.least, one.greatest) for one in attack(published, full=True).findings}
    assert found == {id_: seen[id_] for id_ in found}


def test_lone_star_is_worked_out_and_the_equation_named() -> None:
    tables = grid((3, 9), (8, 7), name="Table 9")
    report = attack(printed(tables, [at("r0", "c0", "Table 9")]), truth=tables)
    (finding,) = report.exact
    assert (finding.id, finding.least, finding.greatest, finding.width) == (at("r0", "c0", "Table 9"), 3, 3, 0)
    assert "can only be 3, because" in finding.because
    assert "'Table 9[row=r0, column=c0]' (suppressed) + 8 in the part printed (edition 1, Table 9)" in finding.because
    assert not report.failed
    assert report.sentences() == (finding.because,)


def test_narrow_range_is_told_with_an_irreducible_reason() -> None:
    tables = grid((3, 2, 20), (1, 2, 30), (40, 50, 60))
    hidden_ = [at(row, column) for row in ("r0", "r1") for column in ("c0", "c1")]
    report = attack(printed(tables, hidden_), truth=tables)
    assert {one.id for one in report.narrow} == set(hidden_)
    finding = next(one for one in report.findings if one.id == hidden_[0])
    # r0 has 5 in the two, c0 has 4: so 1 to 4 is left by two of the four sums.
    assert (finding.least, finding.greatest) == (1, 4)
    assert finding.because.count("(edition 1, t)") >= 2


def test_figure_printed_plainly_is_given_away_by_itself() -> None:
    tables = grid((3, 9), (8, 7))
    report = attack(printed(tables), truth=tables)
    assert report.exact[0].because == f"'{at('r0', 'c0')}' (edition 1) can only be 3."


def test_only_the_first_findings_are_explained_in_full() -> None:
    tables = grid((3, 9, 2), (8, 7, 9))
    report = attack(printed(tables, [at("r0", "c0"), at("r1", "c0")]), truth=tables, explained=0)
    assert all("because" not in one.because for one in report.findings)


def test_naive_stars_in_three_ways_are_broken() -> None:
    reports = [attack(naive(t, SUPPRESS), truth=t, explained=0) for t in (three_way(seed) for seed in range(3))]
    assert sum(len(one.exact) for one in reports) > 0.8 * sum(one.targets for one in reports)


def test_nearest_rounding_shows_where_somebody_was_added() -> None:
    first, second = grid((12, 8, 31), (22, 16, 9)), grid((13, 8, 31), (22, 16, 9))
    editions = [_nearest(tables, number) for number, tables in ((1, first), (2, second))]
    report = attack(editions[1], editions[:1], only_added=True)
    assert {one.id for one in report.located} == {at("r0", "c0"), at("r0", "all"), at("all", "c0")}
    assert "can be seen to have changed by +1 in edition 2" in report.sentences()[-1]


def _nearest(tables: Tables, number: int) -> Published:
    figures = []
    for cell in tables.cells:
        value = (cell.value + 2) // 5 * 5
        known = cell.id in (at("all", "all"),)
        figures.append(
            replace(exact(cell), known=True) if known else Figure(cell.id, value, max(0, value - 2), value + 2)
        )
    return Published(number, ROUND, tuple(figures), tables.sums)


def test_nearest_rounding_of_the_benchmark_is_the_same_rule() -> None:
    tables = grid((12, 8), (22, 16), name="table")
    shown = {one.id: one.shown for one in nearest(tables, ROUND, 1).figures}
    assert shown[at("r0", "c0", "table")] == 10
    assert shown[at("all", "all", "table")] == 58


def test_exact_figures_of_two_editions_locate_a_small_change_and_no_large_one() -> None:
    first, second = grid((12, 8), (22, 16)), grid((13, 8), (22, 46))
    report = attack(printed(second, number=2), [printed(first)])
    assert {one.id for one in report.located} == {at("r0", "c0"), at("r0", "all"), at("all", "c0")}
    assert {one.least for one in report.located} == {1}


def test_change_of_a_figure_that_one_edition_hides_is_not_located() -> None:
    first, second = grid((12, 8), (22, 16)), grid((13, 8), (22, 16))
    gone = [at(row, column) for row in ("r0", "all") for column in ("c0", "all")]
    report = attack(printed(second, gone, 2), [printed(first)], only_added=True)
    assert report.located == ()


def test_what_one_edition_hides_another_must_not_print() -> None:
    """Each edition alone protects the 3; the two together, which hide different others, do not."""
    tables = grid((3, 9, 7), (8, 7, 6), (9, 9, 9))
    first = printed(tables, [at(row, column) for row in ("r0", "r1") for column in ("c0", "c1")])
    second = printed(tables, [at(row, column) for row in ("r0", "r2") for column in ("c0", "c2")], 2)
    for one in (first, second):
        assert attack(one, truth=tables).failed
    report = attack(second, [first], truth=tables, was=[tables])
    assert {one.id for one in report.exact} == {at("r0", "c0")}
    assert attack(second, [first]).exact == (), "without the truth a reader is not taken to know that nothing changed"


def test_true_figures_must_be_those_that_are_printed() -> None:
    with pytest.raises(InputError, match="contradict what is printed"):
        attack(printed(grid((3, 9), (8, 7))), truth=grid((3, 9), (8, 6)))
    with pytest.raises(InputError, match="2 sets of true figures for 0 earlier"):
        attack(printed(grid((3, 9))), was=[None, None])


def test_print_that_contradicts_itself_is_reported() -> None:
    tables = grid((3, 9), (8, 7))
    published = printed(tables, [at("r0", "c0")])
    wrong = tuple(Figure(f.id, 99, 99, 99) if f.id == at("r0", "all") else f for f in published.figures)
    report = attack(replace(published, figures=wrong))
    assert not report.failed
    assert "contradict each other" in report.sentences()[0]
    assert report.as_json()["contradictions"]


def test_print_that_no_whole_table_fits_is_reported() -> None:
    """Bounds alone do not see it: a = b, b = c, and a + c = 7 in whole numbers."""
    cells = [Figure(id_, None, 0, 9) for id_ in "abc"]
    seven = Figure("seven", 7, 7, 7)
    sums = (Sum("a", ("b",)), Sum("b", ("c",)), Sum("seven", ("a", "c")))
    report = attack(Published(1, SUPPRESS, (*cells, seven), sums))
    assert report.contradictions


def test_parity_leaves_one_value_where_fractions_leave_more() -> None:
    """2a + b = 3 in print as a sum of three, with b odd by another: only whole numbers decide."""
    figures = [Figure(id_, None, 0, 3) for id_ in ("a", "a too", "b", "c")]
    figures += [Figure("three", 3, 3, 3)]
    sums = (Sum("a", ("a too",)), Sum("three", ("a", "a too", "b")))
    report = attack(Published(1, SUPPRESS, tuple(figures), sums), full=True)
    found = {one.id: (one.least, one.greatest) for one in report.findings}
    assert found["a"] == (0, 1)
    assert found["b"] == (1, 3)
    assert found["c"] == (0, 3)


def test_range_without_end_is_wide() -> None:
    report = attack(
        Published(1, SUPPRESS, (Figure("a", None, 0, None), Figure("b", None, 0, None)), (Sum("a", ("b",)),)), full=True
    )
    assert {(one.least, one.greatest, one.width) for one in report.findings} == {(0, None, None)}
    assert report.failed


def test_report_tells_its_counts() -> None:
    tables = grid((3, 9), (8, 7))
    told = attack(printed(tables, [at("r0", "c0")]), truth=tables).as_json()
    assert (told["exact"], told["narrow"], told["located"], told["targets"]) == (1, 0, 0, 1)
    assert told["findings"][0]["id"] == at("r0", "c0")


def test_money_is_attacked_by_its_own_width() -> None:
    cells = [
        Cell("all", 100_000, 60, (30_000, 30_000), "pence"),
        Cell("a", 40_000, 3, unit="pence"),
        Cell("b", 60_000, 57, unit="pence"),
    ]
    tables = Tables(tuple(cells), (Sum("all", ("a", "b"), "Table 2"),))
    figures = tuple(
        hidden(cell)
        if cell.id == "a"
        else replace(hidden(cell), least=59_000, greatest=61_000)
        if cell.id == "b"
        else exact(cell)
        for cell in cells
    )
    report = attack(Published(1, SUPPRESS, figures, tables.sums), truth=tables)
    (finding,) = report.narrow
    assert (finding.least, finding.greatest, finding.need) == (39_000, 41_000, 8_000)


def test_large_rounded_table_needs_no_programme() -> None:
    tables = three_way(3)
    figures = tuple(Figure(c.id, c.value, max(0, c.value - 5), c.value + 5) for c in tables.cells)
    report = attack(Published(1, Rule(), figures, tables.sums), truth=tables)
    assert report.failed
    assert report.solved == {"linear": 0, "integer": 0}


def test_known_total_leaves_moves_from_one_place_to_another() -> None:
    tables = tables_of([({"d": f"{n}"}, n, n) for n in range(12)], {"d": [f"{n}" for n in range(12)]})
    figures = tuple(
        exact(c) if "all" in c.id else Figure(c.id, c.value, max(0, c.value - 5), c.value + 5) for c in tables.cells
    )
    report = attack(Published(1, Rule(), figures, tables.sums), truth=tables)
    assert report.failed
    assert report.solved["integer"] == 0


def test_reason_of_a_figure_that_percentages_give_away_names_them() -> None:
    tables = grid((3, 20), (22, 23))
    ratio = Ratio("share of the row", at("r0", "c0"), at("r0", "all"), 100, 1)
    shown = ratio.printed(3, 23)
    gone = [at(row, column) for row in ("r0", "r1") for column in ("c0", "c1")]
    published = replace(printed(tables, gone), ratios=(Printed(ratio, shown),))
    report = attack(published, truth=tables)
    finding = next(one for one in report.exact if one.id == at("r0", "c0"))
    assert (
        f"'share of the row' (13.0) = 100 x '{at('r0', 'c0')}' (suppressed) / '{at('r0', 'all')}' (23)"
        in finding.because
    )
    assert finding.because.count("(edition 1") == 2, "its own name, and the one ratio that is enough"


def test_nothing_to_divide_by_tells_a_hidden_nought() -> None:
    tables = grid((0, 20), (22, 23))
    ratio = Ratio("mean", at("r0", "c1"), at("r0", "c0"), 1)
    gone = [at(row, column) for row in ("r0", "r1") for column in ("c0", "c1")]
    published = replace(printed(tables, gone), ratios=(Printed(ratio, None, True, empty=True),))
    found = {one.id: (one.least, one.greatest) for one in attack(published, full=True).findings}
    assert found[at("r0", "c0")] == (0, 0)
    assert found[at("r0", "c1")] == (20, 20)
