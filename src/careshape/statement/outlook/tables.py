"""The tables of the outlook, as every other table of the statement is: a grid for the page, records for downloads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from string import ascii_uppercase
from typing import Any, Final

from careshape.evaluate.gap.directions import DIRECTIONS, Direction
from careshape.evaluate.gap.gap import Gap
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.evaluate.intervals import QUANTILES
from careshape.evaluate.need.payers import ELSEWHERE, LABELS
from careshape.evaluate.need.shares import COUNCIL
from careshape.evaluate.numbers import MINUS, rounded
from careshape.language import say
from careshape.statement.formatting import Withheld, day, month, plain
from careshape.statement.labels import label_of
from careshape.statement.outlook.ahead import Ahead, Point
from careshape.statement.outlook.market import area_label, group_label
from careshape.statement.outlook.words import interval_of, signed, tenth
from careshape.statement.tables import Cell, Column, Row, Table, simple

_TAGS: Final[dict[Direction, str]] = {
    "grow": "green",
    "hold": "grey",
    "reduce": "yellow",
    "do-not-develop": "red",
    "not-known": "purple",
}


def tag_of(direction: Direction) -> str:
    """Class of the tag that a direction is shown with."""
    return f"govuk-tag--{_TAGS[direction]}"


def gaps_table(gaps: Iterable[Gap], id: str, title: str, by: str = "segment") -> Table:
    """One row a gap: what is needed, what there is, the gap with its interval, and what follows.

    ``by`` heads the rows: "segment" for a table of many, else "year" (of one segment's whole) or "area" (of one year).
    Rows of a table by year or area name their client group where there are several.
    """
    found = list(gaps)
    groups = len({one.client_group for one in found}) > 1 or by == "segment"
    columns = [
        *([Column("Client group", "client_group")] if groups else []),
        *([Column("Year", "year")] if by == "segment" else []),
        Column("Needed", "demand", numeric=True),
        Column("There is", "supply", numeric=True),
        Column("Gap", "gap", numeric=True),
        Column("80% interval of the gap", "interval", line=True),
        *([Column("Unit", "unit")] if by == "segment" else []),
        Column("What follows", "direction", line=True),
    ]
    heads = {"segment": lambda one: one.segment.label, "year": lambda one: _year(one), "area": lambda one: _area(one)}
    rows = []
    for one in found:
        cells = {
            "client_group": Cell(None, _group(one.client_group)),
            "year": Cell(one.on.year, str(one.on.year)),
            "demand": _amount(one.gap.mean + one.supply),
            "supply": _amount(one.supply),
            "gap": _signed(one.gap.mean),
            "interval": Cell(None, interval_of(one)),
            "unit": Cell(None, one.unit),
            "direction": Cell(None, DIRECTIONS[one.decision.direction]),
        }
        rows.append(Row((heads[by](one),), tuple(cells[column.name] for column in columns)))
    records = tuple(_record(one.row()) for one in found)
    head = {"segment": "Segment", "year": "By", "area": "District"}[by]
    return Table(id, title, (head,), tuple(columns), tuple(rows), records, names=by)


def payers_table(gap: Gap) -> Table | None:
    """Who buys the care of a cell, with the 80% interval of each; None where nothing is known of others."""
    if gap.outside is None:
        return None
    here = gap.outside.here
    parts = {COUNCIL: gap.demand if here == 1 else gap.demand.times(here)}
    parts |= {} if here == 1 else {ELSEWHERE: gap.demand.times(1 - here)}
    parts |= gap.outside.parts
    more = " or more" if gap.outside.least else ""
    rows = [
        (LABELS[name], f"{plain(round(one.mean))}{'' if name in (COUNCIL, ELSEWHERE) else more}",
         f"{plain(round(one.limits()['lower_80']))} to {plain(round(one.limits()['upper_80']))}",
         _known_by(gap, name, one.method))
        for name, one in parts.items()
    ]  # fmt: skip
    records = [
        {"segment": gap.segment.id, "client_group": gap.client_group, "area": gap.area, "on": gap.on, "payer": name,
         "value": tenth(one.mean), **{limit: tenth(value) for limit, value in one.limits().items()}, "unit": gap.unit,
         "method": one.method, "source": gap.outside.sources.get(name, "")}
        for name, one in parts.items()
    ]  # fmt: skip
    columns = (
        Column("Who pays", "payer"),
        Column(f"Needed, {gap.unit}", "value"),
        Column("80% interval", "interval", line=True),
        Column("How it is known", "method", wide=True),
    )
    name = f"payers-{gap.segment.id}-{gap.client_group}-{gap.area}"
    return simple(name, say("Who pays for what is needed by {month}", month=month(gap.on)), columns, rows, records)


def _known_by(gap: Gap, payer: str, method: str) -> str:
    """How a part of a market is known, for a provider: the council's own is forecast, whose method the page names."""
    if payer in (COUNCIL, ELSEWHERE):
        since = f" up to {month(gap.since)}" if gap.since else ""
        return say("Forecast from the council's records{since}", since=since)
    return f"{method[:1].upper()}{method[1:]}"


def series_table(outlook: Ahead, segment: Segment, client_group: str) -> Table:
    """The series behind a fan: what was recorded and what is expected, with both intervals."""
    past, coming = outlook.series(segment, client_group)
    columns = [
        Column("Day", "day"),
        Column("Recorded or expected", "kind"),
        Column("Value", "value", numeric=True),
        Column("80% interval", "interval_80", line=True),
        Column("95% interval", "interval_95", line=True),
    ]
    rows: list[Sequence[Any]] = [
        (day(one.day), _recorded(segment, one.day, past[-1].day), _shown(one, _whole), "", "") for one in past
    ]
    records: list[dict[str, Any]] = [
        {"day": one.day, "kind": "recorded", "value": _shown(one, tenth), **dict.fromkeys(_LIMITS)} for one in past
    ]
    for one in coming:
        limits = one.limits or {}
        spans = [
            f"{plain(round(limits[f'lower_{share}']))} to {plain(round(limits[f'upper_{share}']))}"
            for share in (80, 95)
        ]
        rows.append((day(one.day), "Expected", _whole(one.value), *spans))
        values = {name: tenth(limits[name]) for name in _LIMITS}
        records.append({"day": one.day, "kind": "expected", "value": tenth(one.value), **values})
    unit = "hours a week" if segment.unit == "hours a week" else "people"
    extra = {"segment": segment.id, "client_group": client_group, "unit": unit, "method": outlook.method}
    group = "" if client_group == ALL else f", {group_label(client_group)}"
    title = say("{name}: {unit} at the end of each quarter", name=f"{segment.label}{group}", unit=unit)
    made = simple(
        f"outlook-{segment.id}-{client_group}", title, columns, rows,
        [record | extra for record in records],
    )  # fmt: skip
    return _once_a_year(made, [one.day for one in (*past, *coming)], (past or coming)[-1].day.month)


def _shown(point: Point, shown: Callable[[float], Any]) -> Any:
    """The value of a day, or why it is withheld."""
    return Withheld(point.withheld) if point.withheld else shown(point.value)


def _recorded(segment: Segment, on: date, last: date) -> str:
    """How a value of the past is known: hours are those of the last day, whose hours each the earlier ones take."""
    if segment.unit != "hours a week" or on == last:
        return "Recorded"
    return say("People recorded, at the hours each of {month}", month=month(last))


def _once_a_year(table: Table, days: Sequence[date], month: int) -> Table:
    """The table with the rows marked that stand between one year and the next; ``month`` is the one that stays."""
    rows = tuple(
        replace(row, between=on.month != month and on != days[-1]) for row, on in zip(table.rows, days, strict=True)
    )
    return replace(table, rows=rows)


def steps_table(outlook: Ahead, segment: str, client_group: str, area: str) -> list[tuple[str, str, Table]]:
    """One table a service and client group: service id, group id, and its steps with a letter and a column a year."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in outlook.steps(segment, client_group, area):
        found.setdefault((str(row["service"]), str(row["group"])), []).append(row)
    years = [outlook.origin.year + ahead for ahead in outlook.years_ahead]
    columns = [Column("Letter", "letter"), Column("Step", "step"), Column("How", "how"), Column("Unit", "unit")]
    columns += [Column(str(year), f"y{year}", numeric=True) for year in years]
    tables = []
    for (service, group), rows in found.items():
        letters = {str(row["step"]): letter for row, letter in zip(rows, ascii_uppercase, strict=False)}
        filled = [
            (
                letters[str(row["step"])], _OF_YEARS.get(str(row["step"]), row["label"]), _how(row, letters),
                row["unit"],
                *(_number(row["values"].get(ahead, 0.0)) for ahead in outlook.years_ahead),
            )
            for row in rows
        ]  # fmt: skip
        whom = "" if group == ALL else f", {group_label(group)}"
        title = f"Steps: {label_of('service', service)}{whom}"
        tables.append((service, group, _in_full(simple(f"steps-{service}-{group}", title, columns, filled))))
    return tables


def _in_full(table: Table) -> Table:
    """Each number with all the decimals it was rounded to, so that a reader can go on from it."""
    rows = tuple(replace(row, cells=tuple(_cell_in_full(one) for one in row.cells)) for row in table.rows)
    return replace(table, rows=rows)


def _cell_in_full(cell: Cell) -> Cell:
    if not isinstance(cell.value, Decimal) or not cell.value:
        return cell
    places = -int(cell.value.as_tuple().exponent)
    return replace(cell, text=plain(cell.value, max(places, 0)))


_LIMITS: Final = tuple(QUANTILES)


_OF_YEARS: Final = {"people": "People at the end"}
"""Steps whose label names the month of one forecast, and what they are called over a column a year."""
_GIVEN: Final = {"heads": "From the population"}
"""Steps that follow from no other, and where they come from, where that is not the records."""


def _how(row: Mapping[str, Any], letters: Mapping[str, str]) -> str:
    """How a step follows from others, by their letters; else where it comes from."""
    text = str(row["how"])
    if not text:
        return "From the scenario" if "levers" in str(row["step"]) else _GIVEN.get(str(row["step"]), "From the records")
    named = re.sub(r"[a-z_]+", lambda found: letters.get(found[0], found[0]), text)
    return named.replace("*", "×").replace("/", "÷").replace(" - ", f" {MINUS} ")


def _number(value: float) -> Decimal:
    """With at least four digits that say something, so that who follows the steps comes to what is shown."""
    size = abs(value)
    places = next((places for least, places in ((10_000, 0), (1000, 1), (100, 2), (10, 3)) if size >= least), 4)
    return rounded(Decimal(repr(value)), places)


def _record(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tenth(value) if isinstance(value, float) else value for name, value in row.items()}


def _whole(value: float) -> int:
    return round(value)


def _amount(value: float) -> Cell:
    return Cell(round(value), plain(round(value)))


def _signed(value: float) -> Cell:
    return Cell(round(value), signed(value))


def _year(one: Gap) -> str:
    return month(one.on)


def _group(id_: str) -> str:
    label = group_label(id_)
    return label[:1].upper() + label[1:]


def _area(one: Gap) -> str:
    label = area_label(one.area)
    return label[:1].upper() + label[1:]
