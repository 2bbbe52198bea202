"""The text of a segment as HTML: Markdown with figures, tables, charts and lists in their places."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from html import escape
from typing import Final

from markdown_it import MarkdownIt

from careshape.statement.addresses import address
from careshape.statement.calls import Call
from careshape.statement.content import Segment, for_council
from careshape.statement.council import Council
from careshape.statement.expressions import OPEN_CLOSE, find_expressions
from careshape.statement.figures import Figure
from careshape.statement.formatting import NOT_KNOWN, Withheld
from careshape.statement.labels import in_sentence
from careshape.statement.silent import spoken
from careshape.statement.slots import SLOTS, Slot, uk_today
from careshape.statement.unshown import Telling, told

_MARK: Final = "\ue000{}\ue001"
_MARKED: Final = re.compile("\ue000(\\d+)\ue001")
_ALONE: Final = re.compile("<p>\ue000(\\d+)\ue001</p>")
_LONG: Final = 24
"""Characters from which a figure's text may break over lines."""

_BLOCKS: Final = r"p|li|ul|ol|h\d|table|t[rdh]|div|blockquote"
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")

Block = Callable[[Call, str], str]
"""HTML of a call that stands alone, given the heading level (h2, h3) that headings of its own must have."""


@dataclass(frozen=True)
class Part:
    """A part of a segment: its heading (empty for what stands before the first), its anchor and its HTML.

    ``slot`` is the slot that it is, if any; one in which nothing is written has no HTML.
    """

    title: str
    anchor: str
    html: str
    slot: Slot | None = None


def parts(council: Council, segment: Segment, block: Block, only: str = "") -> list[Part]:
    """The parts of a segment, a slot that its file leaves out among them in its place, with nothing in it.

    ``block`` gives the HTML of expressions that stand on a line of their own. ``only`` is the title of the one part
    that is wanted: what stands in others, tables and charts among it, is not made, and they come without HTML.
    """
    found = _written(council, segment, block, only)
    if not segment.slots:
        return found
    slots = {slot.title: slot for slot in segment.slots}
    shown = {part.title: replace(part, slot=slots[part.title]) for part in found if part.title in slots}
    others = [part for part in found if part.title not in slots]
    return [*others, *(shown.get(title) or Part(title, anchor(title), "", slots[title]) for title in SLOTS.values())]


def is_written(council: Council, slot: Slot) -> bool:
    """Whether a slot says anything that this council's readers see."""
    return bool(for_council(slot.text, council.demonstration).strip())


def review_day(council: Council) -> date:
    """The day with which dates of review are compared: today, but in an edition, which stays as it is, its records'."""
    return council.postings[-1].day if council.edition and council.postings else uk_today()


def _written(council: Council, segment: Segment, block: Block, only: str) -> list[Part]:
    """The parts of a segment as they stand in its file."""
    calls: list[Call | None] = []
    said = spoken(council, segment.text)
    found_in = segment.found if said is segment.text else find_expressions(said, segment.file)[0]
    readable = {found.start: found.call for found in found_in}

    def mark(match: re.Match[str]) -> str:
        calls.append(readable.get(match.start()))
        return _MARK.format(len(calls) - 1)

    text = for_council(OPEN_CLOSE.sub(mark, said), council.demonstration)
    found = []
    for piece in re.split(r"^(?=## )", text, flags=re.MULTILINE):
        heading = re.match(r"## +(.+?) *\n", piece)
        title = _worded(council, heading[1], calls) if heading else ""
        if only and title != only:
            continue
        body = piece[heading.end() :] if heading else piece
        if body.strip() or title:
            html = _classes(_MARKDOWN.render(body))
            found.append(Part(title, anchor(title), _filled(council, html, calls, partial(_with_level, block, title))))
    return found


