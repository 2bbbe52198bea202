"""What differs between two texts: by lines first, and by words within the lines that changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from careshape.statement.frame import split_frame

Mark = Literal["same", "added", "removed"]
CLOSE: Final = 0.4
"""From this likeness on, two stretches are one that changed; below, one that went and one that came."""
MOST_WORDS: Final = 1000
"""Words and blanks of a stretch that are compared one by one; a longer one is shown as removed and added."""
MOST_PAIRS: Final = 1000
"""Pairs of paragraphs whose likeness is asked in one comparison; what is left is shown as removed and added."""
MOST_IN_ORDER: Final = 2500
"""Pairs of words of two paragraphs up to which the order of the words counts in their likeness."""
_WORDS: Final = re.compile(r"\s+|\{\{[^{}]*\}\}|\w+|[^\w\s]", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A stretch of words."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Difference:
    """A paragraph, or several that stand together, as it was and as it is."""

    kind: Literal["same", "changed", "added", "removed"]
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> tuple[Piece, ...]:
        """The pieces of the earlier text."""
        return tuple(one for one in self.pieces if one.mark != "added")

    @property
    def after(self) -> tuple[Piece, ...]:
        """The pieces of the later text."""
        return tuple(one for one in self.pieces if one.mark != "removed")


def between(before: str, after: str) -> list[Difference]:
    """Every paragraph of two texts in order, those that are the same among them."""
    old, new = _paragraphs(before), _paragraphs(after)
    found: list[Difference] = []
    pairs = 0
    for tag, first, last, start, end in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            found += [Difference("same", (Piece("same", one),)) for one in old[first:last]]
            continue
        pairs += (last - first) * (end - start)
        if pairs <= MOST_PAIRS:
            found += _changed(old[first:last], new[start:end])
        else:
            found += [Difference("removed", (Piece("removed", one),)) for one in old[first:last]]
            found += [Difference("added", (Piece("added", one),)) for one in new[start:end]]
    return found


def changes(found: list[Difference]) -> list[Difference]:
    """Those that differ."""
    return [one for one in found if one.kind != "same"]


def counted(found: list[Difference]) -> tuple[int, int]:
    """How many words were added, and how many removed."""
    pieces = [piece for one in found for piece in one.pieces]
    return _many(pieces, "added"), _many(pieces, "removed")


def _many(pieces: list[Piece], mark: Mark) -> int:
    found = [word for piece in pieces if piece.mark == mark for word in _WORDS.findall(piece.text)]
    return sum(word.startswith("{{") or word[0].isalnum() for word in found)


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a text; of particulars between lines of +++, each line is one."""
    frame = split_frame(text)
    if frame:
        return [*(line for line in frame.particulars.split("\n") if line.strip()), *_paragraphs(frame.text)]
    return [one.strip("\n") for one in re.split(r"\n\s*\n", text) if one.strip()]


def _changed(old: list[str], new: list[str]) -> Iterator[Difference]:
    """Paragraphs in the place of others: each beside the one that it is most like."""
    left = list(new)
    for one in old:
        like = max(range(len(left)), key=lambda at: _likeness(one, left[at]), default=None)
        if like is None or _likeness(one, left[like]) < CLOSE:
            yield Difference("removed", (Piece("removed", one),))
            continue
        yield from (Difference("added", (Piece("added", each),)) for each in left[:like])
        yield Difference("changed", tuple(words(one, left[like])))
        left = left[like + 1 :]
    yield from (Difference("added", (Piece("added", each),)) for each in left)


def _likeness(one: str, other: str) -> float:
    """How much two paragraphs have in common; of long ones the words alone count, which takes time by their length."""
    old, new = one.split(), other.split()
    matcher = SequenceMatcher(None, old, new)
    return matcher.ratio() if len(old) * len(new) <= MOST_IN_ORDER else matcher.quick_ratio()


def words(before: str, after: str) -> Iterator[Piece]:
    """The words of two texts; a live figure counts as one word."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        yield from (Piece("removed", before), Piece("added", after))
        return
    for tag, first, last, start, end in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[first:last]))
            continue
        if first < last:
            yield Piece("removed", "".join(old[first:last]))
        if start < end:
            yield Piece("added", "".join(new[start:end]))
