"""Figures as data: a measure is an entry, its kind of counting is code, and one call evaluates it.

>>> from careshape.evaluate.measure import measures
>>> measures()["bed_nights"].card.what
'Nights that people spent in a care home bed which the council arranged, by the evening on which the night began.'
"""

from careshape.evaluate.measure.entry import Card, Measure, measures
from careshape.evaluate.measure.evaluate import changed, measure
from careshape.evaluate.measure.result import Change, Result

__all__ = ["Card", "Change", "Measure", "Result", "changed", "measure", "measures"]
