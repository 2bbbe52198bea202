"""What must hold of several cells or several rows of a file: order of days, smallest values, and no row twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from careshape.market.faults import LEFT_UNKNOWN, TOLD, Fault


class Rules(Protocol):
    """What of a file's rules is looked at here."""

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that name a row."""
        ...

    @property
    def least(self) -> dict[str, int]:
        """Column -> the smallest value that it can have."""
        ...

    @property
    def order(self) -> tuple[tuple[str, str], ...]:
        """Pairs of days of which the first is not later."""
        ...

    @property
    def not_after_file(self) -> tuple[str, ...]:
        """Days that cannot lie after the day of the file."""
        ...


def settle(
    rows: Iterable[dict[str, Any]],
    rules: Rules,
    as_of: date | None,
    file: str,
    named: Mapping[str, str],
    faults: list[Fault],
) -> list[dict[str, Any]]:
    """The rows that stand, in the order of the file; what is odd of them goes to ``faults``.

    A row that says what an earlier one says is counted once. Where two rows of one key say different things, neither is
    taken: which of them is true is not for a program to guess.
    """
    kept: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        _order(row, rules, as_of, file, named, faults)
        kept.setdefault(tuple(row.get(name) for name in rules.key), []).append(row)
    standing = []
    for same in kept.values():
        apart = [row for row in same if _said(row) != _said(same[0])]
        if not apart:
            standing.append(same[0])
            faults += [_twice(file, row, same[0], named[rules.key[0]], rules.key[0]) for row in same[1:]]
            continue
        for row in same:
            other = next(one for one in same if _said(one) != _said(row))
            faults.append(_differs(file, row, other, named, rules.key[0]))
    return sorted(standing, key=lambda row: int(row["row"]))


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "row"}


def _twice(file: str, row: Mapping[str, Any], first: Mapping[str, Any], heading: str, key: str) -> Fault:
    message = f"It says what row {first['row']} says, and is counted once."
    return Fault(file, row["row"], heading, str(row[key]), message, TOLD)


def _differs(file: str, row: Mapping[str, Any], other: Mapping[str, Any], named: Mapping[str, str], key: str) -> Fault:
    name = next(one for one in row if one != "row" and row[one] != other[one])
    message = (
        f"Row {other['row']} is of the same location and says something else ({named.get(name, name)}: "
        f"'{_shown(row[name])}' here, '{_shown(other[name])}' there). Neither is counted. Keep the row that is true."
    )
    return Fault(file, row["row"], named[key], str(row[key]), message)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def _order(
    row: dict[str, Any], rules: Rules, as_of: date | None, file: str, named: Mapping[str, str], faults: list[Fault]
) -> None:
    """Leave unknown what cannot be: a number below its least, a day after the file, an end before its start."""
    for name, least in rules.least.items():
        if row.get(name) is not None and row[name] < least:
            message = f"{row[name]} is below {least}, which it cannot be. It is left unknown; the rest is read."
            faults.append(Fault(file, row["row"], named[name], str(row[name]), message, LEFT_UNKNOWN))
            row[name] = None
    for name in rules.not_after_file:
        if as_of is not None and row.get(name) is not None and row[name] > as_of:
            message = f"{row[name]:%d/%m/%Y} lies after the day of the file, {as_of:%d/%m/%Y}. It is read as it stands."
            faults.append(Fault(file, row["row"], named[name], f"{row[name]}", message, TOLD))
    for first, second in rules.order:
        if row.get(first) is not None and row.get(second) is not None and row[first] > row[second]:
            message = (
                f"{row[first]:%d/%m/%Y} lies after {named[second]}, {row[second]:%d/%m/%Y}. "
                "It is left unknown; the rest is read."
            )
            faults.append(Fault(file, row["row"], named[first], f"{row[first]}", message, LEFT_UNKNOWN))
            row[first] = None
