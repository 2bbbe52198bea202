"""Prove that a statement's text types no number, and that everything it refers to is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from careshape.catalogue import catalogue
from careshape.design import Decided, decided
from careshape.design.files import END_STATES, EVENTS, MESSAGES, REVIEW
from careshape.errors import CareshapeError, InputError
from careshape.evaluate.gap.segments import Segment as OutlookSegment
from careshape.evaluate.gap.segments import read_segments
from careshape.evaluate.measure import measures
from careshape.records import Observations, authorities, council_observations, dataset
from careshape.records.intentions import FILE
from careshape.statement.asked import check_question, problem_of_table
from careshape.statement.calls import Call, Found, Place, near
from careshape.statement.content import DEMONSTRATION, Segment, Statement, content_folder, load_statement
from careshape.statement.design.expressions import Expressions
from careshape.statement.easy_read import EasyText, easy_faults
from careshape.statement.expressions import pieces
from careshape.statement.figures import FigureBook, Sources
from careshape.statement.functions import FUNCTIONS, read
from careshape.statement.functions.ahead import segment_of
from careshape.statement.functions.arguments import filters, several
from careshape.statement.populations import forecasts_beside_others
from careshape.statement.slots import SLOTS
from careshape.statement.typed import counted_in_a_name, typed_figures, typed_numbers


@dataclass(frozen=True)
class Fault:
    """What is wrong with a text: where, by which rule, and how to put it right."""

    file: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.message} [{self.rule}]"


def lint_all(authority: str | None = None, councils: Path | None = None) -> list[Fault]:
    """Check the text of one council, or of every council that has one.

    ``councils`` is the folder of the councils' own folders, if texts of their own are to be checked. The ledger is not
    needed: what is checked is that every name exists. Raises InputError where the council has no text.
    """
    packaged = [name for name in catalogue().lists["authority"].by_id if content_folder(name) is not None]
    own = [path.parent.parent.name for path in councils.glob("*/statement/statement.toml")] if councils else []
    names = [authority] if authority else sorted({*packaged, *own})
    faults = []
    for name in names:
        folder = content_folder(name, councils / name if councils else None)
        if folder is None:
            raise InputError(f"There is no text for '{name}'. There is one for {', '.join(sorted({*packaged, *own}))}.")
        faults += lint(name, folder, councils / name / "observations" if councils else None)
    return faults


def lint(authority: str, folder: Path, own_observations: Path | None = None) -> list[Fault]:
    """Every fault of a statement's folder, in the order of its files."""
    try:
        statement = load_statement(folder)
        observations = council_observations(authority, own_observations or folder / "observations")
        made = decided(authority, own_observations.parent if own_observations else folder.parent)
    except CareshapeError as error:
        return [Fault(f"{authority}", 0, "form", str(error))]
    return lint_statement(authority, statement, observations, made)


def lint_statement(
    authority: str, statement: Statement, observations: Observations, made: Decided | None = None
) -> list[Fault]:
    """Every fault of a statement that has been read, in the order of its files, and then of what the council decided.

    ``made`` is what it decided; without it, what is packaged, or stands beside the folder of the text.
    """
    packaged = authority in authorities()
    made = made or decided(authority, statement.folder.parent)
    sources = Sources(
        authority,
        None,
        observations,
        dataset(authority) if packaged else None,
        made.intentions,
        views=made.views,
        segments=_segments(statement),
    )
    book = FigureBook(sources, read)
    faults: list[Fault] = []
    for segment in statement.segments.values():
        faults += lint_segment(segment, statement, book)
    faults += [*lint_said(statement, book), *lint_tables(statement, book)]
    faults += [fault for text in statement.easy.values() for fault in lint_easy(text, book)]
    faults += lint_decided(made, book)
    return [Fault(f"{authority}/{one.file}", one.line, one.rule, one.message) for one in faults]


def lint_decided(made: Decided, book: FigureBook) -> list[Fault]:
    """Expressions of what a council decided that cannot be read or name what is not there, and dead evidence."""
    found = []
    for one in Expressions(made, None).all.values():
        problem = one.problem or (problem_of(one.call, book) if one.call is not None else "")
        if problem:
            found.append(Fault(one.file, 0, "unknown name", f"{one.row}, field '{one.field}': {problem}"))
    known = {*measures(), *book.sources.observations.values("table"), *(one.id for one in book.sources.observations)}
    for intention in made.intentions:
        for name in intention.evidence:
            if name not in known:
                message = f"{intention.id}, field 'evidence': there is no observation or measure '{name}'."
                found.append(Fault(FILE, 0, "unknown name", message))
    return [*found, *lint_words(made)]


