"""The forecast of one council of a data folder: from which day, for how long, and on which population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from careshape.catalogue.periods import day_date, day_number, month_end, month_ordinal, parse_periods
from careshape.errors import CallError
from careshape.evaluate.forecast.fit import fit
from careshape.evaluate.forecast.forecast import Forecast, forecast
from careshape.evaluate.forecast.levers import Scenario
from careshape.evaluate.forecast.read import WHOLE, read_spells
from careshape.evaluate.forecast.settings import Model
from careshape.evaluate.measure.frames import LedgerLike
from careshape.evaluate.population import Population, population
from careshape.home import Home
from careshape.language import say

DEFAULT_MONTHS: Final = 120
DRAWS: Final = 1000
"""Futures drawn, by commands and pages alike, so that they print the same limits."""
LEAST_MONTHS: Final = 24
"""A population that ends sooner after the records is not worth ending the forecast for."""


@dataclass(frozen=True)
class CouncilForecast:
    """A forecast, the council it is of, and what a reader must be told about how it was set up."""

    authority: str
    forecast: Forecast
    population: Population | None
    notices: tuple[str, ...]

    @property
    def origin(self) -> date:
        """The last day of the records that it starts from."""
        return day_date(self.forecast.rates.census.day(0))


def council_forecast(
    home: Home,
    authority: str | None,
    *,
    ledger: LedgerLike | None = None,
    areas: str | None = "district",
    groups: str | None = "client_group",
    known_on: date | None = None,
    until: date | None = None,
    months: int | None = None,
    period: str | None = None,
    model: Model = "semi-markov",
    basis: str = "auto",
    draws: int = DRAWS,
    seed: int = 1,
    scenario: Scenario | None = None,
    occupancy: Mapping[str, float] | None = None,
) -> CouncilForecast:
    """Forecast a council's demand from its records.

    Args:
        ledger: the council's ledger where it is open already, such as one that is held at a posting.
        areas, groups: the dimensions that areas and groups are; None for one area, or one group.
        until: forecast from this day, using nothing later; otherwise from the last month end that the records reach.
        months: how many months ahead; otherwise up to the end of ``period``, otherwise ten years, or as far as the
            population reaches.
        basis: ``auto`` for the newest population there is, else published totals; ``none`` for constant entries; or
            a population's basis.

    Raises CallError for a period that lies in the past or beyond the population, and what the parts raise.
    """
    ledger = ledger or home.ledger(authority)
    spells = read_spells(ledger, areas=areas, groups=groups, known_on=known_on, until=until)
    origin = last_month_end(spells.window, until)
    if until is None and origin < spells.window[1]:
        # Amounts are those of the origin, as a measure counts them on that day, not of the days after it.
        held = read_spells(ledger, areas=areas, groups=groups, known_on=known_on, until=day_date(origin))
        spells = held if held.window[1] == origin else spells
    asked = months if months is not None else months_to(period, origin)
    people, notices = _population(home, ledger.authority, basis, spells.areas)
    span = DEFAULT_MONTHS if asked is None else asked
    if people is not None and (reach := _months_within(people, origin)) < span:
        if asked is not None:
            raise CallError(
                f"The population ({people.label}) ends in {people.last_year}, before the {asked} months asked for. "
                "Ask for fewer, load a later edition with `careshape data add`, or forecast without a population "
                "(--population none)."
            )
        if reach >= LEAST_MONTHS:
            span, said = reach, say("The forecast ends in {year}, as the population does.", year=people.last_year)
        else:
            said = say("No population is used: the one there is ends in {year}.", year=people.last_year)
            people = None
        notices = (*notices, said)
    rates = fit(spells, until=origin, model=model, population=people)
    made = forecast(rates, span, draws, seed, scenario=scenario, occupancy=occupancy)
    return CouncilForecast(ledger.authority, made, people, notices)


def last_month_end(window: tuple[int, int], until: date | None) -> int:
    """The day to forecast from: the day asked for, else the last month end that the records reach.

    Raises CallError for a day after the records.
    """
    if until is not None:
        if day_number(until) > window[1]:
            raise CallError(
                f"The records reach {day_date(window[1])}, before {until}. A forecast starts on a day that they cover."
            )
        return day_number(until)
    last = day_date(window[1])
    month = month_ordinal(last)
    end = month_end(month)
    return day_number(end if end == last else month_end(month - 1))


def months_to(period: str | None, origin: int) -> int | None:
    """Months from the origin to the end of a period. Raises CallError where the period is past."""
    if period is None:
        return None
    last = max(one.end for one in parse_periods(period))
    months = month_ordinal(last) - month_ordinal(day_date(origin))
    if months < 1:
        raise CallError(
            f"'{period}' ends by {last}, and the records reach {day_date(origin)}: that is history, which "
            "`careshape measure` counts. Choose later periods."
        )
    return months


def _population(
    home: Home, authority: str, basis: str, areas: Sequence[str]
) -> tuple[Population | None, tuple[str, ...]]:
    """The population that entries are counted for each head of, and what is to be said where there is none."""
    if basis == "none":
        return None, ()
    try:
        found = population(home, authority, None if basis == "auto" else basis)
    except CallError as error:
        if basis != "auto":
            raise
        return None, (say("No population is used: {error}", error=error),)
    if tuple(areas) == (WHOLE,):
        found = replace(found, areas=tuple(WHOLE if area == authority else area for area in found.areas))
    if not set(areas) & set(found.areas):
        return None, ("No population is used: the one there is has none of these areas.",)
    return found, ()


def _months_within(people: Population, origin: int) -> int:
    """Months from the origin to the end of the last year of a population."""
    return people.last_year * 12 + 11 - month_ordinal(day_date(origin))
