"""``careshape measure`` and ``careshape measures``: figures from the ledger, and what figures there are."""

from __future__ import annotations

from datetime import date

import click

from careshape.cli.options import (
    DIMENSION_LIST,
    by_option,
    examples,
    known_on_option,
    period_option,
    read_by,
    read_where,
    several_option,
    where_option,
)
from careshape.cli.output import format_option, print_rows
from careshape.evaluate.measure import measure as evaluate
from careshape.evaluate.measure import measures as all_measures
from careshape.evaluate.measure.entry import find_measure
from careshape.evaluate.measure.evaluate import Context, open_context
from careshape.evaluate.measure.frames import ENGINES
from careshape.evaluate.measure.reach import beyond
from careshape.evaluate.measure.result import Result
from careshape.home import Home


@click.command(
    epilog=examples(
        "careshape measure bed_nights --authority worcestershire --by district,financial_year --where service=nursing",
        "careshape measure supported_living_people --period 2019-03,2020-03,2021-03 --format csv",
        "careshape measure cost --by client_group --period 2020/21 --known-on 2021-05-31",
        "careshape measure people_supported --engine spark --by authority",
    ),
    help=f"""Compute one measure.

    Without --authority the councils of the folder are counted together. Without --period, flows take the complete
    financial years that the ledger covers and stocks its last day. Dimensions: {DIMENSION_LIST}.""",
)
@click.argument("name")
@several_option
@by_option
@where_option
@period_option
@known_on_option
@click.option("--engine", type=click.Choice(ENGINES), default="duckdb", show_default=True, help="What computes it.")
@click.option("--master", metavar="ADDRESS", envvar="CARESHAPE_SPARK", help="Spark cluster; otherwise Spark runs here.")
@format_option
@click.pass_obj
def measure(
    home: Home,
    name: str,
    authority: str | None,
    by: str,
    where: tuple[str, ...],
    period: str | None,
    known_on: date | None,
    engine: str,
    master: str | None,
    form: str,
) -> None:
    """See the help text above, which lists the dimensions."""
    entry = find_measure(name)
    context = open_context(home.ledgers(authority), known_on, engine, master)
    result = evaluate(context, entry, by=read_by(by), where=read_where(where), period=period)
    print_rows(result.rows, (*result.dimensions, "value"), form, empty="No line fits.")
    _say_period(context, result, form, asked=period is not None)


def _say_period(context: Context, result: Result, form: str, asked: bool) -> None:
    """Say beside the figures which days were taken where none were asked for, and where they outrun the records."""
    first, last = result.periods[0], result.periods[-1]
    if not asked:
        if form != "table":
            return
        day = result.measure.is_stock and len(result.periods) == 1
        span = first.title if first == last else f"{first.title} to {last.title}"
        reason = "the last day of the records" if day else "the complete years of the records"
        days = f" ({first.start} to {last.end})" if last.kind == "span" else ""
        click.echo(f"Counted: {span}{days}, {reason}; --period asks for another.", err=True)
        return
    amiss = beyond(context, result.measure, result.periods)
    if amiss:
        click.echo(amiss, err=True)


@click.command(
    epilog=examples("careshape measures", "careshape measures bed_nights", "careshape measures --format csv")
)
@click.argument("name", required=False)
@format_option
def measures(name: str | None, form: str) -> None:
    """List the measures, or show the card of one."""
    if name is None:
        rows = [{"id": m.id, "label": m.label, "kind": m.kind, "unit": m.unit} for m in all_measures().values()]
        print_rows(rows, ("id", "label", "kind", "unit"), form)
        return
    entry = find_measure(name)
    card = {
        "measure": entry.id,
        "label": entry.label,
        "what it measures": entry.card.what,
        "source": entry.card.source,
        "formula": entry.card.formula,
        "updated": entry.card.updated,
        "limitations": entry.card.limitations,
        "owner": entry.card.owner,
        "unit": entry.unit,
        "direction of good": entry.good,
    }
    if form == "table":
        for field, text in card.items():
            click.echo(f"{field + ':':<18} {text}")
    else:
        print_rows([card], tuple(card), form)


commands = {"measure": measure, "measures": measures}
