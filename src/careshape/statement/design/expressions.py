"""The expressions of what a council decided: read, and their moving periods set to the days of the records."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Final

from careshape.catalogue.periods import parse_period
from careshape.design import Decided
from careshape.design.files import END_STATES, REVIEW
from careshape.errors import CareshapeError
from careshape.records.intentions import FILE
from careshape.records.rows import amount
from careshape.statement.calls import Call, Place
from careshape.statement.expressions import parse

MOVING: Final = {
    "last-day": "the last day that the records speak of",
    "last-month": "the last whole month of the records",
    "last-quarter": "the last three whole months of the records",
    "last-year": "the last whole financial year of the records",
}
"""Periods that move with the records, and stand in a measure's period."""
_MOVING: Final = re.compile("|".join(MOVING))
_SAMPLE: Final = date(2021, 3, 31)


@dataclass(frozen=True)
class Written:
    """An expression as a file has it: where, its text, its call once it was read, and what is wrong with it."""

    file: str
    row: str
    field: str
    text: str
    call: Call | None
    number: Decimal | None = None
    problem: str = ""


class Expressions:
    """Every expression of the files of decisions, by file, row and field."""

    def __init__(self, decided: Decided, last_day: date | None) -> None:
        self.decided, self.last_day = decided, last_day

    @cached_property
    def all(self) -> dict[tuple[str, str, str], Written]:
        """Every expression, with its moving periods set; where there are no records, to those of a sample day."""
        found: dict[tuple[str, str, str], Written] = {}
        for file, rows, fields in (
            (FILE, self.decided.intentions, ("measure", "baseline")),
            (END_STATES.file, self.decided.end_states, ("measure", "baseline")),
            (REVIEW.file, self.decided.reviewed, ("before", "after")),
        ):
            for row in rows:
                for field in fields:
                    text = str(getattr(row, field))
                    if text:
                        found[file, row.id, field] = read(text, file, row.id, field, self.last_day or _SAMPLE)
        return found

    def calls(self) -> Iterator[Call]:
        """Every call that could be read; none where there are no records."""
        if self.last_day is not None:
            yield from (one.call for one in self.all.values() if one.call is not None)

    def of(self, file: str, row: str, field: str) -> Written | None:
        """One expression; None where nothing is written."""
        return self.all.get((file, row, field))


def read(text: str, file: str, row: str, field: str, last_day: date) -> Written:
    """Read an expression or a plain number; what is wrong stands in its ``problem``."""
    if _is_number(text):
        try:
            return Written(file, row, field, text, None, amount(text))
        except ValueError as error:
            return Written(file, row, field, text, None, problem=str(error))
    try:
        call = parse(text, Place(f"{file}, {row}, {field}", 0))
        if call.block:
            return Written(file, row, field, text, None, problem=f"{call.name} is no figure.")
        return Written(file, row, field, text, moved(call, last_day))
    except CareshapeError as error:
        return Written(file, row, field, text, None, problem=str(error))


def _is_number(text: str) -> bool:
    """Whether a text is a number, of whatever size; also one that is none, such as nan."""
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def moved(call: Call, last_day: date) -> Call:
    """A call with the names of moving periods replaced by the days that they are of."""

    def one(value: Call | str | int | tuple[str, ...]) -> Call | str | int | tuple[str, ...]:
        return moved(value, last_day) if isinstance(value, Call) else value

    named = tuple(
        (name, in_days(value, last_day) if name == "period" and isinstance(value, str) else one(value))
        for name, value in call.named
    )
    return replace(call, args=tuple(one(value) for value in call.args), named=named)


def in_days(period: str, last_day: date) -> str:
    """A period with the names in it replaced: last-year is 2020/21 where the records end in June 2021."""
    if period in MOVING:
        return _period(period, last_day)
    # Within a span only a day can stand.
    return _MOVING.sub(lambda match: last_day.isoformat() if match[0] == "last-day" else match[0], period)


def _period(name: str, last_day: date) -> str:
    if name == "last-day":
        return last_day.isoformat()
    end = last_day if _ends_month(last_day) else last_day.replace(day=1) - timedelta(days=1)
    if name == "last-month":
        return f"{end.year}-{end.month:02d}"
    if name == "last-quarter":
        months = end.year * 12 + end.month - 3
        return f"{months // 12}-{months % 12 + 1:02d}-01/{end.isoformat()}"
    year = last_day.year if last_day >= date(last_day.year, 3, 31) else last_day.year - 1
    return f"{year - 1}/{year % 100:02d}"


def _ends_month(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


def last_of(call: Call) -> date | None:
    """The last day of the latest period that a call names; None where it names none."""
    days = []
    for one in call.calls():
        period = one.options.get("period")
        if isinstance(period, str):
            try:
                days.append(parse_period(period).end)
            except CareshapeError:
                continue
    return max(days, default=None)
