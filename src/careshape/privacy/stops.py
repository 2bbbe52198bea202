"""What must end before somebody is erased: rooms above say it of their tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Stop = Callable[[str, str], str]
"""From a council and the identifier of a person to a sentence that says what must be done first; '' for nothing."""
STOPS: Final[list[Stop]] = []


def stops_erasure(check: Stop) -> Stop:
    """Have a check asked before each erasure of a person."""
    STOPS.append(check)
    return check


def stopped(council: str, identifier: str) -> str:
    """What must be done before somebody is erased; '' where nothing must."""
    return next((words for check in STOPS if (words := check(council, identifier))), "")
