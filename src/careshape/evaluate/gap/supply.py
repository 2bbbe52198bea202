"""Supply: what there is, what is being built and what closes, as entries with a source and a day.

A council keeps its entries as CSV files in ``supply/`` in its folder; what careshape carries for the two printed
statements are links to their observations. Beds that are registered, beds that can be used and places that the
council has under contract are different things and are never added together.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, Literal

from careshape.catalogue import catalogue, check_district
from careshape.errors import CallError, InputError

KINDS: Final = ("operational", "registered", "contracted", "scheme")
"""What an entry counts: places that can be used, places on the regulator's register, places under contract, and
places of a scheme in development."""
CERTAINTIES: Final = ("committed", "proposed")
UNITS: Final = ("places", "hours a week", "people")
WHOLE_MARKET: Final = ("operational", "registered")
"""Kinds that everybody's demand is met from: also that of people who pay for themselves and of other councils."""
ALL: Final = "all"
Origin = Literal["own", "register", "printed"]
ORIGINS: Final[dict[Origin, str]] = {
    "own": "the council's own file",
    "register": "the regulator's register",
    "printed": "the printed statement",
}
"""Where an entry comes from; the council's own goes before the others."""
COLUMNS: Final = (
    *("service", "client_group", "area", "place", "kind", "quantity", "unit", "as_of", "opens", "closes"),
    *("void", "part", "tenure", "certainty", "source", "note"),
)
_REQUIRED: Final = ("service", "kind", "quantity", "as_of", "source")


@dataclass(frozen=True)
class Supply:
    """Places, or hours, of one service somewhere.

    Attributes:
        service: catalogue id of a service, or of a group of them that share the places.
        client_group: catalogue id of a client group, or of a group of them; or ``all``.
        area: district id, or ``all`` for the whole area.
        place: the home or scheme, by a name or reference; without one an entry is a total.
        kind: one of KINDS.
        quantity: how many, in ``unit``.
        unit: one of UNITS.
        as_of: the day on which it was so.
        opens, closes: from and up to which day it is there; None where it is there already, or stays.
        void: how many of them are empty; None where that is not known.
        part: which part of the service it is, where it is not the whole, such as cluster flats: shown, never counted as
            the whole.
        tenure: rent, sale or shared ownership, where it is housing.
        certainty: committed or proposed; a proposed scheme is shown and not counted.
        source: where the figure comes from, in words.
        origin: one of ORIGINS.
    """

    service: str
    quantity: Decimal
    as_of: date
    source: str
    kind: str = "operational"
    client_group: str = ALL
    area: str = ALL
    place: str = ""
    unit: str = "places"
    opens: date | None = None
    closes: date | None = None
    void: Decimal | None = None
    part: str = ""
    tenure: str = ""
    certainty: str = "committed"
    note: str = ""
    origin: Origin = "own"

    def __post_init__(self) -> None:
        _check(self)

    def counts_on(self, day: date) -> bool:
        """Whether it is there on a day: open by then, not yet closed, and more than proposed."""
        opened = self.opens is None or self.opens <= day
        return opened and (self.closes is None or day < self.closes) and self.certainty == "committed"

    def fits(self, service: str, client_group: str = ALL, area: str = ALL) -> bool:
        """Whether it serves a service, group and area; ``all`` asks for everything."""
        return (
            self.service == service and client_group in (ALL, self.client_group) and (area == ALL or self.area == area)
        )


@dataclass(frozen=True)
class Available:
    """What there is of a service on a day.

    Attributes:
        quantity: places, hours or people; None where nothing is known.
        void_rate: share of the places that stand empty, 0 to 1; None where not known.
        basis: which kind was counted.
        oldest: day of the oldest figure in it, so that a reader sees its age.
        entries: what it was added up from.
        coming: entries that open later, or are only proposed.
    """

    quantity: Decimal | None
    void_rate: float | None
    basis: str
    oldest: date | None
    entries: tuple[Supply, ...]
    coming: tuple[Supply, ...]

    @property
    def origin(self) -> Origin | None:
        """Where its entries come from; None where there is none."""
        return next((one.origin for one in self.entries if one.kind != "scheme"), None)

    @property
    def source(self) -> str:
        """Where its entries come from, in words, each source once."""
        return "; ".join(dict.fromkeys(one.source for one in self.entries))

    @property
    def whole_market(self) -> bool:
        """Whether everybody's demand is met from it, not the council's alone."""
        return self.basis in WHOLE_MARKET


