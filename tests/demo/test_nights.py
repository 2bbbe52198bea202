"""Nights by year that come out exactly, whatever the spells were before."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from careshape.demo.chance import Stay
from careshape.demo.days import Span
from careshape.demo.nights import fit_nights, nights_in
from careshape.demo.stock import Stretch

YEARS = [Span(0, 364), Span(365, 729), Span(730, 1095)]


def spells(rng: random.Random, count: int) -> list[Stretch]:
    found = []
    for _ in range(count):
        start = rng.randint(-200, 1050)
        found.append(Stretch(start, start + rng.randint(1, 700)))
    return found


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(30, 120), st.tuples(*3 * [st.floats(0.85, 1.15)]))
def test_fit_nights_meets_every_year(seed: int, count: int, factors: tuple[float, float, float]) -> None:
    rng = random.Random(seed)
    found = spells(rng, count)
    wanted = {
        year: round(factor * sum(nights_in(one, year) for one in found))
        for year, factor in zip(YEARS, factors, strict=True)
    }
    open_before = {day: sum(one.start <= day <= one.end for one in found) for day in (364, 729, 1095)}
    kept = list(found)
    fit_nights(rng, found, wanted, Stay(200))
    assert {year: sum(nights_in(one, year) for one in found) for year in YEARS} == wanted
    assert all(one.start < one.end or one not in kept for one in found)
    # Whoever was there on a 31 March still is, unless whole spells inside a year were added or taken away.
    assert {day: sum(one.start <= day <= one.end for one in found) for day in open_before} == open_before


def test_fit_nights_makes_spells_where_there_are_none() -> None:
    found: list[Stretch] = []
    fit_nights(random.Random(1), found, {YEARS[0]: 14}, Stay(29))
    assert sum(nights_in(one, YEARS[0]) for one in found) == 14


def test_nights_leave_the_day_out_and_count_the_evening_of_31_march() -> None:
    assert nights_in(Stretch(10, 13), YEARS[0]) == 3
    assert nights_in(Stretch(360, 370), YEARS[0]) == 5  # evenings of days 360 to 364
    assert nights_in(Stretch(360, 370), YEARS[1]) == 5  # evenings of days 365 to 369
