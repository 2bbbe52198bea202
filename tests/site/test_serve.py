"""The server itself: granian with the site in it, with the design system's files and without another's identity."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest

import careshape.site
from careshape.errors import CallError
from careshape.site.serve import serve

STATIC = Path(careshape.site.__file__).parent / "static" / "careshape"


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    with served(f"from careshape.site.serve import serve; serve({str(data)!r}, '127.0.0.1', {{port}})") as url:
        yield url


@contextmanager
def served(script: str) -> Iterator[str]:
    """What a script serves at a free port, while it does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = script.format(port=port)
    env = {key: value for key, value in os.environ.items() if key != "CARESHAPE_DIR"}
    server = subprocess.Popen(
        [sys.executable, "-c", script], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    url = f"http://127.0.0.1:{port}"
    too_late = Timer(300, server.kill)  # a server that never answers says nothing, and a line is waited for
    too_late.start()
    try:
        # It says where it is when it answers there, and not before: nothing is tried twice here.
        said: list[str] = []
        for line in iter(server.stderr.readline, b""):
            said.append(line.decode().rstrip())
            if "Listening at" in said[-1]:
                break
        too_late.cancel()
        assert said[-1:] == [f"Listening at {url} (Ctrl+C stops)"], said
        urllib.request.urlopen(f"{url}/help/", timeout=60).read()
        yield url
    finally:
        too_late.cancel()
        server.send_signal(signal.SIGINT)
        try:
            server.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.communicate()


def test_server_serves_pages_and_files(address):
    with urllib.request.urlopen(f"{address}/worcestershire/") as answer:
        assert "Market position statement of a test" in answer.read().decode()
    with urllib.request.urlopen(f"{address}/static/careshape/careshape.css") as answer:
        assert answer.headers["Content-Type"].startswith("text/css")


def test_process_that_has_counted_before_serves_as_the_demonstration_does(data):
    counted = (
        "from pathlib import Path; from careshape.cli.serve import become_server; from careshape.home import Home; "
        f"home = Home(Path({str(data)!r})); "
        "from careshape.evaluate.measure.evaluate import measure; "
        "assert measure(home.ledger('worcestershire'), 'people_supported', period='2021-03-31').rows; "
        "become_server(home, '127.0.0.1', {port})"
    )
    with served(counted) as url, urllib.request.urlopen(f"{url}/worcestershire/") as answer:
        assert "Market position statement of a test" in answer.read().decode()


def test_server_answers_warm_pages_within_a_tenth_of_a_second(address):
    path = f"{address}/worcestershire/statement/care-homes/"
    times = []
    for _ in range(8):
        started = time.perf_counter()
        urllib.request.urlopen(path).read()
        times.append(time.perf_counter() - started)
    assert sorted(times)[3] < 3 * 0.1  # the goal is a tenth of a second; only three times as much fails


@pytest.mark.parametrize("sign", ["GDS Transport", "crest", "crown", "@font-face"])
def test_stylesheet_carries_no_identity_of_gov_uk(sign):
    assert sign.lower() not in (STATIC / "careshape.css").read_text("utf-8").lower()


def test_static_files_state_their_licence():
    text = (STATIC / "LICENCE.md").read_text("utf-8")
    assert "The MIT License" in text
    assert {path.name for path in STATIC.iterdir()} == {
        "LICENCE.md", "careshape.css", "careshape.mjs", "charts.mjs", "easy", "favicon.svg", "passkey.mjs",
        "progress.mjs", "service-navigation.mjs", "writing.mjs",
    }  # fmt: skip


def test_serve_ends_with_a_sentence_where_the_port_is_in_use(data, address):
    port = int(address.rsplit(":", 1)[1])
    with pytest.raises(CallError, match=rf"^Port {port} is in use; choose another with --port\.$"):
        serve(data, "127.0.0.1", port)


def test_serve_says_which_address_is_not_of_this_machine(data):
    with pytest.raises(CallError, match=r"cannot listen on 192\.0\.2\.1"):
        serve(data, "192.0.2.1", 8000)
