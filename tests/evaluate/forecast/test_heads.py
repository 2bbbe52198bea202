from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from careshape.errors import CallError
from careshape.evaluate.forecast import fit, forecast
from careshape.evaluate.forecast.heads import heads

JUNE_2015 = 2015 * 12 + 5


@dataclass
class People:
    """A population that grows by a tenth of its first year's number each year, for the tests."""

    areas: tuple[str, ...] = ("synthetic-area-0", "synthetic-area-1")
    years: tuple[int, ...] = tuple(range(2014, 2031))
    label: str = "made for a test"
    missing: tuple[int, ...] = ()
    """First ages of bands without figures."""

    def holds(self, area: str, year: float, ages: tuple[int, int | None] = (0, None)) -> bool:
        return ages[0] not in self.missing

    def total(self, area: str, year: float, ages: tuple[int, int | None] = (0, None)) -> float:
        share = {0: 0.2, 18: 0.6, 65: 0.1, 75: 0.07, 85: 0.03}[ages[0]]
        return 100_000 * share * (1 + 0.1 * (year - 2014))


def test_people_lie_on_a_straight_line_between_mid_years():
    found = heads(People(), ["synthetic-area-0"], (0, 18, 65, 75, 85), JUNE_2015, 13)
    assert found.values[0, :, 0] == pytest.approx([22_000, 66_000, 11_000, 7_700, 3_300, 110_000])
    assert found.values[0, -1, 3] == pytest.approx(110_000 + 10_000 * 3 / 12)
    assert found.values[0, -1, 12] == pytest.approx(120_000)


def test_years_before_the_population_are_its_first_and_the_note_says_so():
    found = heads(People(), ["synthetic-area-0"], (0, 18, 65, 75, 85), 2010 * 12, 6)
    assert found.values[0, -1] == pytest.approx(np.full(6, 100_000))
    assert "people before 2014" in found.note


def test_bands_without_figures_are_constant_and_the_note_says_so():
    """The others are 80,000 in 2014 and a tenth of that more in 2015: those without figures do not grow with them."""
    found = heads(People(missing=(0,)), ["synthetic-area-0"], (0, 18, 65, 75, 85), JUNE_2015, 13)
    assert found.values[0, -1, 0] == pytest.approx(88_000)
    assert found.values[0, 0] == pytest.approx(np.full(13, 80_000))
    assert "ages 0-17" in found.note
    with pytest.raises(CallError, match="no figures for any of the age bands"):
        heads(People(missing=(0, 18, 65, 75, 85)), ["synthetic-area-0"], (0, 18, 65, 75, 85), JUNE_2015, 1)


def test_other_faults_of_a_population_are_not_taken_for_missing_ages():
    class Broken(People):
        def total(self, area: str, year: float, ages: tuple[int, int | None] = (0, None)) -> float:
            raise CallError("The file of the population is damaged.")

    with pytest.raises(CallError, match="is damaged"):
        heads(Broken(), ["synthetic-area-0"], (0, 18, 65, 75, 85), JUNE_2015, 1)


def test_forecast_past_the_population_is_refused(council):
    rates = fit(council, population=People())
    with pytest.raises(CallError, match="The population ends in 2030, and the forecast needs 2032"):
        forecast(rates, 120)
    assert forecast(rates, 36, draws=1).mean(36)[0] > 0


def test_entries_rise_with_the_population(council):
    """Heads grow by a tenth of those of 2014 a year: 18% from mid-2022 to mid-2024 would be 2.0 / 1.8 of 2022's."""
    rates = fit(council, population=People())
    into = rates.expected_entries(36)[:, 0].sum(axis=1) / [rates.census.length(k) for k in range(1, 37)]
    entries = into / rates.entries.levels.course(np.arange(1, 37))[:, 0]
    season = rates.entries.season[[rates.census.month(k) % 12 for k in range(1, 37)]]
    assert (entries / season)[26] / (entries / season)[2] == pytest.approx(2.0 / 1.8, rel=1e-6)
    assert rates.entries.growth == 0
    assert "made for a test" in forecast(rates, 6, draws=1).method


def test_area_that_the_population_does_not_know_has_its_share_of_entries(council):
    """Without heads of its own, the second area follows all the people there are, at its own entries."""
    known = fit(council, population=People())
    apart = fit(council, population=People(areas=("synthetic-area-0",)))
    one, other = (rates.expected_entries(12).sum(axis=(0, 2)) for rates in (known, apart))
    assert other == pytest.approx(one, rel=0.05)


def test_growth_in_common_is_found_without_a_population_and_is_uncertain():
    from tests.evaluate.forecast.conftest import Flow, make_spells

    steady = [Flow(60, lambda d: 0.1), Flow(60, lambda d: 0.1), Flow(60, lambda d: 0.1)]
    rates = fit(make_spells(steady, 96))
    assert abs(rates.entries.growth * 12) < 0.01
    assert 0.001 < rates.entries.growth_error * 12 < 0.01
    assert "entries grow by" in forecast(rates, 6, draws=1).method
