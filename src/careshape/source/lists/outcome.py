"""The outcome of a tender as rows: for each place on a ranked list who is asked first, who are backups, who was not
successful. Read from a file or from a form, and checked as a whole.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from careshape.accounts.models import Organisation
from careshape.catalogue import catalogue
from careshape.errors import CallError, CareshapeError
from careshape.source.lists.price_list import LONGEST, MOST, Fault, pence_of
from careshape.source.models import Lot, Vehicle

COLUMNS: Final = ("lot", "provider", "place", "price", "reason")
NUMBER: Final = "id"
"""A column besides, where it is there: the number of a provider in the register, which no other has, ever."""
NEEDED: Final = ("lot", "provider", "place")
NOT_SUCCESSFUL: Final = ("", "no", "not successful", "lost")
PRIMARY: Final = ("primary", "first")


@dataclass(frozen=True)
class Placed:
    """How a provider did in a lot.

    Attributes:
        lot: None for who was successful in no lot.
        place: 1 is the primary provider, 2 the first backup; None where it was not successful.
        price: pence for one of the service's unit; None where the price list of the list says it.
        reason: why it was not successful; the provider reads it.
        line: of the file; 0 for none.
    """

    organisation: Organisation
    lot: Lot | None = None
    place: int | None = None
    price: int | None = None
    reason: str = ""
    line: int = 0


class OutcomeRefusedError(CallError):
    """An outcome that cannot be, with each fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(str(one) for one in self.faults))


def read_outcome(vehicle: Vehicle, organisations: Iterable[Organisation], text: str) -> list[Placed]:
    """The rows of a CSV file. Raises OutcomeRefusedError with a sentence for each row that cannot be read."""
    if "\0" in text or any(len(line) > LONGEST for line in text.splitlines()):
        raise OutcomeRefusedError(
            [Fault(0, "This is no CSV file: it holds what is no text, or a line without an end.")]
        )
    lines = csv.DictReader(io.StringIO(text.lstrip("\ufeff").strip()))
    heads = [(one or "").strip().lower() for one in lines.fieldnames or ()]
    if missing := [one for one in NEEDED if one not in heads]:
        raise OutcomeRefusedError([Fault(1, f"There is no column '{missing[0]}'. Columns are {', '.join(COLUMNS)}.")])
    lines.fieldnames = heads
    lots, known = _lots(vehicle), _Providers(organisations)
    found: list[Placed] = []
    faults: list[Fault] = []
    for number, row in enumerate(lines, 2):
        if number > MOST:
            raise OutcomeRefusedError([Fault(0, f"The file has more than {MOST:,} rows.")])
        try:
            given = {name: str(row.get(name) or "").strip() for name in (*COLUMNS, NUMBER)}
            found.append(replace(_row(given, lots, known), line=number))
        except CareshapeError as error:
            faults.append(Fault(number, str(error)))
    if faults:
        raise OutcomeRefusedError(faults)
    check(vehicle, found)
    return found


def check(vehicle: Vehicle, rows: Sequence[Placed]) -> None:
    """Raises OutcomeRefusedError for places that cannot stand together, with a sentence for each."""
    faults = []
    if not any(one.place for one in rows):
        faults.append(Fault(0, "Name who was successful: a tender that nobody won has not been decided."))
    priced = set(vehicle.prices.filter(member__isnull=True).values_list("service", flat=True))
    by_lot: dict[Lot, list[Placed]] = defaultdict(list)
    for one in rows:
        if one.lot is not None:
            by_lot[one.lot].append(one)
        if one.place and one.lot and one.price is None and one.lot.service not in priced:
            faults.append(Fault(one.line, f"{one.organisation.name} has no price, and the list has no price list."))
    for lot, of_it in by_lot.items():
        faults += _faults(lot, of_it)
    for one in rows:
        if one.lot is None and any(other.place for other in rows if other.organisation == one.organisation):
            faults.append(Fault(one.line, f"{one.organisation.name} is named as successful and as not successful."))
    if faults:
        raise OutcomeRefusedError(sorted(faults, key=lambda one: one.line))


