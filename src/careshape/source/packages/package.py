"""A package of care: begun by an award, and the acts upon it. Each is something told, from which all else follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.utils import timezone

from careshape.audit.change import Told, change
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.paying.words import hundredths
from careshape.people.models import Person
from careshape.policy import Principal
from careshape.source.lists.kinds import kinds
from careshape.source.models import Award, Line, Package, Telling, Vehicle
from careshape.source.packages.components import CORE, components
from careshape.source.packages.lines import standing, weekly_cost
from careshape.source.packages.tellings import ACT, in_force, tell_of, tell_within, told_of
from careshape.source.requests.request import AHEAD, check_units

__all__ = ["ACT", "begin", "change_of", "death_of", "end", "running", "standing", "weekly_cost"]
BY_HOUR: Final = "hour"


def begin(award: Award, told: Told, *, price: int | None = None) -> Package:
    """The package of an award, with its first line, in the award's own transaction.

    price: pence a unit, where it is not that of the offer.
    """
    request, offer = award.request, award.offer
    assert offer.price is not None  # the database holds that a yes has a price and a day
    assert offer.can_start_on is not None
    package = Package.objects.create(
        award=award, person=request.person, organisation=offer.organisation, service=request.service,
        district=request.district, purchase_type=kinds()[offer.member.vehicle.kind].purchased_as,
        contract=contract_for(offer.member.vehicle, request.service),
    )  # fmt: skip
    starts = max(request.starts_on, offer.can_start_on)
    if request.ends_on is not None and request.ends_on < starts:
        raise CallError("The provider could begin only after the last day of what was asked for.")
    tell_within(told, package, "line", {
        "line": CORE, "component": CORE, "from": starts.isoformat(),
        "to": request.ends_on.isoformat() if request.ends_on else None,
        "units_per_week": hundredths(offer.units or request.units), "price": hundredths(price or offer.price),
    })  # fmt: skip
    told(package, award=award.pk)
    return package


def contract_for(vehicle: Vehicle, service: str) -> str:
    """The contract of a list, or the one that is usual for how the service is bought."""
    stated = getattr(vehicle, "contract", "")
    return str(stated) or ("home-care" if components()[CORE].unit_of(service) == BY_HOUR else "care-home")


def change_of(principal: Principal, package: Package, on: date, *, units: int = 0, price: int = 0) -> Telling:
    """Change how much a week of the core, or its price, from a day; an end that is set stays.

    units: hundredths a week; price: pence a unit; 0 keeps what is.

    Raises CallError where it does not run on that day, for one more than a year ahead, and where nothing would change.
    """
    check_units(package.service, units or 1)
    if on > uk_day(timezone.now()) + AHEAD:
        raise CallError(f"{on:%d/%m/%Y} is more than a year ahead. Look at the year.")
    return tell_of(principal, package, "change", {
        "line": CORE, "from": on.isoformat(), "units_per_week": hundredths(units) if units else None,
        "price": hundredths(price) if price else None,
    })  # fmt: skip


def end(principal: Principal, package: Package, on: date, because: str, *, act: str = ACT) -> Telling:
    """End a package with a day, which is its last; or move an end that was told. What would begin later is taken back.

    Raises CallError without a reason, and for a day before the package began.
    """
    because = because.strip()
    if not because:
        raise CallError("Say why it ends.")
    with change(principal, act, lock=[package]) as told:
        return end_within(told, package, on, because)


def end_within(told: Told, package: Package, on: date, because: str) -> Telling:
    """As ``end``, within a change of the caller that has locked the package."""
    before = next((one for one in in_force(told_of(package)) if one.kind == "ending"), None)
    replaces = before.number if before else None
    return tell_within(told, package, "ending", {"on": on.isoformat()}, why=because, replaces=replaces)


def death_of(principal: Principal, person: Person, on: date) -> list[Telling]:
    """Tell of every package of a person that runs on or after a day that the person died on it, all or none.

    Raises CallError for a day to come, and where no package of the person runs any more.
    """
    if on > uk_day(timezone.now()):
        raise CallError(f"{on:%d/%m/%Y} is to come. Look at the day.")
    mine = [one for one in Package.objects.filter(person=person).order_by("pk") if ends_later(one, on)]
    if not mine:
        raise CallError("No care of this person runs on that day or later.")
    with change(principal, ACT, lock=[person, *mine]) as told:
        return [tell_within(told, one, "death", {"on": on.isoformat()}) for one in mine]


def ends_later(package: Package, on: date) -> bool:
    """Whether some line of a package goes on to a day or beyond."""
    return any(one.ends_on is None or one.ends_on >= on for one in standing(package))


def running(organisations: Iterable[int], on: date) -> list[Mapping[str, Any]]:
    """What providers give on a day: a row for each line, with package, person, service, place, units and price.

    units: hundredths a week. price: pence a unit.
    """
    found = Line.objects.filter(
        package__organisation__in=list(organisations), withdrawn=False, starts_on__lte=on
    ).exclude(ends_on__lt=on).select_related("package__person", "package__organisation")  # fmt: skip
    return [
        {
            "package": one.package, "person": one.package.person, "organisation": one.package.organisation,
            "service": one.package.service, "district": one.package.district, "component": one.component,
            "units": one.units, "price": one.price, "starts_on": one.starts_on, "ends_on": one.ends_on,
        }
        for one in found.order_by("package", "number")
    ]  # fmt: skip
