"""What a sentence says in place of a figure that an edition does not give, and the sentences in which that stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup, escape

from careshape.language import say
from careshape.statement.calls import Call, Found
from careshape.statement.content import for_council
from careshape.statement.council import Council
from careshape.statement.easy_read import EasyLine
from careshape.statement.expressions import OPEN_CLOSE, find_expressions
from careshape.statement.figures import Figure
from careshape.statement.formatting import NOT_KNOWN, Withheld
from careshape.statement.labels import dimension_title
from careshape.statement.silent import silent, spoken

PEOPLE: Final = "to protect people"
PROVIDERS: Final = "to protect people and providers"
AMOUNT: Final = "an amount that is not shown"
SHARE: Final = "a share that is not shown"
PLACE: Final = "a place that is not shown"
NUMBER: Final = "a number that is not shown"
NUMBER_OF: Final = "an undisclosed number of"
NUMBER_OF_WHY: Final = "an undisclosed number ({why}) of"
PRIVATE: Final = "a number that we keep private"
PRIVATE_AMOUNT: Final = "an amount that we keep private"
"""What easy read says in its place."""
NOT_KNOWN_EASILY: Final = "a number that we do not know"
ONE: Final = "one that is not named"
A: Final = "a {what} that is not named"
AN: Final = "an {what} that is not named"
_ALONE: Final = (
    "in on at of to from and or a an the for by beside with who which were was is are had have has it that as per "
    "between while but than"
)
_NO_NOUN: Final = frozenset(_ALONE.split())
"""Words before which a number stands by itself, and counts no noun."""
_SENTENCE: Final = re.compile(r"[.!?](?=\s|$)|\n\s*\n|\n\s*[-*] |\n#+ |^\s*[-*] |^#+ ")
_MID: Final = re.compile(r"[\w,;(:\"“)\]\ue001£–]\s*$")
"""What stands before a figure that does not begin its sentence."""
_ARTICLE: Final = re.compile(r"\b(?:the|a|further|another|its|their|our)\s+$", re.IGNORECASE)
"""What stands before a figure whose words need no article of their own."""
_NO_COMMA: Final = re.compile(r"\s*(?:[.,;:!?()\"”–]|&quot;|$)")
"""What stands after a figure whose reason needs no comma to close it."""
_JOINED: Final = re.compile(r"[%\w-]")
"""What stands right after a figure that is a part of a word or percentage: no reason goes between."""


class Telling:
    """Words for the figures of one stretch of text: the first that is not shown says for whose sake."""

    def __init__(self) -> None:
        self.said = False

    def text(self, call: Call, figure: Figure, before: str, after: str) -> str:
        """How a figure is written in running text, between what stands before and after it."""
        if not isinstance(figure.value, Withheld):
            return figure.text
        words = _words(call, figure, after)
        if not self.said and not _JOINED.match(after):
            self.said = True
            why = say(PROVIDERS if "provider" in figure.value.reason else PEOPLE)
            if words == say(NUMBER_OF):
                words = say(NUMBER_OF_WHY, why=why)
            else:
                words += f", {why}" if _NO_COMMA.match(after) else f", {why},"
        if _ARTICLE.search(before):
            words = re.sub(r"^an? ", "", words)
        return words if _MID.search(before) else words[:1].upper() + words[1:]

    def figure(self, call: Call, figure: Figure, before: str, after: str) -> Figure:
        """A figure as it is written in running text."""
        return replace(figure, text=self.text(call, figure, before, after))


def _words(call: Call, figure: Figure, after: str) -> str:
    style = call.style or ""
    if call.name in ("largest", "smallest"):
        what = dimension_title(str(call.options.get("by", ""))).lower()
        if not what:
            return say(ONE)
        return say(AN if what[0] in "aeiou" else A, what=what)
    if call.name == "rank":
        return say(PLACE)
    if call.name in ("growth", "difference") or style.startswith("money") or figure.unit.startswith("gbp"):
        return say(AMOUNT)
    if call.name == "share" or style.startswith(("percent", "one_in")) or figure.unit.startswith(("percent", "one-in")):
        return say(SHARE)
    noun = re.match(r"\s+([a-z]+)", after)
    return say(NUMBER_OF) if noun and noun[1] not in _NO_NOUN else say(NUMBER)


def told(council: Council, text: str, *, known: str = "") -> str:
    """A text with its figures written out, as Markdown; what stands on a line of its own is left out.

    Sentences that tell nothing without their figures are left out too (``careshape.statement.silent``). ``known``
    stands for what cannot be read.
    """
    return _said(council, spoken(council, text), known)


def _said(council: Council, text: str, known: str) -> str:
    readable = {one.start: one.call for one in find_expressions(text, "")[0]}
    telling = Telling()

    def write(match: re.Match[str]) -> str:
        call = readable.get(match.start())
        if call is None:
            return known
        before, after = text[: match.start()], text[match.end() :]
        return "" if call.block else telling.text(call, council.book.figure(call), before, after)

    return for_council(OPEN_CLOSE.sub(write, text), council.demonstration)


@dataclass(frozen=True)
class Unshown:
    """A sentence that lacks one of its figures: where it stands, and how a reader meets it.

    One that is ``left_out`` tells nothing without it, so that readers do not meet it at all.
    """

    file: str
    line: int
    title: str
    words: str
    left_out: bool = False


def unshown(council: Council) -> list[Unshown]:
    """Every sentence of a council's text in which a figure is not shown, each once, in the order of the files."""
    statement = council.statement
    if statement is None:
        return []
    found = []
    for segment in statement.segments.values():
        gone = silent(council, segment.text)
        for one in _withheld(council, segment.found):
            words = _sentence(council, segment.text, one)
            left_out = any(start <= one.start < end for start, end in gone)
            found.append(Unshown(segment.file, one.place.line, segment.title, words, left_out))
    for text in statement.easy.values():
        for line in text.lines:
            if any(True for _ in _withheld(council, line.found)):
                words = said_easily(council, line).striptags()
                found.append(Unshown(text.file, line.line, text.title, words))
    return list({(one.file, one.words): one for one in reversed(found)}.values())[::-1]


