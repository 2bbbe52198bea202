"""``careshape regional``: statements of other councils, laid beside those that are released here."""

from __future__ import annotations

from pathlib import Path

import click

from careshape.cli.options import Numbered, examples
from careshape.cli.output import format_option, print_rows
from careshape.cli.recording import database_of
from careshape.errors import CallError, InputError
from careshape.exchange.bounds import Unreadable
from careshape.exchange.bundle import files_of
from careshape.exchange.written import archived
from careshape.home import Home

COLUMNS = ("number", "council", "code", "edition", "known_on", "state", "added", "file", "checksum")


@click.group(epilog=examples("careshape regional add statement.json", "careshape regional list"))
def regional() -> None:
    """Lay other councils' statements beside those that are released here."""


@regional.command(epilog=examples("careshape regional add statement.json", "careshape regional add sheets.zip"))
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def add(home: Home, file: Path) -> None:
    """Validate FILE (JSON, ZIP or a folder of sheets) and lay it beside the others. Ends with 1 where it has faults."""
    database_of(home)
    from careshape.audit.change import SYSTEM
    from careshape.reuse.bring import bring

    try:
        content = archived(files_of(file)) if file.is_dir() else _content(file)
    except Unreadable as error:
        raise InputError(str(error)) from None
    row = bring(SYSTEM, f"{file.name}.zip" if file.is_dir() else file.name, content)
    click.echo(f"{row.name}, {row.edition}, stands beside the others as number {row.pk}: /regional/", err=True)


@regional.command(name="list", epilog=examples("careshape regional list", "careshape regional list --format json"))
@format_option
@click.pass_obj
def list_(home: Home, form: str) -> None:
    """List the statements that were brought, the latest first."""
    database_of(home)
    from careshape.reuse.models import Brought

    rows = [
        {
            "number": one.pk, "council": one.name, "code": one.code, "edition": one.edition,
            "known_on": one.known_on.isoformat(), "state": "withdrawn" if one.withdrawn_at else "stands",
            "added": one.added_at.isoformat(timespec="seconds"), "file": one.file_name, "checksum": one.checksum,
        }
        for one in Brought.objects.defer("statement").order_by("-added_at", "-pk")
    ]  # fmt: skip
    print_rows(rows, COLUMNS, form, empty="No statement was brought yet: `careshape regional add FILE`.")


@regional.command(epilog=examples("careshape regional withdraw 1"))
@click.argument("number", type=Numbered("a statement that was brought", "careshape regional list"))
@click.pass_obj
def withdraw(home: Home, number: int) -> None:
    """Take statement NUMBER away from beside the others."""
    database_of(home)
    from careshape.audit.change import SYSTEM
    from careshape.reuse.bring import withdraw as withdraw_one
    from careshape.reuse.models import Brought

    row = Brought.objects.filter(pk=number).first()
    if row is None:
        raise CallError(f"There is no statement {number}. `careshape regional list` names them.")
    withdraw_one(SYSTEM, row)
    click.echo(f"{row.name}, {row.edition}, was withdrawn.", err=True)


def _content(file: Path) -> bytes:
    if not file.is_file():
        raise CallError(f"There is no file '{file}'.")
    return file.read_bytes()


commands = {"regional": regional}
