"""``careshape ledger``: the curated lines as a file for other programs, and withdrawing a posting."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import click

from careshape.cli.options import authority_option, examples, several_option
from careshape.cli.recording import heads_of, tell_act, tell_import
from careshape.home import Home
from careshape.ledger.export import export as export_lines
from careshape.ledger.reversals import withdraw_posting, would_withdraw


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
    """Write the curated lines of one council, or of all, to a Parquet FILE (docs/reference/columns.md).

    Beside it FILE.manifest.json says what it is: rows, checksum, postings, and where the log of what was done stands.
    """
    ledgers = home.ledgers(authority)
    rows = export_lines(ledgers, file)
    checksum = checksum_of(file)
    for one in ledgers:
        tell_act(home, "ledger.export", f"ledger:{one.authority}", chain=one.authority, outcome="read", sha256=checksum)
    manifest = file.with_name(f"{file.name}.manifest.json")
    content = {
        "file": file.name,
        "sha256": checksum,
        "rows": rows,
        "councils": {
            one.authority: {"postings": one.posting_on(), "demonstration": one.demonstration} for one in ledgers
        },
        "audit_heads": heads_of(home, [one.authority for one in ledgers]),
    }
    manifest.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    click.echo(f"{rows:,} rows written to {file}; {manifest.name} says what it is.", err=True)


@ledger.command(
    epilog=examples("careshape ledger withdraw 4 --dry-run", "careshape ledger withdraw 4 --authority thurrock")
)
@click.argument("number", type=int, metavar="POSTING")
@authority_option
@click.option("--dry-run", is_flag=True, help="Say what would be taken away; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.pass_obj
def withdraw(home: Home, number: int, authority: str | None, dry_run: bool, yes: bool) -> None:
    """Withdraw a whole POSTING that was imported by mistake.

    Every row of it is reversed by a posting of its own; what was known before stays known as of then. Lines that later
    postings changed stay as those say. To undo it, import the file again.
    """
    one = home.ledger(authority)
    for line in would_withdraw(one, number).said:
        click.echo(line)
    if dry_run:
        return
    if not yes:
        click.confirm(f"Withdraw posting {number} of {one.name}?", abort=True)
    made = withdraw_posting(one, number)
    tell_import(home, one, made.number)
    rows = f"{made.rows:,} {'row' if made.rows == 1 else 'rows'}"
    click.echo(f"Posting {number} is withdrawn, by posting {made.number}: {rows} written.")


def checksum_of(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


commands = {"ledger": ledger}
