"""Fill declared tables: from measures, from observations, or cell by cell from expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from careshape.catalogue import catalogue
from careshape.errors import CallError, CareshapeError
from careshape.evaluate.measure import Measure, measures
from careshape.evaluate.measure.dimensions import LISTS, NAMED
from careshape.records import Observation, slug
from careshape.statement.calls import Call, near
from careshape.statement.cards import Card, anchor_of, measure_card, total_card
from careshape.statement.figures import FigureBook
from careshape.statement.formatting import Value, title_of, unit_once, unit_words
from careshape.statement.functions import measure_reading
from careshape.statement.labels import TIME, day_of, dimension_title, label_of
from careshape.statement.phrases import phrase
from careshape.statement.spec import TableSpec
from careshape.statement.tables import Cell, Column, Row, Table, evenly, valued

_TOTAL = "(total)"
_Key = tuple[str, ...]


@dataclass(frozen=True)
class _Item:
    """One value before it has a place: its dimensions (period and measure among them), unit and the card's place."""

    dims: Mapping[str, str]
    value: Value
    unit: str
    page: str = ""
    item: str = ""
    anchor: str = ""


def fill(book: FigureBook, spec: TableSpec) -> Table:
    """Fill a declared table. One that cannot be filled comes back empty, with the reason as its problem."""
    try:
        if spec.filling == "expression":
            return _expressions(book, spec)
        items, cards = _observed(book, spec) if spec.filling == "observation" else _measured(book, spec)
        return _pivot(book, spec, items, cards)
    except CareshapeError as error:
        title = phrase(book, spec.title)
        return Table(spec.id, str(title), (), (), (), (), chart="none", problem=str(error))


def _measured(book: FigureBook, spec: TableSpec) -> tuple[list[_Item], list[tuple[str, Card]]]:
    items: list[_Item] = []
    cards = []
    period = ",".join(spec.periods)
    dims = [name for name in (*spec.rows, *spec.columns) if name != "measure"]
    if not any(name in TIME for name in dims) and len(spec.periods) > 1:
        raise CallError(f"The table '{spec.id}' has several periods: name 'period' among its rows or columns.")
    for name in spec.measures:
        entry = measures().get(name)
        if entry is None:
            raise CallError(f"There is no measure '{name}'. {near(name, measures())}")
        for kept in _splits(spec, dims):
            items += _asked(book, spec, entry, kept, dims, period)
        where = dict(spec.where)
        cards.append(
            (
                entry.label,
                measure_card(
                    entry, where, period if len(spec.periods) == 1 else "", book.sources.known, book.sources.rounded
                ),
            )
        )
    return items, cards


def _splits(spec: TableSpec, dims: Sequence[str]) -> list[list[str]]:
    """The dimensions to ask by: all of them, then without those that a total runs over."""
    rows = [name for name in spec.rows if name in dims and name not in TIME]
    columns = [name for name in spec.columns if name in dims and name not in TIME]
    splits = [list(dims)]
    if spec.total in ("rows", "both"):
        splits.append([name for name in dims if name not in rows])
    if spec.total in ("columns", "both"):
        splits.append([name for name in dims if name not in columns])
    if spec.total == "both":
        splits.append([name for name in dims if name not in rows and name not in columns])
    unique: list[list[str]] = []
    for split in splits:
        if split not in unique:
            unique.append(split)
    return unique


def _asked(
    book: FigureBook, spec: TableSpec, entry: Measure, by: list[str], dims: Sequence[str], period: str
) -> list[_Item]:
    rows = book.result(entry.id, by, dict(spec.where), period).rows
    found = []
    for row in rows:
        at = {name: str(row[name]) if name in by else _TOTAL for name in dims}
        page, item = _card_of(book, spec, entry, {name: str(row[name]) for name in by}, row["value"])
        found.append(_Item({**at, "measure": entry.id}, row["value"], entry.unit, page, item))
    return found


def _card_of(
    book: FigureBook, spec: TableSpec, entry: Measure, cell: Mapping[str, str], value: Value
) -> tuple[str, str]:
    """The page of a cell's card: the figure's own, or the measure's where a line cannot be filtered by a dimension."""
    if any(name in NAMED or name == "postcode_district" for name in cell):
        return "measure", entry.id
    period = next((cell[name] for name in TIME if name in cell), spec.periods[0] if len(spec.periods) == 1 else "")
    where = {**spec.where, **{name: one for name, one in cell.items() if name not in TIME}}
    named = [*([("period", period)] if period else []), *sorted(where.items())]
    call = Call("measure", (entry.id,), tuple(named))
    return "figure", book.adopt(call, measure_reading(book, call, value)).key


