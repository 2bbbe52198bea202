"""``careshape costs``: unit costs, supported living by component, and the local market, from the ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from careshape.catalogue.periods import parse_periods
from careshape.cli.options import (
    authority_option,
    by_option,
    examples,
    known_on_option,
    period_option,
    read_by,
    read_where,
    where_option,
)
from careshape.cli.output import format_option, print_rows
from careshape.errors import CallError
from careshape.evaluate.cost import market
from careshape.evaluate.cost.composition import COLUMNS as PARTS
from careshape.evaluate.cost.composition import supported_living
from careshape.evaluate.cost.unit_costs import COLUMNS as UNIT_COSTS
from careshape.evaluate.cost.unit_costs import unit_costs
from careshape.evaluate.measure.entry import find_measure
from careshape.evaluate.measure.evaluate import open_context
from careshape.evaluate.measure.reach import beyond
from careshape.home import Home

TABLES = {
    "unit": "unit costs as official statistics define them, beside the mean of the lines open on the last day",
    "supported-living": "people, share, yearly and weekly cost by component and cost centre",
    "concentration": "how far each part of the market rests on few providers",
    "providers": "share of spend with each type of provider, not-for-profit among them",
    "placements": "care home placements in the council's area and outside it",
    "shift": "shares of spend on care homes and on the community, by year",
}


@click.command(
    epilog=examples(
        "careshape costs unit --authority worcestershire --period 2020/21 --by working_age_band",
        "careshape costs supported-living --authority worcestershire --period 2021-03-31",
        "careshape costs concentration --authority worcestershire --period 2020/21 --by service,district --format csv",
        "careshape costs providers --authority worcestershire --where service=day-services",
        "careshape costs shift --authority worcestershire",
    ),
    help="Tables of what care costs and who gives it.\n\n\b\n" + "\n".join(f"{k:<18}{v}" for k, v in TABLES.items()),
)
@click.argument("table", type=click.Choice(list(TABLES)))
@authority_option
@by_option
@where_option
@period_option
@known_on_option
@format_option
@click.pass_obj
def costs(
    home: Home,
    table: str,
    authority: str | None,
    by: str,
    where: tuple[str, ...],
    period: str | None,
    known_on: date | None,
    form: str,
) -> None:
    """See the help text above, which lists the tables."""
    context = open_context(home.ledger(authority), known_on)
    keys, narrowed = read_by(by), read_where(where)
    if narrowed and table in ("unit", "supported-living", "placements"):
        raise CallError(f"The table '{table}' takes no --where: its lines are part of what it is.")
    if by and table in ("supported-living", "shift"):
        raise CallError(f"The table '{table}' takes no --by: its parts are part of what it is.")
    rows: list[dict[str, Any]]
    if table == "unit":
        rows, columns = unit_costs(context, _needed(period, "2020/21"), by=keys), ("service", *keys, *_rest(UNIT_COSTS))
    elif table == "supported-living":
        rows, columns = supported_living(context, _needed(period, "2021-03-31")), PARTS
    elif table == "concentration":
        keys = keys or ("service",)
        rows = market.concentration(context, by=keys, where=narrowed, period=period)
        columns = (*keys, *market.CONCENTRATION)
    elif table == "shift":
        rows, columns = market.spending_shift(context, period, where=narrowed), market.SHIFT
    else:
        keys = keys or ("service",)
        if table == "providers":
            rows = market.provider_mix(context, by=keys, where=narrowed, period=period)
        else:
            rows = market.placement_mix(context, by=keys, period=period)
        columns = (*keys, "provider_type" if table == "providers" else "placement_area", *market.SHARES)
    wide = ("method", "note")
    amiss = beyond(context, find_measure("cost"), parse_periods(period)) if period else ""
    print_rows(rows, [one for one in columns if form != "table" or one not in wide], form, empty="No line fits.")
    if amiss:
        click.echo(amiss, err=True)


def _needed(period: str | None, example: str) -> str:
    if period is None:
        raise CallError(f"Say for which period, such as --period {example}.")
    return period


def _rest(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in columns if one != "service")


commands = {"costs": costs}