def available(
    entries: Iterable[Supply], service: str, client_group: str = ALL, area: str = ALL, *, on: date, unit: str = "places"
) -> Available:
    """Add up what there is on a day, from one kind of entry only: the first of KINDS for which there are any.

    Entries in another unit than the one asked for are left out: beds are not people who use them in turn.
    A scheme counts with the places from the day it opens. Of several counts of the same places the newest is taken.
    Nothing known gives None; 0 means that everything known has closed, or not opened yet.
    """
    fitting = [one for one in entries if one.fits(service, client_group, area) and one.unit == unit and not one.part]
    basis = next((kind for kind in KINDS[:-1] if any(one.kind == kind for one in fitting)), "")
    if not basis:
        # Schemes alone do not say what there is already.
        return Available(None, None, "", None, (), tuple(fitting))
    standing = latest(one for one in fitting if one.kind in (basis, "scheme"))
    counted = [one for one in standing if one.counts_on(on)]
    coming = tuple(one for one in standing if not one.counts_on(on) and (one.closes is None or one.closes > on))
    known = [one for one in counted if one.void is not None and one.quantity]
    places = _sum(one.quantity for one in known)
    rate = float(_sum(one.void or Decimal(0) for one in known) / places) if places else None
    oldest = min((one.as_of for one in counted or standing), default=None)
    return Available(_sum(one.quantity for one in counted), rate, basis, oldest, tuple(counted), coming)


def by_origin(
    entries: Iterable[Supply], service: str, client_group: str = ALL, area: str = ALL, *, on: date, unit: str = "places"
) -> list[Available]:
    """What each origin says there is, the one to count first: the council's own, then whichever is newer.

    Schemes in development, which only a council tells of, join whichever is counted. An origin that says nothing of
    the cell is left out; where none does, the one answer has no quantity.
    """
    fitting = [one for one in entries if one.fits(service, client_group, area) and one.unit == unit and not one.part]
    schemes = [one for one in fitting if one.kind == "scheme"]
    each = [[one for one in fitting if one.origin == origin and one.kind != "scheme"] for origin in ORIGINS]
    told = sorted(
        (standing for standing in each if standing),
        key=lambda standing: (standing[0].origin != "own", -max(one.as_of for one in standing).toordinal()),
    )
    counts, *others = told or [[]]
    return [
        available(standing, service, client_group, area, on=on, unit=unit)
        for standing in ([*counts, *schemes], *others)
    ]


def check_units(entries: Iterable[Supply], units: Mapping[str, str]) -> None:
    """Refuse an entry whose unit is not the one in which its service is planned: it could never be counted.

    Args:
        units: service, or group of services -> unit.

    Raises InputError naming the service and both units.
    """
    for one in entries:
        if not one.part and units.get(one.service, one.unit) != one.unit:
            raise InputError(
                f"Supply of {one.service} is given in {one.unit} and planned in {units[one.service]}. Give it in "
                f"{units[one.service]}, or name the 'part' of the service that it is."
            )


def latest(entries: Iterable[Supply]) -> list[Supply]:
    """Of entries about the same places, those of the newest day: an earlier count of a home is not another home."""
    found = list(entries)
    newest: dict[tuple[str, ...], date] = {}
    for one in found:
        newest[_about(one)] = max(one.as_of, newest.get(_about(one), one.as_of))
    return [one for one in found if one.as_of == newest[_about(one)]]


def check_together(entries: Iterable[Supply]) -> None:
    """Refuse totals that hold each other, and totals beside the single places they are made of.

    Raises InputError naming the service, and what stands twice.
    """
    totals: dict[tuple[str, str, str], list[Supply]] = {}
    single = set()
    for one in latest(entries):
        key = (one.service, one.kind, one.unit)
        if one.part or one.kind == "scheme":
            continue
        if one.place:
            single.add(key)
        else:
            totals.setdefault(key, []).append(one)
    for key, known in totals.items():
        if key in single:
            raise InputError(
                f"Supply of {key[0]} ({key[1]}) has totals and single places, which would be counted twice. "
                "Keep one of them, or give every entry its 'place'."
            )
        for n, one in enumerate(known):
            for other in known[n + 1 :]:
                if _about(one) != _about(other) and _meet(one, other):
                    raise InputError(
                        f"Supply of {key[0]} ({key[1]}) has one total within another: {one.client_group}, {one.area} "
                        f"and {other.client_group}, {other.area}. Keep one of them."
                    )


