"""The top of the command line: the data folder, the version, and the commands in the order of the work."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from careshape import __version__
from careshape.home import DEFAULT, Home

COMMANDS = {
    "demo": "demo",
    "new": "new",
    "import": "importing",
    "postings": "postings",
    "measures": "measuring",
    "measure": "measuring",
    "changes": "changes",
    "check": "check",
    "statement": "statement",
    "serve": "serve",
    "ledger": "ledger",
    "bench": "bench",
}
"""Command -> module that holds it, loaded when it is called, so that `careshape --help` is quick."""


class Commands(click.Group):
    """Commands found by name in their modules, listed in the order of the work."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Load the module of one command."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"careshape.cli.{COMMANDS[name]}")
        command: click.Command = module.commands[name]
        return command


@click.group(cls=Commands, epilog="Each command has examples: careshape COMMAND --help")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT,
    show_default=True,
    envvar="CARESHAPE_DIR",
    help="Folder that holds the councils' data.",
)
@click.version_option(__version__, prog_name="careshape")
@click.pass_context
def careshape(ctx: click.Context, folder: Path) -> None:
    """Care records in, a market position statement out, with every figure computed, sourced and true."""
    ctx.obj = Home(folder)
