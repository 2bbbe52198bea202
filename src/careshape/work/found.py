"""What a question of a card finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """What a query found."""

    count: int
    said: str = ""
    link: str = ""
    """Where it leads, if not where the card does."""