def _observed(book: FigureBook, spec: TableSpec) -> tuple[list[_Item], list[tuple[str, Card]]]:
    wanted: dict[str, Any] = dict(spec.where)
    if spec.measures:
        wanted["measure"] = list(spec.measures)
    if spec.periods:
        wanted["period"] = list(spec.periods)
    found = [
        row
        for row in book.sources.observations.find(table=list(spec.observation), **wanted)
        if row.row_kind not in ("total", "subtotal")
    ]
    if not found:
        known = book.sources.observations.values("table")
        missing = [name for name in spec.observation if name not in known]
        hint = near(missing[0], known) if missing else "The table is there, but no row of it matches."
        raise CallError(f"No observation matches the table '{spec.id}'. {hint}")
    items = [_Item(_dims(row), row.value, row.unit, "observations", row.table, anchor_of(row)) for row in found]
    items += _sums(spec, items)
    first = {row.table: row for row in reversed(found)}
    cards = []
    for table, row in first.items():
        card = total_card([row], book.sources.dataset, False)
        entry = book.sources.dataset.tables.get(table) if book.sources.dataset else None
        title = entry.number if entry else title_of(table)
        cards.append((title[:1].upper() + title[1:], Card(card.kind, card.lines[1:])))
    return items, list(reversed(cards))


def _dims(row: Observation) -> dict[str, str]:
    period = row.period.text or row.period.label
    return {**row.dims, "period": period, "measure": row.measure, "table": row.table, "unit": row.unit}


def _sums(spec: TableSpec, items: Sequence[_Item]) -> list[_Item]:
    """Totals of observations, added up here from the parts that are shown."""
    found: list[_Item] = []
    for names, wanted in ((spec.rows, ("rows", "both")), (spec.columns, ("columns", "both"))):
        if spec.total not in wanted:
            continue
        kept = [name for name in (*spec.rows, *spec.columns) if name not in names]
        sums: dict[tuple[_Key, str], Decimal] = {}
        for item in [*items, *found]:
            if isinstance(item.value, Decimal | int):
                key = tuple(item.dims.get(name, "") for name in kept)
                sums[key, item.unit] = sums.get((key, item.unit), Decimal(0)) + item.value
        for (key, unit), value in sums.items():
            at = dict(zip(kept, key, strict=True))
            found.append(_Item({**dict.fromkeys(names, _TOTAL), **at}, value, unit))
    return found


def _pivot(book: FigureBook, spec: TableSpec, items: list[_Item], cards: list[tuple[str, Card]]) -> Table:
    rows = _ordered(items, spec.rows, spec.rows_order)
    columns: list[_Key] = _ordered(items, spec.columns, spec.columns_order) if spec.columns else [()]
    placed: dict[tuple[_Key, _Key], _Item] = {}
    for item in items:
        at = (tuple(item.dims.get(n, "") for n in spec.rows), tuple(item.dims.get(n, "") for n in spec.columns))
        if at in placed and at[0] in rows and at[1] in columns:
            raise CallError(
                f"The table '{spec.id}' has several values for {' and '.join((*at[0], *at[1]))}: "
                f"add a filter, or another dimension of {', '.join(item.dims)}."
            )
        placed[at] = item
    shown = []
    for row in rows:
        cells = tuple(_cell(placed.get((row, column)), items, spec, column) for column in columns)
        shown.append(Row(tuple(_label(n, v) for n, v in zip(spec.rows, row, strict=True)), cells, _TOTAL in row))
    shown = _evenly(shown)
    titles = [_heading(spec, column, items) for column in columns]
    heads = tuple(dimension_title(name) for name in spec.rows)
    days = [day_of(column[0]) if spec.columns in {(one,) for one in TIME} else None for column in columns]
    named = tuple(Column(title, title, numeric=True, day=day) for title, day in zip(titles, days, strict=True))
    records = tuple(_record(spec, item) for item in items if _kept(spec, item, rows, columns))
    return _table(book, spec, heads, named, tuple(shown), records, tuple(cards))


def _table(
    book: FigureBook,
    spec: TableSpec,
    heads: tuple[str, ...],
    columns: tuple[Column, ...],
    rows: tuple[Row, ...],
    records: tuple[dict[str, Any], ...],
    cards: tuple[tuple[str, Card], ...] = (),
) -> Table:
    """The filled table under its title and over its note, whose expressions are filled too."""
    title, note = str(phrase(book, spec.title)), phrase(book, spec.note)
    about = {"authority": book.sources.authority, "known": book.sources.known}
    return Table(spec.id, title, heads, columns, rows, records, cards, spec.chart, note, about=about)


def _evenly(rows: list[Row]) -> list[Row]:
    """The rows with every column written with one number of decimals, so that its values can be compared."""
    columns = [evenly(column) for column in zip(*(row.cells for row in rows), strict=True)]
    return [replace(row, cells=tuple(cells)) for row, cells in zip(rows, zip(*columns, strict=True), strict=True)]


