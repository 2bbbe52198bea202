"""``careshape privacy``: what is held about people, shown, erased, held and let go."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from careshape.cli.options import authority_option, examples, read_day
from careshape.cli.output import format_option, print_rows
from careshape.cli.recording import database_of
from careshape.errors import CallError
from careshape.home import Home
from careshape.ledger.refused import check_target

if TYPE_CHECKING:
    from careshape.accounts.models import Account

account_option = click.option("--account", metavar="EMAIL", help="The owner of this account.")
person_option = click.option("--person", metavar="ID", help="A person of the ledger, by the identifier of the files.")


@click.group(epilog=examples("careshape privacy fields", "careshape privacy retain --dry-run"))
def privacy() -> None:
    """What is held about people: list, collect, erase, hold, and let go in time."""


@privacy.command(epilog=examples("careshape privacy fields --format csv"))
@format_option
@click.pass_obj
def fields(home: Home, form: str) -> None:
    """List every field of the database with its class, its rule of keeping and what an erasure does."""
    database_of(home)
    from careshape.privacy.classification import tables

    rows = [
        {"table": one.id, "field": name, "class": kind, "rule": one.rule, "erasure": one.erase}
        for one in tables().values()
        for name, kind in one.classes().items()
    ]
    print_rows(rows, ("table", "field", "class", "rule", "erasure"), form)


@privacy.command(
    epilog=examples(
        "careshape privacy access --account broker@example.org --out access.zip",
        "careshape privacy access --person '485 777 3456' --authority worcestershire --out access.zip",
    )
)
@account_option
@person_option
@authority_option
@click.option("--out", required=True, type=click.Path(path_type=Path), help="New FILE for the ZIP.")
@click.pass_obj
def access(home: Home, account: str | None, person: str | None, authority: str | None, out: Path) -> None:
    """Collect everything that is held about somebody, with an index to read."""
    check_target(out, "what is collected about somebody")
    database_of(home)
    from careshape.privacy.access import access_account, access_person

    _of_ledger(account, person)
    found = access_account(_found(account)) if person is None else access_person(home.ledger(authority), person)
    out.touch(0o600)
    out.write_bytes(found)
    click.echo(f"Written to {out}, for your eyes alone. Hand it over safely, and remove it then.", err=True)


@privacy.command(
    epilog=examples(
        "careshape privacy erase --account broker@example.org",
        "careshape privacy erase --person '485 777 3456' --authority worcestershire --yes",
    )
)
@account_option
@person_option
@authority_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase(home: Home, account: str | None, person: str | None, authority: str | None, yes: bool) -> None:
    """Erase what is held about somebody. It cannot be undone; a legal hold keeps it from being done."""
    of_ledger = _of_ledger(account, person)
    database_of(home)
    from careshape.privacy.erase import erase_account, erase_person, scrub

    if not yes:
        click.confirm("Erase what is held about them? It cannot be undone.", abort=True)
    if of_ledger:
        done = erase_person(home.ledger(authority), person or "")
        keys = done.pop("keys")
        click.echo(f"{keys} keys destroyed. Their rows are nobody's now, and no file posted later meets them.")
    else:
        done = erase_account(_found(account))
    scrub()
    for name, rows in done.items():
        if rows:
            click.echo(f"{name}: {rows}")


@privacy.command(epilog=examples("careshape privacy retain --dry-run", "careshape privacy retain"))
@click.option("--dry-run", is_flag=True, help="Count what is due; let nothing go.")
@format_option
@click.pass_obj
def retain(home: Home, dry_run: bool, form: str) -> None:
    """Let go of what has been kept long enough, but for what a legal hold covers."""
    database_of(home)
    from careshape.privacy.erase import scrub
    from careshape.privacy.retain import retain as let_go

    found = let_go(dry_run=dry_run)
    if any(one.rows for one in found) and not dry_run:
        scrub()
    rows = [
        {"table": one.table, "rule": one.rule, "until": one.until.isoformat(timespec="seconds"), "rows": one.rows,
         "held": one.held}
        for one in found
    ]  # fmt: skip
    print_rows(rows, ("table", "rule", "until", "rows", "held"), form, empty="Nothing is due.")


@privacy.group(epilog=examples("careshape privacy hold list"))
def hold() -> None:
    """Legal holds: what must not go."""


@hold.command(
    name="place",
    epilog=examples(
        "careshape privacy hold place --account broker@example.org --authority worcestershire --why 'Claim 12'",
        "careshape privacy hold place --authority worcestershire --why 'Public inquiry' --until 2030-12-31",
    ),
)
@account_option
@person_option
@authority_option
@click.option("--why", required=True, help="The duty to keep, in words that name nobody.")
@click.option("--until", metavar="YYYY-MM-DD", callback=lambda _c, _p, text: read_day(text), help="Its last day.")
@click.pass_obj
def place_hold(
    home: Home, account: str | None, person: str | None, authority: str | None, why: str, until: date | None
) -> None:
    """Hold an account, a person of the ledger, or everything of a council."""
    database_of(home)
    from careshape.privacy.hold import place
    from careshape.privacy.whose import mark_of

    ledger = home.ledger(authority)
    what, reference = "council", ""
    if account is not None or person is not None:
        what = "person" if _of_ledger(account, person) else "account"
        reference = mark_of(ledger, person) if person is not None else str(_found(account).pk)
    made = place(ledger.authority, what, reference, why, until)
    click.echo(f"Hold {made.pk} stands{f' until {until}' if until else ' until it is lifted'}.")


@hold.command(name="list", epilog=examples("careshape privacy hold list --format json"))
@format_option
@click.pass_obj
def list_holds(home: Home, form: str) -> None:
    """List the holds, lifted ones too."""
    database_of(home)
    from careshape.privacy.models import LegalHold

    names = ("id", "council", "what", "reference", "why", "placed_by", "placed_at", "until", "lifted_at")
    rows = [{name: _text(getattr(one, name)) for name in names} for one in LegalHold.objects.order_by("pk")]
    print_rows(rows, names, form, empty="Nothing is held.")


@hold.command(name="lift", epilog=examples("careshape privacy hold lift 3"))
@click.argument("number", type=int)
@click.pass_obj
def lift_hold(home: Home, number: int) -> None:
    """Lift a hold: what it covered may go from now on."""
    database_of(home)
    from careshape.privacy.hold import lift
    from careshape.privacy.models import LegalHold

    found = LegalHold.objects.filter(pk=number, lifted_at__isnull=True).first()
    if found is None:
        raise CallError(f"No hold {number} stands. `careshape privacy hold list` shows them.")
    lift(found)
    click.echo(f"Hold {number} is lifted.")


def _of_ledger(account: str | None, person: str | None) -> bool:
    """Whether a person of the ledger is meant. Raises CallError where neither or both are named."""
    if (account is None) == (person is None):
        raise CallError("Say who is meant: --account EMAIL, or --person ID with --authority NAME.")
    return person is not None


def _found(email: str | None) -> Account:
    from careshape.accounts.models import Account

    found = Account.objects.filter(email__iexact=(email or "").strip()).first()
    if found is None:
        raise CallError(f"There is no account '{email}'. Write the address with which its owner signs in.")
    return found


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)


commands = {"privacy": privacy}
