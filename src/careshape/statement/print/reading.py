"""The nodes of a printed statement, read from the HTML of its pages.

The HTML is our own: well formed, with tables that name their headings, and pictures that carry their words. What only a
page can do (a link to a download, words for a screen alone) is left out: it is marked `cs-web` or visually hidden.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from html.parser import HTMLParser
from typing import Final

from careshape.language import say
from careshape.statement.print.nodes import (
    Grid,
    GridCell,
    GridRow,
    Heading,
    Listing,
    Node,
    Paragraph,
    Picture,
    Run,
    Runs,
    Terms,
)

_SVG: Final = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_VOID: Final = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col"})
_INLINE: Final = frozenset({"a", "abbr", "b", "code", "em", "i", "span", "strong", "sub", "sup", "br", "wbr", "time"})
_LEFT_OUT: Final = frozenset({"govuk-visually-hidden", "cs-web", "cs-caption", "cs-chart__summary"})
_BETWEEN: Final = "cs-between"
"""Rows of which paper shows one a year."""
YEARLY: Final = "One row a year is printed. The page on the web has all {rows} rows, and so has its data."
_HEADINGS: Final = {"h2": 2, "h3": 3, "h4": 4, "h5": 5}

Lead = Callable[[str], tuple[str, str]]
"""Where a link of the pages leads in print: an address of the web, or the id of a chapter; both empty for neither."""


@dataclass
class Element:
    """An element of the HTML with what is in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        """Its classes."""
        return frozenset(self.attributes.get("class", "").split())

    def all(self, *tags: str) -> Iterator[Element]:
        """Every element below it with one of these tags, in order; not what is inside another such."""
        for child in self.children:
            if isinstance(child, Element):
                if child.tag in tags:
                    yield child
                else:
                    yield from child.all(*tags)


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("body")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element within the one that is open."""
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)
        if tag not in _VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element that holds nothing."""
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost open element of this name, and what was left open in it."""
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at].tag == tag:
                del self.open[at:]
                return

    def handle_data(self, data: str) -> None:
        """Take a stretch of text."""
        self.open[-1].children.append(data)


@dataclass
class Reader:
    """Reads the HTML of parts. ``lead`` says where links lead; ``top`` is the level of the document's ``<h2>``."""

    lead: Lead
    top: int
    svgs: list[str] = field(default_factory=list)

    def nodes(self, html: str) -> tuple[Node, ...]:
        """What some HTML says, in order."""
        self.svgs = []

        def kept(match: re.Match[str]) -> str:
            # Drawings are kept aside: reading every stroke of them would take longer than everything else.
            self.svgs.append(match[0])
            return f'<svg data-number="{len(self.svgs) - 1}"></svg>'

        tree = _Tree()
        tree.feed(_SVG.sub(kept, html))
        tree.close()
        return tuple(_with_notes(self._blocks(tree.root)))

    def _blocks(self, parent: Element) -> Iterator[Node]:
        """The blocks of an element; words between them become paragraphs of their own."""
        loose: list[Element | str] = []
        for child in parent.children:
            if isinstance(child, str) or child.tag in _INLINE:
                loose.append(child)
                continue
            yield from self._loose(loose)
            loose = []
            yield from self._block(child)
        yield from self._loose(loose)

    def _loose(self, found: list[Element | str]) -> Iterator[Node]:
        runs = self.runs(Element("span", {}, found))
        if runs:
            yield Paragraph(runs)

    def _block(self, one: Element) -> Iterator[Node]:
        if one.classes & _LEFT_OUT:
            return
        if one.tag == "p":
            yield from self._paragraph(one)
        elif one.tag in _HEADINGS:
            yield Heading(self.top + _HEADINGS[one.tag] - 2, self.runs(one))
        elif one.tag in ("ul", "ol"):
            items = tuple(tuple(self._blocks(item)) for item in one.all("li"))
            yield Listing(tuple(item for item in items if item), one.tag == "ol")
        elif one.tag == "dl":
            yield self._terms(one)
        elif one.tag == "table":
            yield self._grid(one)
        elif one.tag == "figure":
            yield from self._figure(one)
        elif one.tag == "details":
            yield from self._details(one)
        elif one.tag not in ("script", "style", "svg", "form", "nav", "button", "template"):
            yield from self._blocks(one)

    def _paragraph(self, one: Element) -> Iterator[Node]:
        runs = self.runs(one)
        if not runs:
            return
        inset, small = "govuk-inset-text" in one.classes, "cs-note" in one.classes or "govuk-body-s" in one.classes
        yield Paragraph(runs, "inset" if inset else "small" if small else "")

    def _details(self, one: Element) -> Iterator[Node]:
        # What a page folds away stands open on paper, without the words that would unfold it.
        for child in one.children:
            if isinstance(child, Element) and child.tag != "summary":
                yield from self._blocks(child)

    def _terms(self, one: Element) -> Terms:
        items: list[tuple[Runs, tuple[Node, ...]]] = []
        for child in one.all("dt", "dd"):
            if child.tag == "dt":
                items.append((self.runs(child), ()))
            elif items:
                items[-1] = (items[-1][0], (*items[-1][1], *self._blocks(child)))
        return Terms(tuple(items))

    def _figure(self, one: Element) -> Iterator[Node]:
        title = "".join(_words(each) for each in one.all("figcaption")).strip()
        for drawing in one.all("svg"):
            svg = self.svgs[int(drawing.attributes["data-number"])]
            yield Picture(title or _inside(svg, "title"), svg, _inside(svg, "desc"))

    def _grid(self, one: Element) -> Grid:
        title = "".join(_words(each) for each in one.all("caption")).strip()
        lines = list(one.all("tr"))
        above = [line for part in one.all("thead") for line in part.all("tr")]
        heads = tuple(self._cell(cell) for line in above[:1] for cell in line.all("th", "td"))
        rows = tuple(
            GridRow(tuple(self._cell(cell) for cell in line.all("th", "td")), "cs-total" in line.classes)
            for line in lines
            if not any(line is each for each in above) and _BETWEEN not in line.classes
        )
        many = sum(_BETWEEN in line.classes for line in lines)
        notes = (Paragraph((Run(say(YEARLY, rows=len(rows) + many)),), "small"),) if many else ()
        return Grid(re.sub(r"\s+", " ", title), heads, rows, notes)

    def _cell(self, cell: Element) -> GridCell:
        given = cell.attributes
        numeric = any(name.endswith("--numeric") for name in cell.classes)
        runs = tuple(Run(run.text, run.bold, run.tag) for run in self.runs(cell))
        return GridCell(
            runs, int(given.get("rowspan", 1)), int(given.get("colspan", 1)), given.get("scope") == "row", numeric
        )

    def runs(self, one: Element) -> Runs:
        """The words of an element, as stretches that are each of one look."""
        found = list(self._runs(one, Run("")))
        joined: list[Run] = []
        for run in found:
            text = re.sub(r"[ \t\r\n]+", " ", run.text)
            if joined and joined[-1].text.endswith((" ", "\n")):
                text = text.lstrip(" ")
            if text and joined and _alike(joined[-1], run):
                joined[-1] = _with(joined[-1], joined[-1].text + text)
            elif text:
                joined.append(_with(run, text))
        if joined:
            joined[0] = _with(joined[0], joined[0].text.lstrip())
            joined[-1] = _with(joined[-1], joined[-1].text.rstrip())
        return tuple(run for run in joined if run.text)

    def _runs(self, one: Element, look: Run) -> Iterator[Run]:
        for child in one.children:
            if isinstance(child, str):
                yield _with(look, child)
            elif child.classes & _LEFT_OUT:
                continue
            elif child.tag == "br":
                yield _with(look, " ")
            else:
                yield from self._runs(child, self._look(child, look))

    def _look(self, one: Element, look: Run) -> Run:
        bold = look.bold or one.tag in ("strong", "b", "em")
        href, target = self.lead(one.attributes.get("href", "")) if one.tag == "a" else (look.href, look.target)
        return Run("", bold, look.tag or "govuk-tag" in one.classes, href, target)


def _with_notes(nodes: Iterable[Node]) -> list[Node]:
    """The nodes with the notes that stand right below a table made its own, so that they stay with it."""
    found: list[Node] = []
    for node in nodes:
        last = found[-1] if found else None
        if isinstance(last, Grid) and isinstance(node, Paragraph) and node.kind == "small":
            found[-1] = replace(last, notes=(*last.notes, node))
        else:
            found.append(node)
    return found


def _with(look: Run, text: str) -> Run:
    return Run(text, look.bold, look.tag, look.href, look.target)


def _alike(one: Run, other: Run) -> bool:
    same = (one.bold, one.tag, one.href, one.target) == (other.bold, other.tag, other.href, other.target)
    return same and not one.tag


def _words(one: Element) -> str:
    return "".join(child if isinstance(child, str) else _words(child) for child in one.children)


def _inside(svg: str, tag: str) -> str:
    found = re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}>", svg, re.DOTALL)
    return unescape(found[1]) if found else ""
