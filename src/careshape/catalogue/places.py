"""Where a town or a postcode lies: district, home care zone, rate zone and day service locality, on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from careshape.catalogue.book import Catalogue, catalogue
from careshape.catalogue.entries import NOT_APPLICABLE, UNKNOWN, District, Town, Zone
from careshape.errors import CallError


@dataclass(frozen=True)
class Whereabouts:
    """What a place is part of, by catalogue ids; ``unknown`` where the catalogue does not say."""

    authority: str
    district: str
    zone: str
    rate_zone: str
    locality: str


NOWHERE_KNOWN = Whereabouts(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)


def place_of_town(town: str, on: date | None = None, book: Catalogue | None = None) -> Whereabouts:
    """What a town is part of, by its id, label or other name; on a day where one is given.

    Raises CallError where the catalogue does not have the town, naming near matches.
    """
    chosen = book or catalogue()
    towns = chosen.lists["town"]
    entry: Town = towns.find(town) or towns.entry(town)
    parts = {
        "district": entry.district,
        "zone": entry.zone,
        "rate_zone": entry.rate_zone,
        "locality": entry.locality,
    }
    held = {name: part if _holds(chosen, name, part, on) else UNKNOWN for name, part in parts.items()}
    return Whereabouts(authority_of(held["district"], chosen), **held)


def place_of_postcode(postcode: str, on: date | None = None, book: Catalogue | None = None) -> Whereabouts:
    """What a postcode, whole or outward, is part of; everything unknown where no zone holds its outward part.

    Postcodes lead to places through the home care zones, whose boundaries are invented: an answer is good enough to
    fill a gap in a demonstration, and no more.
    """
    chosen = book or catalogue()
    outward = _outward(postcode)
    for zone in chosen.lists["zone"].entries:
        if outward in zone.postcode_districts and (on is None or zone.valid_on(on)):
            return _place_of_zone(zone, chosen)
    return NOWHERE_KNOWN


def authority_of(district: str, book: Catalogue | None = None) -> str:
    """Authority of a district. Raises CallError where the catalogue does not have the district."""
    entry: District = (book or catalogue()).lists["district"].entry(district)
    return entry.authority or UNKNOWN


def check_district(district: str, authority: str) -> None:
    """Refuse a district that lies in another council's area. Raises CallError, also where the catalogue has none such.

    Districts that are no places (unknown, not applicable) are of every council.
    """
    whose = authority_of(district)
    if whose not in (UNKNOWN, authority):
        label = catalogue().entry("authority", whose).label
        raise CallError(
            f"'{district}' lies in the area of {label}. Name a district of this council, or '{NOT_APPLICABLE}' for "
            "what lies outside its area."
        )


def _place_of_zone(zone: Zone, book: Catalogue) -> Whereabouts:
    district = zone.districts[0] if len(zone.districts) == 1 else UNKNOWN
    authority = zone.authority or authority_of(district, book)
    return Whereabouts(authority, district, zone.id, zone.rate_zone or NOT_APPLICABLE, zone.locality or NOT_APPLICABLE)


def _holds(book: Catalogue, list_name: str, entry_id: str, on: date | None) -> bool:
    return on is None or book.entry(list_name, entry_id).valid_on(on)


def _outward(postcode: str) -> str:
    """The outward part: what is left of the last three characters where a whole postcode is given."""
    letters = "".join(postcode.upper().split())
    if not letters.isalnum() or not 2 <= len(letters) <= 7:
        raise CallError(f"'{postcode}' is not a postcode. Write it whole (WR1 2AB) or only its first part (WR1).")
    return letters[:-3] if len(letters) > 4 else letters
