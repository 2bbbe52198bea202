"""Counting what was asked for and not met: rows beside the ledger, of the months that are told, in their dimensions.

The ledger holds care that was arranged. What was not found stands in a file of its own, `careshape.records.unmet_need`,
whose rows are counted by the same kinds of counting, and so pass the same gate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import pyarrow as pa

from careshape.catalogue import catalogue
from careshape.catalogue.periods import (
    Period,
    day_number,
    month_end,
    month_ordinal,
    month_period,
    month_start,
    parse_period,
    period_between,
)
from careshape.errors import CallError, CareshapeError
from careshape.evaluate.measure.dimensions import TIME
from careshape.evaluate.measure.entry import Measure
from careshape.records.unmet_need import LISTS, Row, UnmetNeed, read_unmet_need

if TYPE_CHECKING:
    from careshape.evaluate.measure.frames import LedgerLike

RECORD: Final = "unmet"
"""Kind of record of a measure that counts what was not met."""
CODE: Final = 6
DIMENSIONS: Final = ("authority", *LISTS)
YEAR: Final = 12
"""Months that are counted where no period is asked for: the last ones, or all where fewer are told."""
_PEOPLE: Final = 10**9
"""More than a council has people: what keeps those of one council apart from those of another."""


@dataclass(frozen=True)
class Told:
    """What is told of the councils of a context: their rows, and the first and last day that they cover."""

    frame: nw.LazyFrame[Any]
    first: date
    last: date

    def covered(self) -> Period:
        """The last twelve whole months that are told, or all where they are fewer."""
        last = month_ordinal(self.last)
        return period_between(month_start(max(month_ordinal(self.first), last - YEAR + 1)), self.last)

    def check(self, periods: Iterable[Period]) -> None:
        """Raises CallError for a period that is not made of whole months that are told: nothing is known of it."""
        for one in periods:
            whole = month_start(month_ordinal(one.start)), month_end(month_ordinal(one.end))
            if (one.start, one.end) != whole:
                raise CallError(f"Needs that were not met are told by whole months, and {one.title} is none.")
            if not self.first <= one.start <= one.end <= self.last:
                raise CallError(
                    f"Needs that were not met are told from {month_period(month_ordinal(self.first)).title} to "
                    f"{month_period(month_ordinal(self.last)).title}, and so not of all of {one.title}."
                )


def is_unmet(entry: Measure) -> bool:
    """Whether a measure counts what was not met."""
    return entry.record == (RECORD,)


def check_split(entry: Measure, names: Iterable[str]) -> None:
    """Raises CallError where what a measure counts is not known by a dimension."""
    for name in names:
        if is_unmet(entry) and name not in (*DIMENSIONS, *TIME):
            raise CallError(
                f"'{entry.id}' is not known by '{name}'. Choose from {', '.join((*DIMENSIONS, *TIME[1:]))}."
            )
        if not is_unmet(entry) and name == RECORD:
            raise CallError(f"'{entry.id}' counts care that was arranged, and that has no '{name}'.")


def told_of(ledgers: Iterable[LedgerLike]) -> Told:
    """What is told of councils. Raises CareshapeError where nothing is of one, InputError where a file is none."""
    import duckdb

    found = []
    for one in ledgers:
        told = _read(one)
        if told is None:
            council = catalogue().label("authority", one.authority)
            raise CareshapeError(
                f"No whole month is told yet of care that was asked for in {council}, so nothing is known of needs "
                "that were not met."
            )
        found.append((one.authority, told))
    columns: dict[str, list[int]] = {name: [] for name in _COLUMNS}
    for authority, told in found:
        for row in told.rows:
            for name, value in _coded(authority, row).items():
                columns[name].append(value)
    table = pa.table({name: pa.array(values, pa.int64()) for name, values in columns.items()})
    frame = nw.from_native(duckdb.connect().from_arrow(table))
    first = max(parse_period(told.first).start for _, told in found)
    return Told(frame, first, min(parse_period(told.last).end for _, told in found))


def _read(ledger: LedgerLike) -> UnmetNeed | None:
    folder: Path | None = getattr(ledger, "path", None)
    return None if folder is None else read_unmet_need(folder)


_COLUMNS: Final = (*DIMENSIONS, "person", "line", "record", "sign", "start_day", "end_day", "start_month", "end_month")


def _coded(authority: str, row: Row) -> dict[str, int]:
    """A row in the columns of the ledger: on the last day of its month, since no day of it is kept."""
    month = month_ordinal(parse_period(row.month).start)
    day, council = day_number(month_end(month)), catalogue().code("authority", authority)
    return {
        "authority": council, **{name: catalogue().code(LISTS[name], getattr(row, name)) for name in LISTS},
        "person": council * _PEOPLE + row.person, "line": 0, "record": CODE, "sign": 1,
        "start_day": day, "end_day": day, "start_month": month, "end_month": month,
    }  # fmt: skip
