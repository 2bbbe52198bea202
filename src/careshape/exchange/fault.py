"""A fault of somebody's file: where, what stands there, the rule, and what to do, as one sentence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from careshape.language import say

LONGEST: Final = 60
"""Letters of a value that a sentence shows."""
MOST: Final = 500
"""Faults that are told of one file; what comes after is counted only."""

Path = tuple[str | int, ...]
"""Where something stands in a statement: names and numbers from the outside in."""


@dataclass(frozen=True)
class Fault:
    """One fault. ``place`` is a JSON pointer, or file:row:column."""

    place: str
    value: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        here = f" ({self.value})" if self.value else ""
        return f"{self.place}: {_small(self.rule)}{here}; {_small(self.remedy)}."

    def as_dict(self) -> dict[str, str]:
        """The fault as a program reads it."""
        return {**asdict(self), "sentence": str(self)}


def _small(text: str) -> str:
    """A sentence as it goes on after a colon; what begins with a name of capitals keeps it."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def fault(place: str, value: Any, rule: str, remedy: str) -> Fault:
    """A fault, with what stands at its place shortened, and without a full stop at the end of its parts."""
    return Fault(place, shown(value), say(rule).rstrip("."), say(remedy).rstrip("."))


def shown(value: Any) -> str:
    """A value as a sentence shows it."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
    return f"“{text[:LONGEST]}…”" if len(text) > LONGEST else f"“{text}”"


def pointer(path: Sequence[str | int]) -> str:
    """A place as a JSON pointer (RFC 6901); the whole document is a slash, so that one sees it."""
    parts = (str(one).replace("~", "~0").replace("/", "~1") for one in path)
    return "".join(f"/{one}" for one in parts) or "/"
