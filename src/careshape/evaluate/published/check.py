"""Compare every published cell that line items can give with the same cell counted from the ledger."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Literal

from careshape.catalogue import catalogue
from careshape.catalogue.periods import Period, parse_period, period_between
from careshape.errors import CatalogueError
from careshape.evaluate.measure.evaluate import Context, measure, open_context
from careshape.evaluate.measure.frames import LedgerLike
from careshape.evaluate.numbers import WEEKS_A_YEAR, rounded
from careshape.evaluate.published.mapping import Count, Figure, Mapping, council_mapping, mapping
from careshape.language import say
from careshape.ledger.columns import CODED
from careshape.records import Observation, Observations, authorities, council_observations, dataset, observations

COLUMNS = ("file", "row", "published", "computed", "status", "reason")
WHOLE = ("all", "not-applicable")
"""Published values that mean: not split by this column."""
REACH = 4
"""How many times a figure printed as "over" (or "under") something may be exceeded (or undercut) and still be meant."""
NEAR = Fraction(5, 100)
"""How far below (above) a figure may lie that is printed as "nearly" ("just over")."""

Status = Literal["equal", "explained", "differs"]


@dataclass(frozen=True)
class Ask:
    """One question to the ledger: a measure, its split, its filters, and the periods that are counted together."""

    measure: str
    by: tuple[str, ...]
    where: dict[str, str]
    periods: tuple[Period, ...]


@dataclass(frozen=True)
class Comparison:
    """One published cell beside the computed one."""

    file: str
    row: str
    published: Decimal
    computed: Decimal | None
    status: Status
    reason: str
    item: str
    """What the cell states, in words: the published measure, what it is split by, and the period."""
    id: str
    """The observation that states it."""
    ask: Ask
    """The question that answers this cell alone."""

    def as_row(self) -> dict[str, str]:
        """The comparison under the columns of COLUMNS, as text."""
        computed = "" if self.computed is None else f"{self.computed:f}"
        return {
            "file": self.file,
            "row": self.row,
            "published": f"{self.published:f}",
            "computed": computed,
            "status": self.status,
            "reason": self.reason,
        }


def check_published(
    authority: str,
    ledger: LedgerLike | Context,
    rows: Observations | None = None,
    known: Mapping | None = None,
) -> list[Comparison]:
    """Compare a council's published cells with its ledger.

    ``rows`` and ``known`` default to the packaged observations and mapping, and those in the council's folder. A cell
    is ``equal`` when the computed number, rounded as printed, is the printed one (or satisfies its "over", "about");
    ``explained`` when it is not and the mapping states why no ledger could give it beside the other published cells;
    else ``differs``. Raises CallError for a council without a mapping, and CatalogueError for one that names what is
    not published.
    """
    context = ledger if isinstance(ledger, Context) else open_context(ledger)
    folder: Path | None = getattr(context.ledgers[0], "path", None)
    known = council_mapping(authority, folder) if known is None else known
    rows = _published(authority, folder) if rows is None else rows
    found: list[Comparison] = []
    for count in known.count:
        found += _check_count(context, authority, count, rows, known)
    by_id = {row.id: row for row in rows}
    for figure in known.figure:
        if figure.row not in by_id:
            near = difflib.get_close_matches(figure.row, by_id, n=3)
            raise CatalogueError(
                _name(authority),
                f"figure {figure.row}",
                "row",
                figure.row,
                "No observation has this id." + (f" Near it: {', '.join(near)}." if near else ""),
            )
        found.append(_check_figure(context, authority, figure, by_id))
    return found


def _published(authority: str, folder: Path | None) -> Observations:
    return observations(authority) if folder is None else council_observations(authority, folder / "observations")


def _name(authority: str) -> str:
    """How an error calls the mapping."""
    return f"the mapping of {authority}"


def _file(authority: str, row: Observation) -> str:
    """The published file that a row stands in; a council's own is called as its table."""
    return _files(authority).get(row.table) or f"{row.table}.csv"


@cache
def _files(authority: str) -> dict[str, str]:
    """The packaged file of each table."""
    packaged = dataset(authority).tables if authority in authorities() else {}
    return {name: entry.file for name, entry in packaged.items()}


