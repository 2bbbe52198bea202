"""``careshape event-cost``: the national rules for the cost of one event, worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import click

from careshape.catalogue import catalogue
from careshape.catalogue.periods import parse_period
from careshape.cli.options import examples, read_day
from careshape.cli.output import format_option, print_rows
from careshape.errors import CallError
from careshape.evaluate.cost.dhsc import period_cost, units_a_week, weeks_of_service
from careshape.evaluate.numbers import rounded

COLUMNS = ("step", "value", "how")


@click.command(
    name="event-cost",
    epilog=examples(
        "careshape event-cost 520 --frequency monthly --start 2024-03-01 --end 2024-04-14 --period 2024-04",
        "careshape event-cost 22.40 --frequency hourly --units 14 --start 2021-01-04 --period 2020/21",
    ),
)
@click.argument("unit_cost")
@click.option("--frequency", required=True, metavar="ID", help="How often it falls due: weekly, monthly, hourly, ...")
@click.option("--units", metavar="NUMBER", help="Planned units a week, where it is due by the hour, day or session.")
@click.option("--start", required=True, metavar="YYYY-MM-DD", help="The first day of the event.")
@click.option("--end", metavar="YYYY-MM-DD", help="Its last day; the period's if it goes on.")
@click.option("--period", required=True, metavar="PERIOD", help="2020/21, 2021-03, or a span A/B.")
@format_option
def event_cost(
    unit_cost: str, frequency: str, units: str | None, start: str, end: str | None, period: str, form: str
) -> None:
    """Check the cost of one event of Client Level Data by hand, step by step.

    By the Department's rules: cost a week = UNIT_COST x how often it falls due in a week of a year of 52; weeks = days
    of the event within the period, both ends counted, over seven. A one-off cost counts once. Signs are dropped.
    """
    price, planned = _number(unit_cost, "UNIT_COST"), None if units is None else _number(units, "--units")
    span = parse_period(period)
    first, last = _day(start), span.end if end is None else _day(end)
    if last < first:
        raise CallError(f"The event ends on {last}, before it starts on {first}.")
    due = catalogue().entry("frequency", frequency).id
    cost = period_cost(price, due, first, last, span.start, span.end, planned)
    rows: list[tuple[str, Decimal | Fraction, str]] = [
        ("cost in the period", rounded(cost, 2), "once, where its first day is in the period")
    ]
    if due != "one-off":
        often, weeks = units_a_week(due, planned), weeks_of_service(first, last, span.start, span.end)
        rows = [
            ("times a week", often, f"due {due}" + (": the planned units a week" if planned is not None else "")),
            ("cost a week", rounded(abs(price) * often, 2), "unit cost x times a week"),
            ("weeks", weeks, "days within the period, both ends counted, over seven"),
            ("cost in the period", rounded(cost, 2), "cost a week, before rounding, x weeks"),
        ]
    print_rows([dict(zip(COLUMNS, (step, str(value), how), strict=True)) for step, value, how in rows], COLUMNS, form)


def _number(text: str, what: str) -> Fraction:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise CallError(f"{what} is '{text}', which is no number. Write it as 812.47.")
    return Fraction(found)


def _day(text: str) -> date:
    found = read_day(text)
    assert found is not None
    return found


commands = {"event-cost": event_cost}
