"""A process that has loaded what every script would load, and forks itself for each script it is given: what would take
seconds in a process of its own takes a fraction of one. Orders come as lines of JSON; the answer is the number of the
new process.

``python -m tests.zygote`` sets Django up, and turns each child to its data folder. ``python -m tests.zygote plain``
sets nothing up: each child has the environment of its order and nothing else, so that it reads its configuration as a
new process does.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import faulthandler
import gc
import importlib
import io
import json
import os
import signal
import sys
import threading
import traceback
import types
from pathlib import Path
from typing import Any

from tests.quick import collect_seldom, hash_quickly, migrate_quickly, without_slow_imports

PR_SET_PDEATHSIG = 1
LIBRARIES = (
    "altair", "argon2", "click", "cryptography.x509", "deltalake", "django.contrib.auth", "django.core.management",
    "django.db.models", "django.forms", "django.template", "django.test", "django.urls", "django.utils.translation",
    "duckdb", "fido2.server", "granian", "highspy", "jinja2", "jwt", "markdown_it", "multiprocessing.util", "narwhals",
    "numpy", "pyarrow.compute", "pyarrow.csv", "pyarrow.dataset", "pyarrow.parquet", "pydantic", "python_calamine",
    "qrcode", "rich.progress", "rich.table", "scipy.linalg", "scipy.special", "scipy.stats", "vl_convert", "whitenoise",
)  # fmt: skip
ROOMS = (
    "disclosure", "ledger", "records", "evaluate", "demo", "bench", "cli", "editions.prepare", "jobs.kinds",
    "policy.rules", "privacy.classification", "site.config", "site.database", "site.doctor", "site.move", "site.serve",
    "statement.outlook.views", "statement.outlook.work_out", "statement.text", "statement.views", "work.intake.reading",
)  # fmt: skip
"""Of careshape, what needs no settings."""


def main(plain: bool) -> None:
    """Fork for each order until there are no more."""
    collect_seldom()
    without_slow_imports()
    if plain:
        load()
        migrate_quickly()
        gc.freeze()
    else:
        import django

        django.setup()
        hash_quickly()
        import duckdb  # noqa: F401  (what every script would load)

        gc.freeze()  # else each child would touch, and so copy, what it shares with this process
    from careshape.catalogue import catalogue

    catalogue()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        process = os.fork()
        if process == 0:
            (work_apart if plain else work)(order)
        print(process, flush=True)


def load() -> None:
    """Load what needs no settings; what is not installed is left to the script that wants it."""
    for name in (*LIBRARIES, *(f"careshape.{room}" for room in ROOMS)):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    from careshape.cli.group import careshape

    for name in careshape.list_commands(None):  # type: ignore[arg-type]
        with contextlib.suppress(ImportError):
            careshape.get_command(None, name)  # type: ignore[arg-type]


def work(order: dict[str, Any]) -> None:
    """Do one order, and leave its exit code."""
    _turn(order)
    code = 1
    try:
        aim(Path(order["data"]), order["url"])
        sys.argv = ["-", *order["arguments"]]
        exec(compile(order["script"], "<order>", "exec"), {"__name__": "__main__"})
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException:
        traceback.print_exc()
    _leave(order, code)


def work_apart(order: dict[str, Any]) -> None:
    """Do one order as ``python -c`` would in its environment and folder, and leave its exit code; a process that is
    left behind ends with the one that it was forked from.
    """
    _turn(order)
    _end_with_parent()
    code = 1
    try:
        os.chdir(order["folder"])
        os.environ.clear()
        os.environ.update(order["environment"])
        sys.argv = ["-c", *order["arguments"]]
        # What spawns processes looks at the main module: it is to be as after ``python -c``.
        sys.modules["__main__"] = module = types.ModuleType("__main__")
        module.__dict__["__builtins__"] = __builtins__
        exec(compile(order["script"], "<string>", "exec"), module.__dict__)
        code = 0
    except SystemExit as end:
        if end.code is not None and not isinstance(end.code, int):
            print(end.code, file=sys.stderr)
        code = 0 if end.code is None else end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    _end(order, code)


def _end(order: dict[str, Any], code: int) -> None:
    """End as an interpreter does: threads, then what was left to the end, then what is still open; its exit code.

    What an interpreter does after that, and takes most of a second for, is not done: it takes every module apart.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    if "django.db" in sys.modules:
        sys.modules["django.db"].connections.close_all()  # so that SQLite puts its log into the file
    # Those that were there before the fork are frozen, and not looked at. By their type: a lazy object that is asked
    # whether it is a file would begin to be what it stands for.
    for one in [one for one in gc.get_objects() if issubclass(type(one), io.IOBase)]:
        with contextlib.suppress(OSError, ValueError):
            one.flush()
    _leave(order, code)


def _turn(order: dict[str, Any]) -> None:
    """Let what this process says go to the files of its order; where it stands when it is aborted, too."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for name, number in (("out", 1), ("err", 2)):
        descriptor = os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    faulthandler.enable(file=2)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _end_with_parent() -> None:
    with contextlib.suppress(AttributeError, OSError):  # other systems than Linux know no such signal
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _leave(order: dict[str, Any], code: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    Path(order["ended"]).write_text(str(code))
    os._exit(code & 0xFF)


def aim(data: Path, url: str) -> None:
    """Turn this process to another data folder and database."""
    from django.conf import settings
    from django.db import connections

    from careshape.site.database import database

    os.environ.update({"CARESHAPE_DIR": str(data), "CARESHAPE_DATABASE_URL": url})
    settings.CARESHAPE_DIR = data
    with contextlib.suppress(AttributeError):
        del connections["default"]  # one that was never opened holds the settings of before
    connections.settings["default"] = connections.configure_settings({"default": database(url, data)})["default"]


if __name__ == "__main__":
    main(plain=sys.argv[1:] == ["plain"])
