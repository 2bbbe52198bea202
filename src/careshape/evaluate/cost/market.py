"""The local market: how concentrated it is, who provides, in or out of the area, and where spending moves.

Each function returns rows with unit, period and method, counted from measures of the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from careshape.catalogue import UNKNOWN
from careshape.errors import CallError
from careshape.evaluate.measure.dimensions import Where
from careshape.evaluate.measure.evaluate import Context, measure, open_context
from careshape.evaluate.measure.frames import LedgerLike
from careshape.evaluate.measure.result import Result
from careshape.evaluate.numbers import rounded
from careshape.language import say

CONCENTRATION = (
    "providers",
    "hhi",
    "equal_providers",
    "top_1_share",
    "top_3_share",
    "top_5_share",
    "largest",
    "unknown_share",
    "total",
    "unit",
    "period",
    "method",
)
FLOWS = ("cost", "hours_delivered", "care_days")
"""Measures of the size of a provider in a market."""


def _context(ledger: LedgerLike | Context, known_on: date | None) -> Context:
    return ledger if isinstance(ledger, Context) else open_context(ledger, known_on)


def concentration(
    ledger: LedgerLike | Context,
    *,
    by: Sequence[str] = ("service",),
    of: str = "cost",
    where: Where | None = None,
    period: str | None = None,
    known_on: date | None = None,
) -> list[dict[str, Any]]:
    """How concentrated each part of the market is on few providers.

    The Herfindahl-Hirschman index is the sum of squared percentage shares: 10,000 for one provider, 10,000 / n for n
    equal ones. Shares are of what known providers supply; what stands without a provider is shown apart.

    Args:
        by: dimensions that make the parts, such as service and district. of: cost, hours_delivered or care_days.

    Raises:
        CallError: the measure does not size a provider, or a dimension is unknown.
    """
    if of not in FLOWS:
        raise CallError(f"'{of}' does not size a provider. Choose from {', '.join(FLOWS)}.")
    if "provider" in by:
        raise CallError("Shares of providers are what is counted: leave provider out of the parts.")
    result = measure(_context(ledger, known_on), of, by=(*by, "provider"), where=where, period=period)
    # Several periods come as the last part of the key, which is named "period" then and says which one.
    place = result.dimensions.index("provider")
    parts: dict[tuple[str, ...], dict[str, Fraction]] = {}
    for cell in result.cells:
        key = cell.key[:place] + cell.key[place + 1 :]
        part = parts.setdefault(key, {})
        # Names are not unique: a name that two references share is one provider here.
        part[cell.key[place]] = part.get(cell.key[place], Fraction(0)) + (cell.exact or 0)
    names = result.dimensions[:place] + result.dimensions[place + 1 :]
    label = ", ".join(one.label for one in result.periods)
    return [
        {"period": label} | dict(zip(names, key, strict=True)) | index(sizes) | {"unit": result.measure.unit}
        for key, sizes in sorted(parts.items())
    ]


def index(sizes: dict[str, Fraction]) -> dict[str, Any]:
    """Concentration of one part of the market from what each provider supplies in it."""
    known = {name: size for name, size in sizes.items() if name != UNKNOWN and size > 0}
    whole, total = sum(known.values(), Fraction(0)), sum(sizes.values(), Fraction(0))
    shares = sorted((size / whole * 100 for size in known.values()), reverse=True) if whole else []
    hhi = sum((share**2 for share in shares), Fraction(0))
    return {
        "providers": len(shares),
        "hhi": int(rounded(hhi, 0)) if shares else None,
        "equal_providers": rounded(10000 / hhi, 1) if shares else None,
        **{f"top_{n}_share": rounded(sum(shares[:n], Fraction(0)), 1) if shares else None for n in (1, 3, 5)},
        "largest": max(known, key=lambda name: (known[name], name)) if known else "",
        "unknown_share": rounded((total - whole) / total * 100, 1) if total else None,
        "total": rounded(total, 2),
        "method": "sum of squared percentage shares of known providers",
    }


SHARES = ("value", "amount", "unit", "period", "method")


def provider_mix(
    ledger: LedgerLike | Context,
    *,
    by: Sequence[str] = ("service",),
    where: Where | None = None,
    period: str | None = None,
    known_on: date | None = None,
) -> list[dict[str, Any]]:
    """Share of spend with each type of provider, in each part; not-for-profit is one of the types."""
    return _shares(_context(ledger, known_on), "cost", (*by, "provider_type"), "provider_type", where, period)


def placement_mix(
    ledger: LedgerLike | Context,
    *,
    by: Sequence[str] = ("service",),
    period: str | None = None,
    known_on: date | None = None,
) -> list[dict[str, Any]]:
    """Share of long-term care home placements in the council's area and outside it, on the last day of the period."""
    context = _context(ledger, known_on)
    return _shares(context, "care_home_placements", (*by, "placement_area"), "placement_area", None, period)


def _shares(
    context: Context, name: str, by: Sequence[str], split: str, where: Where | None, period: str | None
) -> list[dict[str, Any]]:
    result = measure(context, name, by=by, where=where, period=period)
    place, wholes = result.dimensions.index(split), _wholes(result, split)
    label = ", ".join(one.label for one in result.periods)
    rows = []
    for cell in result.cells:
        whole = wholes[cell.key[:place] + cell.key[place + 1 :]]
        share = (cell.exact or Fraction(0)) / whole * 100 if whole else None
        row = {"period": label} | dict(zip(result.dimensions, cell.key, strict=True))
        method = say("{name} of the part, over {name} of all of its {split}s, as a percentage", name=name, split=split)
        measured = {"value": None if share is None else rounded(share, 1), "amount": result.value_of(cell)}
        rows.append(row | measured | {"unit": "percent", "method": method})
    return rows


def _wholes(result: Result, split: str) -> dict[tuple[str, ...], Fraction]:
    place = result.dimensions.index(split)
    found: dict[tuple[str, ...], Fraction] = {}
    for cell in result.cells:
        key = cell.key[:place] + cell.key[place + 1 :]
        found[key] = found.get(key, Fraction(0)) + (cell.exact or Fraction(0))
    return found


SHIFT = ("financial_year", "care_home_share", "community_share", "other_share", "moved", "unit", "method")


def spending_shift(
    ledger: LedgerLike | Context, period: str | None = None, known_on: date | None = None, where: Where | None = None
) -> list[dict[str, Any]]:
    """Shares of gross spending on long-term care homes and on community services, by financial year.

    ``moved`` is how many percentage points the community's share rose since the row before. Without a period, the
    complete years of the records. Of a year without spending no share is known: None.
    """
    context = _context(ledger, known_on)
    ask: dict[str, Any] = {"by": ("financial_year",), "period": period, "where": where}
    homes = {cell.key[0]: cell.exact for cell in measure(context, "care_home_spend_share", **ask).cells}
    outside = {cell.key[0]: cell.exact for cell in measure(context, "community_spend_share", **ask).cells}
    rows: list[dict[str, Any]] = []
    before: Fraction | None = None
    for year in sorted(homes | outside):
        care, community = homes.get(year), outside.get(year)
        other = None if care is None or community is None else 100 - care - community
        moved = None if before is None or community is None else community - before
        rows.append(
            {
                "financial_year": year,
                "care_home_share": _percent(care),
                "community_share": _percent(community),
                "other_share": _percent(other),
                "moved": _percent(moved),
                "unit": "percent of gross cost",
                "method": "care_home_spend_share and community_spend_share; other is step-down and replacement care",
            }
        )
        before = community
    return rows


def _percent(share: Fraction | None) -> Decimal | None:
    return None if share is None else rounded(share, 1)