WORDS = (
    (FILE, "intentions", ("statement", "exceptions", "note", "part", "dropped_because")),
    (REVIEW.file, "reviewed", ("title", "implication", "evidence", "measure")),
    (END_STATES.file, "end_states", ("statement", "note")),
    (EVENTS.file, "events", ("name", "held_in_words", "about")),
    (MESSAGES.file, "messages", ("statement", "scope", "answer")),
)
"""The words of what a council decided: file, rows and fields."""


def lint_words(made: Decided) -> Iterator[Fault]:
    """Figures that are typed in what a council decided, instead of standing in fields from which they are told."""
    for file, rows, fields in WORDS:
        for row in getattr(made, rows):
            target = getattr(row, "target_value", None)
            for field in fields:
                for word in typed_figures(getattr(row, field), "" if target is None else str(target)):
                    message = (
                        f"{row.id}, field '{field}': '{word}' is typed. Say it without, and keep the figure in the "
                        "row's target or measure, which are told with their source."
                    )
                    yield Fault(file, 0, "typed number", message)


def lint_segment(segment: Segment, statement: Statement, book: FigureBook) -> list[Fault]:
    """Every fault of the text of one segment; those of its title stand with the other titles of the statement."""
    return [
        *_form(segment),
        *_typed(segment),
        *_marks(segment),
        *_names(segment, statement, book),
        *_populations(segment, book),
        *dead_links(segment, statement, book.sources.authority),
    ]


def dead_links(segment: Segment, statement: Statement, authority: str) -> Iterator[Fault]:
    """Links of a page to pages of its own statement that are not there."""
    for match in re.finditer(rf"\]\(/{re.escape(authority)}/statement/([^/)\s#?]+)/?[^)]*\)", segment.text):
        if match[1] not in statement.segments:
            taken = any(one.id == match[1] for one in statement.out)
            why = "was taken out" if taken else f"is not there. {near(match[1], statement.segments)}"
            line = segment.first_line + segment.text.count("\n", 0, match.start())
            yield Fault(segment.file, line, "dead link", f"The page '{match[1]}', to which a link leads, {why}")


def lint_titles(segment: Segment, book: FigureBook) -> list[Fault]:
    """The faults of what a segment's particulars show to readers: its title, and the posts that keep its slots."""
    said = [("title", segment.title), *(("owner", one) for one in dict.fromkeys(slot.owner for slot in segment.slots))]
    found: list[Fault] = []
    for field, text in said:
        for line, word in typed_numbers(f": {text}"):
            message = f"The {field}: '{word.strip()}' is typed. Write an expression, or other words."
            found.append(Fault(segment.file, 1 + line, "typed number", message))
        for piece in pieces(text, Place(segment.file, 1)):
            problem = problem_of(piece, book) if isinstance(piece, Call) else ""
            if problem:
                found.append(Fault(segment.file, 1, "unknown name", f"The {field}: {{{{ {piece} }}}}: {problem}"))
    return found


def _segments(statement: Statement) -> tuple[OutlookSegment, ...]:
    """The council's own segments of the outlook, which stand beside the folder of its text; none if it has none."""
    own = statement.folder.parent / "segments.toml"
    return read_segments(own) if own.is_file() else ()


def _typed(segment: Segment) -> Iterator[Fault]:
    for line, word in typed_numbers(segment.text):
        message = f"'{word.strip()}' is typed. Write an expression, such as {{{{ measure(...) }}}}."
        yield Fault(segment.file, segment.first_line + line, "typed number", message)
    for found in segment.found:
        yield from _counted(found.call, segment.file, found.place.line)


def _counted(call: Call, file: str, line: int) -> Iterator[Fault]:
    """Numbers that a name states: name(...) is for what is called by a digit, not for what is counted."""
    for one in call.calls():
        number = counted_in_a_name(one.first) if one.name == "name" else ""
        if number:
            message = f'{{{{ {one} }}}}: "{number}" counts something, so it is typed. A number comes from a measure.'
            yield Fault(file, line, "typed number", message)


def lint_said(statement: Statement, book: FigureBook, only: str = "") -> Iterator[Fault]:
    """Typed numbers and dead names in what a reader sees beside the text: titles, headings, labels and notes.

    ``only`` names a file of the text of which alone it is told.
    """
    for file, field, text in statement.texts():
        if only in ("", file):
            yield from _said(statement, file, f"The {field}", text, book, "")
    if only:
        return
    yield from lint_said_of_tables(statement, book)


def lint_said_of_tables(statement: Statement, book: FigureBook) -> Iterator[Fault]:
    """The same in the titles, headings, labels and notes of tables."""
    for spec in statement.tables.values():
        for field, text in spec.texts():
            what = f"Table '{spec.id}', {field}"
            yield from _said(statement, "tables.toml", what, text, book, f'id = "{spec.id}"')


