"""A package of care: begun by an award, changed, and ended; every change is a line and a row for the records."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from careshape.audit.change import Told, change
from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.evaluate.numbers import rounded
from careshape.policy import Principal
from careshape.source.handover import soon
from careshape.source.models import Award, Handover, Line, Package

ACT: Final = "source.package"
PURCHASED: Final = {
    "dynamic-purchasing-system": "dynamic-purchasing-system",
    "dynamic-market": "dynamic-purchasing-system",
    "open-framework": "framework",
    "closed-framework": "framework",
    "accredited-list": "accredited-list",
    "spot": "spot",
}
"""Kind of list -> the way of buying by which the records know it."""


def begin(award: Award, told: Told) -> Package:
    """The package of an award, with its first line, in the award's own transaction."""
    request, offer = award.request, award.offer
    assert offer.price is not None  # the database holds that a yes has a price and a day
    assert offer.can_start_on is not None
    package = Package.objects.create(
        award=award, person=request.person, organisation=offer.organisation, service=request.service,
        district=request.district, purchase_type=PURCHASED[offer.member.vehicle.kind],
    )  # fmt: skip
    starts = max(request.starts_on, offer.can_start_on)
    line = Line.objects.create(package=package, number=1, units=request.units, price=offer.price, starts_on=starts)
    _hand_in(line)
    told(package, award=award.pk)
    return package


def change_of(principal: Principal, package: Package, on: date, *, units: int = 0, price: int = 0) -> Line:
    """Change how much a week, or the price, from a day: the line that runs ends the day before.

    units: hundredths a week; price: pence a unit; 0 keeps what is.

    Raises CallError where the package has ended by then, for a day on or before the first of the line that runs, and
    where nothing would change.
    """
    with change(principal, ACT, lock=[package]) as told:
        last = _running(package)
        if on <= last.starts_on:
            raise CallError(f"What runs now began on {last.starts_on:%d/%m/%Y}. Choose a later day.")
        if (units or last.units, price or last.price) == (last.units, last.price):
            raise CallError("This is what runs now: there is nothing to change.")
        last.ends_on = on - timedelta(days=1)
        last.save(update_fields=["ends_on"])
        line = Line.objects.create(
            package=package, number=last.number + 1, units=units or last.units, price=price or last.price, starts_on=on
        )
        _hand_in(last)
        _hand_in(line)
        told(package, line=line.number)
    return line


def end(principal: Principal, package: Package, on: date, because: str) -> None:
    """End a package with a day, which is its last.

    Raises CallError without a reason, where it has ended, and for a day before the line that runs.
    """
    because = because.strip()
    if not because:
        raise CallError("Say why it ends.")
    with change(principal, ACT, lock=[package]) as told:
        last = _running(package)
        if on < last.starts_on:
            raise CallError(f"What runs now began on {last.starts_on:%d/%m/%Y}. It cannot have ended before.")
        last.ends_on = on
        last.save(update_fields=["ends_on"])
        package.ended_because = because
        package.save(update_fields=["ended_because"])
        _hand_in(last)
        told(package, ended=True)


def weekly_cost(units: int, price: int) -> int:
    """Pence a week of so many hundredths of a unit at pence a unit, halves of a penny away from nought."""
    return int(rounded(Fraction(units * price, 100), 0))


def _running(package: Package) -> Line:
    package.refresh_from_db()
    last: Line | None = package.lines.order_by("number").last()
    if last is None or last.ends_on is not None:
        raise CallError("This package has ended: it cannot be changed any more.")
    return last


def _hand_in(line: Line) -> None:
    """Put a line, as it stands, into the box from which it goes into the records, in the caller's transaction."""
    package = line.package
    person, entry = package.person, catalogue().lists["service"].by_id[package.service]
    row = {
        "line_reference": f"package {package.pk} line {line.number}",
        "person_id": person.reference,
        "birth_date": person.born_on.isoformat(),
        "gender": person.gender,
        "client_group": person.client_group,
        "primary_support_reason": person.support_reason,
        "service": package.service,
        "purchase_type": package.purchase_type,
        "delivery_mechanism": "commissioned",
        "booking_type": "planned",
        "provider_reference": package.organisation.reference or f"organisation {package.organisation_id}",
        "provider_name": package.organisation.name,
        "district": package.district,
        "start_date": line.starts_on.isoformat(),
        "end_date": line.ends_on.isoformat() if line.ends_on else "",
        "unit": entry.unit,
        "units_per_week": f"{line.units / 100:.2f}",
        "unit_price": _pounds(line.price),
        "weekly_cost": _pounds(weekly_cost(line.units, line.price)),
    }
    Handover.objects.create(council=person.council, line=line, row=json.dumps(row))
    soon(person.council)


def _pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02}"
