"""``careshape data``: official statistics as published, kept with their source, edition and checksum."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from careshape.cli.options import examples
from careshape.cli.output import format_option, print_rows
from careshape.errors import CallError
from careshape.home import Home
from careshape.records.official import Manifest, Source, add_file, editions, find_source, manifests, sources, statistic
from careshape.records.official import remove as remove_edition

LISTED = ("source", "edition", "title", "first", "last", "areas", "rows", "added", "age_days")


@click.group(
    epilog=examples(
        "careshape data list --known",
        "careshape data add '2018 SNPP Population females.csv' '2018 SNPP Population males.csv'",
        "careshape data list",
    )
)
def data() -> None:
    """Keep official statistics: population, unit costs, outcomes, ratings."""


@data.command(
    epilog=examples(
        "careshape data add '2018 SNPP Population females.csv'",
        "careshape data add ascof-2020-21.csv.gz",
        "careshape data add outcomes.csv --source ascof --edition 2020-21",
        "careshape data add variant.zip --variant high-migration",
    )
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--edition", metavar="NAME", help="The edition it must be, or is where the file does not say so.")
@click.option("--source", metavar="ID", help="The source it must be of; otherwise it is recognised by its columns.")
@click.option("--variant", metavar="NAME", default="", help="The variant of a projection; principal if left out.")
@click.pass_obj
def add(home: Home, files: tuple[Path, ...], edition: str | None, source: str | None, variant: str) -> None:
    """Recognise, check and keep files of official statistics (csv, xlsx, ods; gz, zip)."""
    for path in files:
        for done in add_file(home, path, edition, source, variant):
            one = done.manifest
            what = {"added": "added", "added to": "further rows added", "unchanged": "unchanged: it is kept already"}
            span = f", {one.first} to {one.last}" if one.first else ""
            click.echo(f"{path.name}: {one.source} {one.edition} ({one.title}{span}): {what[done.outcome]}.")
            if done.outcome != "unchanged":
                click.echo(f"  {done.rows:,} rows, {one.licence}. {one.attribution}")
            if one.files[-1].untested and done.outcome != "unchanged":
                click.echo(
                    "  No file of this layout was at hand when its reader was written: compare a few figures with it."
                )


@data.command(name="list", epilog=examples("careshape data list", "careshape data list --known --format csv"))
@click.option("--known", is_flag=True, help="List the sources that can be read, loaded or not.")
@format_option
@click.pass_obj
def list_(home: Home, known: bool, form: str) -> None:
    """List what is kept and how old it is, or every source that is known."""
    if known:
        rows = [
            {
                "source": one.id,
                "title": one.title,
                "publisher": one.publisher,
                "licence": one.licence,
                "tested": _tested(one),
                "kept": ", ".join(editions(home, one.id)),
            }
            for one in sources().values()
        ]
        print_rows(rows, ("source", "title", "publisher", "licence", "tested", "kept"), form)
        return
    print_rows(
        [_listed(one) for one in manifests(home)],
        LISTED,
        form,
        empty="No official statistics are kept. `careshape data list --known` lists what can be.",
    )


def _tested(source: Source) -> str:
    """Whether its layouts were tried on real files."""
    untested = sum(layout.untested for layout in source.layout)
    if not untested:
        return "yes"
    return "no: from a list of columns" if untested == len(source.layout) else "prepared files only"


def _listed(one: Manifest) -> dict[str, object]:
    added = one.added_at
    return {
        "source": one.source,
        "edition": one.edition,
        "title": one.title,
        "first": one.first,
        "last": one.last,
        "areas": one.areas,
        "rows": one.rows,
        "added": added.date().isoformat(),
        "age_days": (datetime.now(UTC) - added).days,
    }


@data.command(epilog=examples("careshape data show asc-fr-t52", "careshape data show snpp --edition 2018-based"))
@click.argument("source")
@click.option("--edition", metavar="NAME", help="An edition; otherwise the newest that is kept.")
@click.option("--rows", "count", type=click.IntRange(0, 1000), default=5, show_default=True, help="Rows to show.")
@format_option
@click.pass_obj
def show(home: Home, source: str, edition: str | None, count: int, form: str) -> None:
    """Show where a source comes from, what to beware of, and its first rows."""
    described = find_source(source)
    if form == "table":
        for label, text in (
            ("source", f"{described.id}: {described.title}"),
            ("publisher", described.publisher),
            ("licence", described.licence),
            ("attribution", described.attribution),
            ("holds", described.description),
            *(("beware", caveat) for caveat in described.caveats),
        ):
            click.echo(f"{label + ':':<13} {text}")
        if not editions(home, source):
            click.echo(f"{'kept:':<13} no edition")
            return
    found = statistic(home, source, edition)
    if form == "table":
        for one in found.manifest.files:
            click.echo(f"{'file:':<13} {one.name} ({one.layout}; {one.rows:,} rows; sha256 {one.sha256[:12]}…)")
        click.echo(f"{'edition:':<13} {found.edition}, {found.table.num_rows:,} rows\n")
    rows = [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in found.table.slice(0, count).to_pylist()
    ]
    print_rows(rows, found.table.column_names, form)


@data.command(
    epilog=examples("careshape data remove asc-fr-t52 2021-22", "careshape data remove snpp 2018-based --yes")
)
@click.argument("source")
@click.argument("edition")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(home: Home, source: str, edition: str, yes: bool) -> None:
    """Remove an edition; figures that rest on it go back to what is left."""
    find_source(source)
    if edition not in editions(home, source):
        raise CallError(f"No edition '{edition}' of {source} is kept. `careshape data list` shows what is.")
    if not yes:
        click.confirm(f"Remove {source} {edition}?", abort=True)
    gone = remove_edition(home, source, edition)
    click.echo(f"Removed {gone.source} {gone.edition} ({gone.rows:,} rows).")


commands = {"data": data}
