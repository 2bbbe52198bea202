"""``careshape import``: files of care records into the ledger, checked row by row."""

from __future__ import annotations

from pathlib import Path

import click

from careshape.cli.options import authority_option, examples
from careshape.home import Home
from careshape.ledger.imports import import_file
from careshape.ledger.report import Report
from careshape.ledger.report_output import print_report, to_csv, to_html

READERS = ("cld", "packages", "deliveries")
WRITERS = {".html": to_html, ".csv": to_csv, ".json": Report.to_json}


@click.command(
    name="import",
    epilog=examples(
        "careshape import packages.csv --authority worcestershire",
        "careshape import cld-2020-21.csv --reader cld --dry-run",
        "careshape import packages.xlsx deliveries.csv --report report.html",
        "careshape import packages.csv --format json > report.json",
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@authority_option
@click.option(
    "--reader", type=click.Choice(READERS), help="What the files hold; found out from their columns otherwise."
)
@click.option("--dry-run", is_flag=True, help="Check and report; change nothing.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path),
    help="Also write the report to FILE (.html, .csv or .json).",
)
@click.option(
    "--refused",
    "refused_path",
    type=click.Path(path_type=Path),
    help="Write the refused rows to FILE, to be put right and imported.",
)
@click.pass_obj
def import_(
    home: Home,
    files: tuple[Path, ...],
    authority: str | None,
    reader: str | None,
    dry_run: bool,
    form: str,
    report_path: Path | None,
    refused_path: Path | None,
) -> int:
    """Check FILES and post their rows to a council's ledger.

    Every row is accepted, repaired with a stated reason, or refused with a sentence on how to put it right. A file is
    one transaction; importing it twice changes nothing. Ends with 1 where a row was refused.
    """
    if report_path is not None and report_path.suffix not in WRITERS:
        raise click.UsageError(f"The report '{report_path}' must end in {', '.join(WRITERS)}.")
    ledger = home.ledger(authority)
    refused = 0
    for file in files:
        report = import_file(ledger, file, reader=reader, dry_run=dry_run, refused_to=refused_path)
        refused += report.refused
        _print(report, form)
        if report_path is not None:
            _write(report, _beside(report_path, file, len(files) > 1))
    return 1 if refused else 0


def _print(report: Report, form: str) -> None:
    if form == "json":
        click.echo(report.to_json())
    elif form == "csv":
        click.echo(to_csv(report), nl=False)
    else:
        print_report(report)


def _beside(path: Path, file: Path, several: bool) -> Path:
    """One report a file: report.html for one, report-packages.html for each of several."""
    return path.with_stem(f"{path.stem}-{file.stem}") if several else path


def _write(report: Report, path: Path) -> None:
    path.write_text(WRITERS[path.suffix](report), "utf-8")


commands = {"import": import_}
