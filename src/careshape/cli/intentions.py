"""``careshape intentions``: what a council means to do, how far it is, and what may be built."""

from __future__ import annotations

import json
from pathlib import Path

import click

from careshape.cli.options import authority_option, examples
from careshape.cli.output import format_option, print_rows
from careshape.cli.web import web_part
from careshape.design import VERDICTS, check_file, check_together, sheets
from careshape.errors import CallError, InputError
from careshape.home import Home
from careshape.records.intentions import FOLDER, design_text
from careshape.records.rows import LARGEST

LISTED = ("id", "direction", "service", "client_group", "by_date", "state", "statement")
HOW_FAR = (
    "id",
    "direction",
    "service",
    "baseline",
    "now",
    "now_on",
    "target",
    "by",
    "share_of_way",
    "state",
    "overdue",
)


@click.group(epilog=examples("careshape intentions list --authority worcestershire"))
def intentions() -> None:
    """List a council's intentions, tell how far each is, and answer what may be built."""


@intentions.command(name="list", epilog=examples("careshape intentions list --authority thurrock --format json"))
@authority_option
@format_option
@click.pass_obj
def list_(home: Home, authority: str | None, form: str) -> None:
    """List what a council means to do."""
    told = web_part("careshape.statement.design.told")
    rows = told.intention_rows(told.opened(home.path, home.ledger(authority).authority))
    columns = LISTED if form == "table" else tuple(rows[0]) if rows else LISTED
    print_rows(rows, columns, form, empty="The council has stated no intention.")


@intentions.command(epilog=examples("careshape intentions progress --authority worcestershire --measured"))
@authority_option
@click.option("--measured", is_flag=True, help="Only intentions of which a measure is kept.")
@click.option("--overdue", is_flag=True, help="Only those whose date has passed and that are not known to be met.")
@format_option
@click.pass_obj
def progress(home: Home, authority: str | None, measured: bool, overdue: bool, form: str) -> None:
    """Tell how far each intention is: where it started, where it is, its target, and whether that is on time."""
    told = web_part("careshape.statement.design.told")
    rows = told.progress_rows(told.opened(home.path, home.ledger(authority).authority))
    rows = [row for row in rows if not measured or row["state"] != "no-measure"]
    rows = [row for row in rows if not overdue or row["overdue"] == "yes"]
    columns = HOW_FAR if form == "table" else tuple(rows[0]) if rows else HOW_FAR
    print_rows(rows, columns, form, empty="No intention is like that.")


@intentions.command(
    name="may-i-build",
    epilog=examples(
        "careshape intentions may-i-build --authority thurrock --service residential --client-group older-people",
        "careshape intentions may-i-build --authority worcestershire --service supported-living --size 12 --on 2025",
    ),
)
@authority_option
@click.option("--service", required=True, metavar="ID", help="What you would like to offer.")
@click.option("--client-group", default="", metavar="ID", help="For whom; everybody if not said.")
@click.option("--area", default="", metavar="ID", help="In which district; anywhere if not said.")
@click.option("--size", type=click.IntRange(1, 999_999), help="For how many.")
@click.option("--on", default="", metavar="DAY", help="From which day or year.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def may_i_build(
    home: Home, authority: str | None, service: str, client_group: str, area: str, size: int | None, on: str, form: str
) -> None:
    """Answer whether something may be built: yes, yes with conditions, not now, no, or ask us, with the reason."""
    told = web_part("careshape.statement.design.told")
    council = told.opened(home.path, home.ledger(authority).authority)
    question = told.question_of(council, service, client_group, area, size, on)
    found = told.answered(council, question, lambda text: click.echo(text, err=True))
    if form == "json":
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    click.echo(f"{VERDICTS[found['answer']]}. {found['reason']}")
    for label, name in (
        ("Conditions", "conditions"), ("Exceptions", "exceptions"), ("Intentions", "intentions"),
        ("About a part of it", "for_a_part"), ("Expected", "gap_said"),
        ("Of more than you ask", "gap_wider"), ("The size", "size_said"), ("Ask", "ask"), ("As known on", "known"),
    ):  # fmt: skip
        if found[name]:
            click.echo(f"{label}: {found[name]}")


@intentions.command(epilog=examples("careshape intentions check", "careshape intentions check my/intentions.csv"))
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@authority_option
@click.pass_obj
def check(home: Home, file: Path | None, authority: str | None) -> int:
    """Check a file of intentions (or of the review, goals, events, messages), or all of a council's. Ends with 1."""
    if file is not None:
        name = f"{FOLDER}/{file.name}"
        if name not in sheets():
            raise CallError(f"A file of decisions is called {', '.join(Path(one).name for one in sheets())}.")
        if file.stat().st_size > 4 * LARGEST:
            raise InputError(f"{file.name} is larger than a file of decisions can be.")
        try:
            faults = check_file(name, file.read_text("utf-8"))
        except UnicodeDecodeError:
            raise InputError(f"{file.name} is not UTF-8. Save it as CSV in UTF-8.") from None
    else:
        ledger = home.ledger(authority)
        texts = {name: design_text(ledger.authority, ledger.path, name) for name in sheets()}
        faults = check_together({name: text for name, text in texts.items() if text is not None})
    for fault in faults:
        click.echo(str(fault))
    click.echo({0: "No fault.", 1: "1 fault."}.get(len(faults), f"{len(faults)} faults."), err=True)
    return 1 if faults else 0


@intentions.command(epilog=examples("careshape intentions start --authority worcestershire"))
@authority_option
@click.pass_obj
def start(home: Home, authority: str | None) -> None:
    """Write the files of decisions to the council's folder: what is packaged for it, else empty ones to fill."""
    ledger = home.ledger(authority)
    written = []
    for name, sheet in sheets().items():
        path = ledger.path / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_text(design_text(ledger.authority, None, name) or sheet.write([]), "utf-8", newline="")
            written.append(path.name)
    said = f"Wrote {', '.join(written)} to {ledger.path / FOLDER}." if written else "Every file is there already."
    click.echo(f"{said} Edit them, then: careshape intentions check", err=True)


commands = {"intentions": intentions}
