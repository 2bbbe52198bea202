"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import click
from click.core import ParameterSource

from careshape.errors import CallError
from careshape.evaluate.measure.dimensions import DIMENSIONS

Decorator = Callable[[Any], Any]

authority_option: Decorator = click.option(
    "--authority", metavar="NAME", help="Council, such as worcestershire; needed where the folder holds several."
)
known_on_option: Decorator = click.option(
    "--known-on",
    metavar="YYYY-MM-DD",
    callback=lambda _c, _p, text: read_day(text),
    help="As it was known on that day.",
)
several_option: Decorator = click.option(
    "--authority", metavar="NAME", help="Only this council; otherwise all councils of the folder."
)
by_option: Decorator = click.option("--by", metavar="DIM,DIM", default="", help="Dimensions to split by, with commas.")
where_option: Decorator = click.option(
    "--where", multiple=True, metavar="DIM=ID", help="Only these lines; ID may be a group, or several with | between."
)
period_option: Decorator = click.option(
    "--period", metavar="PERIOD", help="2020/21, 2021-03, 2021-03-31, a span A/B, or a run A:B of several."
)


class Numbered(click.ParamType):
    """The number of something that a command lists; what is not digits is told with where the numbers are found."""

    name = "number"

    def __init__(self, what: str, listed: str) -> None:
        self.what, self.listed = what, listed

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number. Raises click.BadParameter with what to write."""
        text = str(value).strip()
        if text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0:
            return int(text)
        self.fail(
            f"'{text[:40]}' is not the number of {self.what}. Write its digits, such as 1: `{self.listed}` lists them.",
            param, ctx,
        )  # fmt: skip


def examples(*lines: str) -> str:
    """An epilog of examples, kept as they are written."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def refuse_beside(mode: str, names: Iterable[str], why: str) -> None:
    """Refuse options that ``mode`` would pass over without a word, so that nobody takes what it shows for an answer to
    them. Raises CallError that names those which were given.
    """
    context = click.get_current_context()
    options = {one.name: one.opts[0] for one in context.command.params}
    given = [options[name] for name in names if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if given:
        raise CallError(f"--{mode} {why}, and takes no {' and '.join(given)}: leave that out.")


def read_day(text: str | None) -> date | None:
    """Read a day. Raises CallError for anything but YYYY-MM-DD."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CallError(f"'{text}' is not a day. Write it as YYYY-MM-DD, such as 2021-03-31.") from None


def read_by(text: str) -> tuple[str, ...]:
    """Split a list of dimensions; each one is checked where it is used."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def read_where(pairs: tuple[str, ...]) -> dict[str, str]:
    """Read filters written DIM=ID. Raises CallError for a pair without a sign or a dimension given twice."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = (part.strip() for part in pair.partition("="))
        if not sign or not value:
            raise CallError(f"'{pair}' is not a filter. Write DIMENSION=ID, such as service=nursing.")
        if name in found:
            raise CallError(f"The filter '{name}' is given twice. Join the ids with |: {name}={found[name]}|{value}.")
        found[name] = value
    return found


DIMENSION_LIST = ", ".join(DIMENSIONS)


def read_years(text: str) -> tuple[int, ...]:
    """Years ahead as whole numbers, such as 1,3,5. Raises CallError for anything else."""
    try:
        years = tuple(int(part) for part in text.split(","))
    except ValueError:
        years = (0,)
    if min(years) < 1:
        raise CallError(f"'{text}' is not a list of years ahead. Write whole numbers of 1 or more, such as 1,3,5.")
    return years


population_option = click.option(
    "--population", "basis", default="auto", show_default=True, metavar="BASIS",
    help="What entries are counted for each head of: auto (the newest loaded, else published totals), none, or a basis "
    "such as snpp.",
)  # fmt: skip
