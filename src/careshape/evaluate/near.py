"""What a wrong name is answered with: the known names that look like it, else all of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

MOST: Final = 30
"""Names that a sentence lists."""


def near_to(wanted: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest of the known names, or all of them where none is near and they are few."""
    names = list(known)
    close = difflib.get_close_matches(wanted.strip().lower(), names, n=3, cutoff=0.6)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return f"There are {', '.join(names)}." if len(names) <= MOST else f"There are {len(names)}, none of them near."
