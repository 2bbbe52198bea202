"""How far the registered beds of an area rest on few providers, from the regulator's directory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from careshape.errors import CallError
from careshape.evaluate.cost.market import index
from careshape.market.alerts import Figure
from careshape.market.files import RegulatorFile
from careshape.market.registrations import ACTIVE, registered_twice

COLUMNS: Final = (
    "homes", "beds", "beds_unknown", "providers", "hhi", "equal_providers", "top_1_share", "top_3_share", "largest",
    "method",
)  # fmt: skip
METHOD: Final = "registered beds by brand, else by provider; sum of squared percentage shares"


def concentration(
    given: RegulatorFile, places: Mapping[str, Mapping[str, str]], by: str = "district"
) -> list[dict[str, Any]]:
    """Concentration of registered beds in each area; homes of which no beds are known count for none, and are told.
    A home that is registered twice counts once.

    Homes of one brand are one provider, whichever company runs each: they would fail together.

    Args:
        given: a directory. places: location -> dimension -> area, as ``zones.places_of`` gives it.

    Raises CallError where the file is no directory, or does not know the dimension.
    """
    if given.source != ACTIVE:
        raise CallError(f"{given.file} is {given.source}, which holds no beds. Concentration is read from {ACTIVE}.")
    if (known := {name for one in places.values() for name in one}) and by not in known:
        raise CallError(f"'{by}' is no area of the register. Choose from {', '.join(sorted(known))}.")
    parts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    twice = registered_twice(given.rows)
    for row in given.rows:
        if row["care_home"] and row["location_id"] not in twice:
            parts[places.get(row["location_id"], {}).get(by, "unknown")].append(row)
    return [{by: area} | _of_area(rows) for area, rows in sorted(parts.items())]


def _of_area(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    sizes: dict[str, Fraction] = defaultdict(Fraction)
    homes = list(rows)
    unknown = sum(row["beds"] is None for row in homes)
    for row in homes:
        sizes[row.get("brand_id") or row.get("provider_id") or "unknown"] += row["beds"] or 0
    found = index(dict(sizes))
    return {
        "homes": len(homes),
        "beds": int(sum(sizes.values())) if unknown < len(homes) else None,
        "beds_unknown": unknown,
        **{
            name: found[name]
            for name in ("providers", "hhi", "equal_providers", "top_1_share", "top_3_share", "largest")
        },
        "method": METHOD,
    }


def concentration_figures(rows: Iterable[Mapping[str, Any]], by: str, day: date) -> list[Figure]:
    """Rows of ``concentration`` as figures that alerts can be raised from."""
    found = []
    for row in rows:
        for name in ("hhi", "top_1_share", "top_3_share"):
            value = None if row[name] is None else Decimal(row[name])
            found.append(Figure(name, str(row[by]), value, row["providers"], day))
    return found
