"""The lines of a package as the records hold them: they follow from what was told, and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from careshape.catalogue import catalogue
from careshape.paying.course import OPEN, Course, Stretch, courses
from careshape.paying.history import History
from careshape.paying.split import shared_out
from careshape.paying.terms import WHOLE, Terms
from careshape.paying.told import Death, Funding
from careshape.paying.words import hundredths
from careshape.rounding import round_to
from careshape.source.models import Handover, Line, Package
from careshape.source.packages.components import components
from careshape.source.packages.handover import soon

DAY: Final = timedelta(days=1)
OTHERS: Final = ("nhs", "person")
"""Who pays beside the council; what they pay of a line stands in the records by these names."""


@dataclass(frozen=True)
class Wanted:
    """A line that the records should hold: so much a week at a price, from a day to a day, both of them in it."""

    name: str
    component: str
    units: int
    price: int
    starts_on: date
    ends_on: date | None
    funding: Funding


def wanted(history: History, terms: Terms) -> list[Wanted]:
    """The lines that follow from what was told.

    A stretch that is paid is a line, at what is paid of its price: a bed that is kept is care that the council buys.
    Days for which nothing is paid are no line. By nights a stay ends on the day of leaving, which is its last.
    """
    found = []
    deaths = [one.on for one in history.known_on() if isinstance(one, Death)]
    for course in courses(history.known_on(), terms).values():
        found += list(_of(course, terms, min(deaths, default=OPEN)))
    return sorted(found, key=lambda one: (one.starts_on, one.name))


def _of(course: Course, terms: Terms, death: date) -> Iterator[Wanted]:
    runs: list[tuple[tuple[int, int, Funding], date, date]] = []
    for one in course.stretches(course.days):
        held = (one.units, _paid(one), one.funding)
        if not all(held[:2]):
            continue
        if runs and runs[-1][0] == held and runs[-1][2] + DAY == one.span.first:
            runs[-1] = (held, runs[-1][1], one.span.last)
        else:
            runs.append((held, one.span.first, one.span.last))
    for place, ((units, price, funding), first, last) in enumerate(runs):
        follows = place + 1 < len(runs) and runs[place + 1][1] == last + DAY
        out = last if follows or terms.day_count == "days" else last + DAY
        ends = None if last == OPEN else max(last, min(out, death))
        yield Wanted(course.line.line, course.line.component, units, price, first, ends, funding)


def _paid(one: Stretch) -> int:
    """Pence a unit that are paid on its days."""
    return int(round_to(Fraction(one.price * one.part, WHOLE), Fraction(1)))


def follow(package: Package, found: Iterable[Wanted]) -> list[Line]:
    """Let the lines of a package follow, and put those that changed into the box; in the caller's transaction.

    A line is the same where it begins on the same day for the same part; else what is left of a part is one whose
    beginning was corrected. One that is wanted no more is taken back.
    """
    rows = list(package.lines.order_by("number"))
    number = max((one.number for one in rows), default=0)
    changed, left = [], {(one.name, one.starts_on): one for one in rows}
    for one, row in _paired(list(found), left):
        said = {"units": one.units, "price": one.price, "ends_on": one.ends_on, "component": one.component}
        said |= {"starts_on": one.starts_on, "withdrawn": False, "nhs": one.funding.nhs, "own": one.funding.person}
        if row is None:
            number += 1
            row = Line(package=package, number=number, name=one.name)
        elif all(getattr(row, name) == value for name, value in said.items()):
            continue
        for name, value in said.items():
            setattr(row, name, value)
        changed.append(row)
    for row in left.values():
        if not row.withdrawn:
            row.withdrawn = True
            changed.append(row)
    for row in changed:
        row.save()
    if box := [row for row in sorted(changed, key=lambda one: one.number) if not (row.withdrawn and _never_sent(row))]:
        _hand_in(package, box)
    return changed


def _paired(
    found: list[Wanted], left: dict[tuple[str, date], Line]
) -> Iterator[tuple[Wanted, Line | None]]:  # fmt: skip
    """What is wanted with the line that it is, which is taken from those that are ``left``."""
    same = [(one, left.pop((one.name, one.starts_on), None)) for one in found]
    for one, row in same:
        moved = next((key for key, other in left.items() if key[0] == one.name and not other.withdrawn), None)
        yield one, left.pop(moved) if row is None and moved is not None else row


def _never_sent(line: Line) -> bool:
    """Whether nothing of a line ever went to the records; what waited, or was refused, then goes no more."""
    waits = line.handovers.filter(posting__isnull=True)
    if line.handovers.filter(posting__isnull=False).exists():
        return False
    waits.filter(batch__isnull=True).delete()
    waits.exclude(problem="").delete()
    return not waits.exists()


def standing(package: Package) -> list[Line]:
    """The lines of a package that were not taken back, in order."""
    return list(package.lines.filter(withdrawn=False).order_by("starts_on", "number"))


def weekly_cost(units: int, price: int) -> int:
    """Pence a week of so many hundredths of a unit at pence a unit, halves of a penny away from nought."""
    return int(round_to(Fraction(units * price, 100), Fraction(1)))


def weekly_parts(units: int, price: int, funding: Funding) -> dict[str, int]:
    """What each pays a week of so many hundredths of a unit at pence a unit: whole pence that come to the line's."""
    exact = {name: Fraction(units * price * part, 100 * WHOLE) for name, part in funding.parts().items()}
    return shared_out(weekly_cost(units, price), exact)


