"""Find, by recomputing, where a published statement disagrees with itself.

>>> from careshape.records import observations
>>> from careshape.evaluate.consistency import find_discrepancies
>>> result = find_discrepancies(observations("worcestershire"))
>>> next(found.published for found in result.findings if found.kind == "date")
'Saturday'
"""

from careshape.evaluate.consistency.declaration import Check
from careshape.evaluate.consistency.find import declared_checks, find_discrepancies, read_checks
from careshape.evaluate.consistency.finding import AGREES, KINDS, Finding, Result

__all__ = ["AGREES", "KINDS", "Check", "Finding", "Result", "declared_checks", "find_discrepancies", "read_checks"]
