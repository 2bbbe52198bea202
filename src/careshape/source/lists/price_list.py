"""Keep the price list of a list: read rows from a form or a file, check them together, and put them in force.

A price is from a day to a day. A new one ends the one before it; two never hold together for one service, zone and
tier, and no day between two is left without. What cannot be kept is refused whole, with a sentence for each fault.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, Final

from django.utils import timezone

from careshape.audit.change import change
from careshape.catalogue import NOT_APPLICABLE, UNKNOWN, catalogue
from careshape.errors import CallError, CareshapeError
from careshape.ledger.posting import uk_day
from careshape.policy import Principal
from careshape.source.models import Price, Vehicle

ACT: Final = "source.vehicles"
COLUMNS: Final = ("service", "zone", "tier", "price", "unit", "first_day", "last_day", "source")
NEEDED: Final = ("service", "price", "unit", "first_day")
MOST: Final = 2_000
"""Rows of a file at most."""
LONGEST: Final = 10_000
"""Characters of a line at most."""
ONE_DAY: Final = timedelta(days=1)
_TIER: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: its line in the file (0 for the whole), and what to do."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}" if self.line else self.message


class PricesRefusedError(CallError):
    """Prices that cannot be kept, with each fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(str(one) for one in self.faults))


@dataclass(frozen=True)
class PriceRow:
    """A price as it is to be kept: pence for one of its unit, which is empty where it is the service's usual one."""

    service: str
    zone: str
    tier: str
    unit: str
    pence: int
    begins_on: date
    ends_on: date | None = None
    source: str = ""
    line: int = 0

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is a price of."""
        return self.service, self.zone, self.tier, self.unit


def read_prices(vehicle: Vehicle, text: str) -> list[PriceRow]:
    """The rows of a CSV file. Raises PricesRefusedError with a sentence for each row that cannot be read."""
    if "\0" in text or any(len(line) > LONGEST for line in text.splitlines()):
        raise PricesRefusedError([Fault(0, "This is no CSV file: it holds what is no text, or a line without an end.")])
    lines = csv.DictReader(io.StringIO(text.lstrip("\ufeff").strip()))
    heads = [(one or "").strip().lower() for one in lines.fieldnames or ()]
    if missing := [one for one in NEEDED if one not in heads]:
        raise PricesRefusedError([Fault(1, f"There is no column '{missing[0]}'. Columns are {', '.join(COLUMNS)}.")])
    lines.fieldnames = heads
    found: list[PriceRow] = []
    faults: list[Fault] = []
    for number, row in enumerate(lines, 2):
        if number > MOST:
            raise PricesRefusedError([Fault(0, f"The file has more than {MOST:,} rows. Bring it in parts.")])
        try:
            found.append(row_of(vehicle, {name: str(row.get(name) or "").strip() for name in COLUMNS}, number))
        except CareshapeError as error:
            faults.append(Fault(number, str(error)))
    if faults:
        raise PricesRefusedError(faults)
    if not found:
        raise PricesRefusedError([Fault(0, "There is no row below the headings.")])
    return found


def row_of(vehicle: Vehicle, given: dict[str, str], line: int = 0) -> PriceRow:
    """One row as it was written. Raises CallError for what it cannot mean, with what to write instead."""
    services = catalogue().lists["service"]
    service = services.find(given["service"]) or services.entry(given["service"])
    unit = unit_of(service.id, given["unit"])
    begins, ends = _day(given["first_day"], "first_day"), None
    if given["last_day"]:
        ends = _day(given["last_day"], "last_day")
        if ends < begins:
            raise CallError(f"The last day, {ends:%d/%m/%Y}, comes before the first, {begins:%d/%m/%Y}.")
    tier = given["tier"].lower().replace(" ", "-")
    if tier and not _TIER.fullmatch(tier):
        raise CallError(f"'{given['tier']}' is no name of a tier: write letters and digits, as in tier-1.")
    zone = zone_of(vehicle, given["zone"])
    return PriceRow(service.id, zone, tier, unit, pence_of(given["price"]), begins, ends, given["source"][:200], line)


def units_of(service: str) -> tuple[str, ...]:
    """The units in which prices of a service are stated, the usual one first: support in a tenancy by the hour too."""
    entry = catalogue().lists["service"].by_id[service]
    return (entry.unit, "hour") if entry.unit == "week" and not entry.counts_nights else (entry.unit,)


def unit_of(service: str, said: str) -> str:
    """A unit as it is kept: empty for the usual one. Raises CallError for one in which the service has no price."""
    known, entry = units_of(service), catalogue().lists["service"].by_id[service]
    words = said.lower().removeprefix("gbp-").removeprefix("per").strip(" -").removeprefix("an ").removeprefix("a ")
    unit = words.removesuffix("s")
    if unit not in known:
        raise CallError(
            f"{entry.label} is bought by the {' or the '.join(known)}, and this price is for '{said or 'no unit'}'. "
            f"Work it out for one {known[0]}."
        )
    return "" if unit == known[0] else unit


def zone_of(vehicle: Vehicle, said: str) -> str:
    """A zone by its id or label. Raises CallError for one that is not of the places by which the list is priced."""
    if not vehicle.priced_by:
        if said.lower() in ("", "all", "everywhere"):
            return ""
        raise CallError(f"{vehicle.title} has one price everywhere: leave the zone '{said}' out.")
    if said.lower() in ("", "all", "everywhere"):
        return ""
    places = catalogue().lists[vehicle.priced_by]
    return str((places.find(said) or places.entry(said)).id)


def keep_prices(principal: Principal, vehicle: Vehicle, rows: Iterable[PriceRow]) -> list[Price]:
    """Put prices in force, all of them or none.

    A price that has no end yet ends on the day before the new one of its service, zone and tier begins.

    Raises PricesRefusedError where two would hold on one day, and where a day between two would have none.
    """
    given = sorted(rows, key=lambda one: (one.key, one.begins_on))
    with change(principal, ACT, lock=[vehicle]) as told:
        held: dict[tuple[str, str, str, str], list[Price]] = {}
        for one in vehicle.prices.filter(member__isnull=True).order_by("begins_on"):
            held.setdefault((one.service, one.zone, one.tier, one.unit), []).append(one)
        faults = [fault for key in {one.key for one in given} for fault in _faults(
            vehicle, [one for one in given if one.key == key], held.get(key, [])
        )]  # fmt: skip
        if faults:
            raise PricesRefusedError(sorted(faults, key=lambda one: one.line))
        made = [_keep(vehicle, one, held.setdefault(one.key, [])) for one in given]
        told(vehicle, prices=len(made), first=min(one.begins_on for one in given))
    return made


def take_out(principal: Principal, price: Price) -> None:
    """Take out a price that has not begun; the one before it then goes on. Raises CallError where it has begun."""
    with change(principal, ACT, lock=[price.vehicle]) as told:
        if price.begins_on <= uk_day(timezone.now()):
            raise CallError(
                "It has begun: offers and awards were made at it. Put another in its place from a day to come."
            )
        same = price.vehicle.prices.filter(
            member=price.member, service=price.service, zone=price.zone, tier=price.tier, unit=price.unit
        ).exclude(pk=price.pk)
        if same.filter(begins_on__gt=price.begins_on).exists():
            raise CallError("Another price follows it. Take that one out first.")
        told(price.vehicle, taken_out=price.pk)
        price.delete()
        same.filter(ends_on=price.begins_on - ONE_DAY).update(ends_on=None)


def without_price(vehicle: Vehicle, on: date) -> list[str]:
    """Labels of the zones of the council for which a price list that has prices by zone has none on a day."""
    prices = [one for one in vehicle.prices.filter(member__isnull=True) if _holds(one, on)]
    if not vehicle.priced_by or not prices or any(not one.zone for one in prices):
        return []
    have = {one.zone for one in prices}
    return [one.label for one in zones_of(vehicle) if one.id not in have]


def zones_of(vehicle: Vehicle) -> list[Any]:
    """The places of the council by which a list is priced."""
    if not vehicle.priced_by:
        return []
    entries = catalogue().lists[vehicle.priced_by].entries
    return [
        one for one in entries
        if one.id not in (UNKNOWN, NOT_APPLICABLE) and getattr(one, "authority", None) in (None, "", vehicle.council)
    ]  # fmt: skip


def _faults(vehicle: Vehicle, given: list[PriceRow], held: list[Price]) -> list[Fault]:
    """What is wrong with the prices of one service, zone and tier, in the order of their days."""
    what, first = named(vehicle, *given[0].key), given[0].begins_on
    last = held[-1] if held else None
    if last is not None and last.begins_on >= first:
        said = f"{what}: a price begins on {last.begins_on:%d/%m/%Y} already. The new one begins after it."
        return [Fault(given[0].line, said)]
    found = [_beside(what, last.ends_on, given[0], closed=True)] if last is not None else []
    found += [_beside(what, before.ends_on, one, closed=False) for before, one in pairwise(given)]
    return [one for one in found if one is not None]


def _beside(what: str, ended: date | None, one: PriceRow, *, closed: bool) -> Fault | None:
    """What is wrong between a price and the one before it, which ended on a day.

    closed: whether one without an end is ended by the new one: so it is with those that are in force already.
    """
    begins = one.begins_on
    if ended is None and closed:
        return None
    if ended is None or ended >= begins:
        until = f"to {ended:%d/%m/%Y}" if ended is not None else "on: the one before has no last day"
        return Fault(one.line, f"{what}: two prices overlap from {begins:%d/%m/%Y} {until}.")
    if ended + ONE_DAY < begins:
        gap = f"from {ended + ONE_DAY:%d/%m/%Y} to {begins - ONE_DAY:%d/%m/%Y}"
        return Fault(one.line, f"{what}: there would be no price {gap}. Close the gap.")
    return None


def named(vehicle: Vehicle, service: str, zone: str, tier: str, unit: str) -> str:
    """What a price is of, in words."""
    where = catalogue().label(vehicle.priced_by, zone) if zone and vehicle.priced_by else "everywhere"
    return ", ".join(part for part in (catalogue().label("service", service), where, tier, unit) if part)


def _keep(vehicle: Vehicle, row: PriceRow, held: list[Price]) -> Price:
    if held and held[-1].ends_on is None:
        held[-1].ends_on = row.begins_on - ONE_DAY
        held[-1].save(update_fields=["ends_on"])
    made = Price.objects.create(
        vehicle=vehicle, service=row.service, zone=row.zone, tier=row.tier, unit=row.unit, pence=row.pence,
        begins_on=row.begins_on, ends_on=row.ends_on, source=row.source,
    )  # fmt: skip
    held.append(made)
    return made


def _holds(one: Price, on: date) -> bool:
    return one.begins_on <= on and (one.ends_on is None or one.ends_on >= on)


def _day(said: str, name: str) -> date:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(said, form).replace(tzinfo=timezone.get_current_timezone()).date()
        except ValueError:
            continue
    raise CallError(f"The {name.replace('_', ' ')} '{said}' is no day. Write it as 27/03/2027.")


def pence_of(said: str) -> int:
    """Pence of a price in pounds as it was written. Raises CallError for what is none."""
    try:
        pence = Decimal(said.replace("£", "").replace(",", "")) * 100
    except InvalidOperation:
        raise CallError(f"The price '{said}' is no number. Write pounds, as in 16.24.") from None
    if not pence.is_finite() or pence <= 0 or pence > 10**9:
        raise CallError(f"The price '{said}' is not above nought, or larger than any price can be.")
    if pence != pence.to_integral_value():
        raise CallError(f"The price '{said}' has parts of a penny. Write pounds with two decimals, as in 16.24.")
    return int(pence)
