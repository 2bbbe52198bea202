"""``careshape fees``: what care costs to give, line by line, beside the prices paid."""

from __future__ import annotations

from pathlib import Path

import click

from careshape.cli.options import authority_option, examples
from careshape.cli.output import format_option, print_rows
from careshape.errors import CallError
from careshape.evaluate.cost.fees import compare, fee_model, uplift, work_out
from careshape.evaluate.cost.fees.arithmetic import COLUMNS, Modelled
from careshape.evaluate.cost.fees.compare import COLUMNS as COMPARED
from careshape.evaluate.cost.fees.entries import MODELS
from careshape.home import Home
from careshape.ledger import Ledger

SHOWN = ("group", "label", "value", "arithmetic", "status")
PROVIDERS = ("provider", "outcome", "lines", "units_a_week", "price_paid", "modelled", "difference", "yearly_change")


@click.command(
    epilog=examples(
        "careshape fees home-care --authority worcestershire",
        "careshape fees home-care --authority worcestershire --year 2021/22 --format csv",
        "careshape fees care-home --authority worcestershire --service nursing --compare 2021-03-31",
        "careshape fees home-care --authority thurrock --values our-lines.toml",
    )
)
@click.argument("model", type=click.Choice(MODELS))
@authority_option
@click.option("--service", metavar="ID", default="", help="Of the services of the model: residential or nursing.")
@click.option(
    "--year", metavar="YYYY/YY", help="Move the values to the prices of this financial year, by their series."
)
@click.option(
    "--values", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="The council's own values."
)
@click.option("--compare", "day", metavar="PERIOD", help="Set beside the prices paid on the last day of this period.")
@format_option
@click.pass_obj
def fees(
    home: Home,
    model: str,
    authority: str | None,
    service: str,
    year: str | None,
    values: Path | None,
    day: str | None,
    form: str,
) -> None:
    """Work out a cost model for care, and set it beside the prices paid. A cost model is not a fee.

    Values come from fees/MODEL.toml in the council's folder. A demonstration council without one takes a made-up set.
    """
    ledger = home.ledger(authority)
    chosen = fee_model(home, ledger.authority, model, file=values, illustrative=_is_demonstration(ledger))
    modelled = work_out(uplift(chosen, year) if year else chosen, service, year or "")
    if modelled.missing and day:
        raise CallError(modelled.what_is_missing())
    if day:
        _print_compared(ledger, modelled, day, form)
        return
    print_rows(modelled.rows, SHOWN if form == "table" else COLUMNS, form)
    _say(modelled, err=form != "table")


def _is_demonstration(ledger: Ledger) -> bool:
    return bool(ledger.demonstration)


def _print_compared(ledger: Ledger, modelled: Modelled, day: str, form: str) -> None:
    found = compare(ledger, modelled, day)
    print_rows(found.rows, PROVIDERS if form == "table" else COMPARED, form)
    click.echo(found.summary(), err=form != "table")


def _say(modelled: Modelled, err: bool) -> None:
    if modelled.missing:
        click.echo(f"\n{modelled.what_is_missing()}", err=err)
    for one in modelled.anchors:
        click.echo(f"To read beside it: {one.label}, {one.year}: {one.value} ({one.source}).", err=err)
    click.echo(modelled.label, err=err)


commands = {"fees": fees}
