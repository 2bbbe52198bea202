"""The register as supply: entries that a gap counts, and rows by type of service and district with their ratings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from statistics import median
from typing import Any, Final

from careshape.evaluate.gap.register import NOT_RATED, RATED, UNKNOWN, Location, Register, RegisterType, reading
from careshape.evaluate.gap.supply import ALL, Supply
from careshape.evaluate.numbers import written_out
from careshape.language import say

COLUMNS: Final = (
    *("type", "label", "service", "client_group", "area", "providers", "locations", "beds", "beds_not_told"),
    *(one.replace("-", "_") for one in (*RATED, NOT_RATED)),
    *("median_rating_years", "oldest_rating", "as_of", "source", "edition"),
)


def register_supply(register: Register) -> list[Supply]:
    """The beds of each registered home as an entry of supply, under the number that the regulator gives it.

    A file without beds gives none: how many homes there are does not say how many places.
    """
    services = {one.id: one.service for one in reading().type if one.beds}
    found = []
    for one in register.locations:
        type_ = next((name for name in one.types if name in services), None)
        if type_ is None or one.beds is None:
            continue
        found.append(
            Supply(
                service=services[type_], quantity=Decimal(one.beds), as_of=register.as_of, source=register.name,
                kind="registered", client_group=ALL if one.client_group == UNKNOWN else one.client_group,
                area=one.district, place=one.id, origin="register",
            )
        )  # fmt: skip
    return found


def register_rows(register: Register, by_area: bool = False, by_group: bool = False) -> list[dict[str, Any]]:
    """Providers, locations, beds and ratings by type of service. Rows of COLUMNS.

    A location of several types stands under each. The age of ratings is that on the day of the file.

    Args:
        by_area: each district by itself too.
        by_group: homes with beds by whose beds they are, instead of all together.
    """
    rows = []
    districts = sorted({one.district for one in register.locations})
    areas = [ALL, *districts] if by_area and len(districts) > 1 else [ALL]
    for kind in reading().type:
        fitting = [one for one in register.locations if kind.id in one.types]
        split = by_group and kind.beds
        for group in sorted({one.client_group for one in fitting}) if split else [ALL]:
            for area in areas:
                there = [one for one in fitting if area in (ALL, one.district) and group in (ALL, one.client_group)]
                if there:
                    rows.append(_row(register, kind, group, area, there))
    return rows


def _row(register: Register, kind: RegisterType, group: str, area: str, there: Sequence[Location]) -> dict[str, Any]:
    told = [one.beds for one in there if one.beds is not None]
    ages = [age for one in there if (age := register.years_old(one)) is not None]
    rated = {name.replace("-", "_"): sum(one.rating == name for one in there) for name in RATED}
    # The ratings file holds rated locations only: how many are not rated is not told by it.
    not_rated = sum(one.rating == NOT_RATED for one in there) if register.has_types else None
    beds = sum(told) if told and kind.beds else None
    return {
        "type": kind.id, "label": kind.label, "service": kind.service, "client_group": group, "area": area,
        "providers": len({one.provider for one in there}), "locations": len(there), "beds": beds,
        "beds_not_told": len(there) - len(told) if beds is not None else None, **rated,
        NOT_RATED.replace("-", "_"): not_rated,
        "median_rating_years": round(median(ages), 1) if ages else None,
        "oldest_rating": _oldest(there), "as_of": register.as_of.isoformat(), "source": register.name,
        "edition": register.edition,
    }  # fmt: skip


def _oldest(there: Iterable[Location]) -> str | None:
    days = [one.rated_on for one in there if one.rated_on is not None]
    return min(days).isoformat() if days else None


def beds_shared(register: Register) -> tuple[int, int]:
    """Beds of homes that serve several of the client groups told apart, and of homes whose group is not told."""
    mixed = sum(one.beds or 0 for one in register.locations if one.mixed)
    return mixed, sum(one.beds or 0 for one in register.locations if one.client_group == UNKNOWN)


def notes_of(register: Register) -> list[str]:
    """What was left out, could not be placed, or is counted for one group alone, a sentence each."""
    found = [say("Not counted: {many} {why}.", many=many, why=why) for why, many in register.left_out.items()]
    mixed, untold = beds_shared(register)
    if mixed:
        found.append(
            say("{mixed} beds are in homes that serve older people and younger adults.", mixed=written_out(mixed))
        )
    if untold and register.has_types:
        found.append(
            say(
                "{untold} beds are in homes of which the file does not say whom they serve.", untold=written_out(untold)
            )
        )
    lost = sum(one.district == UNKNOWN for one in register.locations)
    if lost:
        found.append(say("{lost} places could not be placed in a district.", lost=lost))
    if not register.has_types:
        found.append(
            "This file holds rated locations only, and neither beds nor types of service: no places are counted from "
            "it. The regulator's directory has them."
        )
    if register.unread:
        kinds = "; ".join(f"{name} ({many})" for name, many in sorted(register.unread.items()))
        found.append(say("Of other types, or serving others, and not told apart here: {kinds}.", kinds=kinds))
    return found
