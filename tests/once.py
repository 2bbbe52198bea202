"""Folders that take long to make, made once for all processes and passes of a run, and copied by who wants one."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

SHARED = "CARESHAPE_TEST_SHARED"
"""Environment variable with the folder that is shared; tests.environment makes one where none is given."""


def copy_of(name: str, folder: Path, make: Callable[[Path], object]) -> Path:
    """Fill a folder, which is not there or empty, with what ``make`` puts into one; it is called once a run."""
    root = Path(os.environ[SHARED])
    made, done = root / name, root / f"{name}.done"
    with (root / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir()
            make(made)
            done.touch()
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return folder
