"""``careshape market``: the regulator's files and the returns of providers, read, checked and added up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from careshape.cli.options import examples, read_day
from careshape.cli.output import format_option, print_rows
from careshape.market.faults import COLUMNS as FAULTS
from careshape.market.faults import Fault, refused_rows
from careshape.market.files import RegulatorFile, read_file

READ = ("file", "source", "as_of", "dated_by", "rows", "refused_rows", "faults", "tested")
SHOWN = 20


@click.group(
    epilog=examples(
        "careshape market read 01_July_2026_HSCA_Active_Locations.ods",
    )
)
def market() -> None:
    """The market register: the regulator's files, closures, ratings with their age, occupancy and alerts."""


def day_option(name: str, text: str) -> Any:
    """An option that takes a day."""
    return click.option(name, metavar="YYYY-MM-DD", callback=lambda _c, _p, given: read_day(given), help=text)


files_argument = click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)


@market.command(
    epilog=examples(
        "careshape market read 01_July_2026_HSCA_Active_Locations.ods",
        "careshape market read 19_August_2026_CQC_directory.csv --faults faults.csv",
        "careshape market read 01_July_2026_Deactivated_Locations.ods --format json",
    )
)
@files_argument
@day_option("--as-of", "The day of the files, where their names do not say it.")
@click.option(
    "--faults", "kept", type=click.Path(path_type=Path, dir_okay=False), help="Write every fault to this CSV too."
)
@format_option
def read(files: tuple[Path, ...], as_of: date | None, kept: Path | None, form: str) -> int:
    """Read the regulator's directories, ratings and de-activated locations, and say what cannot be read.

    Rows that cannot be read are listed with row, column and what to do; the others are counted. Nothing is kept:
    `careshape data add` keeps a file. Exit code 1 where a row was refused.
    """
    found = [read_file(path, as_of) for path in files]
    faults = [fault for one in found for fault in one.faults]
    if kept is not None:
        keep_faults(kept, faults)
    if form == "json":
        click.echo(json.dumps([_as_json(one) for one in found], indent=1, default=str))
    else:
        print_rows([_summary(one) for one in found], READ, form)
        if form == "table":
            show_faults(faults, kept)
    return 1 if refused_rows(faults) else 0


def _summary(one: RegulatorFile) -> dict[str, Any]:
    return {
        "file": one.file,
        "source": one.source,
        "as_of": None if one.as_of is None else one.as_of.isoformat(),
        "dated_by": one.dated_by,
        "rows": len(one.rows),
        "refused_rows": refused_rows(one.faults),
        "faults": len(one.faults),
        "tested": "no real file of this layout was at hand" if one.untested else "on real files",
    }


def _as_json(one: RegulatorFile) -> dict[str, Any]:
    listed = [fault.as_row() for fault in one.faults]
    return _summary(one) | {"title": one.title, "layout": one.layout, "not_read": one.unread, "findings": listed}


def show_faults(faults: Sequence[Fault], kept: Path | None = None) -> None:
    """Say the first faults in sentences, and how many more there are."""
    for fault in faults[:SHOWN]:
        click.echo(str(fault))
    if len(faults) > SHOWN:
        where = f"all of them stand in {kept}" if kept else "--faults FILE writes all of them"
        click.echo(f"And {len(faults) - SHOWN:,} more faults: {where}.")


def keep_faults(path: Path, faults: Sequence[Fault]) -> None:
    """Write faults as a CSV."""
    from careshape.spreadsheets import as_csv

    path.write_text(as_csv(FAULTS, [fault.as_row() for fault in faults]), encoding="utf-8")


commands = {"market": market}