def _about(one: Supply) -> tuple[str, ...]:
    return (one.service, one.client_group, one.area, one.place, one.kind, one.unit, one.part, one.tenure)


def _meet(one: Supply, other: Supply) -> bool:
    """Whether two totals speak of some of the same places."""
    areas = one.area == other.area or ALL in (one.area, other.area)
    if not areas or one.tenure != other.tenure:
        return False
    if ALL in (one.client_group, other.client_group):
        return True
    book = catalogue()
    return bool({*book.members("client_group", one.client_group)} & {*book.members("client_group", other.client_group)})


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def read_supply(folder: Path, authority: str) -> list[Supply]:
    """Every entry of the CSV files in a council's ``supply`` folder; none where there is no folder.

    Raises InputError naming file, line, column, value and rule.
    """
    found = [one for path in sorted(folder.glob("*.csv")) for one in read_supply_file(path, authority)]
    check_together(found)
    return found


def read_supply_file(path: Path, authority: str) -> list[Supply]:
    """The entries of a council's CSV file. Raises InputError naming file, line, column, value and rule."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8 text ({error.reason}). Save it as CSV UTF-8.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = [(name or "").strip().lower() for name in reader.fieldnames or []]
    missing = [name for name in _REQUIRED if name not in names]
    if missing:
        raise InputError(f"{path.name}: the header lacks {', '.join(missing)}. The columns are {', '.join(COLUMNS)}.")
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        raise InputError(f"{path.name}: careshape has no column '{unknown[0]}'. The columns are {', '.join(COLUMNS)}.")
    reader.fieldnames = names
    found = []
    for raw in reader:
        cells = {name: (value or "").strip() for name, value in raw.items() if name in names}
        if not any(cells.values()):
            continue
        try:
            found.append(_entry(cells, authority))
        except (CallError, ValueError) as error:
            raise InputError(f"{path.name}, line {reader.line_num}: {error}") from error
    return found


def _entry(cells: dict[str, str], authority: str) -> Supply:
    for name in _REQUIRED:
        if not cells.get(name):
            raise CallError(f"column '{name}' is empty, and it is needed.")
    given: dict[str, Any] = {name: _value(name, text) for name, text in cells.items() if text}
    found = Supply(**given)
    if found.area != ALL:
        try:
            check_district(found.area, authority)
        except CallError as elsewhere:
            raise CallError(f"column 'area': {elsewhere}") from None
    if found.as_of > datetime.now(UTC).date():
        raise CallError(f"column 'as_of' has {found.as_of}, which is still to come. It is the day of the count.")
    return found


def _value(name: str, text: str) -> str | Decimal | date:
    if name in ("quantity", "void"):
        try:
            return Decimal(text.replace(",", ""))
        except InvalidOperation:
            raise CallError(f"column '{name}' has '{text}'. It must be a number.") from None
    if name in ("as_of", "opens", "closes"):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise CallError(f"column '{name}' has '{text}'. It must be a date such as 2021-03-31.") from None
    return text.lower() if name in ("kind", "certainty", "unit") else text


def _check(one: Supply) -> None:
    """Refuse an entry that cannot be right. Raises CallError naming column, value and rule."""
    lists = catalogue()
    lists.members("service", one.service)
    if one.client_group != ALL:
        lists.members("client_group", one.client_group)
    if one.area != ALL:
        lists.code("district", one.area)
    for name, allowed in (("kind", KINDS), ("unit", UNITS), ("certainty", CERTAINTIES)):
        if getattr(one, name) not in allowed:
            raise CallError(f"column '{name}' has '{getattr(one, name)}'. It must be one of {', '.join(allowed)}.")
    if one.quantity < 0:
        raise CallError(f"column 'quantity' has {one.quantity}. It cannot be below 0.")
    if one.void is not None and not 0 <= one.void <= one.quantity:
        raise CallError(f"column 'void' has {one.void}. It must lie between 0 and the quantity, {one.quantity}.")
    if one.opens and one.closes and one.closes <= one.opens:
        raise CallError(f"column 'closes' has {one.closes}. It must lie after the day of opening, {one.opens}.")
    if one.kind == "scheme" and one.opens is None:
        raise CallError("column 'opens' is empty. A scheme in development needs the day on which it is to open.")
