"""``careshape database``: the tables of the site's database, and the way from one database to the other."""

from __future__ import annotations

import click

from careshape.cli.installation import installed
from careshape.cli.options import examples
from careshape.cli.output import format_option, print_rows
from careshape.cli.web import web_part
from careshape.errors import InputError
from careshape.folders import unserved
from careshape.home import Home


@click.group(epilog=examples("careshape database check", "careshape database move --to postgresql://care@db/careshape"))
def database() -> None:
    """Make and upgrade the tables of the site's database, check them, and move to another database."""


@database.command(epilog=examples("careshape database migrate"))
@click.pass_obj
def migrate(home: Home) -> None:
    """Bring the database to what this version needs. Take a backup first."""
    installed(home.path)
    made = web_part("careshape.site.migrations").migrate()
    for app, name in made:
        click.echo(f"{app}.{name}")
    click.echo(f"{len(made)} migrations made." if made else "The database is what this version needs.")


@database.command(epilog=examples("careshape database check", "careshape database check --format json"))
@format_option
@click.pass_obj
def check(home: Home, form: str) -> int:
    """Say what every table holds, and whether the database is what this version needs; exit code 1 if not."""
    installed(home.path)
    standing = web_part("careshape.site.migrations").standing()
    if not standing.current:
        names = [f"{app}.{name}" for app, name in (standing.missing or standing.unknown)]
        how = "is not made" if standing.missing else "is of a newer version"
        click.echo(f"{names[0]} {how}, {len(names)} in all. `careshape database migrate` upgrades.", err=True)
        return 1
    found = web_part("careshape.site.move").contents()
    print_rows([{"table": one.table, "rows": one.rows, "sha256": one.sha256} for one in found], COLUMNS[:3], form)
    return 0


COLUMNS = ("table", "rows", "sha256", "rows_there", "equal")


@database.command(
    epilog=examples(
        "careshape database move --to postgresql://care@localhost/careshape",
        "careshape database move --to sqlite:///new/careshape.sqlite3",
    )
)
@click.option(
    "--to", "url", required=True, metavar="URL", help="The other database, empty: postgresql:// or sqlite:///."
)
@format_option
@click.pass_obj
def move(home: Home, url: str, form: str) -> None:
    """Copy every table to another, empty database, and prove it by rows and checksums of both sides.

    Stop the site first. The database in use stays as it is: set `database.url` to go on with the other.
    """
    installed(home.path)
    with unserved(home.path):
        moved = web_part("careshape.site.move").move(url)
    print_rows([{**vars(one), "equal": "yes" if one.equal else "NO"} for one in moved], COLUMNS, form)
    if form == "table":
        click.echo(f"{len(moved)} tables, {sum(one.rows for one in moved):,} rows: equal on both sides.")
        click.echo("Set database.url (or CARESHAPE_DATABASE_URL) to the new address, then start the site.")
    if not all(one.equal for one in moved):
        raise InputError("Not everything arrived.")


commands = {"database": database}
