"""The words of a search: small ones count for nothing, one of many is as good as many, a slip finds what is near."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SMALL: Final = frozenset((
    "a", "all", "an", "and", "are", "as", "at", "be", "by", "for", "from", "had", "has", "have", "how", "in", "is",
    "it", "its", "many", "much", "number", "of", "on", "or", "per", "that", "the", "their", "there", "this", "to",
    "was", "were", "what", "which", "who", "with",
))  # fmt: skip
"""Words that stand in nearly every text, and so say nothing of what is looked for."""
NEAR: Final = 0.75
"""How alike two words are of which one may be a slip for the other, from 0 to 1."""
COUNTED: Final = 12
"""So many words of a search count, so that one of very many takes no longer than another."""
_WORD: Final = re.compile(r"[^\W_]+(?:/\d+)?")


@dataclass(frozen=True)
class Wanted:
    """What is looked for: the words that count, and those that were taken for another with what each was taken for."""

    words: tuple[str, ...]
    taken: tuple[tuple[str, str], ...] = ()


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: in small letters, and without the s of many."""
    return [stem(one) for one in _WORD.findall(text.casefold())]


def stem(word: str) -> str:
    """A word without the ending of many: homes is home, and deliveries is delivery."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) and len(word) > 3 else word


def wanted(text: str, known: Mapping[str, int]) -> Wanted:
    """The words of a search, each as it is known or as the nearest that is; one that is near none stays as it is.

    The first twelve count, and none of one letter, with which nearly everything begins.

    known: the words that there are, with how often; of two that are equally near the one that is there more is meant.
    """
    words: list[str] = []
    taken = []
    for one in dict.fromkeys(_WORD.findall(text.casefold())):
        if one in SMALL or (len(one) == 1 and one.isalpha()):
            continue
        if len(words) == COUNTED:
            break
        word = stem(one)
        if not any(each.startswith(word) for each in known):
            near = difflib.get_close_matches(word, known, n=5, cutoff=NEAR)
            if near:
                word = max(near, key=lambda each: (round(_alike(one, each), 1), each[0] == one[0], known[each]))
                taken.append((one, word))
        words.append(word)
    return Wanted(tuple(dict.fromkeys(words)), tuple(taken))


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, stem(one), other).ratio()
