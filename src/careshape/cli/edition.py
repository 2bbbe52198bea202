"""``careshape edition``, ``careshape release``: a statement released for good, and rebuilt from its inputs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from careshape.cli.options import Numbered, authority_option, examples
from careshape.cli.output import format_option, print_rows
from careshape.cli.recording import current_database_of, database_of
from careshape.cli.rules import read_facts
from careshape.errors import CallError
from careshape.home import Home

if TYPE_CHECKING:
    from careshape.editions.models import Edition
    from careshape.rules.judge import Finding

COLUMNS = ("authority", "edition", "state", "known_on", "prepared", "released", "suppressed", "manifest")


@click.group(epilog=examples("careshape edition prepare --authority worcestershire", "careshape edition list"))
def edition() -> None:
    """Prepare editions of a statement, list them, rebuild them."""


@edition.command(epilog=examples("careshape edition prepare", "careshape edition prepare --authority thurrock"))
@authority_option
@click.pass_obj
def prepare(home: Home, authority: str | None) -> int:
    """Pin the inputs, protect the figures, attack them, and draw the pages. Ends with 1 where the gate refuses."""
    name = home.ledger(authority).authority
    current_database_of(home)
    from careshape.audit.change import SYSTEM
    from careshape.editions.begin import prepare as prepare_one
    from careshape.editions.folders import REASONS, REPORT

    row = prepare_one(SYSTEM, name, _say)
    found = _kept(home, row, REPORT)
    if row.state == "refused":
        for one in _kept(home, row, REASONS)["faults"]:
            click.echo(f"{_where(one['stands'])}{one['why']}")
        click.echo(f"The gate refused edition {row.number} of {name}.", err=True)
        return 1
    for one in _kept(home, row, REASONS)["unshown"]:
        what = "left out, since it tells nothing" if one.get("left_out") else "a figure of this sentence is not shown"
        click.echo(f"{one['file']}, line {one['line']}: {what}: {one['words']}")
    click.echo(
        f"Edition {row.number} of {name} is prepared: {found['figures']} figures, {found['suppressed']} suppressed; "
        f"{found['attacked']} protected figures were attacked, and none could be recovered.\n"
        f"To release it: careshape release {row.number} --authority {name}",
        err=True,
    )
    return 0


@edition.command(name="list", epilog=examples("careshape edition list", "careshape edition list --format json"))
@click.option("--authority", metavar="NAME", help="Only this council's editions.")
@format_option
@click.pass_obj
def list_(home: Home, authority: str | None, form: str) -> None:
    """List editions, the latest first."""
    if authority is not None:
        home.ledger(authority)  # refuses a council that is not there
    database_of(home)
    from careshape.editions.folders import REPORT
    from careshape.editions.models import Edition

    rows = [
        {
            "authority": one.council, "edition": one.number, "state": one.state, "known_on": one.known_on.isoformat(),
            "prepared": one.prepared_at.isoformat(timespec="seconds"),
            "released": one.released_at.isoformat(timespec="seconds") if one.released_at else "",
            "suppressed": _kept(home, one, REPORT).get("suppressed", ""), "manifest": one.manifest,
        }
        for one in Edition.objects.order_by("council", "-number")
        if authority in (None, one.council)
    ]  # fmt: skip
    print_rows(rows, COLUMNS, form, empty="No edition has been prepared yet: `careshape edition prepare`.")


@edition.command(epilog=examples("careshape edition rebuild 1", "careshape edition rebuild 1 --format json"))
@click.argument("number", type=Numbered("an edition", "careshape edition list"))
@authority_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def rebuild(home: Home, number: int, authority: str | None, form: str) -> int:
    """Work edition NUMBER out anew from its pinned inputs, and compare. Ends with 1 where it is not the same."""
    database_of(home)
    from careshape.editions.rebuild import rebuild as rebuild_one

    row = _edition(home, number, authority)
    found = rebuild_one(home, row.council, number, _say, row.manifest)
    if form == "json":
        click.echo(json.dumps(found.as_dict(), indent=1))
    else:
        click.echo(
            f"{found.figures} figures behind the gate and {found.said} values on pages: "
            f"{f'{len(found.moved)} are not the same' if found.moved else 'all are the same'}. "
            f"{found.pages - len(found.differ)} of {found.pages} files are the same byte for byte "
            f"({found.words})."
        )
        if found.differ and not found.same_code and not found.moved:
            click.echo("Other code may write its files in another form. The values are what must stay.")
        for name in (*found.moved, *found.differ)[:20]:
            click.echo(f"Not the same: {name}")
    return 0 if found.equal else 1


@click.command(epilog=examples("careshape release 1", "careshape release 1 --authority thurrock --facts facts.json"))
@click.argument("number", type=Numbered("an edition", "careshape edition list"))
@authority_option
@click.option(
    "--facts", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What the rules ask about the statement: JSON of fact and value, as `careshape rules check` reads it.",
)  # fmt: skip
@click.pass_obj
def release(home: Home, number: int, authority: str | None, file: Path | None) -> None:
    """Release edition NUMBER to everybody, for good: it has passed the gate, and a second person has agreed it.

    In a demonstration the command line may release what nobody agreed.
    """
    current_database_of(home)
    from careshape.audit.change import SYSTEM
    from careshape.editions.ruled import say
    from careshape.editions.settle import release as release_one
    from careshape.source.judged.judging import RefusedError

    row = _edition(home, number, authority)
    if file is not None:
        say(SYSTEM, row, read_facts(file))
    try:
        release_one(SYSTEM, row)
    except RefusedError as error:
        raise CallError(f"{error} {_how_to_say(error.found)}".strip()) from None
    click.echo(f"Edition {number} of {row.council} is released: /{row.council}/editions/{number}/", err=True)


def _edition(home: Home, number: int, authority: str | None) -> Edition:
    """One edition. Raises CallError where there is none, or several councils have one of that number."""
    from careshape.editions.models import Edition

    rows = [one for one in Edition.objects.filter(number=number) if authority in (None, one.council)]
    if not rows:
        known = sorted({f"{one.council} {one.number}" for one in Edition.objects.all()})
        raise CallError(f"There is no edition {number}. There is {', '.join(known) or 'none yet'}.")
    if len(rows) > 1:
        raise CallError(f"{' and '.join(one.council for one in rows)} have an edition {number}: say --authority.")
    return rows[0]


def _how_to_say(found: Sequence[Finding]) -> str:
    """Where what stops a release is said: in a file of facts, or once for the whole council."""
    from careshape.source.judged.gate import can_be_said

    asked = list(dict.fromkeys(name for one in found if one.stops for name in one.missing))
    said = [f"'{name}'" for name in asked if can_be_said(name)]
    of_council = [f"'{name}'" for name in asked if not can_be_said(name)]
    here = f"Say {' and '.join(said)} in a file of facts: --facts FILE." if said else ""
    there = f"{' and '.join(of_council)} is told once for the whole council, in the browser under Rules."
    return f"{here} {there if of_council else ''}".strip()


def _where(stands: Sequence[str]) -> str:
    """In which tables and texts a figure stands, as the beginning of a sentence about it."""
    return f"In {', '.join(stands)}: " if stands else ""


def _kept(home: Home, row: Edition, name: str) -> dict[str, Any]:
    from careshape.editions.folders import edition_path

    file = edition_path(home, row.council, row.number) / name
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return found


def _say(done: int, total: int, words: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{words} ...", nl=False, err=True)
        if done == total:
            click.echo("", err=True)


commands = {"edition": edition, "release": release}
