"""The demonstration, built once for all tests that read it: it takes as long as many others together."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from tests.quick import left_out

START = "import sys; from careshape.cli import main; sys.exit(main())"


def built_demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `careshape demo --no-serve` has run, the same for every process of a run; not to be changed."""
    own = tmp_path_factory.getbasetemp()
    # Processes that run tests side by side have folders of their own in one that they share.
    shared = own.parent if own.name.startswith("popen-") else own
    folder, done = shared / "demonstration", shared / "demonstration.done"
    with (shared / "demonstration.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            command = [sys.executable, "-c", START, "--dir", str(folder), "demo", "--no-serve"]
            run = subprocess.run(command, env=left_out(), capture_output=True, text=True, timeout=1800, check=False)
            assert run.returncode == 0, run.stderr
            done.touch()
    return folder
