"""Promises: one line each at the end of a run, with what was measured.

A test that proves a promise takes the fixture ``promise`` and says it when everything has been asserted:

    def test_chain_tampers_are_caught(db, promise):
        ...
        promise("R5 audit", "1,000/1,000 tampers caught; control without key: 0/1,000")

``./test --promises`` runs only such tests. Lines of several passes are gathered in the file that
CARESHAPE_TEST_PROMISES names, and ``python -m tests.promises FILE`` prints them.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

FILE = "CARESHAPE_TEST_PROMISES"
KEY = "promise"


def lines_of(reports: list[Any]) -> list[tuple[str, str]]:
    """The promises that reports of passed tests hold: name and what was measured."""
    said = [value for report in reports for key, value in getattr(report, "user_properties", ()) if key == KEY]
    return sorted({(name, words) for name, words in said})


def printed(promises: list[tuple[str, str]]) -> list[str]:
    """The lines as they are printed."""
    return [f"{name}: {words}" for name, words in promises]


def summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the promises of a run as its last lines, and keep them where several runs are gathered."""
    found = lines_of(terminalreporter.stats.get("passed", []))
    if not found:
        return
    if os.environ.get(FILE):
        database = os.environ.get("CARESHAPE_TEST_DATABASE", "sqlite")
        with Path(os.environ[FILE]).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps([name, words, database]) + "\n" for name, words in found)
        return
    terminalreporter.section("promises")
    for line in printed(found):
        terminalreporter.write_line(line)


def main(file: str) -> None:
    """Print what several runs gathered."""
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    path = Path(file)
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    rows = {(name, words, database) for name, words, database in map(json.loads, lines)}
    several = {name for name, _, _ in rows if len({database for one, _, database in rows if one == name}) > 1}
    for name, words, database in sorted(rows):
        print(f"{name}: {words}" + (f" ({names[database]})" if name in several else ""))


if __name__ == "__main__":
    main(sys.argv[1])