def _said(statement: Statement, file: str, what: str, text: str, book: FigureBook, after: str) -> Iterator[Fault]:
    # The mark keeps a number at the start from being taken for that of a list.
    for _, word in typed_numbers(f": {text}"):
        message = f"{what}: '{word.strip()}' is typed. Write an expression, such as {{{{ year(\"2020/21\") }}}}."
        yield Fault(file, _line_of(statement, file, text, after), "typed number", message)
    for piece in pieces(text, Place(file, 0)):
        if isinstance(piece, Call):
            yield from _counted(piece, file, _line_of(statement, file, text, after))
        problem = problem_of(piece, book) if isinstance(piece, Call) else ""
        if problem:
            message = f"{what}: {{{{ {piece} }}}}: {problem}"
            yield Fault(file, _line_of(statement, file, text, after), "unknown name", message)


def _line_of(statement: Statement, file: str, text: str, after: str = "") -> int:
    """The line of a file on which a text begins, below a line that holds ``after``; 0 where it is written otherwise."""
    lines = statement.read(file).splitlines()
    start = next((number for number, line in enumerate(lines) if after in line), 0)
    return next((number for number, line in enumerate(lines[start:], start + 1) if text and text in line), 0)


def _marks(segment: Segment) -> Iterator[Fault]:
    """Marks that would be printed: the mark of a demonstration stands at the start of a paragraph."""
    before = ""
    for number, line in enumerate(segment.text.split("\n")):
        if DEMONSTRATION in line.lower() and (before.strip() or line.find(DEMONSTRATION) or line.count("[demo") > 1):
            message = f"{DEMONSTRATION} stands at the start of a paragraph, in small letters, after an empty line."
            yield Fault(segment.file, segment.first_line + number, "misplaced mark", message)
        before = line


def _form(segment: Segment) -> Iterator[Fault]:
    for error in segment.faults:
        yield Fault(segment.file, error.place.line, "expression", f"{{{{ {error.expression} }}}}: {error.problem}")
    known = catalogue().lists["service"].by_id
    for service in segment.services:
        if service not in known:
            yield Fault(segment.file, 1, "service", f"There is no service '{service}'. {near(service, known)}")
    if segment.kind == "segment":
        yield from _slots(segment)


def _slots(segment: Segment) -> Iterator[Fault]:
    """Headings that are no slot, stand twice or out of order, and slots that nobody keeps or looks at again."""
    known = list(SLOTS.values())
    lines = {heading: _line_of_heading(segment, heading) for heading in segment.headings}
    for heading in dict.fromkeys(segment.headings):
        if heading not in known:
            message = f"'{heading}' is no slot of a segment. {near(heading, known)} In order: {'; '.join(known)}."
            yield Fault(segment.file, lines[heading], "slots", message)
        elif segment.headings.count(heading) > 1:
            yield Fault(segment.file, lines[heading], "slots", f"The slot '{heading}' stands twice. Put them together.")
    stand = [heading for heading in segment.headings if heading in known]
    if stand != sorted(stand, key=known.index):
        first = next(one for one, other in pairwise(stand) if known.index(one) > known.index(other))
        message = f"'{first}' stands too early. The slots come in this order: {'; '.join(known)}."
        yield Fault(segment.file, lines[first], "slots", message)
    for field, said, wanted in (
        ("owner", "an owner", 'owner = "Commissioning manager"'),
        ("review", "a next review date", "review = 2027-03-31"),
    ):
        without = [slot.id for slot in segment.slots if not getattr(slot, field)]
        if without:
            which = "the segment" if len(without) == len(SLOTS) else f"the slot '{without[0]}'"
            message = f"Nothing gives {which} {said}. Write {wanted} under [slots], here or in statement.toml."
            yield Fault(segment.file, 1, "slots", message)


def _line_of_heading(segment: Segment, heading: str) -> int:
    found = re.search(rf"^## +{re.escape(heading)} *$", segment.text, flags=re.MULTILINE)
    return segment.first_line + segment.text.count("\n", 0, found.start()) if found else segment.first_line


def _names(segment: Segment, statement: Statement, book: FigureBook) -> Iterator[Fault]:
    for found in segment.found:
        call = found.call
        if call.name in ("table", "chart") and call.first not in statement.tables:
            message = f"There is no table '{call.first}'. {near(call.first, statement.tables)}"
            yield Fault(segment.file, found.place.line, "dead table", message)
        elif call.name == "chart" and statement.tables[call.first].chart == "none":
            yield Fault(segment.file, found.place.line, "dead chart", f"The table '{call.first}' declares no chart.")
        elif call.name in ("outlook", "gap_table"):
            yield from _segment(found, segment.file, book)
        elif call.name == "views" and "topic" in call.options:
            yield from _topics(found, segment.file, book)
        elif call.name == "intentions":
            yield from _intentions(found, segment.file, book)
        elif not call.block:
            yield from _unknown(found, segment.file, book)


