"""Options of the whole suite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests import promises
from tests.flushing import let_flush
from tests.installation import installation, installations, postgres_address, zygote
from tests.late import refuse_late
from tests.quick import hash_quickly, same_examples
from tests.tables import have_tables

__all__ = ["installation", "installations", "postgres_address", "zygote"]
"""Here, and not in the rooms that ask for them, where each would make its own."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--no-skips``: a test that was skipped fails the run, so that a green run means that everything ran."""
    parser.addoption("--no-skips", action="store_true", help="fail the run if any test was skipped")
    parser.addoption("--promises", action="store_true", help="run only the tests that prove a promise")


def pytest_configure() -> None:
    hash_quickly()
    have_tables()
    let_flush()
    same_examples()
    refuse_late()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that ask the database, and leave only those of promises where these are asked for."""
    chosen, left = [], []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        once = item.get_closest_marker("once")
        if once:
            assert once.args, f"{item.nodeid} says once, and not why"
        elif fixtures & {"db", "transactional_db"} or item.get_closest_marker("django_db"):
            item.add_marker("database")
        (chosen if "promise" in fixtures or not config.getoption("--promises") else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = chosen


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and config.getoption("--no-skips"):
        terminalreporter.section("skipped tests fail this run (--no-skips)", red=True)
    promises.summary(terminalreporter)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not session.config.getoption("--no-skips"):
        return
    if reporter.stats.get("skipped") and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def people(db: None) -> Any:
    """Synthetic people in every role of two councils."""
    from tests.accounts.people import make_people

    return make_people()


@pytest.fixture
def promise(record_property: Callable[[str, Any], None]) -> Callable[[str, str], None]:
    """Says what a test proved, as a line at the end of the run."""
    return lambda name, words: record_property(promises.KEY, (name, words))
