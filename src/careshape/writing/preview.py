"""What a draft reads like while it is written, with the figures as known now, and what is wrong at which line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from careshape.errors import CareshapeError
from careshape.statement.council import Council
from careshape.statement.lint import Fault
from careshape.statement.text import Part
from careshape.writing.kinds import Kind, kind_of

_NO_PARTS: Final[tuple[Part, ...]] = ()
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
    here: bool = True
    """Whether it stands in the part that is being written."""


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


def preview(council: Council, file: str, content: str, part: str = "") -> Preview:
    """The whole of a draft, or one part of it, as it would read, and what is wrong with it.

    Nothing is written, and no figure of the draft comes among those of the council's pages.
    """
    kind = kind_of(file)
    problem, shown = "", _NO_PARTS
    found = kind.check(council.slug, file, content)
    try:
        shown = kind.shown(council, file, content, part) if kind.shown is not None else ()
    except CareshapeError as error:
        problem = str(error)
        found = [one for one in found if one.rule != "form"]
    all_told = of_part(kind, content, part, found)
    told = [one for one in all_told if one.here]
    return Preview(
        tuple(_with_cards(council, one) for one in shown), tuple(told), len(all_told) - len(told),
        tuple(_lines(_text(kind, content, part), told)), problem,
    )  # fmt: skip


def _with_cards(council: Council, part: Part) -> Part:
    """A part whose figures open their cards where those of drafts stand."""
    own = re.compile(rf'(href=")/{re.escape(council.slug)}/figures/([0-9a-f]{{12}})/(")')
    return replace(part, html=own.sub(rf"\1{CARDS}\2/\3", part.html))


def of_part(kind: Kind, content: str, part: str, found: Sequence[Fault]) -> list[Told]:
    """Faults by the lines of what is being written; those that stand elsewhere are not ``here``."""
    if not part:
        return [Told(one.line, one.rule, one.message) for one in found]
    start = kind.parted.first_line(content, part)
    last = start + _text(kind, content, part).count("\n") if start else 0
    named = re.compile(
        rf"(?:\b[Tt]able|\bentry) '{re.escape(part)}'|\[\[statement\]\] {re.escape(part[len('statement-') :])}:"
    )
    told = []
    for one in found:
        inside = bool(start) and start <= one.line <= last
        here = inside or (not one.line and bool(named.search(one.message)))
        told.append(Told(one.line - start + 1 if inside else 0, one.rule, one.message, here))
    return told


def _text(kind: Kind, content: str, part: str) -> str:
    return kind.parted.text(content, part) if part else content


def _lines(text: str, told: list[Told]) -> list[Line]:
    lines = text.split("\n")
    at = {one.line for one in told if 0 < one.line <= len(lines)}
    near = sorted({n for line in at for n in range(line - _CONTEXT, line + _CONTEXT + 1) if 0 < n <= len(lines)})
    return [Line(n, lines[n - 1], tuple(one for one in told if one.line == n)) for n in near]
