"""What a reader knows besides sums: what is no more than what, rounded ratios of every kind, and other documents.

Each is planted as a leak first: the attack must find it where it is told, and must not where it is not.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careshape.disclosure import AtMost, Cell, Printed, Published, Ratio, Rule, Sum, Tables, attack, joined, protect
from careshape.errors import InputError
from tests.disclosure.brute import ROUND, SUPPRESS, at, grid, printed, ranges

RULES = pytest.mark.parametrize("rule", [SUPPRESS, ROUND], ids=["suppress", "round"])

OF_A_YEAR = Tables(
    (Cell("in March", 4, 4), Cell("in the year", 6, 6), Cell("providers", 3, unit="providers")),
    limits=(AtMost("in March", ("in the year",)), AtMost("providers", ("in March",))),
)
"""Three providers look after somebody in March, and six people were there in the year: so 3 to 6 in March."""
IN_TWO = Tables(
    (Cell("both", 12, 12), Cell("nursing", 9, 9), Cell("home care", 4, 4)),
    limits=(AtMost("both", ("nursing", "home care")), AtMost("nursing", ("both",)), AtMost("home care", ("both",))),
)
"""One person has both: the parts do not add up, and yet home care is at least 12 - 9."""


def test_group_between_its_whole_and_who_serves_it_is_found() -> None:
    naive = printed(OF_A_YEAR, ["in March"])
    (finding,) = attack(naive, truth=OF_A_YEAR).narrow
    assert (finding.least, finding.greatest) == (3, 6)
    assert "'in March' (suppressed) is at most 'in the year' (6) (edition 1)" in finding.because
    assert "'providers' (3) is at most 'in March' (suppressed) (edition 1)" in finding.because
    blind = replace(naive, limits=())
    assert attack(blind, truth=replace(OF_A_YEAR, limits=())).failed


def test_whole_that_is_no_more_than_its_parts_tells_the_hidden_one() -> None:
    both = replace(IN_TWO, cells=(*IN_TWO.cells[:2], Cell("home care", 4, 4), Cell("few", 0, 0)))
    found = {one.id: (one.least, one.greatest) for one in attack(printed(both, ["home care"]), full=True).findings}
    assert found == {"home care": (3, 12)}


@settings(max_examples=25, deadline=None)
@given(values=st.lists(st.integers(0, 6), min_size=3, max_size=3), gone=st.sets(st.sampled_from("abcd"), min_size=1))
def test_ranges_with_limits_are_those_of_every_table_that_fits(values: list[int], gone: set[str]) -> None:
    a, b, c = sorted(values)
    cells = tuple(Cell(id_, value, value) for id_, value in zip("abcd", (a, b, c, max(b, c)), strict=True))
    limits = (AtMost("a", ("b",)), AtMost("b", ("d",)), AtMost("c", ("d",)), AtMost("d", ("b", "c")))
    published = printed(Tables(cells, limits=limits), sorted(gone))
    seen = ranges(published, 20)
    for one in attack(published, full=True).findings:
        # 20 stands for no end: nothing that is open at the top comes near it otherwise.
        assert (one.least, 20 if one.greatest is None else one.greatest) == seen[one.id]


@RULES
@pytest.mark.parametrize("tables", [OF_A_YEAR, IN_TWO], ids=["of a year", "in two"])
def test_protected_version_withstands(rule: Rule, tables: Tables) -> None:
    found = protect(tables, rule)
    assert found.unprotected == {}
    assert attack(found.published, truth=tables).failed
    assert found.published.limits == tables.limits
    assert Published.from_json(found.published.to_json()) == found.published


@settings(max_examples=25, deadline=None)
@given(sizes=st.lists(st.integers(0, 12), min_size=4, max_size=4), rounding=st.booleans())
def test_random_chains_of_groups_withstand(sizes: list[int], rounding: bool) -> None:
    """Groups within groups, and a whole over two that overlap by whatever is left."""
    chain = sorted(sizes)
    cells = [Cell(f"group {n}", size, size) for n, size in enumerate(chain)]
    whole = max(chain[2], chain[3]) + min(chain[2], chain[3]) // 2
    cells.append(Cell("all", whole, whole))
    limits = [AtMost(f"group {n}", (f"group {n + 1}",)) for n in range(3)]
    limits += [AtMost("group 3", ("all",)), AtMost("all", ("group 2", "group 3"))]
    tables, rule = Tables(tuple(cells), limits=tuple(limits)), ROUND if rounding else SUPPRESS
    found = protect(tables, rule)
    assert found.unprotected == {}
    assert attack(found.published, truth=tables).failed
    if rounding:
        shown = {figure.id: figure.shown for figure in found.published.figures}
        pairs = [(shown[f"group {n}"], shown[f"group {n + 1}"]) for n in range(3)]
        assert all(small <= large for small, large in pairs if small is not None and large is not None)


@RULES
def test_later_edition_keeps_to_what_is_known_of_the_earlier(rule: Rule) -> None:
    one = protect(OF_A_YEAR, rule)
    later = replace(
        OF_A_YEAR, cells=tuple(replace(c, value=c.value + 1) if c.id == "in the year" else c for c in OF_A_YEAR.cells)
    )
    two = protect(later, rule, [one.edition])
    report = attack(two.published, [one.published], later, [OF_A_YEAR], only_added=True)
    assert (two.unprotected, report.failed) == ({}, True)


def test_limit_that_does_not_hold_or_names_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="'a' is 5, and is said to be at most 4"):
        Tables((Cell("a", 5), Cell("b", 4)), limits=(AtMost("a", ("b",)),))
    with pytest.raises(InputError, match="no cell 'c', which the limit of 'a' names"):
        Tables((Cell("a", 5),), limits=(AtMost("a", ("c",)),))


def test_limits_go_with_their_tables() -> None:
    both = joined(OF_A_YEAR, IN_TWO)
    assert set(both.limits) == {*OF_A_YEAR.limits, *IN_TWO.limits}


# ratios, as they are printed


MEAN = (
    Tables(
        (Cell("people", 4, 4), Cell("pence", 163_210, 4, unit="pence")), ratios=(Ratio("mean", "pence", "people", 1),)
    ),
    ["people"],
)
"""A mean of 408.03 a person, and 1,632.10 in all."""
SHARE = (
    Tables((Cell("part", 3, 3), Cell("all", 250, 250)), ratios=(Ratio("share", "part", "all", 100, 1),)), ["part"],
)  # fmt: skip
"""1.2% of 250."""
GROWTH = (
    Tables(
        (Cell("last year", 40, 40), Cell("this year", 3, 3)),
        ratios=(Ratio("growth", "this year", "last year", 100, 1, 100),),
    ),
    ["this year"],
)
"""A fall of 92.5% from 40."""
RATE = (
    Tables(
        (Cell("people", 3, 3), Cell("population", 61_000, known=True)),
        ratios=(Ratio("rate", "people", "population", 100_000, 1),),
    ),
    ["people"],
)
"""4.9 in 100,000 of 61,000."""


@pytest.mark.parametrize(("tables", "gone"), [MEAN, SHARE, GROWTH, RATE], ids=["mean", "share", "growth", "rate"])
def test_ratio_of_a_hidden_figure_gives_it_away_as_printed(tables: Tables, gone: list[str]) -> None:
    (ratio,) = tables.ratios
    shown = ratio.printed(tables.by_id[ratio.numerator].value, tables.by_id[ratio.denominator].value)
    leaky = replace(printed(tables, gone), ratios=(Printed(ratio, shown),))
    report = attack(leaky, truth=tables)
    assert gone[0] in [one.id for one in report.exact]
    assert any(f"'{ratio.id}' (" in one.because for one in report.exact)
    assert gone[0] not in [one.id for one in attack(replace(leaky, ratios=()), truth=tables).exact]
    for rule in (SUPPRESS, ROUND, SUPPRESS.model_copy(update={"ratios": "where safe"})):
        found = protect(tables, rule)
        assert attack(found.published, truth=tables).failed


def test_growth_is_printed_less_a_hundred_and_may_fall() -> None:
    ratio = GROWTH[0].ratios[0]
    assert ratio.printed(3, 40) == -925
    assert ratio.printed(60, 40) == 500
    assert ratio.whole(-925) == 75


@settings(max_examples=40, deadline=None)
@given(was=st.integers(1, 30), now=st.integers(0, 30), decimals=st.integers(0, 1))
def test_interval_of_a_growth_is_that_of_every_number_that_prints_it(was: int, now: int, decimals: int) -> None:
    ratio = Ratio("growth", "now", "was", 100, decimals, 100)
    tables = Tables((Cell("was", was, was), Cell("now", now, now)), ratios=(ratio,))
    leaky = replace(printed(tables, ["now"]), ratios=(Printed(ratio, ratio.printed(now, was)),))
    fits = [one for one in range(100) if ratio.printed(one, was) == ratio.printed(now, was)]
    (found,) = attack(leaky, full=True).findings
    assert (found.least, found.greatest) == (fits[0], fits[-1])


def test_difference_of_two_editions_tells_who_came() -> None:
    first = grid((12, 8), (22, 16))
    second = grid((13, 8), (22, 16))
    report = attack(printed(second, number=2), [printed(first)], second, [first])
    assert at("r0", "c0") in {one.id for one in report.located}
    one = protect(first, ROUND)
    two = protect(second, ROUND, [one.edition])
    assert attack(two.published, [one.published], second, [first]).failed


# other documents


def told(tables: Tables, *ids: str) -> Tables:
    """The tables, with some figures printed by another document."""
    return replace(tables, cells=tuple(replace(cell, told=cell.id in ids) for cell in tables.cells))


def test_number_in_another_document_gives_its_neighbour_away() -> None:
    """A pattern that is safe by itself falls where an old table prints one of the figures that it relies on."""
    tables = grid((3, 20, 21), (22, 23, 24), (25, 26, 27))
    found = protect(tables, SUPPRESS)
    assert attack(found.published, truth=tables).failed
    cover = next(id_ for id_, why in found.why.items() if why == "would give another figure away" and "all" not in id_)
    knowing = told(tables, cover)
    assert {one.id for one in attack(found.published, truth=knowing).exact} == {at("r0", "c0")}
    better = protect(knowing, SUPPRESS)
    assert attack(better.published, truth=knowing).failed
    assert better.unprotected == {}


@RULES
def test_figure_that_another_document_prints_is_kept_back_and_not_attacked(rule: Rule) -> None:
    tables = told(grid((3, 20, 21), (22, 23, 24)), at("r0", "c0"))
    found = protect(tables, rule)
    report = attack(found.published, truth=tables)
    assert report.failed
    assert at("r0", "c0") not in {one.id for one in report.findings}
    figure = found.published.by_id[at("r0", "c0")]
    assert (figure.shown, figure.known) == ((None if rule is SUPPRESS else figure.shown), False)
    assert figure.least != figure.greatest, "the edition itself does not say it again"
    if rule is SUPPRESS:
        assert found.why[at("r0", "c0")] == "small, though another document has printed it"


def test_small_money_that_another_document_prints_is_kept_back_beside_rounded_counts() -> None:
    tables = Tables((Cell("all", 90_000, 60, unit="pence"), Cell("a", 4_000, 3, unit="pence", told=True)))
    assert protect(tables, ROUND).suppressed == ("a",)


def test_told_figure_of_an_earlier_edition_is_known_in_both() -> None:
    first = grid((3, 20, 21), (22, 23, 24), (25, 26, 27))
    one = protect(first, SUPPRESS)
    knowing = told(first, at("r0", "c0"))
    two = protect(knowing, SUPPRESS, [replace(one.edition, truth=knowing)])
    report = attack(two.published, [one.published], knowing, [knowing])
    assert (report.failed, two.unprotected) == (True, {})
    alone = attack(two.published, [one.published], knowing, [first])
    assert {one.edition for one in alone.exact} == {1}, "who does not know that it is told takes it for a leak"


def test_sum_over_a_single_open_part_is_what_it_says() -> None:
    tables = Tables((Cell("all", 9, 9), Cell("a", 9, 9)), (Sum("all", ("a",)),))
    assert attack(printed(tables, ["a"]), full=True).findings[0].greatest == 9
