"""What is paid on a list: prices by zone and tier, each from a day to a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from careshape.catalogue import NOT_APPLICABLE, UNKNOWN, catalogue
from careshape.market.zones import only_zone
from careshape.source.models import Member, Price, Vehicle

ACT: Final = "source.vehicles"


def price_on(
    member: Member, zone: str = "", tier: str = "", *, on: date, district: str = "", unit: str = ""
) -> int | None:
    """Pence for one unit of a provider on a list on a day; None where its price list has none, or leaves it open.

    Args:
        member: where the provider stands.
        zone: the home care zone of the place, or an entry of the list of places by which the list is priced.
        tier: the level of need, where the price list has several.
        on: the day.
        district: of the place, for where the zone is not known.
        unit: hour, where it is not the service's usual unit whose price is wanted.

    The provider's own price on the list comes before that of all; one of a zone or tier before one without. A list
    without a price list for the service has the price at which the provider was admitted.
    """
    return prices_on([member], zone=zone, tier=tier, on=on, district=district, unit=unit)[member.pk]


def prices_on(
    members: Iterable[Member], *, on: date, zone: str = "", tier: str = "", district: str = "", unit: str = ""
) -> dict[int, int | None]:
    """The price of each of many providers on lists, by the key of the member; see ``price_on``."""
    rows = list(members)
    listed: dict[tuple[int, str], list[Price]] = {}
    for one in Price.objects.filter(vehicle__in={row.vehicle_id for row in rows}, unit=unit):
        listed.setdefault((one.vehicle_id, one.service), []).append(one)
    found: dict[int, int | None] = {}
    for row in rows:
        prices = [
            one for one in listed.get((row.vehicle_id, row.service), ()) if one.member_id in (None, row.pk)
        ]  # fmt: skip
        place = priced_place(row.vehicle, zone, district)
        found[row.pk] = _of(row, prices, place, tier, on) if prices else None if unit else row.price
    return found


def priced_place(vehicle: Vehicle, zone: str, district: str) -> str:
    """Where a place lies among the places by which a list is priced; '' for everywhere, ``unknown`` if not known."""
    by = vehicle.priced_by
    if not by:
        return ""
    lists = catalogue().lists
    if zone in lists[by].by_id:
        return zone
    if by == "zone":
        return only_zone(district) or UNKNOWN
    within = lists["zone"].by_id.get(zone)
    if by == "district":
        return district or (within.districts[0] if within and len(within.districts) == 1 else UNKNOWN)
    if within is not None and within.rate_zone not in (None, "", NOT_APPLICABLE):
        return str(within.rate_zone)
    holding = [one.id for one in lists["rate_zone"].entries if district in one.districts]
    return holding[0] if len(holding) == 1 else UNKNOWN


def _of(row: Member, prices: list[Price], place: str, tier: str, on: date) -> int | None:
    """The price that counts; None where none does, and where it stands open which of several tiers is meant."""
    valid = [one for one in prices if one.begins_on <= on and (one.ends_on is None or one.ends_on >= on)]
    fits = [one for one in valid if one.zone in ("", place) and (not tier or one.tier in ("", tier))]
    if not fits:
        return None
    best = min(_nearness(one) for one in fits)
    chosen = {one.pence for one in fits if _nearness(one) == best}
    if not tier and len({one.tier for one in fits if _nearness(one) == best}) > 1 and len(chosen) > 1:
        return None
    return chosen.pop() if len(chosen) == 1 else None


def _nearness(one: Price) -> tuple[bool, bool, bool]:
    """What comes first: the provider's own, then of the zone, then of the tier."""
    return one.member_id is None, not one.zone, not one.tier
