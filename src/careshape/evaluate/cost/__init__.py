"""What care costs, and how that compares: unit costs, other councils, models of fees, the local market.

>>> from careshape.evaluate.cost import indicators
>>> indicators()["admissions-65"].good
'down'
"""

from careshape.evaluate.cost.benchmark import Benchmark, benchmark
from careshape.evaluate.cost.composition import supported_living
from careshape.evaluate.cost.fees import compare, fee_model, uplift, work_out
from careshape.evaluate.cost.indicators import Indicator, find_indicator, indicators
from careshape.evaluate.cost.market import concentration, placement_mix, provider_mix, spending_shift
from careshape.evaluate.cost.neighbours import Neighbours, load_list, neighbours
from careshape.evaluate.cost.prices import prices_paid
from careshape.evaluate.cost.unit_costs import unit_cost_entries, unit_costs

__all__ = [
    "Benchmark",
    "Indicator",
    "Neighbours",
    "benchmark",
    "compare",
    "concentration",
    "fee_model",
    "find_indicator",
    "indicators",
    "load_list",
    "neighbours",
    "placement_mix",
    "prices_paid",
    "provider_mix",
    "spending_shift",
    "supported_living",
    "unit_cost_entries",
    "unit_costs",
    "uplift",
    "work_out",
]
