"""Read returns of children looked after into stays, cleaned by the rules of cs-demand-model, and forecast them.

The brackets, the categories and the rules are those of the peer's ``standard-v1.yaml`` and ``datacontainer.py``, so
that both sides forecast from the same stays. All else is the product's own: ``Spells``, ``constant_rates``, the engine.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from careshape.catalogue.periods import day_date, day_number
from careshape.evaluate.forecast.conventions import ConstantRates, constant_rates
from careshape.evaluate.forecast.spells import Spells
from careshape.ledger.columns import OPEN_DAY

BRACKETS: Final = {"birth-to-1": 1, "1-to-5": 5, "5-to-10": 10, "10-to-16": 16, "16-to-18": 30}
"""Bracket -> age in years at which it ends."""
LENGTHS: Final = (365, 4 * 365, 5 * 365, 6 * 365, 14 * 365)
"""Days of each bracket, by which children grow out of it at a constant rate."""
YEAR: Final = 365.24
CATEGORIES: Final = {
    "fostering": ("U1", "U2", "U3", "U4", "U5", "U6"),
    "residential": ("K2", "R1"),
    "supported": ("H5", "P2"),
    "other": (),
}
REFERENCE_MONTHS: Final = 6
COLUMNS: Final = {"header": ("CHILD", "DOB"), "episodes": ("CHILD", "DECOM", "DEC", "PLACE")}

Ints = NDArray[Any]


def rates_of(spells: Spells) -> ConstantRates:
    """Constant rates over the last six months of the records."""
    last = spells.window[1]
    return constant_rates(spells, (_months_earlier(last, REFERENCE_MONTHS), last), LENGTHS)


def read_returns(folder: Path) -> Spells:
    """Stays from the yearly folders, in order of child and start; the last day that any file names ends the window."""
    header = pa.concat_tables(_read(folder, "header"))
    known, births = header["CHILD"].combine_chunks(), _days(header["DOB"])
    years = [_stays(table, known) for table in _read(folder, "episodes")]
    child, start, end, category = (np.concatenate(columns) for columns in zip(*years, strict=True))
    rows = _cleaned(child, start, end)
    child, start, end, category = child[rows], start[rows], end[rows], category[rows]
    end = _cut(child, start, end)
    last = int(max(start.max(), end[end < OPEN_DAY].max(initial=0)))
    return Spells.from_arrays(
        person=child,
        area=np.zeros(len(rows), np.int16),
        group=np.searchsorted(list(BRACKETS.values()), (start - births[child]) / YEAR, side="right").astype(np.int16),
        service=category,
        start=start,
        end=np.where(end < OPEN_DAY, end - 1, OPEN_DAY),  # a child is not in care on the day the return calls the end
        window=(int(start.min()), last),
        areas=("whole",),
        groups=tuple(BRACKETS),
        services=tuple(CATEGORIES),
    )


def _read(folder: Path, kind: str) -> Iterator[pa.Table]:
    """One table after the other, year by year, the columns that are needed."""
    options = csv.ConvertOptions(
        include_columns=list(COLUMNS[kind]),
        column_types={"CHILD": pa.string(), "PLACE": pa.dictionary(pa.int32(), pa.string())}
        | dict.fromkeys(("DOB", "DECOM", "DEC"), pa.timestamp("s")),
        timestamp_parsers=["%d/%m/%Y"],
    )
    frugal = {"read_options": csv.ReadOptions(use_threads=False), "memory_pool": pa.system_memory_pool()}
    for file in sorted(folder.glob(f"*/{kind}.csv")):
        yield csv.read_csv(file, convert_options=options, **frugal)


def _stays(table: pa.Table, known: pa.Array) -> tuple[Ints, Ints, Ints, Ints]:
    """Child (the row of the header that is its first), start, end and category of one year's episodes."""
    child = _numpy(pc.index_in(table["CHILD"], known))
    place = table["PLACE"].unify_dictionaries().combine_chunks()
    category = np.array([_category(code) for code in place.dictionary.to_pylist()], np.int16)
    return child, _days(table["DECOM"]), _days(table["DEC"]), category[_numpy(pa.chunked_array([place.indices]))]


def _days(column: pa.ChunkedArray) -> Ints:
    """Days since 1970; OPEN_DAY where the cell is empty."""
    days = column.cast(pa.date32()).cast(pa.int32())
    return np.where(_numpy(pc.is_valid(days).cast(pa.uint8())), _numpy(days), np.int32(OPEN_DAY))


def _numpy(column: pa.ChunkedArray) -> Ints:
    """The numbers of a column, any number where one is missing.

    Arrow's own ways to numpy, and to fill a gap, load pandas where it is installed: a second and 60 megabytes.
    """
    whole = column.combine_chunks()
    return np.from_dlpack(
        pa.Array.from_buffers(whole.type, len(whole), [None, whole.buffers()[1]], offset=whole.offset)
    )


def _category(code: str) -> int:
    return next((i for i, codes in enumerate(CATEGORIES.values()) if code in codes), len(CATEGORIES) - 1)


def _cleaned(child: Ints, start: Ints, end: Ints) -> Ints:
    """Rows to keep, by child and start: of those that start on one day the last known end, of those that end on one
    day (or are open) the earliest start."""
    last = np.where(end < OPEN_DAY, end - start.min() + 1, 0)  # an open one comes first, so that a known end is kept
    # One key takes a third of the memory of three. Of rows alike the later one in the files is kept.
    order = np.argsort(_key(_key(child, start - start.min()), last), kind="stable")
    last_of_start = np.append((child[order][1:] != child[order][:-1]) | (start[order][1:] != start[order][:-1]), True)
    order = order[last_of_start]
    _, first = np.unique(_key(child[order], last[order]), return_index=True)
    return order[np.sort(first)]


def _key(first: Ints, second: Ints) -> Ints:
    """One whole number that sorts as two do; neither is below 0."""
    return first.astype(np.int64) * (int(second.max(initial=0)) + 1) + second


def _cut(child: Ints, start: Ints, end: Ints) -> Ints:
    """Ends, cut where the same child's next stay starts."""
    following = np.append(np.where(child[1:] == child[:-1], start[1:], OPEN_DAY), OPEN_DAY).astype(start.dtype)
    return np.minimum(end, following)


def _months_earlier(day: int, months: int) -> int:
    """The same day so many calendar months earlier, or that month's last."""
    then = day_date(day)
    month = then.year * 12 + then.month - 1 - months
    year, month = month // 12, month % 12 + 1
    return day_number(date(year, month, min(then.day, monthrange(year, month)[1])))
