"""Populations as denominators: observations from elsewhere, never counted from the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from careshape.catalogue.periods import Period
from careshape.errors import CallError
from careshape.records import Observation, authorities, observations, own_observations

POPULATIONS = ("population", "population-projection")

Council = tuple[str, Path | None]
"""A council's slug, and its folder where it has one."""


def population(
    name: str,
    councils: Sequence[Council],
    narrowed: Sequence[str],
    periods: Sequence[Period],
    cells: dict[tuple[int, ...], list[Fraction]],
) -> dict[tuple[int, ...], list[Fraction]]:
    """Residents for each cell of ``cells`` and each period: the latest published year that is not after the period.

    A council's own observations come before those that come with careshape: these serve only where it has given no
    population of the age band for the period or an earlier year.

    ``name`` is ``population-AGE``, such as ``population-65-plus``; ``narrowed`` what the rate is split
    or filtered by. Only whole councils are known this way: raises CallError
    when the rate is asked for by anything else.
    """
    if set(narrowed) - {"authority"}:
        raise CallError("A rate of the population is known for a whole council only. Leave out --by and --where.")
    band = name.removeprefix("population-").replace("-plus", "+")
    known = [(authority, _sources(authority, folder)) for authority, folder in councils]
    totals = [
        sum((_residents(authority, sources, band, period) for authority, sources in known), Fraction(0))
        for period in periods
    ]
    return dict.fromkeys(cells, totals)


def _sources(authority: str, folder: Path | None) -> list[Iterable[Observation]]:
    """The council's own observations, then the packaged ones."""
    own = [own_observations(authority, folder / "observations")] if folder is not None else []
    return [*own, *([observations(authority)] if authority in authorities() else [])]


def _residents(authority: str, sources: Iterable[Iterable[Observation]], band: str, period: Period) -> Fraction:
    """Residents of an age band: the sum of the districts' figures, or the council's own."""
    for source in sources:
        found: dict[int, Fraction] = {}
        for one in source:
            if one.measure not in POPULATIONS or one.dims.get("age_band") != band or one.unit != "persons":
                continue
            if one.period.start is None or one.row_kind in ("total", "subtotal"):
                continue
            year = one.period.start.year
            if year <= period.end.year:
                found[year] = found.get(year, Fraction(0)) + Fraction(one.value)
        if found:
            return found[max(found)]
    raise CallError(
        f"No population of {band} is known for {authority} in or before {period.label}. "
        f"Add one to its own observations: measure population, unit persons, age_band {band}."
    )
