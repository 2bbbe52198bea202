"""The worker that a server runs beside itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SERVER = """
import signal, sys, time
from pathlib import Path
import careshape.site.keeper as keeper
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background is begun deaf to it
sys.executable = sys.argv[1]
with keeper.kept(Path(sys.argv[2])):
    print("kept", flush=True)
    time.sleep(300)
"""
WORKER = """#!/bin/sh
echo $$ >> "{log}"
exec sleep 300
"""


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def until(true, seconds: float = 120) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if true():
            return True
        time.sleep(0.05)
    return False


def started(folder: Path) -> tuple[subprocess.Popen, Path]:
    """A server whose worker is a sleep that notes its number."""
    log, worker = folder / "log", folder / "worker"
    worker.write_text(WORKER.format(log=log))
    worker.chmod(0o755)
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(worker), str(folder)], stdout=subprocess.PIPE)
    assert server.stdout.readline() == b"kept\n"
    return server, log


def numbers(log: Path) -> list[int]:
    return [int(line) for line in log.read_text().split()] if log.exists() else []


def test_worker_that_dies_is_started_again_and_goes_when_the_server_is_killed(tmp_path):
    server, log = started(tmp_path)
    assert until(lambda: len(numbers(log)) == 1)
    os.kill(numbers(log)[0], signal.SIGKILL)
    assert until(lambda: len(numbers(log)) == 2), "started again"
    server.kill()
    server.wait()
    server.stdout.close()
    assert until(lambda: not alive(numbers(log)[1]))


def test_worker_ends_with_the_server(tmp_path):
    server, log = started(tmp_path)
    assert until(lambda: len(numbers(log)) == 1)
    server.send_signal(signal.SIGINT)
    server.wait(timeout=120)
    server.stdout.close()
    assert not alive(numbers(log)[0])
