"""A package of care: begun by an award, changed, and ended; every change is a line and a row for the records."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from django.utils import timezone

from careshape.audit.change import Told, change
from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.evaluate.numbers import rounded
from careshape.ledger.posting import uk_day
from careshape.paying.words import hundredths
from careshape.policy import Principal
from careshape.source.handover import soon
from careshape.source.kinds import kinds
from careshape.source.models import Award, Handover, Line, Package
from careshape.source.request import AHEAD, check_units

ACT: Final = "source.package"
END_AHEAD: Final = timedelta(days=3653)
"""How far ahead an end can be set: beyond it the year is a slip."""


def begin(award: Award, told: Told) -> Package:
    """The package of an award, with its first line, in the award's own transaction."""
    request, offer = award.request, award.offer
    assert offer.price is not None  # the database holds that a yes has a price and a day
    assert offer.can_start_on is not None
    package = Package.objects.create(
        award=award, person=request.person, organisation=offer.organisation, service=request.service,
        district=request.district, purchase_type=kinds()[offer.member.vehicle.kind].purchased_as,
    )  # fmt: skip
    starts = max(request.starts_on, offer.can_start_on)
    if request.ends_on is not None and request.ends_on < starts:
        raise CallError("The provider could begin only after the last day of what was asked for.")
    line = Line.objects.create(
        package=package, number=1, units=request.units, price=offer.price, starts_on=starts, ends_on=request.ends_on
    )
    _hand_in(line)
    told(package, award=award.pk)
    return package


def change_of(principal: Principal, package: Package, on: date, *, units: int = 0, price: int = 0) -> Line:
    """Change how much a week, or the price, from a day: the line that runs ends the day before, and an end that is set
    stays.

    units: hundredths a week; price: pence a unit; 0 keeps what is.

    Raises CallError where the package has ended by then, for a day on or before the first of the line that runs or
    more than a year ahead, and where nothing would change.
    """
    with change(principal, ACT, lock=[package]) as told:
        last = standing(package)[-1]
        if last.ends_on is not None and last.ends_on < on:
            raise CallError(f"The package ends on {last.ends_on:%d/%m/%Y}: from this day there is nothing to change.")
        if on <= last.starts_on:
            raise CallError(f"What runs now began on {last.starts_on:%d/%m/%Y}. Choose a later day.")
        if on > uk_day(timezone.now()) + AHEAD:
            raise CallError(f"{on:%d/%m/%Y} is more than a year ahead. Look at the year.")
        check_units(package.service, units or last.units)
        if (units or last.units, price or last.price) == (last.units, last.price):
            raise CallError("This is what runs now: there is nothing to change.")
        ends, last.ends_on = last.ends_on, on - timedelta(days=1)
        last.save(update_fields=["ends_on"])
        line = Line.objects.create(
            package=package, number=last.number + 1, units=units or last.units, price=price or last.price,
            starts_on=on, ends_on=ends,
        )  # fmt: skip
        _hand_in(last, line)
        told(package, line=line.number)
    return line


def end(principal: Principal, package: Package, on: date, because: str) -> None:
    """End a package with a day, which is its last; or move an end that was set. What would begin later is taken back.

    Raises CallError without a reason, for a day before the package began, and for one that is years ahead.
    """
    because = because.strip()
    if not because:
        raise CallError("Say why it ends.")
    if on > uk_day(timezone.now()) + END_AHEAD:
        raise CallError(f"{on:%d/%m/%Y} is years ahead. Look at the year.")
    with change(principal, ACT, lock=[package]) as told:
        package.refresh_from_db()
        lines = standing(package)
        if on < lines[0].starts_on:
            raise CallError(f"It began on {lines[0].starts_on:%d/%m/%Y}. It cannot have ended before.")
        later = [one for one in lines if one.starts_on > on]
        last = lines[len(lines) - len(later) - 1]
        last.ends_on = on
        last.save(update_fields=["ends_on"])
        for one in later:
            one.withdrawn = True
            one.save(update_fields=["withdrawn"])
        _hand_in(last, *later)
        package.ended_because = because
        package.save(update_fields=["ended_because"])
        told(package, ended=True, taken_back=len(later))


def standing(package: Package) -> list[Line]:
    """The lines of a package that were not taken back, in order."""
    return list(package.lines.filter(withdrawn=False).order_by("number"))


def weekly_cost(units: int, price: int) -> int:
    """Pence a week of so many hundredths of a unit at pence a unit, halves of a penny away from nought."""
    return int(rounded(Fraction(units * price, 100), 0))


def _hand_in(*lines: Line) -> None:
    """Put lines of a package, as they stand, into the box from which they go into the records, in the caller's
    transaction.
    """
    council = lines[0].package.person.council
    Handover.objects.bulk_create(Handover(council=council, line=one, row=json.dumps(_row(one))) for one in lines)
    soon(council)


def _row(line: Line) -> dict[str, str]:
    """A line as a row of the file of packages."""
    package = line.package
    person, entry = package.person, catalogue().lists["service"].by_id[package.service]
    return {
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
        "units_per_week": hundredths(line.units),
        "unit_price": hundredths(line.price),
        "weekly_cost": hundredths(weekly_cost(line.units, line.price)),
        "withdrawn": "yes" if line.withdrawn else "",
    }
