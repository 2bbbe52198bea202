"""What is wrong in a file that somebody sent or published: where it stands, what it says there, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

REFUSED: Final = "refused"
LEFT_UNKNOWN: Final = "left unknown"
TOLD: Final = "told"
COLUMNS: Final = ("file", "row", "column", "value", "outcome", "message")


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of a file.

    Attributes:
        row: as a spreadsheet or an editor counts, from 1; 0 where it is about the whole file.
        column: the heading in the file.
        outcome: REFUSED (the row is not read), LEFT_UNKNOWN (the cell is not read) or TOLD (it is read, and odd).
        message: a sentence: what is wrong, the rule, and what to do.
    """

    file: str
    row: int
    column: str
    value: str
    message: str
    outcome: str = REFUSED

    def __str__(self) -> str:
        at = ", ".join(part for part in (f"row {self.row}" if self.row else "", self.column) if part)
        return f"{self.file}{f', {at}' if at else ''}: {self.message}"

    def as_row(self) -> dict[str, Any]:
        """As a row for a table or a download."""
        return {name: getattr(self, name) for name in COLUMNS}


def refused_rows(faults: Iterable[Fault]) -> int:
    """How many rows of files were refused."""
    return len({(one.file, one.row) for one in faults if one.outcome == REFUSED})
