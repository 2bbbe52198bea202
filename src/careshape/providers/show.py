"""What a provider shows: recorded by the provider or for it, looked at by the council, and taken back where wrong."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from careshape.accounts.models import Organisation
from careshape.audit.change import change
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.policy import Principal
from careshape.providers.evidence import kinds_of
from careshape.providers.models import Evidence, Location

SHOW: Final = "providers.show"
CHECK: Final = "providers.check"
LONGEST: Final = timedelta(days=3653)
AHEAD: Final = timedelta(days=365)


@dataclass(frozen=True)
class Shown:
    """Something that a provider shows.

    Attributes:
        kind: an entry of the council's kinds of evidence.
        last_on: the last day for which it speaks; None: what its kind says, counted from its first day.
        location: of which it speaks, where its kind is of locations.
    """

    kind: str
    begins_on: date
    last_on: date | None = None
    reference: str = ""
    issuer: str = ""
    location: Location | None = None


def show(principal: Principal, organisation: Organisation, given: Shown) -> Evidence:
    """Record what a provider shows. What the council records counts at once; what the provider does waits until
    somebody of the council looked at it.

    Raises CallError for a kind that is not asked for, a location that is missing or another's, and days that cannot be.
    """
    known = kinds_of(organisation.council.slug)
    if given.kind not in known:
        raise CallError(f"'{given.kind}' is not asked of providers. Choose from {', '.join(known)}.")
    kind = known[given.kind]
    location = _location(organisation, given, of_location=kind.of == "location")
    last = given.last_on or (_after(given.begins_on, kind.months) if kind.months else None)
    _check_days(given.begins_on, last)
    with change(principal, SHOW, lock=[organisation]) as told:
        row = Evidence.objects.create(
            organisation=organisation, location=location, kind=given.kind, reference=given.reference.strip(),
            issuer=given.issuer.strip(), begins_on=given.begins_on, last_on=last, by_id=principal.account,
        )  # fmt: skip
        if principal.organisation is None:
            _looked_at(row, principal)
        told(row, kind=given.kind, organisation=organisation.pk, counts=row.checked_at is not None)
    return row


def check(principal: Principal, row: Evidence) -> None:
    """Say that the council looked at what a provider recorded: from then it counts.

    Raises CallError where somebody did already, or it was taken back.
    """
    with change(principal, CHECK, lock=[row]) as told:
        row.refresh_from_db()
        if row.withdrawn_at is not None:
            raise CallError("It was taken back, and counts for nothing. The provider records it anew.")
        if row.checked_at is not None:
            raise CallError("Somebody of the council has looked at it already.")
        _looked_at(row, principal)
        told(row, done="looked-at", organisation=row.organisation_id)


def withdraw(principal: Principal, row: Evidence, why: str) -> None:
    """Take back what was recorded wrongly, or is not true: it counts for nothing from now, and stays to be read.

    A provider takes back what was not looked at yet, and no more. Raises CallError otherwise, and without a reason.
    """
    if not why.strip():
        raise CallError("Say why it is taken back: the provider and the council read it.")
    with change(principal, SHOW, lock=[row]) as told:
        row.refresh_from_db()
        if row.withdrawn_at is not None:
            raise CallError("It is taken back already.")
        if principal.organisation is not None and row.checked_at is not None:
            raise CallError("The council has looked at it, and counts on it. Ask the council to take it back.")
        row.withdrawn_at, row.withdrawn_why = timezone.now(), why.strip()
        row.save(update_fields=["withdrawn_at", "withdrawn_why"])
        told(row, done="withdrawn", organisation=row.organisation_id)


def _looked_at(row: Evidence, principal: Principal) -> None:
    row.checked_by_id, row.checked_at = principal.account, timezone.now()
    row.save(update_fields=["checked_by", "checked_at"])


def _location(organisation: Organisation, given: Shown, *, of_location: bool) -> Location | None:
    if not of_location:
        return None
    if given.location is None:
        raise CallError("This speaks of one location: choose which.")
    if given.location.place.organisation_id != organisation.pk:
        raise CallError(f"This location is none of {organisation.name}.")
    return given.location


def _check_days(first: date, last: date | None) -> None:
    today = uk_day(timezone.now())
    if first > today + AHEAD:
        raise CallError(f"{first:%d/%m/%Y} is more than a year ahead. Look at the year.")
    if last is not None and last < first:
        raise CallError("Its last day comes before its first: look at the two.")
    if last is not None and last - first > LONGEST:
        raise CallError("It would count for more than ten years. Look at its last day.")


def _after(first: date, months: int) -> date:
    """The last day of so many months that begin on a day: 31 March 2027 for 12 from 1 April 2026."""
    at = first.year * 12 + first.month - 1 + months
    year, month = divmod(at, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1])) - timedelta(days=1)
