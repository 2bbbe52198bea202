"""``careshape changes``: how a figure moved since it was last known, and why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import click

from careshape.cli.options import (
    authority_option,
    by_option,
    examples,
    period_option,
    read_by,
    read_day,
    read_where,
    where_option,
)
from careshape.cli.output import format_option, print_rows
from careshape.evaluate.measure import changed
from careshape.evaluate.measure.entry import find_measure
from careshape.evaluate.numbers import rounded
from careshape.home import Home


@click.command(
    epilog=examples(
        "careshape changes bed_nights --period 2020/21 --known-from 2021-05-01",
        "careshape changes supported_living_people --by client_group --period 2021-03 --known-from 2021-04-01",
    )
)
@click.argument("name")
@authority_option
@by_option
@where_option
@period_option
@click.option(
    "--known-from",
    required=True,
    metavar="YYYY-MM-DD",
    callback=lambda _c, _p, text: read_day(text),
    help="The earlier day.",
)
@click.option(
    "--known-to",
    metavar="YYYY-MM-DD",
    callback=lambda _c, _p, text: read_day(text),
    help="The later day; now if left out.",
)
@format_option
@click.pass_obj
def changes(
    home: Home,
    name: str,
    authority: str | None,
    by: str,
    where: tuple[str, ...],
    period: str | None,
    known_from: date,
    known_to: date | None,
    form: str,
) -> None:
    """Show what corrections and late entries did to a figure between two days of knowledge."""
    entry = find_measure(name)
    dimensions = read_by(by)
    found = changed(
        home.ledger(authority),
        name,
        known_from=known_from,
        known_to=known_to,
        by=dimensions,
        where=read_where(where),
        period=period,
    )
    rows = []
    for change in found:
        cell = dict(zip((*dimensions, "period"), change.key, strict=False))
        for posting, reason, moved in change.reasons:
            numbers = (change.before, change.after, moved)
            before, after, difference = (_shown(number, entry.decimals) for number in numbers)
            rows.append(
                {**cell, "before": before, "after": after, "posting": posting, "reason": reason, "moved": difference}
            )
    columns = [*dict.fromkeys(name for row in rows for name in row)] or [
        "before",
        "after",
        "posting",
        "reason",
        "moved",
    ]
    print_rows(rows, columns, form, empty="The figure is what it was.")


def _shown(number: Fraction | None, places: int) -> Decimal | None:
    return None if number is None else rounded(number, places)


commands = {"changes": changes}
