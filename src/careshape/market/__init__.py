"""The market: who is registered to give care, how good it is and for how long, and how much of it is free.

Reads the regulator's files as published and the returns that providers send in, row by row, with every fault in a
sentence; follows homes through new registrations; and works out closures, ratings with their age, occupancy and alerts.
"""

from careshape.market.faults import Fault
from careshape.market.files import RegulatorFile, read_file

__all__ = ["Fault", "RegulatorFile", "read_file"]
