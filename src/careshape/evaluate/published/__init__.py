"""Published figures beside the same figures counted from the ledger."""

from careshape.evaluate.published.check import COLUMNS, Ask, Comparison, asks, check_published
from careshape.evaluate.published.mapping import Mapping, left_out, mapping

__all__ = ["COLUMNS", "Ask", "Comparison", "Mapping", "asks", "check_published", "left_out", "mapping"]