def _check_count(
    context: Context, authority: str, count: Count, rows: Observations, known: Mapping
) -> list[Comparison]:
    """Ask once for all rows that split the same way, over all their periods together."""
    wanted = [row for row in rows if _matches(authority, count, row)]
    _check_names(authority, count, rows, wanted)
    found = {}
    for ask, members in _asked(count, wanted, known):
        result = measure(context, ask.measure, by=ask.by, where=ask.where, period=ask.periods)
        for row, cell in members:
            key = [cell[name] for name in ask.by] + ([_period(count, row).label] if len(ask.periods) > 1 else [])
            alone = Ask(ask.measure, (), {**ask.where, **cell}, (_period(count, row),))
            found[row.id] = _compare(authority, row, alone, result.get(*key), count.round, count.note)
    return [found[row.id] for row in wanted]


def _check_names(authority: str, count: Count, rows: Observations, wanted: list[Observation]) -> None:
    """Refuse an entry that names a file, rows or columns which are not published."""
    if not wanted:
        files = sorted({_file(authority, row).removesuffix(".csv") for row in rows})
        if count.file not in files:
            near = difflib.get_close_matches(count.file, files, n=3) or files
            rule = f"There is no such file. Choose from {', '.join(near)}."
            raise CatalogueError(_name(authority), f"count of {count.file}", "file", count.file, rule)
        raise CatalogueError(
            _name(authority), f"count of {count.file}", "rows", count.rows, "No row of the file has these values."
        )
    known = {name for row in wanted for name in row.dims}
    for column in count.columns:
        if column not in known:
            rule = f"The rows have no such column. They have {', '.join(sorted(known)) or 'none'}."
            raise CatalogueError(_name(authority), f"count of {count.file}", "columns", column, rule)


Member = tuple[Observation, dict[str, str]]
"""A published row, and the dimensions that it splits by with its ids."""


def _asked(count: Count, wanted: Iterable[Observation], known: Mapping) -> list[tuple[Ask, list[Member]]]:
    """Put the rows that split and filter the same way together: one question each, over all their periods."""
    groups: dict[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], list[Member]] = defaultdict(list)
    for row in wanted:
        cell, groups_of = _cell(count, row, known)
        groups[tuple(sorted(cell)), tuple(sorted(groups_of.items()))].append((row, cell))
    found = []
    for (by, narrowed), members in groups.items():
        periods = {_period(count, row).label: _period(count, row) for row, _ in members}
        ask = Ask(count.measure, by, {**count.where, **dict(narrowed)}, tuple(periods.values()))
        found.append((ask, members))
    return found


def asks(authority: str) -> list[Ask]:
    """Every question that a council's mapping puts to the ledger, each once, in the order of the mapping."""
    rows, known = observations(authority), mapping(authority)
    found: list[Ask] = []
    for count in known.count:
        found += [ask for ask, _ in _asked(count, [row for row in rows if _matches(authority, count, row)], known)]
    for figure in known.figure:
        periods = (figure.start, figure.period) if figure.start else (figure.period,)
        found += [Ask(figure.measure, (), dict(figure.where), (parse_period(one),)) for one in periods]
    return [ask for number, ask in enumerate(found) if ask not in found[:number]]


def _matches(authority: str, count: Count, row: Observation) -> bool:
    if _file(authority, row).removesuffix(".csv") != count.file:
        return False
    return all(row.get(column) == value for column, value in count.rows.items())


def _period(count: Count, row: Observation) -> Period:
    return parse_period(count.periods.get(row.period.text, row.period.text))


def _cell(count: Count, row: Observation, known: Mapping) -> tuple[dict[str, str], dict[str, str]]:
    """The dimensions that this row splits by, and those that it filters by a group of ids."""
    cell, narrowed = {}, {}
    for column, dimension in count.columns.items():
        value = row.dims.get(column)
        value = known.translate.get(count.file, {}).get(column, {}).get(str(value), value)
        if value is None or value in WHOLE:
            continue
        if dimension in CODED:
            listing = CODED[dimension]
            named = catalogue().list(listing).find(value)  # a table may print the label, such as Malvern Hills
            value = named.id if named else value
            members = catalogue().members(listing, value)
            if members != (value,):
                narrowed[dimension] = value
                continue
        cell[dimension] = value
    return cell, narrowed