def _withheld(council: Council, found: tuple[Found, ...]) -> Iterator[Found]:
    for one in found:
        if not one.call.block and isinstance(council.book.figure(one.call).value, Withheld):
            yield one


def said_easily(council: Council, line: EasyLine) -> Markup:
    """A line with its figures written out, each standing out from the words."""
    found, made, at = {one.start: one for one in line.found}, Markup(), 0
    for match in OPEN_CLOSE.finditer(line.text):
        made += escape(line.text[at : match.start()])
        if match.start() in found:
            figure = council.book.figure(found[match.start()].call)
            words = _written(figure, found[match.start()].call.style or "")
            made += Markup("<strong>{}</strong>").format(words) if figure.linked else escape(figure.text)
        at = match.end()
    return made + escape(line.text[at:])


def _written(figure: Figure, style: str) -> str:
    if isinstance(figure.value, Withheld):
        return PRIVATE_AMOUNT if style.startswith("money") else PRIVATE
    return NOT_KNOWN_EASILY if figure.value is None else figure.text


def _sentence(council: Council, text: str, one: Found) -> str:
    """The sentence around a figure, with its figures written out."""
    plain = OPEN_CLOSE.sub(lambda match: "x" * len(match[0]), text)  # a full stop inside an expression ends nothing
    start = max((match.end() for match in _SENTENCE.finditer(plain, 0, one.start)), default=0)
    end = _SENTENCE.search(plain, one.end)
    stop = len(text) if end is None else end.start() + (plain[end.start()] in ".!?")
    words = _said(council, re.sub(r"^\s*(?:[-*]|#+) +", "", text[start:stop]), NOT_KNOWN)
    return " ".join(re.sub(r"[*_`]+", "", words).split())