def _populations(segment: Segment, book: FigureBook) -> Iterator[Fault]:
    for one in forecasts_beside_others(segment.text, segment.found, book):
        line = segment.first_line + segment.text.count("\n", 0, one.start)
        yield Fault(segment.file, line, "another population", one.message)


def _segment(found: Found, file: str, book: FigureBook) -> Iterator[Fault]:
    call = found.call
    try:
        one, group = segment_of(book, call.first), str(call.options.get("client_group", ""))
    except CareshapeError as error:
        yield Fault(file, found.place.line, "unknown name", str(error))
        return
    if group and group not in one.client_groups:
        message = f"'{one.id}' is not shown for '{group}'. {near(group, one.client_groups)}"
        yield Fault(file, found.place.line, "unknown name", message)


def _topics(found: Found, file: str, book: FigureBook) -> Iterator[Fault]:
    known = [view.group_or_topic for view in book.sources.views if view.record_type == "view"]
    for topic in several(filters(found.call)["topic"]):
        if topic not in known:
            message = f"Nobody is recorded as saying anything of '{topic}'. {near(topic, known)}"
            yield Fault(file, found.place.line, "empty list", message)


def _intentions(found: Found, file: str, book: FigureBook) -> Iterator[Fault]:
    """A list of intentions that is empty, or names one that is not there."""
    known = [one.id for one in book.sources.intentions]
    for name in several(filters(found.call).get("id", ())):
        if name not in known:
            message = f"There is no intention '{name}'. {near(name, known)}"
            yield Fault(file, found.place.line, "unknown name", message)
    if read(book, Call("count", ("intentions",), found.call.named)).value == 0:
        yield Fault(file, found.place.line, "empty list", f"No intention matches {found.call}.")


def _unknown(found: Found, file: str, book: FigureBook) -> Iterator[Fault]:
    problem = problem_of(found.call, book)
    if problem:
        yield Fault(file, found.place.line, "unknown name", f"{{{{ {found.call} }}}}: {problem}")


def problem_of(call: Call, book: FigureBook) -> str:
    """What an expression refers to that is not there; empty where all of it is. No measure is computed."""
    for one in call.calls():
        try:
            takes = FUNCTIONS[one.name].takes
            if takes == "measure" or (takes == "measure or table" and one.first in measures()):
                check_question(one.first, one.options)
            elif takes != "figures":
                read(book, one)
        except CareshapeError as error:
            return str(error)
    return ""


def lint_easy(text: EasyText, book: FigureBook) -> Iterator[Fault]:
    """What is typed, dead or hard to read in a page in easy read."""
    for error in text.faults:
        yield Fault(text.file, error.place.line, "expression", f"{{{{ {error.expression} }}}}: {error.problem}")
    for line, said in ((1, text.title), *((one.line, one.text) for one in text.lines)):
        for _, word in typed_numbers(f": {said}"):
            yield Fault(text.file, line, "typed number", f"'{word.strip()}' is typed. Write an expression.")
    for one in text.lines:
        for found in one.found:
            yield from _counted(found.call, text.file, one.line)
            problem = "" if found.call.block else problem_of(found.call, book)
            if problem:
                yield Fault(text.file, one.line, "unknown name", f"{{{{ {found.call} }}}}: {problem}")
    yield from (Fault(text.file, line, rule, message) for line, rule, message in easy_faults(text))


def lint_tables(statement: Statement, book: FigureBook) -> Iterator[Fault]:
    """Tables that stand on no page, or name what is not there; those of a page that was taken out are kept for it."""
    used = {
        found.call.first
        for segment in (*statement.segments.values(), *statement.out)
        for found in segment.found
        if found.call.name in ("table", "chart")
    }
    for spec in statement.tables.values():
        if spec.id not in used and not spec.unused:
            message = f"The table '{spec.id}' stands on no page. Name it on one, or write unused = true below its id."
            yield Fault("tables.toml", _line_of(statement, "tables.toml", f'"{spec.id}"'), "dead table", message)
        for row in spec.row:
            for call in row.calls("tables.toml", spec.id):
                problem = problem_of(call, book) if call is not None else ""
                if problem:
                    yield Fault("tables.toml", 0, "unknown name", f"Table '{spec.id}', row '{row.label}': {problem}")
        problem = problem_of_table(book, spec)
        if problem:
            yield Fault("tables.toml", 0, "unknown name", f"Table '{spec.id}': {problem}")
