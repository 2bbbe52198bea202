"""Files that take long are begun first, so that no process is left with one of them when the others have ended."""

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
    "tests/bench/test_load.py",
    "tests/browser/test_accounts.py",
    "tests/browser/test_work.py",
    "tests/browser/test_care.py",
    "tests/bench/test_worker.py",
    "tests/cli/test_measuring_on_spark.py",
    "tests/audit/test_verify.py",
    "tests/work/test_pages.py",
)
"""Those of twenty processor seconds and more, the longest first."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, and leave all others in their order."""
    order = {file: number for number, file in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.nodeid.partition("::")[0], len(order)))
