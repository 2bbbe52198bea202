"""Residents by area, year, sex and single year of age: from official statistics, or spread from published totals.

docs/explanation/population.md has the method.
"""

from careshape.evaluate.population.choose import BASES, population
from careshape.evaluate.population.grid import AGES, SEXES, TOP_AGE, Ages, Population
from careshape.evaluate.population.neighbourhoods import neighbourhoods

__all__ = ["AGES", "BASES", "SEXES", "TOP_AGE", "Ages", "Population", "neighbourhoods", "population"]
