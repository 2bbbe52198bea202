"""The one reader of CSV: the rows of somebody else's file as text, each with the line on which it begins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from careshape.exchange.bounds import MOST_ROWS, Unreadable, text_of
from careshape.exchange.fault import fault
from careshape.language import numeral, say

_REMEDY: Final = "Save it again as CSV, with commas between cells and double quotes around those that hold commas"


def csv_lines(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file, its head first, each with the line on which it begins.

    Raises Unreadable, as far as the rows before it have been given, where the file is no UTF-8, no CSV, or too long.
    """
    reader = csv.reader(io.StringIO(text_of(content, name), newline=""), strict=True)
    begins = 1
    try:
        for number, row in enumerate(reader):
            if number > MOST_ROWS:
                raise Unreadable(
                    fault(
                        name,
                        None,
                        say("It has more than {most} rows", most=numeral(f"{MOST_ROWS:,}")),
                        "Split it",
                    )
                )
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(
            fault(f"{name}:{reader.line_num}", None, say("This is not CSV ({error})", error=error), _REMEDY)
        ) from None


def uneven(row: Sequence[str], columns: Sequence[object]) -> str:
    """What is wrong with a row that has not as many cells as its file has columns."""
    return say("The row has {cells} cells, and the file {columns} columns", cells=len(row), columns=len(columns))
