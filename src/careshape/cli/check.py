"""``careshape check``: does what was published come back from the ledger?"""

from __future__ import annotations

import click

from careshape.cli.options import authority_option, examples
from careshape.cli.output import format_option, print_rows
from careshape.evaluate.published import COLUMNS, check_published
from careshape.evaluate.published.check import tally
from careshape.home import Home


@click.group()
def check() -> None:
    """Compare what stands published with what the ledger says."""


@check.command(
    epilog=examples(
        "careshape check published --authority worcestershire",
        "careshape check published --authority worcestershire --format csv > check.csv",
        "careshape check published --authority thurrock --status differs",
    )
)
@authority_option
@click.option("--status", type=click.Choice(["equal", "explained", "differs"]), help="Only these rows.")
@format_option
@click.pass_obj
def published(home: Home, authority: str | None, status: str | None, form: str) -> int:
    """Compare every published cell that line items can give. Ends with 1 where a cell differs unexplained."""
    ledger = home.ledger(authority)
    found = check_published(ledger.authority, ledger)
    rows = [one.as_row() for one in found if status in (None, one.status)]
    print_rows(rows, COLUMNS, form)
    counts = tally(found)
    summary = (
        f"{counts['equal']} of {len(found)} cells equal, {counts['explained']} explained, {counts['differs']} differ."
    )
    click.echo(summary, err=form != "table")
    return 1 if counts["differs"] else 0


commands = {"check": check}
