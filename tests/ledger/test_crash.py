"""Imports killed at random moments: the ledger is as before or as after, never in between, and nothing acknowledged
is lost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("CARESHAPE_TEST_KILLS", "25"))
"""Imports that are killed; `./soak` kills more."""
SEED = os.environ.get("CARESHAPE_TEST_SEED", "2021")
UNSAFE_KILLS = 40
"""Kills of a control at most: it ends with the first fault of each kind that it is to show."""


def run_rig(folder: Path, kills: int, variant: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.ledger.crash_rig", str(folder), str(kills), SEED, variant]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600 + 10 * kills, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_killed_import_is_whole_or_absent_and_its_repetition_completes_it(tmp_path: Path) -> None:
    found = run_rig(tmp_path, KILLS, "safe")
    assert found["kills"] == KILLS
    assert (found["partial"], found["lost"], found["wrong"]) == (0, 0, 0)
    assert found["before"] + found["after"] == KILLS
    # Without kills on both sides of the commit the rig would show nothing.
    assert found["before"] >= 5
    assert found["after"] >= 5
    assert found["acknowledged"] >= 5


def test_rig_sees_the_faults_of_a_posting_in_several_commits(tmp_path: Path) -> None:
    found = run_rig(tmp_path, UNSAFE_KILLS, "unsafe")
    assert found["partial"] > 0
    assert found["wrong"] > 0


def test_rig_sees_what_is_lost_where_the_posting_is_recorded_before_its_rows(tmp_path: Path) -> None:
    found = run_rig(tmp_path, UNSAFE_KILLS, "unsafe-first")
    assert found["lost"] > 0
