"""What measures time has the machine to itself."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.once import SHARED
from tests.quiet import TAKEN, turn

ROOT = Path(__file__).parents[1]
OTHER = """
import sys
from tests.quiet import turn
print("waits", flush=True)
with turn(alone=len(sys.argv) > 1):
    print("begun", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns of this test's own: those of the run are not waited for."""
    monkeypatch.setenv(SHARED, str(tmp_path))
    monkeypatch.delenv(TAKEN, raising=False)


def other(*alone: str) -> subprocess.Popen[bytes]:
    """A process of another test, which waits for its turn, and keeps it until its input ends."""
    seen = {name: value for name, value in os.environ.items() if name != TAKEN}
    return subprocess.Popen(
        [sys.executable, "-c", OTHER, *alone], cwd=ROOT, env=seen, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def said(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    """What a process says, until it says nothing for so many seconds or has begun."""
    assert process.stdout is not None
    number, text = process.stdout.fileno(), b""
    while b"begun\n" not in text and select.select([number], [], [], seconds if b"waits\n" in text else 60)[0]:
        text += os.read(number, 100)
    return text


@pytest.mark.parametrize(("mine", "theirs", "waits"), [(True, [], True), (False, ["alone"], True), (False, [], False)])
def test_who_is_alone_waits_for_others_and_others_wait_for_it(mine: bool, theirs: list[str], waits: bool) -> None:
    with turn(alone=mine):
        process = other(*theirs)
        first = said(process, 0.3 if waits else 60)
    rest, _ = process.communicate(b"")
    assert first == (b"waits\n" if waits else b"waits\nbegun\n")
    assert rest == (b"begun\n" if waits else b"")
    assert process.returncode == 0


def test_what_a_test_starts_waits_for_no_turn() -> None:
    with turn(alone=True), turn(alone=False):
        pass
