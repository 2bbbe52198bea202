"""Need: how many people have a condition or need help, from prevalence and population, with intervals.

docs/explanation/need.md has the method.
"""

from careshape.evaluate.need.compute import DIMENSIONS, need
from careshape.evaluate.need.prevalence import Missing, Prevalence, Rate, missing, prevalences
from careshape.evaluate.need.result import COLUMNS, NeedResult

__all__ = ["COLUMNS", "DIMENSIONS", "Missing", "NeedResult", "Prevalence", "Rate", "missing", "need", "prevalences"]
