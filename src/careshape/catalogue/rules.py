"""Rules that hold across the catalogue's lists, beyond references: one meaning for one value, places inside places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careshape.catalogue.entries import NOT_APPLICABLE, UNKNOWN
from careshape.catalogue.lists import CodeList
from careshape.errors import CatalogueError

Lists = Mapping[str, CodeList[Any]]


def check_across(lists: Lists) -> None:
    """Check the rules that no single entry can break. Raises CatalogueError on the first fault."""
    _check_pairs_are_read_once(lists)
    _check_postcodes_are_in_one_zone(lists)
    _check_towns_lie_in_their_zones(lists)
    _check_units_reach_no_loop(lists)


def _check_pairs_are_read_once(lists: Lists) -> None:
    read: dict[tuple[str, str], str] = {}
    for service in lists["service"].entries:
        for match in service.cld:
            pair = (match.service_type, match.component)
            if match.reads and read.setdefault(pair, service.id) != service.id:
                rule = f"'{read[pair]}' is read from this pair already; set reads = false on one of the two."
                raise CatalogueError("service.toml", service.id, "cld", " + ".join(pair), rule)


def _check_postcodes_are_in_one_zone(lists: Lists) -> None:
    held: dict[str, str] = {}
    for zone in lists["zone"].entries:
        for outward in zone.postcode_districts:
            if held.setdefault(outward, zone.id) != zone.id:
                rule = f"The zone '{held[outward]}' has this postcode district; it can be in one zone only."
                raise CatalogueError("zone.toml", zone.id, "postcode_districts", outward, rule)


def _check_towns_lie_in_their_zones(lists: Lists) -> None:
    for town in lists["town"].entries:
        for field in ("zone", "rate_zone", "locality"):
            part = lists[field].by_id[getattr(town, field)]
            if part.id not in (UNKNOWN, NOT_APPLICABLE) and town.district not in part.districts:
                rule = f"The {field} lies in {', '.join(part.districts)}, and the town in {town.district}."
                raise CatalogueError("town.toml", town.id, field, part.id, rule)


def _check_units_reach_no_loop(lists: Lists) -> None:
    for unit in lists["unit"].entries:
        for step in unit.conversions:
            back = lists["unit"].by_id[step.to].conversions
            if step.to == unit.id or any(other.to == unit.id for other in back):
                rule = "A conversion between two units is stated once, from one of them to the other."
                raise CatalogueError("unit.toml", unit.id, "conversions", step.to, rule)
