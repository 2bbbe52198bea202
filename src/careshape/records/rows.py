"""Files of a council's own decisions: CSV with stated columns, in which every fault is told with its row and field."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Generic, TypeVar

from careshape.errors import InputError
from careshape.records.period import Period, parse_period

MOST: Final = 20
"""Faults that one message tells of; the rest are counted."""
LONGEST: Final = 2000
"""Characters that a field may hold."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
LARGEST: Final = 2_000_000
"""Characters that a file may hold: some thousands of rows."""

Row = TypeVar("Row")


@dataclass(frozen=True)
class RowFault:
    """What is wrong in a file: in which row (the header is row 1) and field, with the value and the rule it breaks."""

    file: str
    row: int
    field: str
    value: str
    rule: str

    def __str__(self) -> str:
        place = f"{self.file}, row {self.row}" + (f", field '{self.field}'" if self.field else "")
        return f"{place} has '{shortened(self.value)}'. {self.rule}" if self.value else f"{place}: {self.rule}"


@dataclass(frozen=True)
class Column:
    """A column: its name, what it means, how its text is read, and whether it must be filled.

    ``read`` raises ValueError with the rule as a sentence. ``later`` columns came after the first files were written,
    which are read as if they stood there empty.
    """

    name: str
    meaning: str
    read: Callable[[str], Any] = str
    required: bool = False
    later: bool = False


@dataclass(frozen=True)
class Sheet(Generic[Row]):
    """A kind of file: its name in the council's folder, what a row is, its columns, and rules over whole rows.

    ``whole`` gives (row number, field, value, rule) for each fault that only shows with all rows at hand.
    """

    file: str
    row: type[Row]
    columns: tuple[Column, ...]
    whole: Callable[[Sequence[Row]], list[tuple[int, str, str, str]]] = lambda rows: []

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]

    def check(self, text: str) -> tuple[tuple[Row, ...], list[RowFault]]:
        """The rows that can be read, and every fault."""
        if len(text) > LARGEST:
            return (), [RowFault(self.file, 1, "", "", f"It holds {len(text):,} characters; at most {LARGEST:,} do.")]
        try:
            raw = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
        except csv.Error as error:
            return (), [RowFault(self.file, 1, "", "", f"It is no CSV file: {error}.")]
        header = [name.strip() for name in raw[0]] if raw else []
        if faults := self._header(header):
            return (), faults
        rows: list[Row] = []
        numbers: list[int] = []
        for number, values in enumerate(raw[1:], start=2):
            if not any(value.strip() for value in values):
                continue
            made, found = self._row(number, header, values)
            faults += found
            if made is not None:
                rows.append(made)
                numbers.append(number)
        faults += [RowFault(self.file, numbers[at], *rest) for at, *rest in self.whole(rows)]
        return tuple(rows), sorted(faults, key=lambda one: one.row)

    def read(self, text: str) -> tuple[Row, ...]:
        """The rows. Raises InputError with the faults where there are any."""
        rows, faults = self.check(text)
        if faults:
            more = f"\nand {len(faults) - MOST} more" if len(faults) > MOST else ""
            raise InputError("\n".join(map(str, faults[:MOST])) + more)
        return rows

    def write(self, rows: Sequence[Mapping[str, str]]) -> str:
        """A file of rows that are given as texts by column."""
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, self.names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    def texts(self, text: str) -> list[dict[str, str]]:
        """The rows as they are written, by column; for files that have been checked."""
        return [
            {name: (row.get(name) or "") for name in self.names}
            for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        ]

    def _header(self, header: Sequence[str]) -> list[RowFault]:
        faults = []
        for name in header:
            if name not in self.names:
                rule = f"There is no such column. The columns are {', '.join(self.names)}."
                faults.append(RowFault(self.file, 1, name, name or "an empty name", rule))
            elif header.count(name) > 1 and not any(one.field == name for one in faults):
                faults.append(RowFault(self.file, 1, name, name, "The column stands twice."))
        missing = [one.name for one in self.columns if one.name not in header and not one.later]
        if missing:
            what = (
                f"The columns {', '.join(missing)} are missing."
                if missing[1:]
                else f"The column {missing[0]} is missing."
            )
            faults.append(RowFault(self.file, 1, "", "", f"{what} A column may be empty, but it must be there."))
        return faults

    def _row(self, number: int, header: Sequence[str], values: Sequence[str]) -> tuple[Row | None, list[RowFault]]:
        if len(values) != len(header):
            rule = (
                f"It has {len(values)} fields and the header {len(header)}. Put a text with commas in quotation marks."
            )
            return None, [RowFault(self.file, number, "", "", rule)]
        given = {name: value.strip() for name, value in zip(header, values, strict=True)}
        read: dict[str, Any] = {}
        faults = []
        for column in self.columns:
            text = given.get(column.name, "")
            try:
                if column.required and not text:
                    raise ValueError("It must be filled in.")
                if len(text) > LONGEST:
                    raise ValueError(f"It is longer than {LONGEST} characters.")
                if _CONTROL.search(text):
                    raise ValueError("It holds a character that nobody sees and no feed can carry. Write it anew.")
                read[column.name] = column.read(text)
            except ValueError as error:
                faults.append(RowFault(self.file, number, column.name, text, str(error)))
        return (None if faults else self.row(**read)), faults


