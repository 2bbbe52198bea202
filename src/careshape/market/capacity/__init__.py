"""How much care is free: the weekly return of providers, its checks, occupancy, vacancies, and how old each is."""

from careshape.market.capacity.lines import Line, Return
from careshape.market.capacity.reading import read_return

__all__ = ["Line", "Return", "read_return"]
