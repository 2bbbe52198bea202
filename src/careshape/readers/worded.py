"""Which sentences of a slot are new and which are gone, apart from the figures in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

MOST = 3
"""Sentences that are quoted of each; more are counted."""


@dataclass(frozen=True)
class Worded:
    """What changed in words: the sentences that are gone, and those that are new."""

    gone: str
    new: str

    @property
    def sentence(self) -> str:
        """The change in words."""
        if not self.gone:
            return f"it says now: {self.new}"
        return f"it says now: {self.new} It said: {self.gone}" if self.new else f"it no longer says: {self.gone}"


def words_changed(was: dict[str, Any], now: dict[str, Any]) -> Worded | None:
    """What changed of a slot's words; None where nothing did but figures."""
    if was["wording"] == now["wording"]:
        return None
    old, new = _sentences(was["wording"]), _sentences(now["wording"])
    said_old, said_new = _sentences(was["text"]), _sentences(now["text"])
    gone: list[str] = []
    come: list[str] = []
    for step, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step != "equal":
            gone += _taken(said_old, old, a, b)
            come += _taken(said_new, new, c, d)
    return Worded(_quoted(gone), _quoted(come)) if gone or come else None


def _sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.!?])\s+|\n\n", text) if one.strip()]


def _taken(said: list[str], wording: list[str], first: int, last: int) -> list[str]:
    """Sentences with their figures; where a figure's text broke one in two, without them."""
    return said[first:last] if len(said) == len(wording) else wording[first:last]


def _quoted(sentences: list[str]) -> str:
    more = len(sentences) - MOST
    return " ".join(sentences[:MOST]) + (f" ({more} more sentences)" if more > 0 else "")
