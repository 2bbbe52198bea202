"""Small tables that people keep beside the regulator's files: CSV in UTF-8 with a heading."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from careshape.errors import InputError


def table_rows(path: Path, headings: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a table, each with where it stands in words; cells without blanks around them.

    Raises InputError where the file cannot be read, or lacks one of the headings.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(f"{path.name} cannot be read as a CSV in UTF-8 ({fault}).") from None
    reader = csv.DictReader(text.splitlines())
    if missing := [name for name in headings if name not in (reader.fieldnames or ())]:
        raise InputError(f"{path.name} lacks the column {', '.join(missing)}. Its columns are {', '.join(headings)}.")
    for row in reader:
        cells = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str) and name}
        yield f"{path.name}, line {reader.line_num}", cells
