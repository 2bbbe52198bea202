"""``careshape market``: the regulator's files and the returns of providers, read, checked and added up."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from careshape.cli.options import authority_option, examples, read_day
from careshape.cli.output import format_option, print_rows
from careshape.errors import CallError
from careshape.market.alerts import COLUMNS as ALERTS
from careshape.market.alerts import alerts, capacity_figures, not_judged, read_figures, read_lines
from careshape.market.capacity import read_return
from careshape.market.capacity.checks import check, register_of
from careshape.market.capacity.fields import PARTS, Kind
from careshape.market.capacity.occupancy import COLUMNS as CAPACITY
from careshape.market.capacity.occupancy import capacity_by, silent
from careshape.market.closures import COLUMNS as CLOSURES
from careshape.market.closures import Years, read_decisions
from careshape.market.closures import closures as by_year
from careshape.market.concentration import COLUMNS as BEDS_BY_PROVIDER
from careshape.market.concentration import concentration as concentrated
from careshape.market.concentration import concentration_figures
from careshape.market.faults import COLUMNS as FAULTS
from careshape.market.faults import Fault, refused_rows
from careshape.market.files import RegulatorFile, read_file
from careshape.market.following import COLUMNS as FOLLOWED
from careshape.market.following import follow
from careshape.market.ratings import COLUMNS as RATINGS
from careshape.market.ratings import TABLE, homes_by_rating, rated
from careshape.market.registrations import ACTIVE, registrations
from careshape.market.zones import places_of
from careshape.spreadsheets import as_csv

READ = ("file", "source", "as_of", "dated_by", "rows", "refused_rows", "faults", "tested")
SHOWN = 20


@click.group(
    epilog=examples(
        "careshape market read 01_July_2026_HSCA_Active_Locations.ods",
        "careshape market closures 01_July_2026_HSCA_Active_Locations.ods 01_July_2026_Deactivated_Locations.ods",
        "careshape market ratings 01_July_2026_HSCA_Active_Locations.ods 01_July_2026_Latest_ratings.ods --table",
        "careshape market occupancy return.csv --register active.ods --by bed_type",
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


area_option = click.option("--area", metavar="NAME", help="Only this local authority, as the files name it.")


@market.command(
    epilog=examples(
        "careshape market closures active.ods deactivated.ods --area Worcestershire",
        "careshape market closures active.ods deactivated.ods --years financial --format csv",
        "careshape market closures active.ods deactivated.ods --homes --decided decisions.csv",
    )
)
@files_argument
@area_option
@day_option("--as-of", "The day of the files, where their names do not say it.")
@click.option(
    "--years", type=click.Choice(("calendar", "financial")), default="calendar", show_default=True, help="Which years."
)
@click.option("--homes", is_flag=True, help="Every home that ended, with what became of it and why.")
@click.option(
    "--decided",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="CSV of what people decided: ended, goes_on_as, verdict, reason.",
)
@format_option
def closures(
    files: tuple[Path, ...],
    area: str | None,
    as_of: date | None,
    years: Years,
    homes: bool,
    decided: Path | None,
    form: str,
) -> None:
    """Closures of care homes by year, from files of active and of de-activated locations.

    A home that is registered anew goes on: it is not a closure. What the rule cannot tell stands under perhaps, until
    someone decides it: the true number lies from closed to closed and perhaps together.
    """
    given = _read_all(files, as_of, area)
    known = registrations(given)
    found = follow(known, read_decisions(decided) if decided else None)
    if homes:
        print_rows([one.as_row() for one in found], FOLLOWED, form, empty="No home ended.")
    else:
        print_rows([one.as_row() for one in by_year(found, years)], CLOSURES, form, empty="No home ended.")
    _say_odd(given, [f"{count:,} rows are not counted: {why}." for why, count in known.left_out.items()])


@market.command(
    epilog=examples(
        "careshape market ratings latest_ratings.ods --area Worcestershire --on 2021-07-01",
        "careshape market ratings active.ods latest_ratings.ods --table --format csv",
    )
)
@files_argument
@area_option
@day_option("--on", "The day on which ages are taken; otherwise the day of the newest file.")
@click.option("--table", "counted", is_flag=True, help="Care homes by kind and overall rating.")
@format_option
def ratings(files: tuple[Path, ...], area: str | None, on: date | None, counted: bool, form: str) -> None:
    """Ratings with their age in days and months, overall and by key question, or homes by rating."""
    given = _read_all(files, None, area)
    days = [one.as_of for one in given if one.as_of is not None]
    day = on or (max(days) if days else None)
    if day is None:
        raise CallError("The files do not say their day. Say on which day ages are taken: --on 2021-07-01.")
    found = rated(given)
    if counted:
        print_rows(homes_by_rating(found, area or "all", day.isoformat()), TABLE, form)
    else:
        print_rows([one.as_row(day) for one in found], RATINGS, form, empty="No location.")
    _say_odd(given, [])


@market.command(
    epilog=examples(
        "careshape market occupancy return.csv",
        "careshape market occupancy return.csv --register active.ods --register deactivated.ods --by district,bed_type",
        "careshape market occupancy hours.json --kind hours --by zone,time_band --on 2021-07-05 --format json",
    )
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--kind", type=click.Choice(tuple(PARTS)), default="beds", show_default=True, help="Which figures.")
@click.option("--by", metavar="DIM,DIM", default="", help="Parts: bed_type, zone, location, district and others.")
@day_option("--on", "The day on which it is asked; otherwise today.")
@click.option(
    "--register",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A directory of the regulator, against which locations and beds are checked; one of ended locations too.",
)
@authority_option
@click.option(
    "--faults", "kept", type=click.Path(path_type=Path, dir_okay=False), help="Write every fault to this CSV."
)
@format_option
def occupancy(
    files: tuple[Path, ...],
    kind: Kind,
    by: str,
    on: date | None,
    register: tuple[Path, ...],
    authority: str | None,
    kept: Path | None,
    form: str,
) -> int:
    """Occupancy, voids and vacancies from returns of capacity, with the age of the figures.

    Returns are CSV, XLSX or JSON. What contradicts itself is refused, with a sentence to its sender. A stale return
    counts for how full a location is, and not for where someone could go. Exit code 1 where a row was refused.
    """
    day = on or datetime.now(UTC).date()
    known = [read_file(path) for path in register]
    held = register_of(known) if known else None
    returns = [check(read_return(path), day, held) for path in files]
    faults = [fault for one in returns for fault in one.faults]
    lines = [line for one in returns for line in one.lines]
    places = places_of(known, authority) if known else {}
    keys = [name.strip() for name in by.split(",") if name.strip()]
    rows = capacity_by(lines, kind, day, keys, places)
    print_rows(rows, (*keys, *CAPACITY[kind]), form, empty=f"No return of {kind} counts on {day:%d/%m/%Y}.")
    if kept is not None:
        keep_faults(kept, faults)
    show_faults(faults, kept, err=True)
    if held is not None and kind == "beds":
        homes = {row["location_id"] for one in known for row in one.rows if row.get("care_home") and not row.get("end")}
        quiet = silent(lines, "beds", day, homes)
        click.echo(
            f"{len(homes) - len(quiet):,} of {len(homes):,} registered homes have a return that counts.", err=True
        )
    return 1 if refused_rows(faults) else 0


@market.command(
    epilog=examples(
        "careshape market concentration active.ods --area Worcestershire",
        "careshape market concentration active.ods --by district --authority worcestershire --format csv",
    )
)
@files_argument
@area_option
@click.option("--by", default="area", show_default=True, help="area, zone or district.")
@authority_option
@format_option
def concentration(files: tuple[Path, ...], area: str | None, by: str, authority: str | None, form: str) -> None:
    """How far the registered beds of each area rest on few providers, from a directory of active locations."""
    given = _read_all(files, None, area)
    places = places_of(given, authority)
    rows = [row for one in given for row in concentrated(one, places, by)]
    print_rows(rows, (by, *BEDS_BY_PROVIDER), form, empty="No care home.")
    _say_odd(given, [])


@market.command(
    name="alerts",
    epilog=examples(
        "careshape market alerts figures.csv",
        "careshape market alerts figures.csv --lines our-lines.toml --on 2021-07-05 --format csv",
        "careshape market alerts --return return.csv --register active.ods --by district --authority worcestershire",
    ),
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--return",
    "returns",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A return of capacity, for vacancies, free hours and vacant posts.",
)
@click.option(
    "--register",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A directory of the regulator, for areas and for concentration.",
)
@click.option("--by", default="area", show_default=True, help="Areas of returns and register: area, zone or district.")
@authority_option
@day_option("--on", "The day on which it is asked; otherwise today.")
@click.option("--lines", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A council's own lines.")
@format_option
def alerts_(
    files: tuple[Path, ...],
    returns: tuple[Path, ...],
    register: tuple[Path, ...],
    by: str,
    authority: str | None,
    on: date | None,
    lines: Path | None,
    form: str,
) -> None:
    """Figures of the market that lie beyond a line, by area, the most urgent first.

    FILES are CSVs of figures (figure, area, value, base, day, and rural where known): refusals, hand-backs, prices and
    others. Vacancies come from returns of capacity, and concentration from the regulator's directory.
    """
    if not (files or returns or register):
        raise CallError("Give a file of figures, a return of capacity (--return) or a directory (--register).")
    if returns and not register:
        raise CallError("Give the regulator's directory too (--register): it says in which area a location lies.")
    day = on or datetime.now(UTC).date()
    known = [read_file(path) for path in register]
    places = places_of(known, authority)
    figures = [figure for path in files for figure in read_figures(path)]
    for one in known:
        if one.source == ACTIVE:
            figures += concentration_figures(concentrated(one, places, by), by, min(one.as_of or day, day))
    sent = [line for path in returns for line in check(read_return(path), day, register_of(known)).lines]
    for kind in PARTS if sent else ():
        figures += capacity_figures(capacity_by(sent, kind, day, [by], places), [by], day)
    chosen = read_lines(lines) if lines else None
    found = alerts(figures, day, chosen)
    columns = ("level", "alert", "sentence") if form == "table" else ALERTS
    print_rows([one.as_row() for one in found], columns, form, empty="Nothing lies beyond a line.")
    for said in not_judged(figures, chosen):
        click.echo(said, err=True)


def _read_all(files: tuple[Path, ...], as_of: date | None, area: str | None) -> list[RegulatorFile]:
    """Files with the rows of one local authority. Raises CallError where no file has it, naming near ones."""
    found = [read_file(path, as_of) for path in files]
    if area is None:
        return found
    names = {row["authority_name"] for one in found for row in one.rows if row.get("authority_name")}
    if area.casefold() not in {name.casefold() for name in names}:
        near = difflib.get_close_matches(area, sorted(names), n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"They have {len(names):,} others."
        raise CallError(f"No row of the files is of the local authority '{area}'. {hint}")
    return [one.of_authority(area) for one in found]


def _say_odd(given: Sequence[RegulatorFile], more: Sequence[str]) -> None:
    """Say on standard error what a reader of the figures must know."""
    for line in more:
        click.echo(line, err=True)
    for one in given:
        if refused := refused_rows(one.faults):
            rows = "1 row was" if refused == 1 else f"{refused:,} rows were"
            click.echo(f"{one.file}: {rows} refused; `careshape market read` lists them.", err=True)
        if one.untested:
            click.echo(f"{one.file}: no real file of this layout was at hand: compare a few figures with it.", err=True)


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


def show_faults(faults: Sequence[Fault], kept: Path | None = None, err: bool = False) -> None:
    """Say the first faults in sentences, and how many more there are."""
    for fault in faults[:SHOWN]:
        click.echo(str(fault), err=err)
    if len(faults) > SHOWN:
        where = f"all of them stand in {kept}" if kept else "--faults FILE writes all of them"
        click.echo(f"And {len(faults) - SHOWN:,} more faults: {where}.", err=err)


def keep_faults(path: Path, faults: Sequence[Fault]) -> None:
    """Write faults as a CSV."""
    path.write_text(as_csv(FAULTS, [fault.as_row() for fault in faults]), encoding="utf-8")


commands = {"market": market}