def figure_html(council: str, figure: Figure) -> str:
    """A figure in running text: a link to its card, whose name says that it is one."""
    if not figure.linked:
        return escape(figure.text)
    if figure.problem:
        link = address(council, "figure", figure.key)
        return f'<a class="govuk-link cs-figure" href="{link}">{NOT_KNOWN}</a>'
    kind = "cs-figure cs-figure--long" if len(figure.text) > _LONG else "cs-figure"
    link = address(council, "figure", figure.key)
    return f'<a class="govuk-link govuk-link--text-colour {kind}" href="{link}">{escape(figure.text)}</a>'


def plain_text(council: Council, segment: Segment) -> str:
    """The segment's words with its figures written out, without marks: what a search looks through."""
    return without_marks(told(council, segment.text))


def without_marks(text: str) -> str:
    """Markdown as plain words on one line."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    # A heading does not run into the sentence below it.
    text = re.sub(r"^#+ +(.*\w) *$", r"\1:", text, flags=re.MULTILINE)
    return re.sub(r"\s+", " ", re.sub(r"[#*_`>|]+", " ", text)).strip()


def _with_level(block: Block, title: str, call: Call) -> str:
    """Headings inside a part stand below its own; before the first part they stand below the title of the page."""
    return block(call, "h3" if title else "h2")


def _filled(council: Council, html: str, calls: list[Call | None], block: Callable[[Call], str]) -> str:
    telling = Telling()

    def alone(match: re.Match[str]) -> str:
        call = calls[int(match[1])]
        if call is not None and call.block:
            return block(call)
        return f'<p class="govuk-body">{match[0][3:]}'

    def inline(match: re.Match[str]) -> str:
        call = calls[int(match[1])]
        if call is None:
            return NOT_KNOWN
        if call.block:
            return f'</p>{block(call)}<p class="govuk-body">'
        figure = council.book.figure(call)
        before, after = match.string[: match.start()], match.string[match.end() :]
        if isinstance(figure.value, Withheld):
            figure = telling.figure(call, figure, _flat(before[-200:]), _flat(after[:200]))
        elif re.search(r"[\w,;(\ue001]\s*$", before):
            figure = _in_sentence(call, figure)
        return figure_html(council.slug, figure)

    return _MARKED.sub(inline, _ALONE.sub(alone, html)).replace('<p class="govuk-body"></p>', "")


def _flat(html: str) -> str:
    """A stretch of HTML as text, in which a block ends a sentence; a tag that is cut off goes too."""
    html = re.sub(r"^[^<>]*>|<[^<>]*$", "", html)
    return re.sub(r"<[^>]*>", "", re.sub(rf"</?(?:{_BLOCKS})\b[^>]*>", "\n. ", html))


def _in_sentence(call: Call, figure: Figure) -> Figure:
    """A label that does not begin its sentence, with a small letter where it is no name."""
    dimension = call.first if call.name == "label" else str(call.options.get("by", ""))
    if call.name not in ("label", "largest", "smallest") or figure.problem:
        return figure
    return replace(figure, text=in_sentence(dimension, figure.text))


def _worded(council: Council, heading: str, calls: list[Call | None]) -> str:
    """A heading with its figures as words: it is the target of a link, and so can hold none."""

    def word(match: re.Match[str]) -> str:
        call = calls[int(match[1])]
        return NOT_KNOWN if call is None else council.book.figure(call).text

    return _MARKED.sub(word, heading)


def _classes(html: str) -> str:
    """The design system's classes on what Markdown makes."""
    for tag, classes in (
        ("<ul>", '<ul class="govuk-list govuk-list--bullet">'),
        ("<ol>", '<ol class="govuk-list govuk-list--number">'),
        ("<h3>", '<h3 class="govuk-heading-s">'),
        ("<a ", '<a class="govuk-link" '),
        ("<table>", '<table class="govuk-table">'),
    ):
        html = html.replace(tag, classes)
    return re.sub(r"<p>(?!\ue000\d+\ue001</p>)", '<p class="govuk-body">', html)


def anchor(title: str) -> str:
    """The anchor of a heading in its page."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
