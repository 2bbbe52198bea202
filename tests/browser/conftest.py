"""Debian's Chromium over the served demonstration.

The demonstration is built once for these tests; CARESHAPE_TEST_DEMO names a data directory that holds one already.
"""

from __future__ import annotations

import os
import shutil
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import warm
from tests.browser.waiting import PATIENCE
from tests.demonstration import built_demonstration
from tests.quick import left_out
from tests.tables import sqlite_tables

collect_ignore = [] if os.environ.get("CARESHAPE_TEST_EVERY_PAGE") else ["test_every_page.py"]
"""What takes a second a page is for ./soak, which asks for it: left out of other runs, and not skipped in them."""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), "")
"""The first of these opens a page with a third of the processor that the others take."""
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
    with site_over(demo) as address:
        yield address


@pytest.fixture(scope="session")
def exported(browser: object, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the static export behind a plain file server, under a prefix."""
    root = tmp_path_factory.mktemp("files")
    shutil.copytree(demo / "site", root / "some" / "prefix")
    script, port = "import runpy; runpy.run_module('http.server', run_name='__main__')", free_port()
    with warm.running(script, "--bind", "127.0.0.1", "--directory", root, port) as server:
        yield f"{answering(port, server)}/some/prefix"


@contextmanager
def site_over(data: Path) -> Iterator[str]:
    """The address of a server over a data folder, with a worker beside it, for as long as the block lasts.

    Both are forked from a process that has loaded what they load, which by themselves takes ten seconds of processor;
    that `careshape serve` runs a worker by itself is shown in tests/site.
    """
    port = free_port()
    script = f"from careshape.site.serve import serve; serve({str(data)!r}, '127.0.0.1', {port})"
    with warm.running(script, env=left_out() | {"CARESHAPE_WORKER": "false"}) as server:
        address = answering(port, server)
        with warm.running(warm.CLI, "--dir", data, "worker", env=left_out()):
            yield address


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def answering(port: int, server: warm.Begun) -> str:
    """The address at which a server answers as soon as it does."""
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 300  # a minute was too little where seven others wanted the two cores
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=30).close()
        except OSError:
            assert server.alive, f"The server ended: {server.said[-4000:]}"
            time.sleep(0.1)
        else:
            return address
    raise AssertionError(f"Nothing answers at {address}: {server.said[-4000:]}")
