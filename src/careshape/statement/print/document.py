"""A statement put together for print: its cover, its chapters in their order, and where their figures come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from careshape.errors import CallError
from careshape.language import say
from careshape.statement.addresses import address
from careshape.statement.calls import near
from careshape.statement.content import Segment
from careshape.statement.council import Council
from careshape.statement.formatting import day
from careshape.statement.labels import period_title
from careshape.statement.licence import NONE_SET
from careshape.statement.phrases import phrase
from careshape.statement.print.nodes import Chapter, Document, Heading, Node, Paragraph, Run
from careshape.statement.print.reading import Lead, Reader
from careshape.statement.print.sources import sources_of
from careshape.statement.segments import segment_parts
from careshape.statement.slots import STATE_TITLES
from careshape.statement.subjects import Subject
from careshape.statement.text import is_written, review_day

SYNTHETIC: Final = (
    "Demonstration with synthetic records. No record behind these figures is of a real person or provider. The records "
    "were made so that they give back figures that the council published."
)
DRAFT: Final = "Draft. Not released: these figures have not passed the check that no person can be recognised."


_SECTION: Final = "Section {name} of the council’s own document."
_PART: Final = "{name} of the council’s own document."
_OVERDUE: Final = "This was to be looked at again by {day}."
_DUE: Final = "This is to be looked at again by {day}."


def document_of(council: Council, subject: Subject | None = None) -> Document:
    """A council's whole statement for print, or that of one subject.

    Raises CallError where the council has no text, or where nothing has been written for the subject.
    """
    written = council.statement
    if written is None:
        raise CallError(council.content_problem or f"{council.name} has no statement to print.")
    title, about = written.title, written.subtitle
    if subject is not None and subject.kind != "main":
        title, about = (str(phrase(council.book, text)) for text in (subject.title, subject.about))
        if not subject.segments:
            raise CallError(f"Nothing has been written for '{title}' yet, so there is nothing to print.")
        chapters = _chapters(council, [written.segments[name] for name in subject.segments])
    else:
        chapters = _whole(council)
    last = council.postings[-1].day if council.postings else review_day(council)
    return Document(
        title, _sentence(about), council.name, tuple(_facts(council, subject)), _notices(council),
        (last.year, last.month, last.day), tuple(chapters),
    )  # fmt: skip


def the_subject(council: Council, name: str) -> Subject | None:
    """The statement of one subject; None for the main one. Raises CallError where the council declares none such."""
    known = {one.id: one for one in council.statement.subjects} if council.statement else {}
    if name and name not in known:
        raise CallError(f"There is no statement '{name}'. {near(name, known)}")
    found = known.get(name)
    return None if found is None or found.kind == "main" else found


def printable(council: Council) -> list[Subject]:
    """The subjects of which something can be printed: those that are made from any segment."""
    found = council.statement.subjects if council.statement else ()
    return [one for one in found if one.kind != "main" and one.segments]


def _facts(council: Council, subject: Subject | None) -> list[tuple[str, str]]:
    period = council.statement.period if council.statement else ""
    facts = [("Edition", council.edition or say("Draft, as it is today")), ("Figures as known on", council.known)]
    if subject is None and period:
        facts.append(("For", period_title(period)))
    if subject is not None and subject.planned:
        facts.append(("Planned for", period_title(subject.planned)))
    return [(say(label), words) for label, words in (*facts, ("Terms of use", _terms(council)))]


def _terms(council: Council) -> str:
    """The licence that the council has set, and the terms of what is quoted from published documents."""
    given = council.statement.licence if council.statement else None
    quoted = f" {council.dataset.licence}" if council.dataset else ""
    return f"{given}.{quoted}" if given else f"{say(NONE_SET)}{quoted}"


def _notices(council: Council) -> tuple[str, ...]:
    told = (SYNTHETIC if council.demonstration else "", "" if council.edition else DRAFT)
    return tuple(say(one) for one in told if one)


def _whole(council: Council) -> list[Chapter]:
    assert council.statement is not None
    made: list[Chapter] = []
    for group in council.statement.groups:
        for at, one in enumerate(group.segments):
            made.append(_chapter(council, one, 2, council.statement.segments, "" if at else group.title))
    return made


def _chapters(council: Council, segments: Sequence[Segment]) -> list[Chapter]:
    inside = {one.id: one for one in segments}
    return [_chapter(council, one, 1, inside, "") for one in segments]


def _chapter(council: Council, one: Segment, level: int, inside: dict[str, Segment], above: str) -> Chapter:
    parts = segment_parts(council, one)
    reader = Reader(leading(council.slug, inside), level + 1)
    nodes: list[Node] = []
    for part in parts:
        if part.title:
            nodes.append(Heading(level + 1, (Run(say(part.title)),)))
        nodes += _levelled(reader.nodes(part.html), level + (1 if part.title else 0))
        if part.slot and not part.html:
            nodes.append(Paragraph((Run(say("Nothing has been written here yet.")),), "inset"))
        elif part.slot:
            nodes += _due(council, part.slot.id, one)
    # A document's own numbering is told where it has any.
    number = one.section[:1].isdigit()
    about = say(_SECTION if number else _PART, name=one.section) if one.section else ""
    return Chapter(one.id, one.title, level, tuple(nodes), above, about, sources_of(council, [p.html for p in parts]))


def _due(council: Council, name: str, one: Segment) -> list[Node]:
    """What the page says of a slot that is to be looked at again."""
    slot = next(each for each in one.slots if each.id == name)
    state = slot.state(review_day(council), is_written(council, slot))
    if state not in ("due", "overdue") or slot.review is None:
        return []
    words = say(_OVERDUE if state == "overdue" else _DUE, day=day(slot.review))
    return [Paragraph((Run(say(STATE_TITLES[state]), tag=True), Run(f" {words}")), "small")]


def _levelled(nodes: Sequence[Node], above: int) -> list[Node]:
    """The nodes with no heading more than one level below the one before it, as tagged documents demand."""
    found: list[Node] = []
    for node in nodes:
        if isinstance(node, Heading):
            node = Heading(min(node.level, above + 1), node.runs)
            above = node.level
        found.append(node)
    return found


def leading(slug: str, inside: dict[str, Segment]) -> Lead:
    """Where links of the pages lead in print: to a chapter that is there, or out to the web."""
    chapters = {address(slug, "segment", name): name for name in inside}

    def lead(href: str) -> tuple[str, str]:
        if href.startswith(("http://", "https://", "mailto:")):
            return href, ""
        return "", chapters.get(href.split("#")[0], "")

    return lead


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."
