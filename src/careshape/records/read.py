"""Read the declared format: CSV with one observation a row, every field checked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from careshape.errors import CatalogueError, InputError
from careshape.records.descriptor import Dataset, TableEntry
from careshape.records.observation import KINDS, QUALIFIERS, ROW_KINDS, Observation, slug
from careshape.records.period import Period, parse_period

STANDARD = (
    "id", "section", "measure", "period", "period_label", "value", "qualifier", "unit", "row_kind", "kind",
    "as_published", "note", "source", "table", "source_line",
)  # fmt: skip
"""Columns with a meaning of their own; every other column is a dimension."""

REQUIRED = ("measure", "unit", "value", "period")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of one row (counted from 1 below the header; 0 is the header)."""

    file: str
    row: int
    field: str
    value: object
    rule: str

    def __str__(self) -> str:
        where = f"row {self.row}" if self.row else "header"
        return f"{self.file}, {where}, column '{self.field}': {self.value!r}. {self.rule}"


class _FaultyField(Exception):
    def __init__(self, field: str, value: object, rule: str) -> None:
        super().__init__(field, value, rule)


def read_table(data: Dataset, entry: TableEntry) -> list[Observation]:
    """The observations of one packaged file.

    Raises:
        CatalogueError: the first field that breaks the schema, by file, row, field, value and rule.
    """
    file = f"{data.authority}/{entry.file}"
    text = (data.folder / entry.file).read_text(encoding="utf-8")
    source = f"{data.document}, quoting {entry.source}" if entry.source else data.document
    rows, faults = _parse(file, text, entry, data.authority, source)
    if len(rows) + len({fault.row for fault in faults}) != entry.rows:
        faults.append(Fault(file, 0, "rows", len(rows), f"dataset.toml says that the file has {entry.rows} rows."))
    if faults:
        first = faults[0]
        raise CatalogueError(first.file, f"row {first.row}", first.field, first.value, first.rule)
    return rows


def load_observations(path: str | Path, authority: str) -> list[Observation]:
    """Read a council's own observations from a CSV file in the declared format.

    Args:
        path: UTF-8 CSV with at least the columns measure, unit, value and period. See docs/reference/observations.md.
        authority: the council's slug.

    Raises:
        InputError: the file cannot be read, or rows break the schema; the message lists the first ten faults.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(f"{path} cannot be read as UTF-8 text: {fault}. Save it as CSV (UTF-8).") from fault
    entry = TableEntry(path.name, slug(path.stem), "", path.stem, 0)
    rows, faults = _parse(path.name, text, entry, authority, f"{authority}: {path.name}")
    if faults:
        more = f"\n... and {len(faults) - 10} more" if len(faults) > 10 else ""
        raise InputError("\n".join(str(fault) for fault in faults[:10]) + more)
    return rows


def _parse(
    file: str, text: str, entry: TableEntry, authority: str, source: str
) -> tuple[list[Observation], list[Fault]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    header = list(reader.fieldnames or [])
    faults = list(_header_faults(file, header, entry))
    rows: list[Observation] = []
    if not faults:
        dims = [name for name in header if name not in STANDARD]
        for number, raw in enumerate(_lines(reader), start=1):
            try:
                rows.append(_observation(raw, dims, entry, authority, source, number))
            except _FaultyField as fault:
                faults.append(Fault(file, number, *fault.args))
    return rows, faults


def _lines(reader: csv.DictReader[str]) -> Iterator[dict[str, str]]:
    for raw in reader:
        yield {key: (value or "").strip() for key, value in raw.items() if isinstance(value, str | None) and key}


def _header_faults(file: str, header: list[str], entry: TableEntry) -> Iterable[Fault]:
    for name in REQUIRED:
        if name not in header:
            yield Fault(file, 0, name, None, f"The column is missing. Needed: {', '.join(REQUIRED)}.")
    for name in header:
        if header.count(name) > 1 or not name:
            yield Fault(file, 0, name, name, "Each column needs a name of its own.")
    if entry.dims:
        found = [name for name in header if name not in STANDARD]
        if sorted(found) != sorted(entry.dims):
            yield Fault(file, 0, "dims", found, f"dataset.toml declares the dimensions {', '.join(entry.dims)}.")


def _observation(
    raw: dict[str, str], dims: list[str], entry: TableEntry, authority: str, source: str, number: int
) -> Observation:
    unit = _needed(raw, "unit")
    if entry.units and unit not in entry.units:
        raise _FaultyField("unit", unit, f"dataset.toml declares the units {', '.join(entry.units)}.")
    return Observation(
        id=raw.get("id") or f"{entry.name}/{number}",
        authority=authority,
        source=raw.get("source") or source,
        table=raw.get("table") or entry.name,
        row_kind=_choice(raw, "row_kind", "observation", ROW_KINDS),
        measure=_needed(raw, "measure"),
        unit=unit,
        value=_value(raw),
        period=_period(raw),
        kind=_choice(raw, "kind", entry.kind or "observed", KINDS),
        dims={name: raw[name] for name in dims if raw.get(name)},
        qualifier=_choice(raw, "qualifier", "exact", QUALIFIERS),
        as_published=raw.get("as_published", ""),
        section=raw.get("section", ""),
        note=raw.get("note", ""),
        source_line=_line(raw),
    )


def _needed(raw: dict[str, str], field: str) -> str:
    if not raw.get(field):
        raise _FaultyField(field, raw.get(field, ""), "It must not be blank.")
    return raw[field]


def _choice(raw: dict[str, str], field: str, default: str, known: tuple[str, ...]) -> str:
    value = raw.get(field) or default
    if value not in known:
        raise _FaultyField(field, value, f"It must be one of {', '.join(known)}.")
    return value


def _value(raw: dict[str, str]) -> Decimal:
    text = _needed(raw, "value")
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise _FaultyField("value", text, "It must be a plain number: no comma, no pound sign, no percent sign.")
    return value


def _period(raw: dict[str, str]) -> Period:
    try:
        return parse_period(raw.get("period", ""), raw.get("period_label", ""))
    except ValueError as fault:
        raise _FaultyField("period", raw.get("period", ""), f"{fault}.") from fault


def _line(raw: dict[str, str]) -> int | None:
    text = raw.get("source_line", "")
    if not text:
        return None
    if not text.isdigit():
        raise _FaultyField("source_line", text, "It must be a line number.")
    return int(text)
