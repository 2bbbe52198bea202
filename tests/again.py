"""The second pass of `./test`, over the tests that ask the database, reads only the files that hold some.

Reading all of them takes each process as long as many tests do. The first pass leaves the list where the second looks.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.once import SHARED

DATABASE = "database"
"""The mark of a test that asks the database, and what the second pass selects."""
LIST = "files-that-ask-the-database"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the list, in a pass that reads every file."""
    if config.getoption("markexpr"):
        return
    place = Path(os.environ[SHARED]) / LIST
    fresh = place.with_name(f"{LIST}-{os.getpid()}")
    fresh.write_text("\n".join(sorted({str(one.path) for one in items if one.get_closest_marker(DATABASE)})), "utf-8")
    fresh.replace(place)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Whether a file is passed over: nothing that is asked for is in it."""
    place = Path(os.environ[SHARED]) / LIST
    if config.getoption("markexpr") != DATABASE or not place.is_file() or not collection_path.name.startswith("test_"):
        return None
    return True if str(collection_path) not in place.read_text("utf-8").splitlines() else None
