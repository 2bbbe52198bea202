"""``careshape serve``: the statements at an address."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from careshape.cli.options import examples
from careshape.cli.web import web_part
from careshape.home import Home

host_option = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
port_option = click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on."
)


@click.command(epilog=examples("careshape serve", "careshape --dir data serve --port 8080"))
@host_option
@port_option
@click.pass_obj
def serve(home: Home, host: str, port: int) -> None:
    """Serve the statements of all councils in the folder."""
    if not home.authorities():
        home.ledgers()  # says that there is none; a council with a fault does not keep the others from being served
    web_part("careshape.site.serve").serve(home.path, host=host, port=port)


def become_server(home: Home, host: str, port: int) -> NoReturn:
    """Put ``careshape serve`` in the place of this process.

    The server forks the process that answers. Where something was counted before, threads of the store would be missing
    in that one, and it would wait for them for ever; a program that begins anew has none.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    where = ["--dir", str(home.path), "serve", "--host", host, "--port", str(port)]
    os.execv(sys.executable, [sys.executable, "-m", "careshape", *where])  # nosec B606: our own program, no shell


commands = {"serve": serve}
