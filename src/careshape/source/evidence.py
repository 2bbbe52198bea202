"""Evidence that lapsed suspends a provider on the lists by itself, and new evidence brings it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def lapsed(council: str, organisations: Iterable[int], service: str, on: date) -> dict[int, tuple[str, ...]]:
    """Organisation -> a sentence for each piece of evidence that a service needs and that has lapsed by a day."""
    return {}
