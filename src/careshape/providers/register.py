"""Keep the register: add a provider, correct it, record and correct its locations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from careshape.accounts.models import Council, Organisation, OrganisationLocation
from careshape.audit.change import change
from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.market.zones import whereabouts
from careshape.policy import Principal
from careshape.providers.kinds import location_kinds
from careshape.providers.models import Location, Provider

KEEP: Final = "providers.keep"
MICRO: Final = "micro-enterprise"
MICRO_MOST: Final = 9
"""Staff of a micro-enterprise at most (Worcestershire 6.1.4)."""
MOST_STAFF: Final = 50_000
MOST_BEDS: Final = 500
AHEAD: Final = timedelta(days=365)
_OUTWARD: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)(?:[0-9][A-Z]{2})?")
_REGULATOR: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,38}", re.IGNORECASE)


@dataclass(frozen=True)
class Particulars:
    """What is kept of a provider.

    Attributes:
        type: an entry of the catalogue's provider types.
        reference: by which the council's records of care name it; empty where they do not.
        staff: None where it is not known. regulator_id, brand: empty where there is none, or it is not known.
    """

    name: str
    type: str = "unknown"
    reference: str = ""
    staff: int | None = None
    regulator_id: str = ""
    brand: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise CallError("A provider has a name: enter it.")
        catalogue().entry("provider_type", self.type)
        if self.staff is not None and not 0 <= self.staff <= MOST_STAFF:
            raise CallError(f"{self.staff:,} is no number of staff. Enter one from 0 to {MOST_STAFF:,}.")
        if self.type == MICRO and self.staff is not None and self.staff > MICRO_MOST:
            raise CallError(
                f"A micro-enterprise has at most {MICRO_MOST} staff, and this one has {self.staff}. "
                "Choose another type, or look at the number."
            )
        check_regulator_id(self.regulator_id)


@dataclass(frozen=True)
class Where:
    """What is kept of a location.

    Attributes:
        kind: an entry of ``providers/data/locations.toml``.
        outward: a postcode or the first part of one; the first part alone is kept.
        district: an entry of the catalogue; empty: that of the postcode's home care zone, where it lies in one.
        services, client_groups: entries of the catalogue.
        registered_beds: with the regulator; None where it is not known.
        landlord: who lets the rooms; None where it is not known.
        closed_on: its last day.
    """

    name: str
    kind: str
    regulator_id: str = ""
    outward: str = ""
    district: str = ""
    services: tuple[str, ...] = ()
    client_groups: tuple[str, ...] = ()
    registered_beds: int | None = None
    landlord: Organisation | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    reference: str = field(default="")

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise CallError("A location has a name: enter it.")
        if self.kind not in location_kinds():
            raise CallError(f"There is no kind of location '{self.kind}'. Choose from {', '.join(location_kinds())}.")
        for list_name, chosen in (("service", self.services), ("client_group", self.client_groups)):
            for one in chosen:
                catalogue().entry(list_name, one)
        if self.district:
            catalogue().entry("district", self.district)
        check_regulator_id(self.regulator_id)
        outward_of(self.outward)
        self._check_kind()
        self._check_days()

    def _check_kind(self) -> None:
        kind = location_kinds()[self.kind]
        if self.registered_beds is not None and not kind.beds:
            raise CallError(f"Of the kind '{kind.title}' no beds are registered. Leave them empty, or choose another.")
        if self.registered_beds is not None and not 0 < self.registered_beds <= MOST_BEDS:
            raise CallError(f"{self.registered_beds} is no number of beds. Enter one from 1 to {MOST_BEDS}.")
        if self.landlord is not None and not kind.landlord:
            raise CallError(f"Nobody rents rooms in '{kind.title}'. Leave the landlord empty, or choose another kind.")

    def _check_days(self) -> None:
        if self.opened_on and self.closed_on and self.closed_on < self.opened_on:
            raise CallError("It closed before it opened: look at the two days.")
        latest = uk_day(timezone.now()) + AHEAD
        for day in (self.opened_on, self.closed_on):
            if day is not None and day > latest:
                raise CallError(f"{day:%d/%m/%Y} is more than a year ahead. Look at the year.")


def outward_of(postcode: str) -> str:
    """The first part of a postcode, or of one written whole: WR1 for wr1 1aa. Raises CallError where it is none."""
    text = "".join(postcode.upper().split())
    if not text:
        return ""
    fits = _OUTWARD.fullmatch(text)
    if fits is None:
        raise CallError(f"'{postcode}' is no postcode, nor the first part of one. Write it like WR1, or WR1 1AA.")
    return fits[1]


def check_regulator_id(given: str) -> None:
    """Raises CallError for what cannot be an id of the regulator."""
    if given.strip() and _REGULATOR.fullmatch(given.strip()) is None:
        raise CallError(f"'{given}' is no id of the regulator. It looks like 1-101639374, and stands in its directory.")


def provider_of(organisation: Organisation) -> Provider | None:
    """What the register holds of an organisation; None where nothing was told of it."""
    found: Provider | None = Provider.objects.filter(organisation=organisation).first()
    return found


def add(principal: Principal, given: Particulars) -> Provider:
    """Add a provider; it needs no account to be admitted to lists.

    Raises CallError where the council knows an organisation of that name, reference or id of the regulator.
    """
    council = Council.objects.get(slug=principal.council)
    with change(principal, KEEP, lock=[council]) as told:
        _alone(council, given, None)
        organisation = Organisation.objects.create(
            council=council, kind="provider", name=given.name.strip(), reference=given.reference.strip()
        )
        row = _told_of(Provider(organisation=organisation), given)
        told(organisation, done="added")
    return row


def correct(principal: Principal, organisation: Organisation, given: Particulars) -> Provider:
    """Correct what is kept of a provider, or tell it for the first time of an organisation.

    Raises CallError as ``add`` does.
    """
    with change(principal, KEEP, lock=[organisation.council, organisation]) as told:
        _alone(organisation.council, given, organisation)
        organisation.refresh_from_db()
        before = provider_of(organisation) or Provider(organisation=organisation)
        changed = [name for name in ("name", "reference") if getattr(organisation, name) != getattr(given, name)]
        changed += [
            name for name in ("type", "staff", "regulator_id", "brand") if getattr(before, name) != getattr(given, name)
        ]
        organisation.name, organisation.reference = given.name.strip(), given.reference.strip()
        organisation.save(update_fields=["name", "reference"])
        row = _told_of(before, given)
        told(organisation, done="corrected", fields=changed)
    return row


def keep_location(
    principal: Principal, organisation: Organisation, given: Where, row: Location | None = None
) -> Location:
    """Record a location of a provider, or correct one. A place that only has a name so far is gone on from.

    Raises CallError where the organisation has another of that name, or the council another that works under that id of
    the regulator.
    """
    with change(principal, KEEP, lock=[organisation.council, organisation]) as told:
        place = row.place if row is not None else _place(organisation, given.name)
        _check_place(organisation, given, row, place)
        place.name, place.reference = given.name.strip(), given.reference.strip() or place.reference
        place.save()
        found = row or Location(place=place)
        _write(found, given)
        told(found, done="corrected" if row is not None else "added", organisation=organisation.pk)
    return found


def _place(organisation: Organisation, name: str) -> OrganisationLocation:
    known = OrganisationLocation.objects.filter(organisation=organisation, name__iexact=name.strip()).first()
    return known or OrganisationLocation(organisation=organisation)


def _check_place(organisation: Organisation, given: Where, row: Location | None, place: OrganisationLocation) -> None:
    same = OrganisationLocation.objects.filter(organisation=organisation, name__iexact=given.name.strip())
    taken = Location.objects.filter(place=place) if place.pk else Location.objects.none()
    if (row is not None and same.exclude(pk=place.pk).exists()) or (row is None and taken.exists()):
        raise CallError(f"{organisation.name} has a location '{given.name.strip()}' already. Correct that one.")
    if given.landlord is not None and given.landlord.council_id != organisation.council_id:
        raise CallError("The landlord is an organisation of the council's register: add it first.")
    if not given.regulator_id.strip():
        return
    other = Location.objects.filter(
        place__organisation__council=organisation.council, regulator_id__iexact=given.regulator_id.strip(),
        closed_on__isnull=True,
    ).exclude(pk=row.pk if row is not None else None)  # fmt: skip
    if given.closed_on is None and (held := other.select_related("place__organisation").first()) is not None:
        raise CallError(
            f"{given.regulator_id} is {held.name} of {held.organisation.name} already. Close that one first, where the "
            "home changed hands."
        )


def _write(row: Location, given: Where) -> None:
    outward = outward_of(given.outward)
    district = given.district or (whereabouts(outward).district if outward else "")
    row.kind, row.regulator_id, row.outward = given.kind, given.regulator_id.strip().upper(), outward
    row.district = "" if district == "unknown" else district
    row.services, row.client_groups = list(given.services), list(given.client_groups)
    row.registered_beds, row.landlord = given.registered_beds, given.landlord
    row.opened_on, row.closed_on = given.opened_on, given.closed_on
    row.save()


def _alone(council: Council, given: Particulars, own: Organisation | None) -> None:
    others = Organisation.objects.filter(council=council).exclude(pk=own.pk if own else None)
    if others.filter(name__iexact=given.name.strip()).exists():
        raise CallError(f"There is an organisation '{given.name.strip()}' already. Find it in the list.")
    reference = given.reference.strip()
    if reference and (held := others.filter(reference__iexact=reference).first()) is not None:
        raise CallError(f"The reference {reference} is that of {held.name}. Each provider has its own.")
    told = given.regulator_id.strip()
    if told and (held := others.filter(provider__regulator_id__iexact=told).first()) is not None:
        raise CallError(f"The regulator's id {told} is that of {held.name}. Each provider has its own.")


def _told_of(row: Provider, given: Particulars) -> Provider:
    row.type, row.staff = given.type, given.staff
    row.regulator_id, row.brand = given.regulator_id.strip().upper(), given.brand.strip()
    row.save()
    return row
