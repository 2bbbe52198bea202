"""Where the figures of a chapter come from: said once at its end, not at each number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from careshape.evaluate.measure import measures
from careshape.language import say
from careshape.statement.cards import Line
from careshape.statement.council import Council
from careshape.statement.figures import Figure
from careshape.statement.print.nodes import Listing, Node, Paragraph, Run

_LINK: Final = re.compile(r'href="/[^/"]+/(figures|measures|observations)/([^/"]+)/')
_COUNTED: Final = "Counted from the council’s line items of care, as known on {known}."
_FIRM: Final = ("Segment", "Source", "Study", "Method", "What to bear in mind")


@dataclass
class _Found:
    """What the figures of a chapter rest on: measures, the tables of a document, and anything else, each once."""

    measures: dict[str, None] = field(default_factory=dict)
    tables: dict[str, dict[str, None]] = field(default_factory=dict)
    others: dict[str, dict[str, None]] = field(default_factory=dict)
    """What is said of the method of estimates -> what they are of."""
    derived: bool = False


def sources_of(council: Council, htmls: Iterable[str]) -> tuple[Node, ...]:
    """The notes at the end of a chapter, from the cards that its figures and tables open on the pages."""
    found = _Found()
    for html in htmls:
        for kind, item in dict.fromkeys(_LINK.findall(html)):
            if kind == "measures":
                found.measures[item] = None
            elif kind == "observations":
                _published(council, item, found)
            else:
                figure = council.book.by_key(item)
                for one in _with_parents(figure) if figure else ():
                    _card(council, one, found)
    return tuple(_notes(council, found))


def _with_parents(figure: Figure) -> Iterator[Figure]:
    yield figure
    for parent in figure.parents:
        yield from _with_parents(parent)


def _card(council: Council, figure: Figure, found: _Found) -> None:
    card = figure.card
    led = {(line.page, line.item) for line in card.lines if line.page}
    for page, item in sorted(led):
        if page == "measure":
            found.measures[item] = None
        elif page == "observations":
            _published(council, item, found)
    if card.kind == "derived":
        found.derived = True
    elif card.kind in ("forecast", "need"):
        what = "; ".join(line.text.rstrip(".") for line in card.lines if line.label == "What it is")
        found.others.setdefault(_said(card.lines), {})[what] = None


def _published(council: Council, table: str, found: _Found) -> None:
    entry = council.dataset.tables.get(table) if council.dataset else None
    rows = council.sources.observations.find(table=table)
    source = rows[0].source if len(rows) else ""
    # A number without a digit, such as that of figures in running text, says nothing beside the title.
    numbered = entry is not None and any(letter.isdigit() for letter in entry.number)
    title = f"{entry.number}: {entry.title}" if entry and numbered else entry.title if entry else table
    found.tables.setdefault(source, {})[title] = None


def _said(lines: Iterable[Line]) -> str:
    kept = [line.text.rstrip(".") for line in lines if line.label in _FIRM and line.text]
    return ". ".join(kept) + "."


def _notes(council: Council, found: _Found) -> Iterator[Node]:
    if found.measures:
        # A measure without a card of its own was named by a text that another version knows.
        entries = [measures()[name] for name in sorted(found.measures) if name in measures()]
        yield Paragraph((Run(say(_COUNTED, known=council.known)),), "small")
        yield Listing(
            tuple(
                (
                    Paragraph(
                        (
                            Run(f"{say(one.label)}. ", bold=True),
                            Run(_sentences(say(one.card.what), say(one.card.limitations))),
                        ),
                        "small",
                    ),
                )
                for one in entries
            )
        )
    for source, tables in sorted(found.tables.items()):
        said = "; ".join(sorted(tables, key=_in_order))
        yield Paragraph((Run(f"{say('Quoted.')} ", bold=True), Run(f"{_sentences(source)} {said}.")), "small")
    for other, whats in sorted(found.others.items(), key=lambda one: (min(one[1]), one[0])):
        said = f"{'; '.join(sorted(whats))}. {other}"
        yield Paragraph((Run(f"{say('Expected.')} ", bold=True), Run(said)), "small")
    if found.derived:
        yield Paragraph((Run(say("Changes, shares, sums and ranks are worked out from these figures.")),), "small")


def _sentences(*texts: str) -> str:
    return " ".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in texts if text)


def _in_order(text: str) -> tuple[str, int, str]:
    """Table 9 before Table 10."""
    match = re.search(r"\d+", text)
    return (re.sub(r"\d.*", "", text), int(match[0]) if match else 0, text)
