"""The second pass reads the files in which the first found tests that ask the database, and no others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ASKS = "import pytest\n\n@pytest.mark.database\ndef test_asks():\n    pass\n\ndef test_other():\n    pass\n"
ASKS_NOT = "def test_asks_not():\n    pass\n"


def collected(folder: Path, *chosen: str) -> str:
    """What a pass collects and what it says of it."""
    plugins = ("-p", "no:cacheprovider", "-p", "tests.again", "-o", "addopts=", "--rootdir", str(folder))
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *plugins, *chosen, str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={"CARESHAPE_TEST_SHARED": str(folder), "PATH": "/usr/bin:/bin", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    return run.stdout


def test_second_pass_reads_what_the_first_found_and_alone_it_reads_all(tmp_path):
    (tmp_path / "test_with.py").write_text(ASKS, "utf-8")
    (tmp_path / "test_without.py").write_text(ASKS_NOT, "utf-8")
    assert "1/3 tests collected (2 deselected)" in collected(tmp_path, "-m", "database"), "no pass came before it"
    assert "3 tests collected" in collected(tmp_path)
    assert "1/2 tests collected (1 deselected)" in collected(tmp_path, "-m", "database"), "the file without is not read"
