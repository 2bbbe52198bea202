"""Sentences that tell nothing in an edition because their figures are not shown, and a text without them.

"A district that is not named has the most hours" says nothing, and so does a second sentence of figures that are not
shown right after a first one that said so. Readers meet neither; whoever agrees the edition is told of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from careshape.statement.calls import Call
from careshape.statement.content import DEMONSTRATION
from careshape.statement.council import Council
from careshape.statement.expressions import OPEN_CLOSE, find_expressions
from careshape.statement.formatting import Withheld

NAMES: Final = ("largest", "smallest", "rank")
"""Functions whose answer is a name or a place: without it, the sentence around it says nothing."""
_PARAGRAPH: Final = re.compile(r"^(?!#|\||\s*$)(?:.*\S.*(?:\n|\Z))+", re.MULTILINE)
_ITEM: Final = re.compile(r"^(?=\s*(?:[-*]|\d+\.)[ \t])", re.MULTILINE)
_LEAD: Final = re.compile(rf"\s*(?:(?:[-*]|\d+\.)[ \t]+)?(?:{re.escape(DEMONSTRATION)}\s+)?")
_END: Final = re.compile(r"[.!?][*_)\"”’]*(?=\s|\Z)")


@dataclass(frozen=True)
class _Sentence:
    """Where a sentence stands: with the space before it, from its first letter to its end."""

    gap: int
    start: int
    end: int


def spoken(council: Council, text: str) -> str:
    """A text without the sentences that tell nothing; the very text where there are none."""
    spans = silent(council, text)
    if not spans:
        return text
    at, kept = 0, list[str]()
    for start, end in spans:
        kept.append(text[at:start])
        at = end
    return "".join((*kept, text[at:]))


def silent(council: Council, text: str) -> list[tuple[int, int]]:
    """The stretches of a text that tell nothing, in order, each with the space that goes with it."""
    found = find_expressions(text, "")[0]
    calls = {one.start: one.call for one in found}
    if not any(_withheld(council, call) for call in calls.values()):
        return []
    plain = OPEN_CLOSE.sub(lambda match: "x" * len(match[0]), text)  # a full stop inside an expression ends nothing
    spans: list[tuple[int, int]] = []
    for start, end in _blocks(plain):
        spans += _in_block(council, plain, calls, start, end)
    return spans


def _withheld(council: Council, call: Call) -> bool:
    return not call.block and isinstance(council.book.figure(call).value, Withheld)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs, and the items of lists; headings and tables are none."""
    for paragraph in _PARAGRAPH.finditer(text):
        starts = [
            paragraph.start(),
            *(m.start() + paragraph.start() for m in _ITEM.finditer(paragraph[0]) if m.start()),
        ]
        yield from zip(starts, [*starts[1:], paragraph.end()], strict=True)


def _in_block(council: Council, text: str, calls: dict[int, Call], start: int, end: int) -> list[tuple[int, int]]:
    sentences = list(_sentences(text, start, end))
    gone: list[bool] = []
    said = False
    for one in sentences:
        inside = [call for at, call in calls.items() if one.start <= at < one.end]
        hidden = [call for call in inside if _withheld(council, call)]
        gone.append(bool(hidden) and _says_nothing(council, inside, hidden, said) and _whole(text[one.start : one.end]))
        said = said if gone[-1] else bool(hidden)
    if all(gone):
        return [(start, end)] if gone else []
    first = gone.index(False)
    # The first of a paragraph go with the space behind them, each other one with the space before it.
    return [
        *([(sentences[0].start, sentences[first].start)] if first else []),
        *((one.gap, one.end) for one, goes in zip(sentences[first:], gone[first:], strict=True) if goes),
    ]


def _says_nothing(council: Council, inside: list[Call], hidden: list[Call], before: bool) -> bool:
    """Whether no figure of a sentence is shown, and it is of names alone or follows one that said so."""
    shown = [call for call in inside if call not in hidden and council.book.figure(call).linked]
    return not shown and (before or all(call.name in NAMES for call in hidden))


def _whole(sentence: str) -> bool:
    """Whether no emphasis, link or quotation opens inside of a sentence and closes outside of it."""
    return all(sentence.count(mark) % 2 == 0 for mark in '*_"`') and all(
        sentence.count(one) == sentence.count(other) for one, other in ("[]", "()", "“”")
    )


def _sentences(text: str, start: int, end: int) -> Iterator[_Sentence]:
    lead = _LEAD.match(text, start, end)
    at = gap = lead.end() if lead else start
    while at < end:
        stop = _END.search(text, at, end)
        done = stop.end() if stop else len(text[:end].rstrip())
        if done <= at:
            return
        yield _Sentence(gap, at, done)
        gap = done
        at = done + len(text[done:end]) - len(text[done:end].lstrip())