def shortened(text: str, most: int = 80) -> str:
    """A value as a message quotes it."""
    flat = re.sub(r"\s+", " ", text)
    return flat if len(flat) <= most else f"{flat[:most]}…"


def one_of(*known: str) -> Callable[[str], str]:
    """Reads one of a few words."""

    def read(text: str) -> str:
        if text not in known:
            words = [word or "nothing" for word in known]
            raise ValueError(f"It must be one of {', '.join(words)}.")
        return text

    return read


def pattern(shape: str, example: str, empty: bool = False) -> Callable[[str], str]:
    """Reads a text of a form, such as an id; ``example`` says which."""

    def read(text: str) -> str:
        if not (empty and not text) and not re.fullmatch(shape, text):
            raise ValueError(f"It must look like {example}.")
        return text

    return read


def amount(text: str) -> Decimal | None:
    """A number, or nothing."""
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError("It must be a number such as 27 or 0.5, without commas and units.") from None
    # As a fraction, a number of many places is as long as its exponent is large.
    if not value.is_finite() or not -15 <= int(value.as_tuple().exponent) <= 15 or abs(value) > 10**15:
        raise ValueError("It must be a number of a size that can be counted.")
    return value


def a_day(text: str) -> date | None:
    """A day, or nothing."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("It must be a day such as 2022-03-31.") from None


def a_period(text: str) -> Period:
    """A period, or nothing."""
    try:
        return parse_period(text)
    except ValueError:
        raise ValueError("It must be a year, a month, a day or a financial year: 2024, 2022-04, 2022-03-31.") from None


def several(text: str) -> tuple[str, ...]:
    """Names with blanks or semicolons between them."""
    return tuple(part for part in re.split(r"[\s;]+", text) if part)


def number(text: str) -> int:
    """A whole number; nothing is 0."""
    if not text:
        return 0
    if not re.fullmatch(r"\d{1,7}", text):
        raise ValueError("It must be a whole number.")
    return int(text)


_PERSON: Final = re.compile(r"@|\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Cllr|Councillor)\b\.?")


def a_post(text: str) -> str:
    """The name of a post; people come and go, and are not named."""
    if _PERSON.search(text):
        raise ValueError("It reads like a person. Name the post, such as Head of commissioning.")
    return text


def repeated(rows: Sequence[Any], field: str = "id") -> list[tuple[int, str, str, str]]:
    """Faults of rows whose id stands twice."""
    seen: set[str] = set()
    faults = []
    for at, row in enumerate(rows):
        value = getattr(row, field)
        if value in seen:
            faults.append((at, field, value, "Another row has it. Ids are unique."))
        seen.add(value)
    return faults
