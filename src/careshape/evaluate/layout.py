"""Rows as an aligned table of plain text, for a terminal or a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any


def as_text(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Lay ``rows`` out under ``columns``: numbers to the right, words to the left, None as nothing."""
    body = [["" if row.get(name) is None else str(row[name]) for name in columns] for row in rows]
    numeric = [all(isinstance(row.get(name), int | Decimal | None) for row in rows) for name in columns]
    widths = [max(len(line[i]) for line in [list(columns), *body]) for i in range(len(columns))]

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(cells, widths, numeric, strict=True)
        )
        return "  ".join(padded).rstrip()

    return "\n".join([line(columns), line(["-" * width for width in widths]), *map(line, body)])
