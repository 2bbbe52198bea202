"""The environment of cs-demand-model, which is installed for the comparison only and never beside this package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from careshape.errors import CareshapeError

PACKAGE: Final = "cs-demand-model[cli]==0.5.1"
PYTHON: Final = "3.11"
"""The peer pins pandas 1.5, which has no build for later versions of Python."""
SCRIPT: Final = Path(__file__).with_name("peer_script.py")
MARK: Final = "cs-demand-model.txt"

Say = Callable[[str], None]


def cache_folder() -> Path:
    """Where the environment is kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "careshape" / "bench"


def peer_python(say: Say, cache: Path | None = None) -> Path:
    """The interpreter of an environment that has the peer; made on first use, which needs a package registry.

    Raises CareshapeError, saying why and what to do, where it cannot be made.
    """
    folder = (cache or cache_folder()) / "cs-demand-model-0.5.1"
    python, mark = folder / "bin" / "python", folder / MARK
    if mark.exists() and python.exists():
        return python
    say(f"Installing {PACKAGE} into {folder}, for this comparison only.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    for command in _commands(folder, python):
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            raise _cannot(str(error)) from None
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise _cannot(said[-1] if said else f"exit code {done.returncode}")
    mark.write_text(PACKAGE, "utf-8")
    return python


def _commands(folder: Path, python: Path) -> list[list[str]]:
    """With uv where it is there, which finds or fetches the right Python by itself; else with that Python's own pip."""
    uv = shutil.which("uv")
    if uv:
        return [
            [uv, "venv", "--quiet", "--python", PYTHON, str(folder)],
            [uv, "pip", "install", "--quiet", "--python", str(python), PACKAGE],
        ]
    if sys.version_info[:2] == tuple(int(part) for part in PYTHON.split(".")):
        base = sys.executable
    else:
        base = shutil.which(f"python{PYTHON}") or ""
    if not base:
        raise _cannot(f"neither uv nor Python {PYTHON} is there")
    return [[base, "-m", "venv", str(folder)], [str(python), "-m", "pip", "install", "--quiet", PACKAGE]]


def _cannot(why: str) -> CareshapeError:
    return CareshapeError(
        f"The peer {PACKAGE} could not be installed: {why}. It needs Python {PYTHON} and a package registry. "
        "Make an environment with it elsewhere and name its interpreter with --peer-python."
    )
