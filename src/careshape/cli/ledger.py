"""``careshape ledger``: the curated lines as a file for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from careshape.cli.options import examples, several_option
from careshape.home import Home
from careshape.ledger.export import export as export_lines


@click.group()
def ledger() -> None:
    """Work with the curated lines themselves."""


@ledger.command(
    epilog=examples(
        "careshape ledger export lines.parquet", "careshape ledger export lines.parquet --authority thurrock"
    )
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@several_option
@click.pass_obj
def export(home: Home, file: Path, authority: str | None) -> None:
    """Write the curated lines of one council, or of all, to a Parquet FILE (docs/reference/columns.md)."""
    rows = export_lines(home.ledgers(authority), file)
    click.echo(f"{rows:,} rows written to {file}.", err=True)


commands = {"ledger": ledger}
