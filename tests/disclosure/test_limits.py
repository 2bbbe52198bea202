"""Numbers of providers beside rounded counts: hidden where they tell, and no programme where a step shows the room."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careshape.bench.disclosure import three_way
from careshape.bench.disclosure_councils import make_council
from careshape.cli.bench_disclosure import gate
from careshape.disclosure import AtMost, Cell, Edition, Figure, Published, Rule, Tables, attack, protect
from careshape.disclosure.published import exact
from careshape.disclosure.suppress.nearest import nearest
from careshape.disclosure.suppress.protection import Proof
from careshape.disclosure.suppress.space import ALWAYS, Column, Line, Space, Target
from careshape.disclosure.suppress.steps import walk
from tests.disclosure.brute import ROUND, grid


def served(tables: Tables, most: int) -> Tables:
    """The same with how many providers serve each count, each of which serves somebody."""
    more = [Cell(f"providers of {c.id}", min(c.value, most), unit="providers") for c in tables.cells]
    limits = tuple(AtMost(f"providers of {c.id}", (c.id,)) for c in tables.cells)
    return Tables((*tables.cells, *more), tables.sums, limits=limits)


@pytest.mark.parametrize("number", [25, 27])
def test_later_edition_of_rounded_counts_hides_what_tells_instead_of_being_refused(number: int) -> None:
    """Synthetic councils with numbers of providers that tell, in their first edition; in 27 more in their second."""
    council = make_council(500_000 + number, editions=2)
    release, hidden = gate(), []
    before: list[Edition] = []
    for facts in council.editions:
        protected, report, edition = release(facts, council.rule, before, str(council.seed))
        assert (protected.unprotected, report.failed) == ({}, True)
        hidden.append(sum("provider" in id_ for id_ in protected.suppressed))
        before.append(edition)
    assert hidden[1] >= hidden[0] > 0
    one, two = before
    assert one.truth is not None
    again = attack(two.published, [one.published], two.truth, [one.truth], only_added=council.only_added)
    assert again.failed


@settings(max_examples=15, deadline=None)
@given(values=st.lists(st.integers(0, 9), min_size=4, max_size=4), most=st.integers(1, 4))
def test_number_of_providers_does_not_contradict_a_rounded_count(values: list[int], most: int) -> None:
    tables = served(grid(values[:2], values[2:]), most)
    found = protect(tables, ROUND)
    assert found.unprotected == {}
    assert attack(found.published, truth=tables).failed
    for limit in tables.limits:
        part, whole = (found.published.by_id[id_].shown for id_ in (limit.part, *limit.whole))
        assert part is None or whole is None or part <= whole


def test_number_of_providers_is_hidden_rather_than_the_release_refused() -> None:
    """Four places of one person each make four: at most one can be printed as 5, and the others say 0."""
    tables = served(grid((1, 1), (1, 1)), 1)
    found = protect(tables, ROUND)
    assert found.unprotected == {}
    assert any(id_.startswith("providers of") for id_ in found.suppressed)
    assert attack(found.published, truth=tables).failed


def test_large_rounded_table_with_numbers_of_providers_needs_no_programme() -> None:
    tables = served(three_way(3), 1)
    figures = tuple(
        exact(c) if c.unit == "providers" else Figure(c.id, c.value, max(0, c.value - 5), c.value + 6)
        for c in tables.cells
    )
    report = attack(Published(1, Rule(), figures, tables.sums, limits=tables.limits), truth=tables)
    assert report.failed
    assert report.solved == {"linear": 0, "integer": 0}


def known_total(least: float) -> Space:
    """Three rounded places that make a known total, the first of which is at most so far below the truth."""
    lines = [Line(((0, -1.0), (1, -1.0), (2, -1.0))), Line(((0, 1.0),), least, float("inf"), cells=("providers",))]
    return Space([Column(5, 5, ALWAYS)] * 3, lines, [Target(0, width=5)], 0)


@pytest.mark.parametrize(("least", "lacking"), [(-1.0, []), (float("-inf"), [])])
def test_steps_go_from_one_place_to_another_as_far_as_limits_leave(least: float, lacking: list[int]) -> None:
    space = known_total(least)
    proof = Proof(space)
    walk(space, np.zeros(3), proof)
    nothing = np.zeros(0, dtype=bool)
    assert proof.unproven(nothing) == lacking
    assert space.solved == 0
    low, high = proof.ranges(nothing)
    assert (low[0], high[0]) == (max(-5.0, least), 5.0)


def test_nearest_departure_that_fits_is_as_near_as_can_be() -> None:
    space = known_total(-1.0)
    found = nearest(space, np.array([-3.0, 4.0, 0.0]))
    assert space.fits(found)
    assert np.abs(found - np.array([-3.0, 4.0, 0.0])).sum() == 5.0
    assert not space.fits(np.array([-3.0, 4.0, 0.0]))
