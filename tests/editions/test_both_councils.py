"""Both demonstration councils' statements through the gate, twice with records moved in between, and attacked.

As far as the gate, where everything that could tell of a person is decided. ``./soak release`` draws the pages too, and
rebuilds the second edition from its pinned inputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from careshape.disclosure import attack
from careshape.editions import gate
from careshape.editions.folders import edition_path
from careshape.editions.gate import Passed
from careshape.editions.gather import Gathered
from careshape.editions.prepare import keep_figures
from careshape.home import Home
from tests.editions.councils import COUNCILS, copied, gathered, records_move, star


@pytest.fixture(scope="module", params=COUNCILS)
def council(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def home(council: str, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return copied(council, tmp_path_factory)


@dataclass(frozen=True)
class Two:
    """Two editions: what the gate made of each, and the second before the gate."""

    first: Passed
    second: Passed
    before: Gathered


@pytest.fixture(scope="module")
def two(home: Home, council: str) -> Iterator[Two]:
    """Two editions as the product makes them, the second after records moved."""
    with gathered(home, council, 1, []) as found:
        first = found.pass_gate()
        keep_figures(edition_path(home, council, 1), found.cells, first)
    records_move(home, council)
    with gathered(home, council, 2, [1]) as found:
        yield Two(first, found.pass_gate(), found)


def test_neither_edition_gives_anything_away_nor_do_both_together(two, council, promise):
    for passed in (two.first, two.second):
        assert passed.safe, passed.found[:3]
        assert passed.report.targets > 50
        assert [len(found) for found in (passed.report.exact, passed.report.narrow, passed.report.located)] == [0, 0, 0]
        assert not passed.protected.unprotected
    was, now = two.first.protected.tables.by_id, two.second.protected.tables.by_id
    changed = [id_ for id_ in now if id_ in was and now[id_].value != was[id_].value]
    assert changed, "records moved"
    promise(
        f"R10 the statement of {council}",
        f"two editions, {two.first.report.targets} and {two.second.report.targets} protected figures attacked, "
        f"{len(changed)} figures changed in between: 0 exact, 0 narrow, 0 changes located",
    )


def test_control_stars_are_broken_the_release_is_refused_and_the_change_is_located(two, council, monkeypatch):
    monkeypatch.setattr(gate, "protect", star)
    passed = two.before.pass_gate()
    assert not passed.safe
    assert len(passed.report.exact) > 0
    faults = two.before.faults(passed)
    tables = [one for fault in faults for one in fault["places"] if one["kind"] == "table"]
    assert tables
    assert all(fault["figure"] and fault["why"] for fault in faults)
    # Stars in both editions tell which cells the records moved in: what was moved is of use to an attacker.
    tables = two.first.protected.tables
    first = star(tables, two.before.rule)
    report = attack(passed.protected.published, [first.published], passed.protected.tables, [tables], explained=0)
    assert len(report.located) > 0
