"""careshape: the commissioning cycle of adult social care as one system.

``import careshape`` needs no web framework; the rooms ``catalogue``, ``ledger``, ``records`` and ``evaluate`` are plain
Python for a notebook, and ``careshape.cli`` is the command line.
"""

__version__ = "0.1.0"
