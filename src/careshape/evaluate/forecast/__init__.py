"""Demand from the council's own records: spells, rates, an exact projection by month, and draws.

The walk, in the order of the work::

    spells = read_spells(ledger, areas="district", known_on=None, until=None)     # or Spells.from_arrays(...)
    rates = fit(spells, until=day, model="semi-markov", population=None, settings=FitSettings())
    fc = forecast(rates, months=120, draws=1000, seed=1, scenario=None)
    fc.table(by=("service",), measure="people", months=[3, 12, 24])               # rows with 80% and 95% intervals
    fc.table(by=("service", "area"), measure="yearly_cost", periods="2021/22:2030/31")
    fc.samples(12, by=("service", "area"))                                         # [draws, cells], for scores
    fc.cells(by=("service", "area"))                                               # the ids of those cells, in order
    fc.mean(12, by=())                                                             # the exact mean, without draws
    fc.history(by=("service",), months=36)                                         # what was, on the same footing
    fc.explain(service="nursing", group="older-people", area="wychavon", month=12) # the arithmetic behind one cell

``Spells.from_arrays(person=, area=, group=, service=, birth_month=, start=, end=, quantity=None, weekly_cost=None,
window=(first_day, last_day), areas=(ids), groups=(ids), services=(ids))`` takes one row a stay: a person, a service,
from the first to the last day (days since 1970-01-01, both included; ``OPEN_DAY`` while open). ``area``, ``group`` and
``service`` are indexes into the tuples of ids (or the ids themselves), ``birth_month`` is year * 12 + month - 1 (0
unknown), ``quantity`` is hundredths a week and ``weekly_cost`` pence. ``window`` says between which days the records
are complete; stays that began before it keep their true start. A person may hold several services at once; two stays of
one person in one service must not overlap.

``fit(until=day)`` uses nothing after that day: later stays are unknown, later ends are open. ``spells.stock(days,
by=("service", "area"))`` counts the people open on days: int array [days, cells], cells in the order of ``cells(by)``,
the same order as ``samples``.
"""

from careshape.evaluate.forecast.fit import fit
from careshape.evaluate.forecast.forecast import Forecast, forecast
from careshape.evaluate.forecast.levers import Lever, Point, Scenario
from careshape.evaluate.forecast.rates import Rates
from careshape.evaluate.forecast.read import read_spells
from careshape.evaluate.forecast.settings import FitSettings
from careshape.evaluate.forecast.spells import Spells

__all__ = ["FitSettings", "Forecast", "Lever", "Point", "Rates", "Scenario", "Spells", "fit", "forecast", "read_spells"]
