"""What a wrong name is answered with: the known names that look like it, else all of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def near_to(wanted: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest of the known names, or all of them where none is near."""
    names = list(known)
    close = difflib.get_close_matches(wanted.strip().lower(), names, n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(close)}?" if close else f"There are {', '.join(names)}."
