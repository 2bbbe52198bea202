"""The process that reads what people bring: ``python -m careshape.work.intake.reading``.

It takes one task a line on standard input and forks for each, so that a file that ends its reader ends nothing else.
Each reader has bounded memory, time and output. Answers are lines of JSON: ``{"stage": ...}`` while it goes on, then
one of ``{"report": ...}``, ``{"problem": ...}``, ``{"fault": ...}``, and last ``{"ended": {...}}`` with its means.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from careshape.catalogue import catalogue
from careshape.errors import CareshapeError
from careshape.ledger.imports import import_file
from careshape.ledger.ledger import Ledger
from careshape.ledger.readers import READER_IDS, reader
from careshape.work.intake.guard import LIMITS, MEGABYTE, inspect

TOO_MUCH: Final = (
    "{name} asks for more memory or time than a file of records does. Export it again, or bring it in parts."
)
DAMAGED: Final = "{name} cannot be read as a file of records: it is damaged. Export it again."
LEAST_MEMORY: Final = 96 * MEGABYTE
MOST_MEMORY: Final = 512 * MEGABYTE
"""Bytes that the engine may hold; a larger file may have more, so that a small one cannot ask for much."""
OF_THE_FILE: Final = (
    duckdb.Error, pa.ArrowException, zipfile.BadZipFile, zlib.error, UnicodeError, ValueError, OverflowError,
    RecursionError, MemoryError,
)  # fmt: skip
"""What is raised where a file is not what it says."""
_STEP: Final = 0.01


def main() -> None:
    """Say that it is ready, then do one task a line until the input ends."""
    # What every reader looks things up in, loaded before they are forked: a fifth of the time of a small file.
    catalogue()
    for one in READER_IDS:
        reader(one)
    say(ready=True)
    for line in sys.stdin:
        sys.stdout.flush()
        started = time.monotonic()
        task = json.loads(line)
        forked = os.fork()
        if not forked:
            _read(task)
        status, used = _wait(forked, started + float(task["seconds"]))
        ended = {
            "signal": -os.waitstatus_to_exitcode(status) if os.WIFSIGNALED(status) else 0,
            "code": os.waitstatus_to_exitcode(status),
            "kilobytes": used.ru_maxrss,
            "seconds": round(time.monotonic() - started, 3),
        }
        print(json.dumps({"ended": ended}), flush=True)


def _wait(reader: int, until: float) -> tuple[int, resource.struct_rusage]:
    while True:
        found, status, used = os.wait4(reader, os.WNOHANG)
        if found:
            return status, used
        if time.monotonic() > until:
            os.kill(reader, signal.SIGKILL)
            _, status, used = os.wait4(reader, 0)
            return status, used
        time.sleep(_STEP)


def _read(task: dict[str, Any]) -> None:
    """Do a task, tell its end, and end."""
    name = Path(task["path"]).name
    code = 0
    try:
        bound(int(task["seconds"]), int(task["memory"]))
        say(report=_report(task))
    except CareshapeError as error:
        say(problem=str(error))
    except MemoryError:
        say(problem=TOO_MUCH.format(name=name))
    except OF_THE_FILE as error:
        # The message of a library would show what the file says.
        too_much = isinstance(error, duckdb.OutOfMemoryException | pa.ArrowMemoryError)
        say(problem=(TOO_MUCH if too_much else DAMAGED).format(name=name), kind=type(error).__name__)
    except BaseException as error:
        say(fault=type(error).__name__)
        code = 1
    sys.stdout.flush()
    os._exit(code)


def _report(task: dict[str, Any]) -> dict[str, Any]:
    path = Path(task["path"])
    if task.get("guarded", True):
        inspect(path, LIMITS)
    memory = min(MOST_MEMORY, max(LEAST_MEMORY, LEAST_MEMORY + 4 * path.stat().st_size))
    report = import_file(
        Ledger.open(Path(task["council"])),
        path,
        reader=task["reader"] or None,
        dry_run=task["dry_run"],
        refused_to=Path(task["refused_to"]) if task.get("refused_to") else None,
        memory_limit=f"{memory // MEGABYTE}MB" if task.get("guarded", True) else "4GB",
        say=lambda stage: say(stage=stage),
    )
    return report.masked().as_dict()


def bound(seconds: int, memory: int) -> None:
    """Bound what this process may use: seconds of the processor, bytes of memory, files, and no core dump."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, 512))


def say(**what: Any) -> None:
    """Tell the process that waits."""
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
