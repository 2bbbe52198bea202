"""The text of a statement as a kind of file: what is read of a draft, what is wrong with it, what agreeing it adds."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from django.conf import settings

from careshape.errors import CareshapeError, InputError
from careshape.statement.content import (
    Group,
    Segment,
    Statement,
    content_folder,
    load_statement,
    read_segment,
    with_segment,
)
from careshape.statement.council import Council, open_council
from careshape.statement.figures import FigureBook
from careshape.statement.frame import split_frame
from careshape.statement.functions import read
from careshape.statement.lint import Fault, dead_links, lint_segment, lint_titles
from careshape.statement.proof import Moves, in_figures, in_tables
from careshape.statement.segments import block_html
from careshape.statement.slots import SLOTS, slot_texts
from careshape.statement.text import Part, parts
from careshape.writing.kinds import Kind, Parted, register
from careshape.writing.particulars import first_line, rule_in, slot_text, with_rule, with_slot

FOLDER: Final = "statement"
_FILES: Final = re.compile(r"statement/[0-9a-z][0-9a-z-]*\.md")
_KEEP: Final = "Keep it, or first have unused = true agreed below its id among the tables."
MOST_FIGURES: Final = 2000
"""Figures that drafts may have asked for, before what was asked is forgotten."""


def council_of(slug: str) -> Council:
    """A council with a text that can be written on. Raises InputError where it has none."""
    council = open_council(settings.CARESHAPE_DIR, slug)
    if council is None:
        raise InputError("The data folder holds no records of this council.")
    return council


def statement_of(council: Council) -> Statement:
    """The text in force, as it is written. Raises InputError where there is none, or where it cannot be read."""
    if council.written is not None:
        return council.written
    folder = content_folder(council.slug, council.ledger.path)
    if folder is None:
        raise InputError(
            "No text has been written for this council's statement yet. Whoever runs the installation begins one with "
            "`careshape statement start`."
        )
    return load_statement(folder)


def file_of(segment: Segment) -> str:
    """The place of a segment's file in the council's folder."""
    return f"{FOLDER}/{segment.file}"


def segment_of(council: Council, file: str, content: str) -> tuple[Statement, Segment]:
    """The statement with a draft in its place, and the draft's segment. Raises InputError for a faulty form.

    The draft may be of a page that is new, or that is taken out or brought back by it.
    """
    statement, name = statement_of(council), file.partition("/")[2]
    if any(one.file == name for one in statement.segments.values()):
        made, segment = with_segment(statement, name, content)
        if segment.out is None:
            return made, segment
    made = load_statement(statement.folder, {name: content})
    segment = next(one for one in (*made.segments.values(), *made.out) if one.file == name)
    stays = next((one.id for one in (*statement.segments.values(), *statement.out) if one.file == name), "")
    if segment.id != (stays or name.removesuffix(".md")):
        raise InputError(
            f"{name}: the id '{segment.id}' must be '{stays or name.removesuffix('.md')}', as its file is called."
        )
    return made, segment


def drafting(council: Council) -> Council:
    """The council as drafts ask it: with the same answers, and figures of its own.

    What a draft quotes is so never among the figures that the council's readers meet.
    """
    with council.lock:
        kept: Council | None = council.kept.get("drafting")
        if kept is None or len(kept.book.computed()) > MOST_FIGURES:
            kept = Council(council.slug, council.ledger, council.observations, council.written, ask=council.ask)
            vars(kept)["sources"] = council.sources
            book = FigureBook(council.sources, read, council.ask)
            book.plan(council.calls())
            vars(kept)["book"] = book
            council.kept["drafting"] = kept
        if "book" in vars(council):
            kept.book.take(council.book)
        return kept


def faults_of(slug: str, file: str, content: str) -> list[Fault]:
    """Everything that keeps a text from being agreed, by the line of its file."""
    council = council_of(slug)
    try:
        statement, segment = segment_of(council, file, content)
    except InputError as error:
        return [Fault(file, 0, "form", str(error))]
    if segment.out is not None:
        others = (one for one in statement.segments.values() if one.id != segment.id)
        return [fault for one in others for fault in dead_links(one, statement, slug)]
    return [*faults_in(council, statement, segment), *_left_without(council, segment)]


def faults_in(council: Council, statement: Statement, segment: Segment) -> list[Fault]:
    """What is wrong with one segment: in its words, and in what it says of its figures."""
    names = FigureBook(replace(council.sources, ledger=None, outlook=None, known=""), read)
    found = [*lint_titles(segment, names), *lint_segment(segment, statement, names)]
    if council.written is not None:
        told = {_place(one) for one in found}
        draft = drafting(council)
        alone = replace(statement, groups=(Group("", (segment,)),), tables={})
        asked = Council(draft.slug, draft.ledger, draft.observations, alone, ask=draft.ask)
        vars(asked).update(sources=draft.sources, book=draft.book)
        said = [
            *in_figures(asked),
            *in_tables(alone, asked.slug, draft.table),
            *Moves(asked, council.kept.setdefault("drafting, as known", {})).faults(),
        ]
        found += [bare for one in said if _place(bare := _bare(one)) not in told]
    return sorted(found, key=lambda fault: fault.line)


def _bare(fault: Fault) -> Fault:
    return replace(fault, file=fault.file.rpartition("/")[2])


def _place(fault: Fault) -> tuple[int, str]:
    return fault.line, fault.message.split("}}")[0]


def _left_without(council: Council, segment: Segment) -> list[Fault]:
    """Tables that would stand on no page any more."""
    statement = statement_of(council)
    before = statement.segments.get(segment.id)
    if before is None:
        return []
    gone = _tables(before) - _tables(segment)
    others = {name for one in statement.segments.values() if one.id != segment.id for name in _tables(one)}
    return [
        Fault(segment.file, 0, "dead table", f"The table '{name}' stood here and would stand on no page. {_KEEP}")
        for name in sorted(gone - others)
        if name in statement.tables and not statement.tables[name].unused
    ]


def _tables(segment: Segment) -> set[str]:
    return {found.call.first for found in segment.found if found.call.name in ("table", "chart")}


def changed_slots(before: Segment, after: Segment) -> list[str]:
    """The slots whose words are not as they were."""
    was = {slot.id: slot.text for slot in before.slots}
    return [slot.id for slot in after.slots if slot.text != was.get(slot.id, "")]


def _agreed(before: str, content: str, on: date) -> str:
    """The text with the day of agreement beside each slot whose words changed: what its figures are held against."""
    try:
        was, segment = (_slots_of(one) for one in (before, content))
    except CareshapeError:
        return content
    for name in SLOTS:
        if segment.get(name, "") and segment.get(name) != was.get(name, ""):
            content = with_rule(content, name, {"agreed": on})
    return content


def _taken_up(before: str, content: str) -> str:
    """The text without the day of an agreement that did not hold, beside each slot whose words are not in force."""
    try:
        was, mine = (_slots_of(one) for one in (before, content))
    except CareshapeError:
        return content
    for name in SLOTS:
        if mine.get(name, "") != was.get(name, ""):
            content = with_rule(content, name, {"agreed": rule_in(before, name).get("agreed")})
    return content


def _slots_of(content: str) -> dict[str, str]:
    frame = split_frame(content)
    return {name: text for name, (text, _) in slot_texts(frame.text if frame else content).items()}


def _packaged(slug: str) -> Path | None:
    return content_folder(slug)


def _title(slug: str, file: str) -> str:
    """The title of the page, with its figures left as they are written."""
    try:
        statement = statement_of(council_of(slug))
    except CareshapeError:
        return file
    name = file.partition("/")[2]
    pages = (*statement.segments.values(), *statement.out)
    return next((one.title for one in pages if one.file == name), f"New page: {_words(name.removesuffix('.md'))}")


def _words(name: str) -> str:
    """A short name as words: advice-for-carers is Advice for carers."""
    return name.replace("-", " ").capitalize()


def shown(council: Council, file: str, content: str, part: str = "") -> tuple[Part, ...]:
    """A page as it would read, or one slot of it. Raises InputError for a faulty form."""
    _, segment = segment_of(council, file, content)
    if council.written is None:
        return ()
    one = replace(segment, slots=())
    if part in SLOTS:
        one = _alone(one, SLOTS[part])
    # Tables and charts are declared apart from the text: those of a draft are the council's own.
    return tuple(parts(drafting(council), one, lambda call, level: block_html(council, one, call, level)))


def _alone(segment: Segment, title: str) -> Segment:
    """A segment of which only one slot is left; what stands outside is blank, so that every place stays."""
    found = re.search(rf"^## +{re.escape(title)} *$\n?(?:(?!## ).*\n?)*", segment.text, flags=re.MULTILINE)
    if found is None:
        return replace(segment, text="", found=())
    start, end = found.span()
    blank = re.sub(r"[^\n]", " ", segment.text[:start])
    return replace(segment, text=blank + segment.text[start:end])


def _slots_to_write(content: str) -> dict[str, str]:
    try:
        return dict(SLOTS) if read_segment("", content).kind == "segment" else {}
    except CareshapeError:
        return {}


TEXT: Final = register(
    Kind(
        "statement", "A page of the statement", _FILES, faults_of, _packaged, name=_title, agreed=_agreed,
        taken_up=_taken_up, parted=Parted(_slots_to_write, slot_text, with_slot, first_line), shown=shown,
    )
)  # fmt: skip
"""The kind."""
