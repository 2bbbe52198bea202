"""Python scripts in processes of their own, as by ``python -c``, but forked from one that has loaded the libraries."""

from __future__ import annotations

import atexit
import itertools
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.once import SHARED

ROOT = Path(__file__).parents[1]
BEGINS = 600
"""Seconds within which the process that forks itself has loaded what it loads."""
SAID = 20_000
"""Characters that are shown of what a process said that did not end."""
CLI = "import sys; from careshape.cli import main; sys.exit(main())"
_numbers = itertools.count()


@cache
def _zygote() -> tuple[subprocess.Popen[str], Path]:
    """The process that forks itself, begun when first wanted, and a folder for what its children say."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name == SHARED or not name.startswith(("CARESHAPE_", "PYTEST", "DJANGO"))
    }
    folder = tempfile.TemporaryDirectory(prefix="careshape-warm-")
    made = subprocess.Popen(
        [sys.executable, "-m", "tests.zygote", "plain"],
        cwd=ROOT, env=kept | {"PYTHONPATH": str(ROOT)}, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip

    def end() -> None:
        made.communicate()
        folder.cleanup()

    atexit.register(end)
    assert made.stdout is not None
    ready = bool(select.select([made.stdout], [], [], BEGINS)[0]) and made.stdout.readline() == "ready\n"
    if not ready:
        made.kill()
    assert ready, f"The process that forks itself was not ready within {BEGINS} s; see what it said above."
    return made, Path(folder.name)


@dataclass
class Begun:
    """A script that runs in a process of its own, and where it leaves what it says."""

    process: int
    out: Path
    err: Path
    ended: Path

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return not _ends(self.process, 0)

    @property
    def said(self) -> str:
        """What it has said so far."""
        return "".join(one.read_text("utf-8", "replace") for one in (self.out, self.err) if one.exists())

    def forget(self) -> None:
        """Leave nothing of what it said."""
        for one in (self.out, self.err, self.ended):
            one.unlink(missing_ok=True)


def _begin(script: str, arguments: tuple[object, ...], env: Mapping[str, str] | None, cwd: Path | None) -> Begun:
    zygote, folder = _zygote()
    number = next(_numbers)
    paths = {name: folder / f"{number}.{name}" for name in ("out", "err", "ended")}
    order = {
        "script": script, "arguments": [str(one) for one in arguments], "folder": str(cwd or Path.cwd()),
        "environment": dict(os.environ if env is None else env), **{name: str(one) for name, one in paths.items()},
    }  # fmt: skip
    assert zygote.stdin is not None
    assert zygote.stdout is not None
    zygote.stdin.write(json.dumps(order) + "\n")
    zygote.stdin.flush()
    return Begun(int(zygote.stdout.readline()), **paths)


@contextmanager
def running(
    script: str, *arguments: object, env: Mapping[str, str] | None = None, grace: float = 15
) -> Iterator[Begun]:
    """A script that runs for as long as the block lasts: then it is asked to end, and is killed where it has not in so
    many seconds.
    """
    begun = _begin(script, arguments, env, None)
    try:
        yield begun
    finally:
        with suppress(ProcessLookupError):
            os.kill(begun.process, signal.SIGTERM)
        if not _ends(begun.process, grace):
            _stop(begun.process)
        begun.forget()


def run(
    script: str,
    *arguments: object,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = 1200,
) -> subprocess.CompletedProcess[str]:
    """Run a script to its end: its exit code, and what it said.

    env: all that its environment holds, as for ``subprocess.run``; else that of this process. It reads no input.
    """
    begun = _begin(script, arguments, env, cwd)
    whole = [str(one) for one in arguments]
    if not _ends(begun.process, timeout):
        _stop(begun.process)
        what = " ".join(whole) or script
        raise AssertionError(f"After {timeout:.0f} s this had not ended, and was stopped: {what}\n{begun.said[-SAID:]}")
    # One that was killed leaves no code.
    code = int(begun.ended.read_text()) if begun.ended.exists() else -int(signal.SIGKILL)
    done = subprocess.CompletedProcess(
        ["-c", *whole], code, *(one.read_text("utf-8") for one in (begun.out, begun.err))
    )
    begun.forget()
    return done


def careshape(
    *arguments: object, env: Mapping[str, str] | None = None, cwd: Path | None = None, timeout: float = 1200
) -> subprocess.CompletedProcess[str]:
    """Run the command line so."""
    return run(CLI, *arguments, env=env, cwd=cwd, timeout=timeout)


def _stop(process: int) -> None:
    """Let a process write on its standard error where each of its threads stands, and end it."""
    for number in (signal.SIGABRT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(process, number)
        if _ends(process, 10):
            return


def _ends(process: int, seconds: float) -> bool:
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:  # it is gone already
        return True
    try:
        return bool(select.select([watched], [], [], seconds)[0])
    finally:
        os.close(watched)
