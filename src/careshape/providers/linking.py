"""Link the register with the regulator's kept files: proposed by the regulator's id, confirmed by a person."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from careshape.accounts.models import Organisation
from careshape.errors import CallError
from careshape.policy import Principal
from careshape.providers.kinds import location_kinds, regulator_types
from careshape.providers.models import Location
from careshape.providers.register import Particulars, Where, correct, keep_location, outward_of, provider_of
from careshape.providers.regulator import Kept, kept_of

NEAR: Final = 0.75
MOST: Final = 5


@dataclass(frozen=True)
class Known:
    """A provider of the regulator's files: its id and name, its brand, and the ids of its locations in the area."""

    id: str
    name: str
    brand: str
    locations: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A location of the regulator's files that the register does not have under its id.

    Attributes:
        goes_on_from: the location of the register that it is, where one has its name and no id, or an earlier id of the
            same home; None where it is new.
    """

    id: str
    where: Where
    rating: str
    goes_on_from: Location | None


def known_providers(kept: Kept) -> list[Known]:
    """The providers of the files by name."""
    found = []
    for name, ids in kept.of_provider.items():
        row = kept.rows[ids[0]]
        brand = str(row.get("brand_name") or "").strip().removeprefix("BRAND ").strip("- ")
        found.append(Known(name, str(row.get("provider_name") or name), brand, ids))
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def not_registered(council: str) -> list[Known]:
    """The providers of the kept files whose id no organisation of the council has."""
    held = {
        one.upper()
        for one in Organisation.objects.filter(council__slug=council)
        .exclude(provider__regulator_id="")
        .values_list("provider__regulator_id", flat=True)
        if one
    }
    return [one for one in known_providers(kept_of(council)) if one.id.upper() not in held]


def by_name(council: str, name: str) -> list[Known]:
    """The providers that are not in the register yet and whose name comes near, the nearest first."""
    free = {one.name.casefold(): one for one in not_registered(council)}
    return [free[near] for near in difflib.get_close_matches(name.casefold(), list(free), MOST, NEAR)]


def proposals(organisation: Organisation) -> list[Proposal]:
    """The locations of the regulator's files that the organisation has by its id, and the register does not."""
    row, kept = provider_of(organisation), kept_of(organisation.council.slug)
    if row is None or not row.regulator_id:
        return []
    held = list(Location.objects.filter(place__organisation=organisation).select_related("place"))
    ids = {one.regulator_id for one in held}
    found = []
    for name in kept.of_provider.get(row.regulator_id, ()):
        if name not in ids:
            rated = kept.rated.get(name)
            before = next((one for one in held if _is_same(kept, one, name)), None)
            words = rated.overall.in_words(kept.as_of) if rated is not None and kept.as_of is not None else ""
            found.append(Proposal(name, _where(kept.rows[name]), words, before))
    return found


def identify(principal: Principal, organisation: Organisation, regulator_id: str) -> None:
    """Confirm by which id the regulator knows a provider. Raises CallError for one that the kept files do not have."""
    if regulator_id not in kept_of(organisation.council.slug).of_provider:
        raise CallError(f"The kept files of the regulator have no provider {regulator_id} in the area.")
    row = provider_of(organisation)
    correct(principal, organisation, Particulars(
        organisation.name, row.type if row else "unknown", organisation.reference, row.staff if row else None,
        regulator_id, row.brand if row else "",
    ))  # fmt: skip


@transaction.atomic
def link(principal: Principal, organisation: Organisation, ids: Iterable[str]) -> list[Location]:
    """Record the locations that a person confirmed, or give those that are there their id.

    All of them or none. Raises CallError for one that is not proposed, and what ``keep_location`` raises.
    """
    proposed = {one.id: one for one in proposals(organisation)}
    made = []
    for name in ids:
        if name not in proposed:
            raise CallError(f"{name} is not proposed: it is linked already, or the kept files do not have it.")
        one = proposed[name]
        made.append(keep_location(principal, organisation, _gone_on(one), one.goes_on_from))
    return made


def _is_same(kept: Kept, held: Location, name: str) -> bool:
    if held.regulator_id:
        return kept.now(held.regulator_id) == name
    return held.name.casefold() == str(kept.rows[name].get("location_name") or "").casefold()


def _gone_on(one: Proposal) -> Where:
    """What the directory says, with what was told of the location before where the directory does not say it."""
    before, new = one.goes_on_from, one.where
    if before is None:
        return new
    beds = new.registered_beds if location_kinds()[before.kind].beds else None
    return Where(
        before.name, before.kind, new.regulator_id, new.outward or before.outward, before.district,
        tuple(before.services) or new.services, tuple(before.client_groups),
        beds if beds is not None else before.registered_beds, before.landlord, before.opened_on, before.closed_on,
    )  # fmt: skip


def _where(row: Mapping[str, Any]) -> Where:
    told = row.get("service_types") or ()
    types = {one.strip() for one in (told.split("; ") if isinstance(told, str) else told)}
    read = [one for one in regulator_types() if one.named in types]
    kind = read[0].kind if read else "residential-home" if row.get("care_home") else "office"
    beds = row.get("beds") if location_kinds()[kind].beds else None
    try:
        outward = outward_of(str(row.get("postcode") or ""))
    except CallError:
        outward = ""
    return Where(
        str(row.get("location_name") or row["location_id"]), kind, str(row["location_id"]), outward,
        services=tuple(one.service for one in read), registered_beds=beds or None,
    )  # fmt: skip
