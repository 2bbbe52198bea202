"""What an expression asks apart from when and from how it is written: by it figures of several editions are matched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from careshape.catalogue.periods import parse_period
from careshape.errors import CallError
from careshape.statement.calls import Call

TIMES: Final = ("period", "year")
"""The arguments that say when."""

Given = Call | str | int | tuple[str, ...]


@dataclass(frozen=True)
class Series:
    """What a figure is of.

    name: what is asked apart from its last time: the same name in another edition is the same figure, then or later.
    shape: what is asked apart from any time: growth over two years is of one shape, whichever two they are.
    when: the last time that it is of; empty where it names none.
    """

    name: str
    shape: str
    when: str


def series(call: Call) -> Series:
    """What an expression asks. Its format, the order of its filters and a list of one do not change it."""
    times = {str(each.options[name]) for each in call.calls() for name in TIMES if name in each.options}
    when = max((one for one in times if one), key=moment, default="")
    return Series(_asked(call, frozenset({when})), _asked(call, frozenset(times)), when)


def _asked(call: Call, left_out: frozenset[str]) -> str:
    named = sorted((name, value) for name, value in call.named if name not in TIMES or str(value) not in left_out)
    given = [_one(value, left_out) for value in call.args]
    return f"{call.name}({', '.join([*given, *(f'{name}={_one(value, left_out)}' for name, value in named)])})"


def _one(value: Given, left_out: frozenset[str]) -> str:
    if isinstance(value, Call):
        return _asked(value, left_out)
    if isinstance(value, tuple):
        return repr(value[0]) if len(value) == 1 else repr(sorted(value))
    return repr(value)


def moment(when: str) -> tuple[date, str]:
    """By what times are put in order; what is no period comes first."""
    try:
        return (parse_period(when).end, when)
    except CallError:
        return (date.min, when)


__all__ = ["Series", "moment", "series"]