def as_rows(rows: Iterable[Placed]) -> str:
    """An outcome as CSV, by which it is read again."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow((*COLUMNS, NUMBER))
    for one in rows:
        price = "" if one.price is None else f"{one.price / 100:.2f}"
        lot = "" if one.lot is None else str(one.lot.number)
        writer.writerow([lot, one.organisation.name, one.place or "no", price, one.reason, one.organisation.pk])
    return made.getvalue()


def as_read(text: str) -> list[dict[str, str]]:
    """The rows of an outcome as ``as_rows`` wrote them, by their columns."""
    return list(csv.DictReader(io.StringIO(text)))


def _faults(lot: Lot, rows: Sequence[Placed]) -> list[Fault]:
    seen: set[int] = set()
    faults = []
    for one in rows:
        if one.organisation.pk in seen:
            faults.append(Fault(one.line, f"{one.organisation.name} stands twice for {lot.title}."))
        seen.add(one.organisation.pk)
    places = sorted(one.place for one in rows if one.place)
    if places != list(range(1, len(places) + 1)):
        said = ", ".join(str(one) for one in places)
        faults.append(
            Fault(rows[0].line, f"{lot.title} has the places {said}. They go from 1 without a gap, each once.")
        )
    return faults


def _row(given: Mapping[str, str], lots: Mapping[str, Lot], known: _Providers) -> Placed:
    place = place_named(given["place"])
    lot = lots.get(given["lot"].lower())
    if lot is None and (given["lot"] or place):
        raise CallError(f"The list has no lot '{given['lot']}'. Write its number, its name, or its zone.")
    organisation = known.named(given["provider"], given[NUMBER])
    price = pence_of(given["price"]) if given["price"] else None
    return Placed(organisation, lot, place, price, given["reason"][:500])


def place_named(said: str) -> int | None:
    """A place as it was written: 1, primary, backup 2; None for who was not successful. Raises CallError for others."""
    words = said.lower().strip()
    if words in NOT_SUCCESSFUL:
        return None
    if words in PRIMARY:
        return 1
    number = words.removeprefix("backup").strip()
    if not (number.isascii() and number.isdigit() and 0 < int(number) < 1000):
        raise CallError(f"The place '{said}' is none. Write 1 or primary, 2 or backup 1, or leave it empty.")
    return int(number) + words.startswith("backup")


def _lots(vehicle: Vehicle) -> dict[str, Lot]:
    """The lots of a list by number, by title, and by zone where one alone has it."""
    found: dict[str, Lot] = {}
    by_zone: dict[str, list[Lot]] = defaultdict(list)
    for one in vehicle.lots.order_by("number"):
        found |= {str(one.number): one, one.title.lower(): one}
        if one.zone:
            by_zone[one.zone].append(one)
    for zone, lots in by_zone.items():
        if len(lots) == 1:
            label = catalogue().label("zone", zone).lower()
            found |= {name: lots[0] for name in (zone, label, label.removesuffix(" zone")) if name not in found}
    return found


class _Providers:
    """The organisations that a file may name: by number, by reference, and by a name that one alone has."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._by_number: dict[str, Organisation] = {}
        self._by_name: dict[str, list[Organisation]] = defaultdict(list)
        self._by_reference: dict[str, Organisation] = {}
        for one in organisations:
            self._by_number[str(one.pk)] = one
            self._by_name[one.name.lower()].append(one)
            if one.reference:
                self._by_reference[one.reference.lower()] = one

    def named(self, said: str, number: str) -> Organisation:
        """The one that is meant. Raises CallError where there is none, and where it may be one of several."""
        if number:
            if number not in self._by_number:
                raise CallError(f"The register has no provider with the {NUMBER} '{number}'.")
            return self._by_number[number]
        if found := self._by_reference.get(said.lower()):
            return found
        called = self._by_name.get(said.lower(), [])
        if len(called) > 1:
            each = " or ".join(f"{one.pk}{f' (reference {one.reference})' if one.reference else ''}" for one in called)
            raise CallError(
                f"{len(called)} providers are called '{said}'. Add a column '{NUMBER}', and say which is meant: {each}."
            )
        if not called:
            raise CallError(f"The register has no provider '{said}'. Write its name or reference as there.")
        return called[0]
