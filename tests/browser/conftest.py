"""Debian's Chromium over the served demonstration.

The demonstration is built once for these tests; CARESHAPE_TEST_DEMO names a data directory that holds one already.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.browser.waiting import PATIENCE
from tests.demonstration import built_demonstration
from tests.quick import left_out
from tests.tables import sqlite_tables

collect_ignore = [] if os.environ.get("CARESHAPE_TEST_EVERY_PAGE") else ["test_every_page.py"]
"""What takes a second a page is for ./soak, which asks for it: left out of other runs, and not skipped in them."""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--js-flags=--no-opt",
)  # fmt: skip
"""The last: a page lives for a second here, and does not get back what the optimising compiler takes."""


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium; skips where there is none."""
    if not CHROMIUM:
        pytest.skip("there is no Chromium here: apt install chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the demonstration, with its static export."""
    given = os.environ.get("CARESHAPE_TEST_DEMO")
    if given:
        return Path(given)
    # A copy: what serves it writes its database there, which has its tables already.
    data = sqlite_tables(tmp_path_factory.mktemp("demo") / "data")
    return Path(shutil.copytree(built_demonstration(tmp_path_factory), data, dirs_exist_ok=True))


@pytest.fixture(scope="session")
def served(browser: object, demo: Path) -> Iterator[str]:
    """The address of the served demonstration."""
    script = f"from careshape.site.serve import serve; serve({str(demo)!r}, '127.0.0.1', {{port}})"
    yield from _server(lambda port: [sys.executable, "-c", script.format(port=port)])


@pytest.fixture(scope="session")
def exported(browser: object, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the static export behind a plain file server, under a prefix."""
    root = tmp_path_factory.mktemp("files")
    shutil.copytree(demo / "site", root / "some" / "prefix")
    serve = ["-m", "http.server", "--bind", "127.0.0.1", "--directory", str(root)]
    for address in _server(lambda port: [sys.executable, *serve, str(port)]):
        yield f"{address}/some/prefix"


def _server(command: object) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(command(port), env=left_out(), stdout=subprocess.DEVNULL, stderr=said)
        try:
            _wait(address, server, said)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait(address: str, server: subprocess.Popen[bytes], said: IO[str]) -> None:
    until = time.monotonic() + 300  # a minute was too little where seven others wanted the two cores
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=30).close()
        except OSError:
            if server.poll() is not None:
                said.seek(0)
                raise AssertionError(f"The server ended: {said.read()[-4000:]}") from None
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"Nothing answers at {address}.")