def _check_figure(context: Context, authority: str, figure: Figure, by_id: dict[str, Observation]) -> Comparison:
    value = measure(context, figure.measure, where=figure.where, period=figure.period).exact
    if figure.compute in ("growth", "difference"):
        before = measure(context, figure.measure, where=figure.where, period=figure.start).exact
        value = _moved(figure, before, value)
    elif figure.compute == "one_in":
        value = 100 / value if value else None
    elif figure.compute == "annualised":
        value = value * WEEKS_A_YEAR if value is not None else None
    instead = _instead(figure, by_id)
    ask = Ask(figure.measure, (), dict(figure.where), (parse_period(figure.period),))
    return _compare(authority, by_id[figure.row], ask, value, figure.round, figure.note, figure.explained, instead)


def _moved(figure: Figure, before: Fraction | None, after: Fraction | None) -> Fraction | None:
    """The change between two numbers: their difference, or growth as a percentage of the first."""
    if before is None or after is None or (figure.compute == "growth" and not before):
        return None
    return after - before if figure.compute == "difference" else (after - before) / before * 100


def _instead(figure: Figure, by_id: dict[str, Observation]) -> Fraction | None:
    """What the published figures that were followed instead say, computed as this one is."""
    if not figure.instead:
        return None
    values = [Fraction(by_id[one].value) for one in figure.instead]
    return values[0] if len(values) == 1 else _moved(figure, values[0], values[1])


def _compare(
    authority: str,
    row: Observation,
    ask: Ask,
    value: Fraction | None,
    places: int | None,
    note: str,
    explained: str = "",
    instead: Fraction | None = None,
) -> Comparison:
    """Compare one cell; an explanation counts only where the computed number is the one that it explains."""
    places = row.decimals if places is None else places
    shown = None if value is None else rounded(value, max(places, row.decimals))
    status: Status = "differs"
    if value is not None and _agrees(row.qualifier, Fraction(row.value), value, places):
        status, reason = "equal", note
    elif value is not None and instead is not None and rounded(value, places) == rounded(instead, places):
        status, reason = "explained", explained
    else:
        reason = say(
            "{row} prints {value}; the ledger gives {computed}.",
            row=_names(row),
            value=row.value,
            computed=say("nothing") if shown is None else shown,
        )
    return Comparison(_file(authority, row), _row(row), row.value, shown, status, reason, _item(row), row.id, ask)


def _item(row: Observation) -> str:
    """Name a published cell in words, such as "hours delivered: Bromsgrove, home care, March 2020"."""
    parts = [
        value for name, value in row.dims.items() if name not in ("area", "published_label") and value not in WHOLE
    ]
    start = row.period.start
    if start is not None:
        parts.append(period_between(start, row.period.end or start).title)
    words = f"{row.measure}: {', '.join(parts)}" if parts else row.measure
    return re.sub(r"(?<=[a-z])-(?=[a-z0-9])", " ", words)


def _row(row: Observation) -> str:
    return row.id.rpartition("/")[2]


def _names(row: Observation) -> str:
    """Name a published cell for a sentence: its file's short name and what it measures."""
    return f"{row.table} ({row.measure}{', ' + row.period.text if row.period.text else ''})"


def _agrees(qualifier: str, printed: Fraction, value: Fraction, places: int) -> bool:
    """Whether a computed number is what a figure printed with this qualifier says; REACH keeps "over" near it."""
    close = Fraction(rounded(value, places)) == printed
    above, below = printed <= value <= printed * REACH, printed / REACH <= value <= printed
    rules = {
        "over": above and value > printed,
        "just-over": printed < value <= printed * (1 + NEAR) or close,
        "under": below and value < printed,
        "up-to": below,
        "nearly": printed * (1 - NEAR) <= value < printed,
        "range-low": above,
        "range-high": below,
    }
    return rules.get(qualifier, close)


def tally(comparisons: Iterable[Comparison]) -> dict[str, int]:
    """How many cells are equal, explained and different."""
    counts = {"equal": 0, "explained": 0, "differs": 0}
    for one in comparisons:
        counts[one.status] += 1
    return counts


__all__ = ["COLUMNS", "Ask", "Comparison", "Status", "asks", "check_published", "tally"]
