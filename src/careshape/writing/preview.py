"""What a draft reads like while it is written, with the figures as known now, and what is wrong at which line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from careshape.errors import CareshapeError
from careshape.statement.content import Segment
from careshape.statement.council import Council
from careshape.statement.lint import Fault
from careshape.statement.segments import block_html
from careshape.statement.slots import SLOTS
from careshape.statement.text import Part, parts
from careshape.writing.particulars import first_line, slot_text
from careshape.writing.texts import drafting, faults_in, segment_of

CARDS: Final = "/work/writing/card/"
"""Where the card of a figure of a draft stands."""
_CONTEXT: Final = 1
"""Lines that are shown before and after one with a fault."""


@dataclass(frozen=True)
class Told:
    """A fault as its writer meets it: ``line`` counts from 1 in the text that is being written; 0 is the whole."""

    line: int
    rule: str
    message: str


@dataclass(frozen=True)
class Line:
    """A line of the text, with what is wrong with it."""

    number: int
    text: str
    faults: tuple[Told, ...]


@dataclass(frozen=True)
class Preview:
    """A draft as it would read."""

    parts: tuple[Part, ...] = ()
    faults: tuple[Told, ...] = ()
    elsewhere: int = 0
    """How many faults stand in other parts of the page."""
    lines: tuple[Line, ...] = ()
    """The lines with faults, and those around them."""
    problem: str = ""
    """Why it cannot be read at all."""


def preview(council: Council, file: str, content: str, slot: str = "") -> Preview:
    """The whole of a draft, or one slot of it, as it would read, and what is wrong with it.

    Nothing is written, and no figure of the draft comes among those of the council's pages.
    """
    try:
        statement, segment = segment_of(council, file, content)
    except CareshapeError as error:
        return Preview(problem=str(error))
    found = faults_in(council, statement, segment)
    told, elsewhere = _of_slot(content, slot, found)
    text = _shown_text(content, slot)
    return Preview(_rendered(council, segment, slot), tuple(told), elsewhere, tuple(_lines(text, told)))


def _rendered(council: Council, segment: Segment, slot: str) -> tuple[Part, ...]:
    if council.written is None:
        return ()
    only = SLOTS.get(slot, "")
    one = replace(segment, slots=())
    if only:
        one = _alone(one, only)
    # Tables and charts are declared apart from the text: those of a draft are the council's own.
    made = parts(drafting(council), one, lambda call, level: block_html(council, one, call, level))
    own = re.compile(rf'(href=")/{re.escape(council.slug)}/figures/([0-9a-f]{{12}})/(")')
    return tuple(replace(part, html=own.sub(rf"\1{CARDS}\2/\3", part.html)) for part in made)


def _alone(segment: Segment, title: str) -> Segment:
    """A segment of which only one slot is left; what stands outside is blank, so that every place stays."""
    found = re.search(rf"^## +{re.escape(title)} *$\n?(?:(?!## ).*\n?)*", segment.text, flags=re.MULTILINE)
    if found is None:
        return replace(segment, text="", found=())
    start, end = found.span()
    blank = re.sub(r"[^\n]", " ", segment.text[:start])
    return replace(segment, text=blank + segment.text[start:end])


def _of_slot(content: str, slot: str, found: list[Fault]) -> tuple[list[Told], int]:
    """The faults of what is being written, by its own lines, and how many stand elsewhere."""
    if not slot:
        return [Told(one.line, one.rule, one.message) for one in found], 0
    start = first_line(content, slot)
    last = start + _shown_text(content, slot).count("\n") if start else 0
    here = [Told(one.line - start + 1, one.rule, one.message) for one in found if start <= one.line <= last and start]
    return here, len(found) - len(here)


def _shown_text(content: str, slot: str) -> str:
    return slot_text(content, slot) if slot else content


def _lines(text: str, told: list[Told]) -> list[Line]:
    lines = text.split("\n")
    at = {one.line for one in told if 0 < one.line <= len(lines)}
    near = sorted({n for line in at for n in range(line - _CONTEXT, line + _CONTEXT + 1) if 0 < n <= len(lines)})
    return [Line(n, lines[n - 1], tuple(one for one in told if one.line == n)) for n in near]
