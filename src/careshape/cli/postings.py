"""``careshape postings``: what was imported when."""

from __future__ import annotations

import click

from careshape.cli.options import authority_option, examples
from careshape.cli.output import format_option, print_rows
from careshape.home import Home

COLUMNS = ("number", "recorded", "source", "kind", "accepted", "repaired", "refused", "unchanged", "rows")


@click.command(epilog=examples("careshape postings --authority worcestershire", "careshape postings --format csv"))
@authority_option
@format_option
@click.pass_obj
def postings(home: Home, authority: str | None, form: str) -> None:
    """List the postings of a council's ledger, oldest first."""
    rows = [
        {
            "number": posting.number,
            "recorded": f"{posting.recorded_at:%Y-%m-%d %H:%M:%S} UTC",
            "source": posting.source,
            "kind": posting.kind,
            "rows": posting.rows,
            **posting.counts,
        }
        for posting in home.ledger(authority).postings()
    ]
    print_rows(rows, COLUMNS, form, empty="Nothing has been imported yet.")


commands = {"postings": postings}
