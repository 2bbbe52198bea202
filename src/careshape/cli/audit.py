"""``careshape audit``: is the log of what was done whole, what does it say, and where does it stand."""

from __future__ import annotations

import json
from pathlib import Path

import click

from careshape.cli.options import examples
from careshape.cli.output import format_option, print_rows
from careshape.cli.recording import database_of
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.ledger.refused import check_target, write_new

LISTED = ("chain", "number", "at", "account", "role", "act", "outcome", "object", "detail")
chain_option = click.option(
    "--authority", "chain", metavar="NAME", help="Only this council's chain; `installation` for what belongs to none."
)


@click.group(epilog=examples("careshape audit verify", "careshape audit anchor --out anchor.json"))
def audit() -> None:
    """The log of what was done: verify it, read it, anchor it."""


@audit.command(
    epilog=examples(
        "careshape audit verify",
        "careshape audit verify --authority worcestershire --format json",
        "careshape audit verify --anchor anchor.json",
    )
)
@chain_option
@click.option(
    "--anchor", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Hold the chains to a FILE that `careshape audit anchor` wrote.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def verify(home: Home, chain: str | None, anchor: Path | None, form: str) -> int:
    """Work every digest out again, from the first event to the head. Ends with 1 where a chain is broken.

    Said besides of each council: whether its log tells of every posting of its ledger, as the ledger holds it.
    """
    database_of(home)
    from careshape.audit.anchor import held_to, read_anchor
    from careshape.audit.postings import borne_out
    from careshape.audit.verify import verify as verify_one
    from careshape.audit.verify import verify_all

    found = verify_all() if chain is None else [verify_one(chain)]
    if anchor is not None:
        kept = read_anchor(anchor.read_text("utf-8"), anchor.name)
        found = held_to(found, kept if chain is None else {name: one for name, one in kept.items() if name == chain})
    ledgers = {one.authority: borne_out(one) for one in _ledgers(home, chain)}
    whole = all(one.whole for one in found)
    if form == "json":
        content = {
            "whole": whole,
            "events": sum(one.events for one in found),
            "chains": [one.as_dict() for one in found],
            "ledgers": ledgers,
        }
        click.echo(json.dumps(content, indent=1))
    else:
        for one in found:
            click.echo(str(one))
        if not found:
            click.echo("Nothing has been done yet: no chain has begun.")
        for authority, words in ledgers.items():
            click.echo(f"{authority}: {words}")
    return 0 if whole else 1


@audit.command(
    name="list",
    epilog=examples(
        "careshape audit list --authority worcestershire --last 20",
        "careshape audit list --act ledger.import --format csv",
        "careshape audit list --object ledger.posting:3",
    ),
)
@chain_option
@click.option("--act", metavar="ACT", help="Only this act, such as ledger.import.")
@click.option("--object", "row", metavar="OBJECT", help="Only what was done to this, such as ledger.posting:3.")
@click.option("--account", type=int, metavar="KEY", help="Only what this account did.")
@click.option("--last", "most", type=click.IntRange(1), default=100, show_default=True, help="Events to list.")
@format_option
@click.pass_obj
def list_(
    home: Home, chain: str | None, act: str | None, row: str | None, account: int | None, most: int, form: str
) -> None:
    """List the latest events, oldest first."""
    database_of(home)
    from careshape.audit.models import Event

    wanted = {"chain": chain, "act": act, "object": row, "account": account}
    found = Event.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    rows = [
        {name: "" if getattr(one, name) is None else getattr(one, name) for name in LISTED}
        for one in reversed(found.order_by("-at", "-id")[:most])
    ]
    print_rows(rows, LISTED, form, empty="No such event.")


@audit.command(epilog=examples("careshape audit head", "careshape audit head --authority worcestershire"))
@chain_option
@format_option
@click.pass_obj
def head(home: Home, chain: str | None, form: str) -> None:
    """Show where each chain stands: its last event's number and digest."""
    database_of(home)
    from careshape.audit.anchor import heads

    rows = [{"chain": name, **one} for name, one in heads(chain).items()]
    print_rows(rows, ("chain", "number", "digest"), form, empty="Nothing has been done yet: no chain has begun.")


@audit.command(epilog=examples("careshape audit anchor", "careshape audit anchor --out anchor-2026-11-22.json"))
@chain_option
@click.option("--out", type=click.Path(path_type=Path), help="Write it to a new FILE instead of printing it.")
@click.pass_obj
def anchor(home: Home, chain: str | None, out: Path | None) -> None:
    """Write down the heads, to be kept where nobody who can write to the database can write."""
    if out is not None:
        check_target(out, "anchors")
    database_of(home)
    from careshape.audit.anchor import anchor_text

    text = anchor_text(chain)
    if out is None:
        click.echo(text, nl=False)
    else:
        write_new(out, lambda file: file.write(text), 0o644)
        click.echo(f"The heads are written to {out}. Keep the file apart from the database.", err=True)


def _ledgers(home: Home, chain: str | None) -> list[Ledger]:
    return [home.ledger(one) for one in home.authorities() if chain in (None, one)]


commands = {"audit": audit}
