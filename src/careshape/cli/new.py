"""``careshape new``: a council of one's own."""

from __future__ import annotations

import click

from careshape.catalogue import catalogue
from careshape.cli.options import examples
from careshape.cli.recording import tell_act
from careshape.errors import CallError
from careshape.folders import own
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.ledger.ledger import SETTINGS_FILE


@click.command(
    epilog=examples("careshape new worcestershire", "careshape --dir data new thurrock --name 'Thurrock Council'")
)
@click.argument("authority")
@click.option("--name", help="The council's name as it stands on its pages; otherwise the catalogue's.")
@click.option("--demonstration", is_flag=True, help="Every person in it is synthetic; pages say so.")
@click.pass_obj
def new(home: Home, authority: str, name: str | None, demonstration: bool) -> None:
    """Make an empty ledger for a council. Nothing is overwritten."""
    if catalogue().code("authority", authority) == 0:
        raise CallError("'unknown' stands for a council that is not known. Name the council, such as worcestershire.")
    path = home.council_path(authority)
    if (path / SETTINGS_FILE).exists():
        raise CallError(f"'{home.path}' already holds {authority}. Import into it, or name another folder with --dir.")
    own(home.path)
    ledger = Ledger.create(path, authority=authority, demonstration=demonstration, name=name)
    tell_act(home, "ledger.create", f"ledger:{authority}", chain=authority, demonstration=demonstration)
    click.echo(f"Made {ledger.name} in {path}. Next: careshape --dir {home.path} import FILE --authority {authority}")


commands = {"new": new}
