"""Published figures beside the same figures counted from the ledger."""

from careshape.evaluate.published.check import COLUMNS, Ask, Comparison, asks, check_published
from careshape.evaluate.published.mapping import Mapping, council_mapping, is_mapped, left_out, mapping

__all__ = [
    "COLUMNS",
    "Ask",
    "Comparison",
    "Mapping",
    "asks",
    "check_published",
    "council_mapping",
    "is_mapped",
    "left_out",
    "mapping",
]
