"""``careshape import``: files of care records into the ledger, checked row by row."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from careshape.cli.options import authority_option, examples
from careshape.cli.output import progress
from careshape.cli.recording import tell_import
from careshape.home import Home
from careshape.ledger.imports import Say, import_file
from careshape.ledger.readers import READER_IDS
from careshape.ledger.refused import check_target, write_new
from careshape.ledger.report import Report
from careshape.ledger.report_output import print_report, to_csv, to_html

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
    "--reader", type=click.Choice(READER_IDS), help="What the files hold; found out from their columns otherwise."
)
@click.option("--dry-run", is_flag=True, help="Check and report; change nothing.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path),
    help="Also write the report to a new FILE (.html, .csv or .json).",
)
@click.option(
    "--refused",
    "refused_path",
    type=click.Path(path_type=Path),
    help="Write the refused rows to a new FILE, to be put right and imported.",
)
@click.option(
    "--progress/--no-progress",
    "told",
    default=None,
    help="Tell on standard error how it gets on; by default where that is a terminal.",
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
    told: bool | None,
) -> int:
    """Check FILES and post their rows to a council's ledger.

    Every row is accepted, repaired with a stated reason, or refused with a sentence on how to put it right. A file is
    one transaction; importing it twice changes nothing. Ends with 1 where a row was refused.
    """
    if report_path is not None and report_path.suffix not in WRITERS:
        raise click.UsageError(f"The report '{report_path}' must end in {', '.join(WRITERS)}.")
    several = len(files) > 1
    reports = [_beside(report_path, file, several) for file in files]
    corrections = [_beside(refused_path, file, several) for file in files]
    _check_targets([*reports, *corrections])
    ledger = home.ledger(authority)
    say = progress(sys.stderr.isatty() if told is None else told)
    refused = 0
    for file, target, correction in zip(files, reports, corrections, strict=True):
        report = import_file(
            ledger,
            file,
            reader=reader,
            dry_run=dry_run,
            refused_to=correction,
            say=_about(file, say),
        )
        refused += report.refused
        if not dry_run:
            tell_import(home, ledger, report.posting, file)
        _print(report, form)
        if target is not None:
            _write(report, target)
    return 1 if refused else 0


def _about(file: Path, say: Say) -> Say:
    """What tells of one file's stages."""
    return lambda stage: say(f"{file.name}: {stage}")


def _print(report: Report, form: str) -> None:
    if form == "json":
        click.echo(report.to_json())
    elif form == "csv":
        click.echo(to_csv(report), nl=False)
    else:
        print_report(report)


def _beside(path: Path | None, file: Path, several: bool) -> Path | None:
    """One output a file: report.html for one, report-packages.html for each of several."""
    return path.with_stem(f"{path.stem}-{file.stem}") if path is not None and several else path


def _check_targets(targets: Sequence[Path | None]) -> None:
    """Refuse outputs that would overwrite something, or one another, before anything is read."""
    wanted = [target for target in targets if target is not None]
    for target in wanted:
        check_target(target, "reports and refused rows")
    if len({target.resolve() for target in wanted}) < len(wanted):
        raise click.UsageError("Two outputs would have the same name. Give --report and --refused names of their own.")


def _write(report: Report, path: Path) -> None:
    write_new(path, lambda file: file.write(WRITERS[path.suffix](report)), 0o600)


commands = {"import": import_}
