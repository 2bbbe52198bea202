"""Everything that is known of what there is, as one list: which figure counts where sources differ, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from careshape.evaluate.gap.register import UNKNOWN, Register
from careshape.evaluate.gap.registered import register_rows
from careshape.evaluate.gap.supply import ALL, ORIGINS, Available, Origin, Supply, by_origin
from careshape.language import say

RATINGS: Final = ("outstanding", "good", "requires_improvement", "inadequate", "not_yet_inspected")
AGES: Final = ("median_rating_years", "oldest_rating")
COLUMNS: Final = (
    *("origin", "service", "type", "client_group", "area", "place", "kind", "providers", "locations", "quantity"),
    *("unit", "void", *RATINGS, *AGES, "as_of", "opens", "closes", "certainty", "counted", "source", "note"),
)
YES: Final = "yes"


def supply_rows(entries: Iterable[Supply], register: Register | None, by_area: bool = False) -> list[dict[str, Any]]:
    """What there is by every source: rows of COLUMNS, the council's own first. What is not told is None.

    The register is summed up by type of service (and district, where asked) with its ratings; the council's own
    figures and those of its printed statement stand as they were given. ``counted`` says whether a gap counts the
    figure, and why not where it does not.
    """
    known = list(entries)
    given = {origin: [one for one in known if one.origin == origin] for origin in ORIGINS}
    rows = [_given(one, known) for one in given["own"]]
    if register is not None:
        rows += [_registered(row, known) for row in register_rows(register, by_area, by_group=True)]
    return rows + [_given(one, known) for one in given["printed"]]


def _given(one: Supply, known: Sequence[Supply]) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    for name in ("service", "client_group", "area", "place", "kind", "unit", "certainty", "source", "note"):
        row[name] = getattr(one, name)
    row |= {
        "origin": ORIGINS[one.origin], "type": one.part, "quantity": _number(one.quantity),
        "void": None if one.void is None else _number(one.void), "as_of": one.as_of.isoformat(),
        "opens": one.opens.isoformat() if one.opens else None, "closes": one.closes.isoformat() if one.closes else None,
    }  # fmt: skip
    row["counted"] = _counted(one, known)
    return row


def _number(value: Decimal) -> int | float:
    """A whole number without decimals."""
    return int(value) if value == value.to_integral_value() else float(value)


def _counted(one: Supply, known: Sequence[Supply]) -> str:
    if one.part:
        return "no: it is a part of the service"
    if one.certainty != "committed":
        return "no: it is only proposed"
    if one.kind == "scheme":
        return f"from {one.opens.day} {one.opens:%B} {one.opens.year}" if one.opens else YES
    return _counting(known, one.service, one.client_group, one.area, one.unit, one.origin, one)


def _counting(
    known: Sequence[Supply], service: str, group: str, area: str, unit: str, origin: Origin, one: Supply | None = None
) -> str:
    """Whether an origin's figure is the one that counts in a cell; of an entry, whether it is among those that do."""
    day = max(other.as_of for other in known)
    there = by_origin(known, service, group, area, on=day, unit=unit)[0]
    if there.origin is not None and there.origin != origin:
        return f"no: {ORIGINS[there.origin]} counts"
    if one is not None and one.kind != there.basis:
        return say("no: what is {basis} counts", basis=there.basis)
    if one is not None and one not in there.entries:
        return "no: it has closed, is not open yet, or was counted again later"
    return YES


def _registered(found: dict[str, Any], known: Sequence[Supply]) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    names = ("service", "area", "client_group", "providers", "locations", *RATINGS, *AGES, "as_of", "source")
    row |= {name: found[name] for name in names}
    quantity, group = found["beds"], found["client_group"]
    row |= {
        "origin": ORIGINS["register"], "type": found["label"], "kind": "registered",
        "quantity": quantity, "unit": "places" if quantity is not None else None,
    }  # fmt: skip
    if quantity is None:
        row["counted"] = "no: how many places is not told"
    elif group == UNKNOWN:
        row["counted"] = "no: whose places they are is not told"
    else:
        row["counted"] = _counting(known, found["service"], group, found["area"], "places", "register")
    untold = found["beds_not_told"]
    if untold:
        row["note"] = say("{untold} of them do not tell their beds", untold=untold)
    return row


def differences(entries: Iterable[Supply]) -> list[dict[str, Any]]:
    """Where sources tell different quantities of the same: what counts, what the other says, and both days."""
    known = [one for one in entries if not one.part and one.kind != "scheme"]
    if not known:
        return []
    day = max(one.as_of for one in known)
    cells = dict.fromkeys((one.service, one.client_group, area, one.unit) for one in known for area in (ALL, one.area))
    rows = []
    for service, group, area, unit in cells:
        counts, *others = by_origin(known, service, group, area, on=day, unit=unit)
        for other in others:
            if other.quantity not in (None, counts.quantity):
                rows.append(
                    {
                        "service": service, "client_group": group, "area": area, "unit": unit,
                        **_said("", counts), **_said("other_", other),
                    }
                )  # fmt: skip
    return rows


def _said(prefix: str, there: Available) -> dict[str, Any]:
    return {
        f"{prefix}origin": ORIGINS[there.origin or "own"], f"{prefix}kind": there.basis,
        f"{prefix}quantity": None if there.quantity is None else _number(there.quantity),
        f"{prefix}as_of": there.oldest.isoformat() if there.oldest else None,
    }  # fmt: skip
