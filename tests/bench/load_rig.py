"""An installation under load, as it is and with a fault between it and its users: run apart, since a process serves one
installation. The argument is a folder. It leaves `READY` there when the installation answers, waits for `GO`, and
leaves what was measured in `FOUND`, as JSON by the name of the fault: only from `GO` on it needs the machine to itself.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from careshape.bench.load import READ_GOAL, SLACK, Load, User, bench_load
from careshape.cli.bench_load import TEAM, prepared, team_names
from careshape.demo.generate import SEED
from tests.installation import until

USERS, READERS, LINES = 50, 50, 20_000
LONG = "CARESHAPE_TEST_LOAD_SECONDS"
"""Environment variable by which `./soak` asks for longer."""
SECONDS, SHORT = int(os.environ.get(LONG, "8")), 4
READY, GO, FOUND = "ready", "go", "found.json"
WAITS = 3 * 60 * 60
"""Seconds after which it ends if it was not told to go."""
TRIES = 3
SLOW = SLACK * READ_GOAL / 1000 + 0.1
"""Seconds by which a slow server is late: more than fails a run."""


def main(folder: str) -> None:
    """Measure the installation, a slow one, and one that forgets what it acknowledged."""
    root = Path(folder)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))  # so that the server ends too
    with prepared(root, USERS, READERS, LINES, SEED) as (address, people):
        (root / READY).touch()
        if not until((root / GO).exists, WAITS):
            return
        users, readers = people[:USERS], people[USERS:]
        found = {
            "none": honest(address, users, SECONDS),
            "none, of readers": honest(address, readers, SECONDS if LONG in os.environ else SHORT),
        }
        few = users[:5]
        for fault in ("slow", "forgets"):
            with between(address, fault) as faulty:
                found[fault] = bench_load(faulty, few, SHORT, 1, team_names)
    said = {fault: {**load.as_json(), "said": load.failed()} for fault, load in found.items()}
    (root / FOUND).write_text(json.dumps(said), "utf-8")


def honest(address: str, people: Sequence[User], seconds: float) -> Load:
    """Measure it as it is, and again where it was only late: another process may have taken the processors meanwhile.

    What was lost, or refused impolitely, is never measured again.
    """
    for _ in range(TRIES):
        found = bench_load(address, people, seconds, 1, team_names)
        if not found.failed() or found.lost or found.impolite:
            break
    return found


@contextmanager
def between(address: str, fault: str) -> Iterator[str]:
    """Pass on what is asked, but late (``slow``), or say of a team that it was made without passing that on
    (``forgets``); the address of what does so.
    """

    class Faulty(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if fault == "slow" and self.path != "/sign-in/":
                time.sleep(SLOW)
            self._pass_on(b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if fault == "forgets" and self.path == TEAM:
                self._answer(302, [("Location", "/work/teams/")], b"")
            else:
                self._pass_on(body)

        def _pass_on(self, body: bytes) -> None:
            server = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
            server.request(self.command, self.path, body or None, dict(self.headers))
            answer = server.getresponse()
            self._answer(answer.status, answer.getheaders(), answer.read())
            server.close()

        def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 256

    with Server(("127.0.0.1", 0), Faulty) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1])
