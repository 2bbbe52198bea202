"""Populations as denominators: observations from elsewhere, never counted from the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from careshape.catalogue.periods import Period
from careshape.errors import CallError
from careshape.records import observations

POPULATIONS = ("population", "population-projection")


def population(
    name: str,
    authorities: Sequence[str],
    narrowed: Sequence[str],
    periods: Sequence[Period],
    cells: dict[tuple[int, ...], list[Fraction]],
) -> dict[tuple[int, ...], list[Fraction]]:
    """Residents for each cell of ``cells`` and each period: the latest published year that is not after the period.

    ``name`` is ``population-AGE``, such as ``population-65-plus``; ``narrowed`` what the rate is split
    or filtered by. Only whole councils are known this way: raises CallError
    when the rate is asked for by anything else.
    """
    if set(narrowed) - {"authority"}:
        raise CallError("A rate of the population is known for a whole council only. Leave out --by and --where.")
    band = name.removeprefix("population-").replace("-plus", "+")
    totals = [sum((_residents(one, band, period) for one in authorities), Fraction(0)) for period in periods]
    return dict.fromkeys(cells, totals)


def _residents(authority: str, band: str, period: Period) -> Fraction:
    """Residents of an age band: the sum of the districts' figures, or the council's own."""
    found: dict[int, Fraction] = {}
    for one in observations(authority=authority):
        if one.measure not in POPULATIONS or one.dims.get("age_band") != band or one.unit != "persons":
            continue
        if one.period.start is None or one.row_kind in ("total", "subtotal"):
            continue
        year = one.period.start.year
        if year <= period.end.year:
            found[year] = found.get(year, Fraction(0)) + Fraction(one.value)
    if not found:
        raise CallError(f"No published population of {band} stands for {authority} in or before {period.label}.")
    return found[max(found)]
