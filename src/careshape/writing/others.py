"""What stands beside the pages of a statement as kinds of file: easy read, the statement as a whole, its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from django.template.loader import render_to_string

from careshape.errors import CareshapeError, InputError
from careshape.statement.calls import Call, near
from careshape.statement.claims import contradictions
from careshape.statement.content import Statement, content_folder, load_statement
from careshape.statement.council import Council
from careshape.statement.easy_read import FOLDER, PICTURES, SUMMARY, EasyText, read_easy_text
from careshape.statement.expressions import OPEN_CLOSE, find_expressions
from careshape.statement.figures import FigureBook
from careshape.statement.formatting import day
from careshape.statement.functions import read
from careshape.statement.labels import period_title
from careshape.statement.lint import Fault, lint_easy, lint_said, lint_said_of_tables, lint_segment, lint_tables
from careshape.statement.phrases import phrase, titled
from careshape.statement.proof import table_beyond
from careshape.statement.segments import block_html
from careshape.statement.slots import SLOTS
from careshape.statement.spec import read_tables
from careshape.statement.text import Part
from careshape.statement.unshown import said_easily
from careshape.writing.forms import ABOUT_FIELDS, Field, subject_fields, table_fields
from careshape.writing.kinds import Kind, Parted, register
from careshape.writing.texts import council_of, drafting, statement_of
from careshape.writing.toml_parts import Stretch, by_entry, by_table, fields_in, first_line, pieces, put, text_of

STATEMENT: Final = "statement/statement.toml"
TABLES: Final = "statement/tables.toml"
PARTS: Final = {
    "title": "Title and period",
    "contact": "Whom readers ask",
    "front_door": "Where somebody turns who needs care",
    "licence": "The licence",
    "slots": "Who keeps the parts of pages",
    "statement": "All statements, in their order",
    "parts": "The contents: the parts and the order of their pages",
}
"""The parts of the file of the statement as a whole, by the name of their table."""


HINTS: Final = {
    "easy-read": "A heading begins with ##. Every other line is a picture in brackets and one short sentence: "
    "[home] You live in your own home.",
    "slots": "An owner is a post, and no person; review is the day by which a part is looked at again.",
    "statement": "Each [[statement]] has an id, a title, the month or year for which it is planned, the short names "
    "of the pages that it is made from, and a sentence about it.",
    "parts": "Each [[parts]] is a part of the contents: its title, and the short names of its pages in their order.",
    "tables": "Each [[table]] has an id, a title, and the measure or the published table that it is filled from. One "
    "that stands on no page yet says unused = true. To take one out, leave its text empty.",
}
"""What who writes is told, by the kind of a file or by one of its parts."""
_SHOWN_TABLES: Final = 3
"""Tables that a preview shows at most, where the whole file is written."""
_LINE: Final = re.compile(r"\(at line (\d+)|\bline (\d+)")


def _packaged(council: str) -> Path | None:
    return content_folder(council)


def _names(council: Council) -> FigureBook:
    """A book that knows the names, and computes nothing."""
    return FigureBook(replace(council.sources, ledger=None, outlook=None, known=""), read)


def _form(file: str, error: CareshapeError) -> list[Fault]:
    found = _LINE.search(str(error))
    return [Fault(file.rpartition("/")[2], int(found[1] or found[2]) if found else 0, "form", str(error))]


# Easy read


def easy_faults_of(slug: str, file: str, content: str) -> list[Fault]:
    """What keeps a page in easy read from being agreed."""
    council = council_of(slug)
    name = file.partition("/")[2]
    try:
        text = read_easy_text(name, content)
        segments = statement_of(council).segments
        if text.id not in (SUMMARY, *segments):
            raise InputError(f"{name}: the statement has no segment '{text.id}'. {near(text.id, segments)}")
    except CareshapeError as error:
        return _form(file, error)
    if text.out is not None:
        return []
    found = list(lint_easy(text, _names(council)))
    if not found and council.written is not None:
        found = [*_easy_claims(text, drafting(council).book)]
    return sorted(found, key=lambda fault: fault.line)


def _easy_claims(text: EasyText, book: FigureBook) -> Iterator[Fault]:
    for line in text.lines:
        for claim in contradictions(line.text, line.found, book):
            yield Fault(text.file, line.line, "contradiction", claim.message)
        for found in line.found:
            figure = book.figure(found.call)
            if figure.problem:
                yield Fault(text.file, line.line, "dead figure", f"{{{{ {found.call} }}}}: {figure.problem}")


def easy_shown(council: Council, file: str, content: str, part: str = "") -> tuple[Part, ...]:
    """How a page in easy read reads."""
    text = read_easy_text(file.partition("/")[2], content)
    if council.written is None:
        return ()
    asked = drafting(council)
    lines = [(line, PICTURES.get(line.picture, ""), said_easily(asked, line)) for line in text.lines]
    return (Part(text.title, "", render_to_string("writing/easy.html", {"lines": lines})),)


def _easy_title(council: str, file: str) -> str:
    name = file.rpartition("/")[2].removesuffix(".md")
    try:
        statement = statement_of(council_of(council))
    except CareshapeError:
        return f"Easy read: {name}"
    known = statement.easy.get(name)
    return (
        f"Easy read: {known.title if known else statement.segments[name].title if name in statement.segments else name}"
    )


EASY: Final = register(
    Kind(
        "easy-read", "A page in easy read", re.compile(rf"statement/{FOLDER}/[0-9a-z]+(-[0-9a-z]+)*\.md"),
        easy_faults_of, _packaged, name=_easy_title, shown=easy_shown,
    )
)  # fmt: skip
"""A page in easy read."""


# The statement as a whole


def about_faults_of(slug: str, file: str, content: str) -> list[Fault]:
    """What keeps the file of the statement as a whole from being agreed: its form, its titles, slots without owner."""
    council = council_of(slug)
    try:
        made = _as_drafted(council, content)
    except CareshapeError as error:
        return _form(file, error)
    book = _names(council)
    found = list(lint_said(made, book, "statement.toml"))
    before = statement_of(council)
    for name, one in made.segments.items():
        if one.slots != before.segments[name].slots if name in before.segments else True:
            found += [fault for fault in lint_segment(one, made, book) if fault.rule == "slots"]
    return found


def _as_drafted(council: Council, content: str) -> Statement:
    """The statement with a draft of its file, read once for what is asked of it. Raises CareshapeError."""
    kept: tuple[str, Statement] | None = council.kept.get("as drafted")
    if kept is None or kept[0] != content:
        kept = (content, load_statement(statement_of(council).folder, {"statement.toml": content}))
        council.kept["as drafted"] = kept
    return kept[1]


def about_shown(council: Council, file: str, content: str, part: str = "") -> tuple[Part, ...]:
    """How the statement as a whole reads: its title, its contents, its statements, whom to ask."""
    made = _as_drafted(council, content)
    one = titled(drafting(council).book, made) if council.written is not None else made
    subjects = [
        {
            "title": each.title, "when": f"planned for {period_title(each.planned)}." if each.planned else "",
            "about": str(phrase(drafting(council).book, each.about)) if council.written is not None else each.about,
            "pages": "" if each.kind == "main" else ", ".join(one.segments[name].title for name in each.segments),
        }
        for each in one.subjects
    ]  # fmt: skip
    single = part.startswith(SUBJECT) or part == NEW_STATEMENT
    if single:
        wanted = part.removeprefix(SUBJECT)
        subjects = [said for said, each in zip(subjects, made.subjects, strict=True) if each.id == wanted]
    shown = "statement" if single else part
    context = {"statement": one, "part": shown, "subjects": subjects, "slots": SLOTS, "day": day}
    html = render_to_string("writing/about.html", context)
    return (Part("", "", html),)


def _about_titles(content: str) -> dict[str, str]:
    """The parts of the statement as a whole, and each of its statements, which is a part of its own."""
    found = {}
    for one in _subjects(content):
        title = str(fields_in(content[one.start : one.end]).get("title", "")) or one.id
        found[one.id] = f"Statement: {OPEN_CLOSE.sub('…', title)}"
    return {**PARTS, **found}


def _subjects(content: str) -> list[Stretch]:
    """The statements of a file, each by its id after ``statement-``."""
    return [replace(one, id=f"{SUBJECT}{one.id}") for one in by_entry(content) if one.table == "statement"]


def fields_of(kind: str, part: str, text: str) -> tuple[Field, ...]:
    """The fields of a part that may be filled as a form; none where it is written as text alone."""
    if kind == "tables" and part:
        return table_fields(text)
    if kind != "about":
        return ()
    return subject_fields(text) if part.startswith(SUBJECT) or part == NEW_STATEMENT else ABOUT_FIELDS.get(part, ())


def _about_parts(content: str, part: str) -> list[Stretch]:
    return _subjects(content) if part.startswith(SUBJECT) or part == NEW_STATEMENT else by_table(content)


def _put_about(content: str, part: str, text: str) -> str:
    """The file with another text in a part; a statement that is new comes after the others."""
    found = _about_parts(content, part)
    if part == NEW_STATEMENT and found:
        last = found[-1]
        text = f"{content[last.start : last.end].strip(chr(10))}\n\n{text.strip(chr(10))}"
        return put(content, found, last.id, text)
    return put(content, found, part, text)


SUBJECT: Final = "statement-"
NEW_STATEMENT: Final = "a-new-statement"
_BEGUN_STATEMENT: Final = """[[statement]]
id = ""
title = ""
planned = ""
segments = []
about = "" """.strip()
STATEMENT_PARTED: Final = Parted(
    titles=_about_titles,
    text=lambda content, part: text_of(content, _about_parts(content, part), part),
    put=_put_about,
    first_line=lambda content, part: first_line(content, _about_parts(content, part), part),
    split=lambda content: pieces(content, by_table(content), PARTS),
    begun={NEW_STATEMENT: ("Add a statement", _BEGUN_STATEMENT)},
)
ABOUT: Final = register(
    Kind(
        "about", "The statement as a whole", re.compile(r"statement/statement\.toml"), about_faults_of, _packaged,
        name=lambda council, file: "The statement as a whole", parted=STATEMENT_PARTED, shown=about_shown,
    )
)  # fmt: skip
"""Titles, contents, planned statements, whom to ask, the licence."""


# Tables


def tables_faults_of(slug: str, file: str, content: str) -> list[Fault]:
    """What keeps the tables from being agreed: their form, what they name, what they say, and pages that miss one."""
    council = council_of(slug)
    before = statement_of(council)
    try:
        made = _with_tables(council, content)
    except CareshapeError as error:
        return _form(file, error)
    book = _names(council)
    # What is as it is in force was checked when it came there.
    new = replace(made, tables={name: spec for name, spec in made.tables.items() if spec != before.tables.get(name)})
    found = [*lint_said_of_tables(new, book), *lint_tables(new, book), *_missed(made)]
    if not found and council.written is not None:
        found += _table_claims(before, made, drafting(council).book)
    return sorted(found, key=lambda fault: fault.line)


def _with_tables(council: Council, content: str) -> Statement:
    """The statement with a draft of its tables, read once for what is asked of it.

    Raises CareshapeError where it cannot be read.
    """
    kept: tuple[str, Statement] | None = council.kept.get("tables as drafted")
    if kept is None or kept[0] != content:
        statement = statement_of(council)
        tables = read_tables(statement.folder / "tables.toml", content)
        kept = (content, replace(statement, tables=tables, drafts={"tables.toml": content}))
        council.kept["tables as drafted"] = kept
    return kept[1]


def _missed(made: Statement) -> Iterator[Fault]:
    for segment in made.segments.values():
        for found in segment.found:
            name = found.call.first
            if found.call.name in ("table", "chart") and name not in made.tables:
                message = f"The page '{segment.title}' shows the table '{name}', which would not be there. Keep it."
                yield Fault("tables.toml", 0, "dead table", message)
            elif found.call.name == "chart" and made.tables[name].chart == "none":
                message = f"The page '{segment.title}' shows the chart of '{name}', which declares none. Give it one."
                yield Fault("tables.toml", 0, "dead chart", message)


def _table_claims(before: Statement, made: Statement, book: FigureBook) -> Iterator[Fault]:
    for spec in made.tables.values():
        if spec != before.tables.get(spec.id):
            for field, text in spec.texts():
                for claim in contradictions(text, find_expressions(text, "tables.toml")[0], book):
                    yield Fault("tables.toml", 0, "contradiction", f"Table '{spec.id}', {field}: {claim.message}")
            for said in table_beyond(spec, book):
                yield Fault("tables.toml", 0, "dead figure", said)


def tables_shown(council: Council, file: str, content: str, part: str = "") -> tuple[Part, ...]:
    """The table that is written with its chart; of the whole file, the first that are not as they are in force."""
    before = statement_of(council)
    made = _with_tables(council, content)
    if council.written is None:
        return ()
    draft = drafting(council)
    asked = Council(draft.slug, draft.ledger, draft.observations, made, ask=draft.ask)
    vars(asked).update(sources=draft.sources, book=draft.book, statement=made)
    names = [part] if part in made.tables else [] if part else _changed(before, made)
    if not names and not part:
        return (Part("", "", render_to_string("writing/unchanged.html", {})),)
    page = next(iter(made.segments.values()))
    return tuple(
        Part("", "", block_html(asked, replace(page, found=()), Call(made_of(made, name), (name,)), "h3"))
        for name in names
    )


def made_of(made: Statement, name: str) -> str:
    """Which call shows a table with its chart, where it has one."""
    return "chart" if made.tables[name].chart != "none" else "table"


def _changed(before: Statement, made: Statement) -> list[str]:
    return [name for name, spec in made.tables.items() if spec != before.tables.get(name)][:_SHOWN_TABLES]


def _table_titles(content: str) -> dict[str, str]:
    """The tables by id, each with its title; what its figures would say stands as dots."""
    found = {}
    for one in by_entry(content):
        if one.table == "table":
            title = str(fields_in(content[one.start : one.end]).get("title", "")) or one.id
            found[one.id] = OPEN_CLOSE.sub("…", title)
    return found


_BEGUN: Final = """[[table]]
id = ""
title = ""
measure = ""
rows = "district"
columns = "period"
periods = [""]
chart = "bar"
unused = true"""
TABLES_PARTED: Final = Parted(
    titles=_table_titles,
    text=lambda content, part: text_of(content, by_entry(content), part),
    put=lambda content, part, text: put(content, by_entry(content), part, text),
    first_line=lambda content, part: first_line(content, by_entry(content), part),
    split=lambda content: pieces(content, by_entry(content), {}),
    begun={"a-new-table": ("Add a table", _BEGUN)},
)
register(
    Kind(
        "tables", "The tables and charts", re.compile(r"statement/tables\.toml"), tables_faults_of, _packaged,
        name=lambda council, file: "The tables and charts", parted=TABLES_PARTED, shown=tables_shown,
    )
)  # fmt: skip
