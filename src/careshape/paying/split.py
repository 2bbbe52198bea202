"""Pence shared out among who pays, so that the parts always come to the whole."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction


def shared_out(pence: int, exact: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole pence by name that come to ``pence``, each within a penny of its exact share.

    Args:
        pence: the whole, nought or more.
        exact: name -> exact share in pence; together within half a penny of the whole.

    The method is that of the largest remainder: everybody has the whole pence of the share, and what is left goes a
    penny each to the largest parts of a penny; where those are the same, to who stands first.
    """
    parts = {name: math.floor(share) for name, share in exact.items()}
    left = pence - sum(parts.values())
    for name in sorted(exact, key=lambda name: parts[name] - exact[name])[:left]:
        parts[name] += 1
    return parts
