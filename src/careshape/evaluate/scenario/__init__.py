"""Scenarios: what would change if something were done, side by side, and the cheapest mix within stated limits."""

from careshape.evaluate.scenario.compare import BASELINE, Comparison, compare
from careshape.evaluate.scenario.files import find_scenario, read_scenario, remove_scenario, save_scenario, scenarios
from careshape.evaluate.scenario.mix import Limits, Option, Plan, cheapest_mix

__all__ = [
    "BASELINE",
    "Comparison",
    "Limits",
    "Option",
    "Plan",
    "cheapest_mix",
    "compare",
    "find_scenario",
    "read_scenario",
    "remove_scenario",
    "save_scenario",
    "scenarios",
]
