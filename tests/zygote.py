"""A process in which Django is set up, and which forks itself for each script it is given: what would take seconds in
a process of its own takes milliseconds. Orders come as lines of JSON; the answer is the number of the new process.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any


def main() -> None:
    """Fork for each order until there are no more."""
    import django

    django.setup()
    import duckdb  # noqa: F401  (what every script would load)

    from careshape.catalogue import catalogue

    catalogue()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        process = os.fork()
        if process == 0:
            work(order)
        print(process, flush=True)


def work(order: dict[str, Any]) -> None:
    """Do one order, and leave its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for name, number in (("out", 1), ("err", 2)):
        descriptor = os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(descriptor, number)
    os.close(0)
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
    sys.stdout.flush()
    sys.stderr.flush()
    Path(order["ended"]).write_text(str(code))
    os._exit(0)


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
    main()