def _hand_in(package: Package, lines: Iterable[Line]) -> None:
    """Put lines, as they stand, into the box from which they go into the records, in the caller's transaction."""
    council = package.person.council
    Handover.objects.bulk_create(Handover(council=council, line=one, row=json.dumps(_rows(one))) for one in lines)
    soon(council)


def _rows(line: Line) -> list[dict[str, str]]:
    """A line as rows of the file of packages: itself, gross, and what others than the council pay of it.

    Whoever paid a part once keeps a row: where they pay no part of it any more, it says nothing a week.
    """
    funding = Funding(WHOLE - line.nhs - line.own, line.nhs, line.own)
    pence = weekly_parts(line.units, line.price, funding)
    paid = [name for name in OTHERS if pence[name] or name in line.paid_by.split()]
    if " ".join(paid) != line.paid_by:
        line.paid_by = " ".join(paid)
        line.save(update_fields=["paid_by"])
    whole = _row(line)
    return [whole] + [
        {
            **whole, "line_reference": f"{whole['line_reference']} paid by {name}", "paid_by": name, "unit": "",
            "units_per_week": "", "unit_price": "", "weekly_cost": hundredths(pence[name]),
        }
        for name in paid
    ]  # fmt: skip


def _row(line: Line) -> dict[str, str]:
    """A line as a row of the file of packages."""
    package = line.package
    person = package.person
    part = components().get(line.component)
    return {
        "line_reference": f"package {package.pk} line {line.number}",
        "person_id": person.reference,
        "birth_date": person.born_on.isoformat(),
        "gender": person.gender,
        "client_group": person.client_group,
        "primary_support_reason": person.support_reason,
        "service": package.service,
        "component": part.recorded_as(package.service) if part else "",
        "purchase_type": package.purchase_type,
        "delivery_mechanism": "commissioned",
        "booking_type": "planned",
        "provider_reference": package.organisation.reference or f"organisation {package.organisation_id}",
        "provider_name": package.organisation.name,
        "district": package.district,
        "start_date": line.starts_on.isoformat(),
        "end_date": line.ends_on.isoformat() if line.ends_on else "",
        "unit": part.unit_of(package.service) if part else catalogue().lists["service"].by_id[package.service].unit,
        "units_per_week": hundredths(line.units),
        "unit_price": hundredths(line.price),
        "weekly_cost": hundredths(weekly_cost(line.units, line.price)),
        "withdrawn": "yes" if line.withdrawn else "",
    }
