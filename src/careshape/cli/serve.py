"""``careshape serve``: the statements at an address."""

from __future__ import annotations

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
    run(home, host, port)


def run(home: Home, host: str, port: int) -> None:
    """Start the server and stay until it is stopped."""
    web_part("careshape.site.serve").serve(home.path, host=host, port=port)


commands = {"serve": serve}
