"""Files that take long are begun first, so that no process is left with one of them when the others have ended. What
measures time comes last: it waits until nothing else is under way (tests.quiet).

A process of a run is given a file at a time, and no second one while the first has tests that were not begun; the tests
of some files are given one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling

LONG = (
    "tests/site/test_crash.py",
    "tests/browser/test_walk.py",
    "tests/policy/test_authorisation.py",
    "tests/docs/test_examples.py",
    "tests/browser/test_work.py",
    "tests/browser/test_accounts.py",
    "tests/providers/test_at_once.py",
    "tests/work/test_hostile.py",
    "tests/bench/test_backtest.py",
    "tests/browser/test_care.py",
    "tests/editions/test_both_councils.py",
    "tests/site/test_migrations.py",
    "tests/evaluate/measure/test_national.py",
    "tests/source/test_at_once.py",
    "tests/ledger/test_crash.py",
    "tests/site/test_backup.py",
    "tests/browser/test_release.py",
    "tests/browser/test_failing.py",
    "tests/editions/test_release.py",
    "tests/bench/test_worker.py",
    "tests/demo_year/test_year.py",
    "tests/audit/test_verify.py",
    "tests/cli/test_bench_forecast.py",
    "tests/cli/test_measuring_on_spark.py",
    "tests/browser/test_lists.py",
    "tests/work/test_pages.py",
    "tests/work/test_api_fuzz.py",
)
"""Those of twenty seconds and more, the longest first. Before them two that others would wait for: the rig of crashes,
which waits for most of its time, and the first that builds the demonstration, which several read.
"""
APART = ("tests/policy/test_authorisation.py",)
"""Files whose tests take minutes each and share nothing: several processes take them at once."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, those with a test that has the machine to itself last, and leave all others in their
    order.
    """
    order = {file: number for number, file in enumerate(LONG)}
    order |= {_file(item.nodeid): len(LONG) + 1 for item in items if item.get_closest_marker("alone")}
    items.sort(key=lambda item: order.get(_file(item.nodeid), len(LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """Give out the tests by file, where that was asked for."""
    if config.getvalue("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return part_of(nodeid)

        def _reschedule(self, node: Any) -> None:
            # One test stays ahead of the one that runs, which a process needs to go on; by itself the scheduler gives
            # a process with two tests the next file too, where it lies for as long as they take.
            if not self.workqueue or self._pending_of(self.assigned_work[node]) < 2:
                super()._reschedule(node)

    return ByFile(config, log)


def part_of(test: str) -> str:
    """What one process runs together with a test: its file, or the test alone."""
    return test if _file(test) in APART else _file(test)


def _file(test: str) -> str:
    return test.partition("::")[0]
