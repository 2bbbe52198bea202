"""The figures of an edition as they were counted, kept beside it for the gate of the next one; never served."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from careshape.catalogue.periods import parse_period
from careshape.editions.questions import Counted, Place
from careshape.errors import InputError


def to_json(cells: Mapping[str, Counted]) -> str:
    """Cells as a file, a line each."""
    return "".join(json.dumps(_plain(one), sort_keys=True) + "\n" for _, one in sorted(cells.items()))


def from_json(text: str) -> dict[str, Counted]:
    """The cells that a file holds. Raises InputError where it is none."""
    try:
        found = [_counted(json.loads(line)) for line in text.splitlines()]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"This is no file of counted figures: {error}.") from None
    return {one.place.id: one for one in found}


def _plain(one: Counted) -> dict[str, Any]:
    return {
        "counting": one.place.counting, "where": one.place.where, "period": one.place.period.label,
        "exact": str(one.exact), "unit": one.unit, "people": one.people, "decimals": one.decimals,
        "largest": [str(part) for part in one.largest], "over": one.over, "shown": one.shown, "public": one.public,
        "told": one.told,
    }  # fmt: skip


def _counted(raw: dict[str, Any]) -> Counted:
    where = tuple((name, tuple(ids)) for name, ids in raw["where"])
    return Counted(
        Place(raw["counting"], where, parse_period(raw["period"])), Fraction(raw["exact"]), raw["unit"], raw["people"],
        raw["decimals"], tuple(map(Fraction, raw["largest"])), tuple(raw["over"]) if raw["over"] else None,
        raw["shown"], raw["public"], raw.get("told", False),
    )  # fmt: skip
