"""A run gives its processes the long files first, and no file to one that still has enough to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.order import APART, LONG, part_of, pytest_xdist_make_scheduler

ROOT = Path(__file__).parents[1]


class Process:
    """A process of a run, which keeps what it was given."""

    def __init__(self, name: str) -> None:
        self.name, self.given, self.shutting_down = name, [], False
        self.gateway = self

    id = property(lambda self: self.name)

    def send_runtest_some(self, numbers: list[int]) -> None:
        self.given += numbers

    def shutdown(self) -> None:
        self.shutting_down = True


def test_files_that_are_named_are_there():
    assert [one for one in (*LONG, *APART) if not (ROOT / one).is_file()] == []
    assert len(set(LONG)) == len(LONG)


def test_tests_of_a_file_stay_together_but_for_those_that_take_long_alone():
    assert part_of("tests/site/test_crash.py::test_a[x::y]") == "tests/site/test_crash.py"
    assert part_of(f"{APART[0]}::test_a[0]") == f"{APART[0]}::test_a[0]"


def test_process_with_two_tests_is_given_no_more_until_one_is_done(pytestconfig: pytest.Config, monkeypatch: Any):
    for option, value in (("dist", "loadscope"), ("loadscopereorder", False), ("tx", ["2*popen"])):
        monkeypatch.setattr(pytestconfig.option, option, value, raising=False)
    scheduler: Any = pytest_xdist_make_scheduler(pytestconfig, None)
    one, other = Process("one"), Process("other")
    tests = [f"{APART[0]}::test_a[0]", f"{APART[0]}::test_a[1]", "b.py::test_b", "b.py::test_c", "c.py::test_d"]
    for node in (one, other):
        scheduler.add_node(node)
        scheduler.add_node_collection(node, tests)
    scheduler.schedule()
    assert (one.given, other.given) == ([0, 2, 3], [1, 4])
    assert scheduler.tests_finished is False
    assert one.shutting_down == other.shutting_down is False or not scheduler.workqueue
    monkeypatch.setattr(pytestconfig.option, "dist", "load")
    assert pytest_xdist_make_scheduler(pytestconfig, None) is None
