"""``careshape gap``: what will be needed less what there is, and what that means for the market."""

from __future__ import annotations

from datetime import date

import click

from careshape.cli.options import authority_option, examples, known_on_option, population_option, read_day, read_years
from careshape.cli.output import format_option, print_rows
from careshape.evaluate.forecast.council import council_forecast
from careshape.evaluate.gap.council import CouncilGaps, council_gaps
from careshape.home import Home

COLUMNS = (
    "segment",
    "client_group",
    "area",
    "on",
    "unit",
    "demand",
    "supply",
    "gap",
    "low",
    "high",
    "grows",
    "direction",
)


@click.command(
    epilog=examples(
        "careshape gap --authority worcestershire",
        "careshape gap --authority worcestershire --segment home-care --by-area --years 3",
        "careshape gap --authority thurrock --sentences",
        "careshape gap --authority thurrock --segment care-homes-older-people --format csv",
    ),
)
@authority_option
@click.option("--segment", "segments", multiple=True, metavar="ID", help="One segment of the market; all by default.")
@click.option("--by-area", is_flag=True, help="Each district by itself too.")
@click.option("--years", metavar="N,N", help="Years ahead: 1, 3, 5 and the last by default.")
@population_option
@click.option("--draws", type=int, default=1000, show_default=True, help="Futures that are drawn for the intervals.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same intervals.")
@click.option("--until", metavar="YYYY-MM-DD", help="Forecast from this day, using nothing later.")
@known_on_option
@click.option("--sentences", is_flag=True, help="Say each gap in a sentence instead of a table.")
@format_option
@click.pass_obj
def gap(
    home: Home,
    authority: str | None,
    segments: tuple[str, ...],
    by_area: bool,
    years: str | None,
    basis: str,
    draws: int,
    seed: int,
    until: str | None,
    known_on: date | None,
    sentences: bool,
    form: str,
) -> None:
    """Work out the gap between demand and supply, by segment of the market, client group, area and year.

    Demand is forecast from the council's records; supply is what stands in the council's folder `supply`, or what its
    printed statement says. Each gap has an 80% and a 95% interval, and the rule that says what it means: grow, hold,
    reduce, or do not develop here.
    """
    ahead = read_years(years) if years else None
    made = council_forecast(
        home, authority, months=12 * max(ahead) if ahead else None, draws=draws, seed=seed,
        basis=basis, until=read_day(until), known_on=known_on,
    )  # fmt: skip
    found = council_gaps(home, made, segments=segments, by_area=by_area, years_ahead=ahead)
    if sentences:
        for one in found.gaps:
            click.echo(one.sentence())
    else:
        _print(found, form)
    for notice in found.forecast.notices:
        click.echo(notice, err=True)


def _print(found: CouncilGaps, form: str) -> None:
    rows = found.rows()
    if form != "table":
        print_rows(rows, tuple(rows[0]) if rows else COLUMNS, form, empty="Nobody is expected in these segments.")
        return
    short = [
        row | {"low": row["gap_lower_80"], "high": row["gap_upper_80"], "grows": f"{row['chance_of_growth']:.0%}"}
        for row in rows
    ]
    print_rows(short, COLUMNS, form, empty="Nobody is expected in these segments.")
    if rows:
        click.echo("low, high: limits of the 80% interval of the gap. grows: chance that more is needed.", err=True)
        click.echo(f"Method: {found.gaps[0].gap.method}.", err=True)
        for basis in dict.fromkeys(one.basis for one in found.gaps):
            labels = dict.fromkeys(one.segment.label for one in found.gaps if one.basis == basis)
            click.echo(f"{', '.join(labels)}: {basis}.", err=True)


commands = {"gap": gap}
