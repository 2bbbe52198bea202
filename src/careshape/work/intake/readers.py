"""Have files read by the process that reads them, and take its answer."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from careshape.work.intake.reading import TOO_MUCH

SECONDS: Final = 1800
"""How long one file may take."""
MEMORY: Final = 3 << 30
"""Bytes of memory that a reader may ask for, whatever file it reads."""
_HIDDEN: Final = ("SECRET", "PASSWORD", "DATABASE", "TOKEN", "MAIL")
"""Parts of names of environment variables that a reader does not get."""

log = logging.getLogger("careshape.work")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Task:
    """A file to be read for a council."""

    path: Path
    council: Path
    """The council's folder."""
    reader: str = ""
    dry_run: bool = True
    refused_to: Path | None = None
    """Where refused rows are written, for correction."""
    seconds: int = SECONDS
    memory: int = MEMORY
    guarded: bool = True
    """Whether the file is looked at first. Only a test that shows what then happens leaves it out."""

    def to_json(self) -> str:
        """The task as a line."""
        fields = {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}
        return json.dumps(fields)


@dataclass(frozen=True)
class Answer:
    """What came of it: a report, or a problem that who brought the file can put right, or a fault of ours."""

    report: dict[str, Any] | None = None
    problem: str = ""
    fault: str = ""
    ended: bool = False
    """Whether the reader was ended for what it asked for, before it told anything."""
    kilobytes: int = 0
    """The most memory that the reader held."""
    seconds: float = 0.0


class Process:
    """A process that reads files, one after another; it is started with the first."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def read(self, task: Task, say: Say = lambda stage: None) -> Answer:
        """Have a file read. ``say`` is called with each stage."""
        process = self.running()
        assert process.stdin is not None
        assert process.stdout is not None
        told: dict[str, Any] = {}
        try:
            process.stdin.write(task.to_json() + "\n")
            process.stdin.flush()
            for line in process.stdout:
                answer = json.loads(line)
                if "stage" in answer:
                    say(answer["stage"])
                elif "ended" in answer:
                    return _answer(task, told, answer["ended"])
                else:
                    told = answer
        except (OSError, ValueError):
            pass
        self.close()
        return Answer(fault="the process that reads files ended")

    @property
    def idle_kilobytes(self) -> int:
        """Memory that the process holds while it reads nothing."""
        status = Path(f"/proc/{self.running().pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def running(self) -> subprocess.Popen[str]:
        """The process, started where it is not there."""
        if self._process is None or self._process.poll() is not None:
            kept = {name: value for name, value in os.environ.items() if not any(part in name for part in _HIDDEN)}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "careshape.work.intake.reading"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=kept,
            )  # fmt: skip
            assert self._process.stdout is not None
            self._process.stdout.readline()  # it says that it is ready
        return self._process


def _answer(task: Task, told: dict[str, Any], ended: dict[str, Any]) -> Answer:
    means = {"kilobytes": ended["kilobytes"], "seconds": ended["seconds"]}
    if "report" in told:
        return Answer(report=told["report"], **means)
    if "problem" in told:
        return Answer(problem=told["problem"], **means)
    if ended["signal"] or "fault" not in told:
        # It was ended for what it asked for, or by itself where memory could not be had.
        return Answer(problem=TOO_MUCH.format(name=task.path.name), ended=True, **means)
    return Answer(fault=told["fault"], **means)


_idle: list[Process] = []
_lock = threading.Lock()


def read(task: Task, say: Say = lambda stage: None) -> Answer:
    """Have a file read by a process that has nothing else to do, kept for the next one."""
    with _lock:
        process = _idle.pop() if _idle else Process()
    try:
        answer = process.read(task, say)
        told = "report" if answer.report else "problem" if answer.problem else f"fault, {answer.fault}"
        log.info("read a file of %s: %s, %d KB, %.3f s", task.council.name, told, answer.kilobytes, answer.seconds)
        return answer
    finally:
        with _lock:
            _idle.append(process)


def idle_kilobytes() -> int:
    """Memory that a process holds while it waits for a file."""
    with _lock:
        if not _idle:
            _idle.append(Process())
        return _idle[-1].idle_kilobytes


def close_all() -> None:
    """End the processes that wait for files."""
    with _lock:
        while _idle:
            _idle.pop().close()