def _kept(spec: TableSpec, item: _Item, rows: list[_Key], columns: list[_Key]) -> bool:
    return (
        tuple(item.dims.get(n, "") for n in spec.rows) in rows
        and tuple(item.dims.get(n, "") for n in spec.columns) in columns
    )


def _cell(item: _Item | None, items: list[_Item], spec: TableSpec, column: _Key) -> Cell:
    """A cell; where a count of lines has none it is 0, and where an observation or a mean has none it is left blank."""
    if item is not None:
        return valued(item.value, item.unit, item.page, item.item, item.anchor)
    unit = next((one.unit for one in items if tuple(one.dims.get(n, "") for n in spec.columns) == column), "")
    if spec.filling == "measure" and unit not in ("percent", "gbp-per-week", "gbp-per-hour", "gbp-per-year"):
        return valued(0, unit)
    return Cell(None, "", unit)


def _heading(spec: TableSpec, column: _Key, items: list[_Item]) -> str:
    """The heading of a column: its dimension values, and the unit where the columns differ in it."""
    if not column:
        units = sorted({item.unit for item in items})
        return unit_words(units[0]).capitalize() if len(units) == 1 else "Value"
    if set(column) == {_TOTAL}:
        return "Total"
    return ": ".join(_label(name, value) for name, value in zip(spec.columns, column, strict=True))


def _label(name: str, value: str) -> str:
    if value == _TOTAL:
        return "Total"
    if name == "measure":
        return measures()[value].label if value in measures() else title_of(value)
    return label_of(name, value) if value else "Not stated"


def _ordered(items: Sequence[_Item], names: Sequence[str], order: Sequence[str]) -> list[_Key]:
    """The keys in use: by the order asked for, else the catalogue's, else that of the file; totals last."""
    keys = list(dict.fromkeys(tuple(item.dims.get(name, "") for name in names) for item in items))
    if order:
        wanted = {slug(one): number for number, one in enumerate(order)}
        keys = [key for key in keys if slug(key[0]) in wanted or key[0] == _TOTAL]
        return sorted(keys, key=lambda key: (key[0] == _TOTAL, wanted.get(slug(key[0]), 0)))
    return sorted(keys, key=lambda key: tuple(_place(name, part) for name, part in zip(names, key, strict=True)))


def _place(name: str, value: str) -> tuple[int, str]:
    if value == _TOTAL:
        return (10_000, "")
    listing = LISTS.get(name)
    if listing and value in catalogue().lists[listing].by_id:
        # Unknown and not applicable stand first in every list, and last in every table.
        entry = catalogue().lists[listing].by_id[value]
        number = list(catalogue().lists[listing].by_id).index(value)
        return (9_000 + number if entry.id in ("unknown", "not-applicable") else number, "")
    if name in TIME or "age_band" in name:
        return (0, value)
    return (1, value) if name in ("provider", "setting") else (5_000 if slug(value) in ("unknown", "null") else 1, "")


def _record(spec: TableSpec, item: _Item) -> dict[str, Any]:
    """One value as the downloads give it: the dimensions by id, then measure, unit and value."""
    dims = [name for name in (*spec.rows, *spec.columns) if name != "measure"]
    named = {name: "all" if item.dims.get(name) == _TOTAL else item.dims.get(name, "") for name in dims}
    if "period" not in named and not any(name in TIME for name in named):
        named["period"] = item.dims.get("period", spec.periods[0] if len(spec.periods) == 1 else "")
    measure = item.dims.get("measure", "")
    return {**named, "measure": measure if measure != _TOTAL else "all", "unit": item.unit, "value": item.value}


def _expressions(book: FigureBook, spec: TableSpec) -> Table:
    rows: list[Row] = []
    records: list[dict[str, Any]] = []
    titles = [str(phrase(book, title)) for title in spec.columns]
    for row in spec.row:
        cells = []
        label = str(phrase(book, row.label))
        for title, call in zip(titles, row.calls("tables.toml", spec.id), strict=True):
            if call is None:
                cells.append(Cell(None, ""))
                continue
            figure = book.figure(call)
            page = "figure" if figure.linked else ""
            text = unit_once(figure.text, f"{spec.title} {label} {title}")
            cells.append(Cell(figure.value, text, figure.unit, page, figure.key))
            records.append({"row": label, "column": title, "unit": figure.unit, "value": figure.value})
        rows.append(Row((label,), tuple(cells)))
    heads = (str(phrase(book, spec.head)) or "Item",)
    columns = tuple(Column(title, title, numeric=True) for title in titles)
    return _table(book, spec, heads, columns, tuple(rows), tuple(records))
