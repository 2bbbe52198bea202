"""Need: how many people have a condition or need help, from prevalence and population, with intervals.

docs/explanation/need.md has the method.
"""

from careshape.evaluate.need.coming_of_age import coming_of_age
from careshape.evaluate.need.compute import DIMENSIONS, need
from careshape.evaluate.need.outside import outside
from careshape.evaluate.need.prevalence import Missing, Prevalence, Rate, missing, prevalences
from careshape.evaluate.need.rebuilt import compare
from careshape.evaluate.need.result import COLUMNS, NeedResult

__all__ = [
    "COLUMNS",
    "DIMENSIONS",
    "Missing",
    "NeedResult",
    "Prevalence",
    "Rate",
    "coming_of_age",
    "compare",
    "missing",
    "need",
    "outside",
    "prevalences",
]
