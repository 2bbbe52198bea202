"""Serve the statements: granian with one WSGI process, everything computed before the first reader comes."""

from __future__ import annotations

import atexit
import errno
import gc
import logging
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from http.client import HTTPException
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Final

from careshape.errors import CallError, CareshapeError
from careshape.folders import HELD_FILE
from careshape.site.config import configuration
from careshape.site.hosts import hosts_for
from careshape.site.keeper import kept

THREADS: Final = 96
"""More than the turnstile lets in and lets wait, so that it decides who is turned away, and not a queue before it."""


def serve(data_dir: Path | str, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the councils of ``data_dir`` at http://host:port until interrupted.

    Every figure, table and chart is computed first, so that no reader waits for them. A worker does the background work
    beside it, unless that is set off. Raises CallError where the port is in use, the address is none of this machine,
    or the database is not of this version.
    """
    _check_free(host, port)
    os.environ["CARESHAPE_DIR"] = str(Path(data_dir).resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careshape.site.settings")
    set_to = configuration()
    os.environ["CARESHAPE_ALLOWED_HOSTS"] = ",".join(hosts_for(",".join(set_to["site.hosts"]), host))

    make_ready()
    (Path(data_dir) / HELD_FILE).write_text(served_at(host, port) + "\n", "utf-8")  # for links that commands write

    from granian.constants import Interfaces
    from granian.server import Server

    # They wait, most of them: the turnstile lets in only as many at once as the machine can answer.
    # And they say that they listen before anybody is answered: that is said when somebody would be.
    logging.getLogger("_granian").addFilter(
        lambda record: (
            not record.getMessage().startswith("Listening at") and "Python threads" not in record.getMessage()
        )
    )
    server = Server(
        "careshape.site.serve:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_access=False,
        websockets=False,
    )
    Thread(target=_say_when_it_answers, args=(served_at(host, port),), daemon=True).start()
    with kept(Path(data_dir).resolve()) if set_to["worker.on"] else nullcontext():
        server.serve()


def _say_when_it_answers(address: str) -> None:
    """Say where the site is as soon as it answers there, whatever it answers."""
    while True:
        try:
            urllib.request.urlopen(f"{address}/health/live", timeout=60).close()  # nosec B310: our own server
        except urllib.error.HTTPError:
            break
        except (OSError, HTTPException):
            time.sleep(0.2)
        else:
            break
    print(f"Listening at {address} (Ctrl+C stops)", file=sys.stderr, flush=True)


def served_at(host: str, port: int) -> str:
    """The address of a server as a browser on this machine asks for it."""
    with suppress(ValueError):  # a name, and no number
        if ip_address(host).is_unspecified:  # it listens everywhere, here among others
            host = "::1" if ":" in host else "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def make_ready() -> None:
    """Make the database of a new installation. Raises CallError where there is one that this version cannot use."""
    import django
    from django.db import connections

    from careshape.site.migrations import prepare

    django.setup()
    prepare()
    connections.close_all()  # the processes that serve have connections of their own


def _check_free(host: str, port: int) -> None:
    """Try the port before the server does: it would share one that is in use, and answer only some of the readers."""
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            pass
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CallError(f"Port {port} is in use; choose another with --port.") from None
        reason = error.strerror or "it is no address of this machine"
        raise CallError(
            f"careshape cannot listen on {host}, port {port}: {reason}. Choose another --host or --port."
        ) from None


def warmed() -> None:
    """Compute the figures that the councils' pages show, in this process; what is to come is read where it was kept,
    and worked out by the worker where it was not.
    """
    import django
    from django.conf import settings

    from careshape.statement.council import council_slugs, open_council

    django.setup()
    for slug in council_slugs(settings.CARESHAPE_DIR):
        with _told(slug):
            council = open_council(settings.CARESHAPE_DIR, slug)
            if council is not None:
                council.warm()


@contextmanager
def _told(slug: str) -> Iterator[None]:
    """Whatever is wrong with one council is written to the log, and the others are served."""
    try:
        yield
    except Exception as error:
        log = logging.getLogger("careshape")
        log.error("The council %s cannot be shown: %s", slug, error, exc_info=not isinstance(error, CareshapeError))


def __getattr__(name: str) -> object:
    """Give granian's worker the application, warmed; nothing of Django is loaded before it is asked for."""
    if name != "application":
        raise AttributeError(name)
    from careshape.site.wsgi import application

    warmed()
    # What was loaded and computed stays: no answer is to wait while it is looked through for garbage.
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # libraries complain at the end of what they find still there

    return application
