"""Supply and gap: what there is, what will be needed, and what that means for the market.

>>> from careshape.evaluate.gap import packaged_segments
>>> packaged_segments()[0].id
'care-homes-older-people'
"""

from careshape.evaluate.gap.directions import Decision, Rules, decide, packaged_rules, read_rules
from careshape.evaluate.gap.gap import Expected, Gap, Market, Outside, gap
from careshape.evaluate.gap.listing import differences, supply_rows
from careshape.evaluate.gap.plans import Plans, plans
from careshape.evaluate.gap.published import council_supply, published_supply
from careshape.evaluate.gap.register import Register, read_register
from careshape.evaluate.gap.registered import register_rows
from careshape.evaluate.gap.requirements import accommodation, care_homes, extra_care, shared_out
from careshape.evaluate.gap.segments import Segment, packaged_segments, read_segments
from careshape.evaluate.gap.supply import Supply, available, read_supply, read_supply_file

__all__ = [
    "Decision",
    "Expected",
    "Gap",
    "Market",
    "Outside",
    "Plans",
    "Register",
    "Rules",
    "Segment",
    "Supply",
    "accommodation",
    "available",
    "care_homes",
    "council_supply",
    "decide",
    "differences",
    "extra_care",
    "gap",
    "packaged_rules",
    "packaged_segments",
    "plans",
    "published_supply",
    "read_register",
    "read_rules",
    "read_segments",
    "read_supply",
    "read_supply_file",
    "register_rows",
    "shared_out",
    "supply_rows",
]
