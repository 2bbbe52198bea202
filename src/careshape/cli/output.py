"""Rows for people and for machines: an aligned table, CSV or JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import click

from careshape.evaluate.layout import as_text
from careshape.spreadsheets import as_csv

FORMATS = ("table", "csv", "json")

format_option: Callable[[Any], Any] = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print the rows."
)


def progress(shown: bool = True, started: float | None = None) -> Callable[[str], None]:
    """What tells how a long command gets on: each line on standard error, with the seconds since this was called.

    Standard output is for results alone. Where it is not ``shown``, nothing is told. ``started`` is the moment of the
    system's monotonic clock at which a command began of which this process is a part.
    """
    started = time.monotonic() if started is None else started

    def say(text: str) -> None:
        if shown:
            click.echo(f"[{time.monotonic() - started:5.1f} s] {text}", err=True)

    return say


def print_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: str, empty: str = "No rows.") -> None:
    """Print ``rows`` under ``columns``; an empty result says so in a table, and is only the header in CSV."""
    if form == "json":
        click.echo(json.dumps([{name: _plain(row.get(name)) for name in columns} for row in rows], indent=1))
    elif form == "csv":
        click.echo(as_csv(columns, rows), nl=False)
    elif rows:
        click.echo(as_text(rows, columns))
    else:
        click.echo(empty)


def _plain(value: Any) -> Any:
    """Numbers stay numbers in JSON: a decimal with decimals becomes a float only where nothing is lost, else text."""
    if not isinstance(value, Decimal):
        return value
    return float(value) if Decimal(repr(float(value))) == value else str(value)
