"""Supply and gap: what there is, what will be needed, and what that means for the market.

>>> from careshape.evaluate.gap import packaged_segments
>>> packaged_segments()[0].id
'care-homes-older-people'
"""

from careshape.evaluate.gap.directions import Decision, Rules, decide, packaged_rules, read_rules
from careshape.evaluate.gap.gap import Expected, Gap, Market, gap
from careshape.evaluate.gap.published import council_supply, published_supply
from careshape.evaluate.gap.requirements import accommodation, extra_care, shared_out
from careshape.evaluate.gap.segments import Segment, packaged_segments, read_segments
from careshape.evaluate.gap.supply import Supply, available, read_supply, read_supply_file

__all__ = [
    "Decision",
    "Expected",
    "Gap",
    "Market",
    "Rules",
    "Segment",
    "Supply",
    "accommodation",
    "available",
    "council_supply",
    "decide",
    "extra_care",
    "gap",
    "packaged_rules",
    "packaged_segments",
    "published_supply",
    "read_rules",
    "read_segments",
    "read_supply",
    "read_supply_file",
    "shared_out",
]
