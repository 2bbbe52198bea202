"""``careshape benchmark`` and ``careshape neighbours``: a council's published figures beside others'."""

from __future__ import annotations

from pathlib import Path

import click

from careshape.cli.options import authority_option, examples
from careshape.cli.output import format_option, print_rows
from careshape.errors import CallError
from careshape.evaluate.cost.benchmark import COLUMNS
from careshape.evaluate.cost.benchmark import benchmark as set_beside
from careshape.evaluate.cost.comparators import GROUPS
from careshape.evaluate.cost.figures import figures
from careshape.evaluate.cost.indicators import indicators
from careshape.evaluate.cost.neighbours import load_list, mean_stability, read_method
from careshape.evaluate.cost.neighbours import neighbours as find_neighbours
from careshape.home import Home

SHOWN = ("area", "kind", "value", "standing", "rank_low", "rank_high", "band", "lower_95", "upper_95", "position")
"""Columns of the table for people; CSV and JSON have all."""
PUBLISHED = ("area", "group", "value", "standing", "average", "minimum", "maximum")
LISTED = ("measure", "label", "unit", "good", "source", "years", "available")


@click.command(
    epilog=examples(
        "careshape benchmark --list --authority worcestershire",
        "careshape benchmark nursing-unit-cost-65 --authority worcestershire",
        "careshape benchmark admissions-65 --authority worcestershire --comparators region --format csv",
        "careshape benchmark ascof:2020-21:1F --authority thurrock --comparators neighbours",
        "careshape benchmark home-care-rate-external --authority thurrock --comparators our-list.csv --year 2020/21",
    ),
    help=f"""Set a published figure of a council beside those of others.

    Rank with ties, the interval in which the rank truly lies, funnel limits corrected for the usual spread of
    councils, which way is good, and the caveat that travels with the figure. Areas come by band and name: there is
    no league table. Figures come from the statistics loaded with `careshape data add`, else from what the council's
    own statement printed.

    --comparators: {", ".join(GROUPS)}, or a CSV file with a column area_code or area_name.""",
)
@click.argument("measure", required=False)
@click.option("--list", "listing", is_flag=True, help="List what can be compared, and what of it is at hand.")
@authority_option
@click.option("--comparators", metavar="GROUP|FILE", help="Whom to compare with.")
@click.option("--year", metavar="YYYY/YY", help="Financial year; the newest at hand by default.")
@format_option
@click.pass_obj
def benchmark(
    home: Home,
    measure: str | None,
    listing: bool,
    authority: str | None,
    comparators: str | None,
    year: str | None,
    form: str,
) -> None:
    """See the help text above, which lists the groups."""
    name = _authority(home, authority)
    if listing:
        print_rows(_listed(home, name), LISTED, form)
        return
    if measure is None:
        raise CallError("Say what to compare, such as nursing-unit-cost-65; `careshape benchmark --list` shows all.")
    found = set_beside(home, name, measure, comparators=comparators, year=year)
    if form != "table":
        print_rows(found.rows, COLUMNS, form)
        return
    rows = found.rows if not found.summaries else [row for row in found.rows if row["kind"] == "as published"]
    shown = (
        PUBLISHED
        if found.summaries
        else tuple(one for one in SHOWN if any(row.get(one) not in (None, "") for row in rows))
    )
    print_rows(rows, shown, form)
    click.echo(f"\n{found.sentence()}")
    for label, text in (("Method", found.method), ("Source", found.source), ("Caveat", found.caveat)):
        click.echo(f"{label}: {text}")
    if found.missing:
        click.echo(f"Not among the figures: {', '.join(found.missing)}.")


def _authority(home: Home, authority: str | None) -> str:
    """The council named, or the only one of the folder."""
    return authority if authority is not None else home.ledger(None).authority


def _listed(home: Home, authority: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for one in indicators().values():
        try:
            found = figures(home, authority, one)
            available = f"{found.year}, {'loaded' if found.loaded else 'as printed'}"
        except CallError:
            available = "as printed: rank and ends only" if one.summary else "to be loaded"
        rows.append(
            {
                "measure": one.id,
                "label": one.label,
                "unit": one.unit,
                "good": one.good,
                "source": one.source,
                "years": " to ".join(one.years) if one.years else "",
                "available": available,
            }
        )
    return rows


@click.command(
    epilog=examples(
        "careshape neighbours --authority worcestershire",
        "careshape neighbours --authority worcestershire --load our-neighbours.csv",
        "careshape neighbours --authority worcestershire --method our-method.toml --format csv",
    )
)
@authority_option
@click.option(
    "--load", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Keep the council's own list."
)
@click.option(
    "--method", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="An edited copy of the method."
)
@format_option
@click.pass_obj
def neighbours(home: Home, authority: str | None, load: Path | None, method: Path | None, form: str) -> None:
    """Show the councils most like one, with how sure each is, or keep the council's own list.

    Without a list of its own, neighbours are worked out from loaded population statistics by an open method.
    """
    name = _authority(home, authority)
    if load is not None:
        found = load_list(home, name, load)
    else:
        found = find_neighbours(home, name, read_method(method) if method else None)
    print_rows(found.as_rows(), ("place", "area", "area_code", "distance", "stability", "method", "source"), form)
    kept = mean_stability(found.rows)
    if kept is not None:
        click.echo(f"A jitter of the weights keeps {kept:.0%} of the list. {found.caveat}", err=form != "table")


commands = {"benchmark": benchmark, "neighbours": neighbours}
