"""How often one may ask without a key: so many requests a minute from one address, then a word when to go on."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from typing import Final

MOST_ADDRESSES: Final = 10_000
"""Addresses that are remembered; the one that asked longest ago is forgotten first."""
MINUTE: Final = 60.0


class Politeness:
    """A bucket for each address, which fills evenly over a minute."""

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, address: str, now: float | None = None) -> int:
        """Whole seconds that an address is asked to wait; 0 where it may ask now, and has."""
        now = time.monotonic() if now is None else now
        with self._lock:
            left, last = self._left.pop(address, (float(self.a_minute), now))
            left = min(float(self.a_minute), left + (now - last) * self.a_minute / MINUTE)
            allowed = left >= 1
            self._left[address] = (left - 1 if allowed else left, now)
            if len(self._left) > MOST_ADDRESSES:
                self._left.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) * MINUTE / self.a_minute))
