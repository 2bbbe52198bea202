"""``careshape forecast``: how many people will need which service, with intervals, and how a figure was reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from careshape.catalogue import catalogue
from careshape.cli.options import (
    authority_option,
    examples,
    known_on_option,
    read_by,
    read_day,
    read_where,
    refuse_beside,
    where_option,
)
from careshape.cli.output import format_option, print_rows
from careshape.errors import CallError
from careshape.evaluate.forecast import Forecast
from careshape.evaluate.forecast.council import DRAWS, council_forecast
from careshape.evaluate.forecast.settings import MODELS
from careshape.evaluate.forecast.spells import DIMENSIONS, check_by
from careshape.evaluate.forecast.table import COLUMNS
from careshape.evaluate.forecast.weights import MEASURES
from careshape.evaluate.near import near_to
from careshape.home import Home
from careshape.ledger.columns import CODED


@click.command(
    epilog=examples(
        "careshape forecast --authority worcestershire --by service --period 2021/22:2024/25",
        "careshape forecast --authority thurrock --measure yearly_cost --by service,group --format csv",
        "careshape forecast --authority worcestershire --where service=nursing --by area --months 24",
        "careshape forecast --authority worcestershire --where service=nursing --explain",
    ),
)
@authority_option
@click.option("--by", metavar="DIM,DIM", default="service", show_default=True, help="Split: service, group, area.")
@click.option("--measure", type=click.Choice(MEASURES), default="people", show_default=True, help="What is forecast.")
@click.option("--period", metavar="PERIOD", help="Periods whose last days are forecast: 2021/22:2030/31, or 2024-03.")
@click.option("--months", type=int, metavar="N", help="Months ahead, one row each; each year of ten without --period.")
@where_option
@click.option(
    "--areas", metavar="DIM", default="district", show_default=True, help="Dimension that areas are, or none."
)
@click.option(
    "--groups", metavar="DIM", default="client_group", show_default=True, help="Dimension of groups, or none."
)
@click.option("--model", type=click.Choice(MODELS), default=MODELS[0], show_default=True, help="How people leave.")
@click.option("--draws", type=int, default=DRAWS, show_default=True, help="Futures that are drawn for the intervals.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same call and seed give the same limits.")
@click.option("--until", metavar="YYYY-MM-DD", help="Forecast from this day, using nothing later.")
@known_on_option
@click.option(
    "--population", default="auto", show_default=True, metavar="BASIS",
    help="auto: the newest loaded, else published totals; none: constant entries; or a basis such as snpp.",
)  # fmt: skip
@click.option(
    "--occupancy", multiple=True, metavar="SERVICE=SHARE", help="Share of places filled, for the measure places."
)
@click.option("--history", type=int, default=0, metavar="MONTHS", help="Rows of so many months before, too.")
@click.option("--explain", is_flag=True, help="Show the arithmetic of one cell, named with --where.")
@click.option("--rates", "show_rates", is_flag=True, help="Show the rates with their events and intervals instead.")
@format_option
@click.pass_obj
def forecast(home: Home, authority: str | None, form: str, **options: Any) -> None:
    """Forecast people, hours, nights, places and cost from the council's own records.

    Rates of coming, staying and moving between services are estimated from the ledger by service, client group, area,
    age and time in the service, and carried forward month by month. Every value has an 80% and a 95% interval and the
    name of its method. Entries follow the population where one is loaded.
    """
    if options["explain"]:
        refuse_beside("explain", ("by", "measure", "history", "show_rates"), "shows the arithmetic of one cell")
    if options["show_rates"]:
        refuse_beside("rates", ("by", "measure", "history"), "shows the rates of every cell")
    where = read_where(options["where"])
    by = check_by(read_by(options["by"]))
    check_by(tuple(where))
    _check_values(where, options)
    made = _forecast(home, authority, options)
    if options["show_rates"]:
        rows = made.rates.rows()
        names = tuple(rows[0])
        if form == "table":
            rows = [
                {name: f"{one:.4g}" if isinstance(one, float) else one for name, one in row.items()} for row in rows
            ]
        print_rows(rows, names, form)
        return
    if options["explain"]:
        _explain(made, where, form)
        return
    months = None if options["months"] is None else list(range(1, options["months"] + 1))
    rows = made.table(by, options["measure"], months=months, periods=options["period"], where=where)
    if options["history"]:
        rows = [*made.history(by, options["history"], options["measure"], where), *rows]
    columns: Sequence[str] = ("period", *by, *COLUMNS[1:])
    if form == "table":
        columns = [
            name
            for name in columns
            if name not in ("kind", "unit", "method") or (name == "kind" and options["history"])
        ]
    print_rows(rows, columns, form, empty="Nobody is expected in these cells.")
    _say(made, options["measure"], rows)


def _forecast(home: Home, authority: str | None, options: dict[str, Any]) -> Forecast:
    made = council_forecast(
        home, authority, areas=_dimension(options["areas"]), groups=_dimension(options["groups"]),
        known_on=options["known_on"], until=read_day(options["until"]), months=options["months"],
        period=options["period"], model=options["model"], basis=options["population"], draws=options["draws"],
        seed=options["seed"], occupancy=_occupancy(options["occupancy"]),
    )  # fmt: skip
    for notice in made.notices:
        click.echo(notice, err=True)
    return made.forecast


def _check_values(where: dict[str, str], options: dict[str, Any]) -> None:
    """Refuse a value that the catalogue does not hold, with its near matches, before anything is worked out."""
    of = {"service": "service", "group": options["groups"], "area": options["areas"]}
    for name, text in where.items():
        listed = CODED.get(of[name], "")
        known = catalogue().lists[listed].by_id if listed else {}
        for one in (part.strip() for part in text.split("|")):
            if known and one not in known:
                raise CallError(f"The forecast has no {name} '{one}'. {near_to(one, known)}")


def _dimension(name: str) -> str | None:
    return None if name == "none" else name


def _occupancy(pairs: Sequence[str]) -> dict[str, float]:
    found = {}
    for pair in pairs:
        service, sign, share = pair.partition("=")
        try:
            found[service.strip()] = float(share)
        except ValueError:
            sign = ""
        if not sign:
            raise CallError(f"'{pair}' is not an occupancy. Write SERVICE=SHARE, such as nursing=0.9.")
    return found


def _explain(made: Forecast, where: dict[str, str], form: str) -> None:
    if "service" not in where:
        raise CallError("--explain needs one service: --where service=nursing, with area and group if you like.")
    cell = {name: where.get(name) for name in DIMENSIONS}
    rows = made.explain(str(cell["service"]), cell["group"], cell["area"])
    if form == "table":
        rows = [row | {"value": f"{row['value']:,.4f}"} for row in rows]
    print_rows(rows, ("step", "label", "value", "unit", "how"), form)


def _say(made: Forecast, measure: str, rows: list[dict[str, Any]]) -> None:
    """Say beside the rows what they are and how they were made."""
    if rows:
        click.echo(
            f"{rows[-1]['unit'].capitalize()}, from {made.rates.census.label(0)}. Method: {made.method}.", err=True
        )
    for note in made.notes:
        click.echo(f"Note: {note}.", err=True)


commands = {"forecast": forecast}
