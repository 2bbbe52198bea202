"""A collection of observations that can be asked for by table, measure, period and dimension."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import overload

from careshape.errors import CallError
from careshape.records.observation import TEXT_FIELDS, Observation, slug
from careshape.records.period import parse_period

Wanted = str | Sequence[str]


class Observations(Sequence[Observation]):
    """Observations in the order of their files; ids are unique within an authority.

    `observations["W-PF-009"]` gives one by id, `find` gives those that match, `one` insists on exactly one.
    """

    def __init__(self, rows: Iterable[Observation] = ()) -> None:
        self._rows = tuple(rows)
        self._by_id: dict[str, list[Observation]] = {}
        seen: set[tuple[str, str]] = set()
        for row in self._rows:
            if (row.authority, row.id) in seen:
                raise CallError(f"Observation id '{row.id}' stands twice for {row.authority}. Give each its own id.")
            seen.add((row.authority, row.id))
            self._by_id.setdefault(row.id, []).append(row)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Observation]:
        return iter(self._rows)

    def __repr__(self) -> str:
        return f"<Observations: {len(self._rows)} in {len(self.values('table'))} tables>"

    @overload
    def __getitem__(self, key: str | int) -> Observation: ...
    @overload
    def __getitem__(self, key: slice) -> Observations: ...
    def __getitem__(self, key: str | int | slice) -> Observation | Observations:
        if isinstance(key, int):
            return self._rows[key]
        if isinstance(key, slice):
            return Observations(self._rows[key])
        found = self._by_id.get(key, [])
        if len(found) == 1:
            return found[0]
        if found:
            owners = ", ".join(row.authority for row in found)
            raise CallError(f"Observation '{key}' stands in more than one collection ({owners}). Choose an authority.")
        raise CallError(f"There is no observation '{key}'.{_near(key, self._by_id)}")

    def __add__(self, other: Iterable[Observation]) -> Observations:
        return Observations((*self._rows, *other))

    def values(self, name: str) -> list[str]:
        """The distinct values of a dimension or text field, in the order of the files."""
        return list(dict.fromkeys(value for row in self._rows if (value := row.get(name)) is not None))

    def dimensions(self) -> list[str]:
        """The names of all dimensions in use."""
        return list(dict.fromkeys(name for row in self._rows for name in row.dims))

    def find(self, **wanted: Wanted) -> Observations:
        """The observations that match every criterion, in the order of their files; empty if none does.

        Args:
            wanted: `table`, `measure`, `unit`, `kind`, `row_kind`, `section`, `authority`, `id`, `period` or any
                dimension (`district`, `service` ...); each a value or a list of values. Case and punctuation do not
                matter ("Malvern Hills" = "malvern-hills"); a period may be written as its ISO form, its label or
                "2018/19"; a table as "table-06" or "Table 6".

        Raises:
            CallError: no observation has a dimension of that name, or the period cannot be read.
        """
        rows: Iterable[Observation] = self._rows
        for name, value in wanted.items():
            matches = _matcher(name, value)
            rows = [row for row in rows if matches(row)]
        result = Observations(rows)
        if not result:
            self._check_names(wanted)
        return result

    def one(self, **wanted: Wanted) -> Observation:
        """The only observation that matches.

        Raises:
            CallError: none matches, with the values that come near; or several do, with what tells them apart.
        """
        found = self.find(**wanted)
        if len(found) == 1:
            return found[0]
        asked = ", ".join(f"{name}={value!r}" for name, value in wanted.items())
        if not found:
            raise CallError(f"No observation has {asked}.{self._why_none(wanted)}")
        raise CallError(f"{len(found)} observations have {asked}. Add one of: {_what_differs(found, wanted)}.")

    def _check_names(self, wanted: dict[str, Wanted]) -> None:
        known = [*TEXT_FIELDS, "period", *self.dimensions()]
        for name in wanted:
            if name not in known:
                raise CallError(f"Observations have no dimension '{name}'.{_near(name, known)}")

    def _why_none(self, wanted: dict[str, Wanted]) -> str:
        """Say which criterion rules everything out, and which values would not."""
        for name, value in reversed(wanted.items()):
            others = self.find(**{key: kept for key, kept in wanted.items() if key != name})
            options = _options(others, name)
            if options:
                return f" Without {name} there are {len(others)};{_near(str(value), options, f' {name}').lower()}"
        return " Each criterion alone may match, but no two together do."


def _matcher(name: str, wanted: Wanted) -> Callable[[Observation], bool]:
    values = [wanted] if isinstance(wanted, str) else list(wanted)
    if name == "period":
        return lambda row: any(_same_period(row, value) for value in values)
    if name == "table":
        values = [re.sub(r"^table[ -]?0?(\d+)$", lambda m: f"table-{int(m[1]):02d}", slug(value)) for value in values]
    slugs = {slug(value) for value in values}
    return lambda row: (own := row.get(name)) is not None and slug(own) in slugs


def _same_period(row: Observation, wanted: str) -> bool:
    if row.period.label and slug(row.period.label) == slug(wanted):
        return True
    try:
        period = parse_period(wanted)
    except ValueError:
        return False
    return period.start is not None and (row.period.start, row.period.end) == (period.start, period.end)


def _options(rows: Observations, name: str) -> list[str]:
    if name == "period":
        return list(dict.fromkeys(str(row.period) for row in rows if str(row.period)))
    return rows.values(name)


def _near(asked: str, known: Iterable[str], what: str = "") -> str:
    options = list(known)
    close = get_close_matches(asked, options, n=5, cutoff=0.5) or options[:8]
    return f" Near it{what}: {', '.join(close)}." if close else ""


def _what_differs(found: Observations, wanted: dict[str, Wanted]) -> str:
    names = [
        name for name in ["table", "measure", "unit", "row_kind", *found.dimensions(), "period"] if name not in wanted
    ]
    parts = []
    for name in names:
        options = _options(found, name)
        if len(options) > 1:
            more = ", ..." if len(options) > 6 else ""
            parts.append(f"{name} ({', '.join(options[:6])}{more})")
    return "; ".join(parts) or "id (" + ", ".join(found.values("id")[:6]) + ")"
