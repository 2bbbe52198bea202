"""Files that take long are begun first, so that no process is left with one of them when the others have ended. What
measures time comes last: it waits until nothing else is under way (tests.quiet).
"""

from __future__ import annotations

import pytest

LONG = (
    "tests/policy/test_authorisation.py",
    "tests/site/test_crash.py",
    "tests/docs/test_examples.py",
    "tests/source/test_at_once.py",
    "tests/providers/test_at_once.py",
    "tests/work/test_hostile.py",
    "tests/bench/test_backtest.py",
    "tests/browser/test_walk.py",
    "tests/browser/test_accounts.py",
    "tests/browser/test_work.py",
    "tests/browser/test_care.py",
    "tests/bench/test_worker.py",
    "tests/cli/test_measuring_on_spark.py",
    "tests/demo_year/test_year.py",
    "tests/audit/test_verify.py",
    "tests/work/test_pages.py",
)
"""Those of twenty processor seconds and more, the longest first."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, those with a test that has the machine to itself last, and leave all others in their
    order.
    """
    order = {file: number for number, file in enumerate(LONG)}
    order |= {_file(item): len(LONG) + 1 for item in items if item.get_closest_marker("alone")}
    items.sort(key=lambda item: order.get(_file(item), len(LONG)))


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]
