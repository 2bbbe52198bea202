"""The text of a council's statement: its folder, its segments and the expressions in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from careshape.errors import InputError
from careshape.statement.calls import Call, ExpressionError, Found, Place, near
from careshape.statement.contact import Contact, read_contact
from careshape.statement.easy_read import SUMMARY, EasyText, read_easy
from careshape.statement.expressions import find_expressions, pieces
from careshape.statement.frame import split_frame
from careshape.statement.licence import Licence, read_licence
from careshape.statement.slots import NO_RULES, SLOTS, Rules, Slot, day_in, read_rules, resolved, slot_texts
from careshape.statement.spec import TableSpec, read_tables
from careshape.statement.subjects import Subject, read_subjects

PARTS: Final = tuple(SLOTS.values())
"""The headings of a segment's slots, in this order."""

KINDS: Final = ("segment", "context")
DEMONSTRATION: Final = "[demonstration]"
"""What a paragraph begins with that is shown only where every record of the council is synthetic."""
_MARKED: Final = re.compile(rf"^{re.escape(DEMONSTRATION)}[ \t]*\n?((?:.*\S.*(?:\n|\Z))*)", re.MULTILINE)
_FIELDS: Final = {"id", "title", "section", "kind", "services", "summary", "slots", "part", "out"}
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Segment:
    """One page of the statement.

    ``kind`` is "segment" (the nine slots) or "context"; ``section`` numbers it in the council's own document;
    ``text`` is its Markdown and ``first_line`` the line of the file on which that begins. ``rules`` is what its
    particulars say of its slots, and ``slots`` are these as they stand, in their order; a page of context has none.
    ``part`` is the part of the contents at whose end it stands where statement.toml does not name it, and ``out`` the
    day on which it was taken out of the statement: its file stays, and no reader meets it.
    """

    id: str
    title: str
    section: str
    kind: str
    services: tuple[str, ...]
    file: str
    text: str
    first_line: int
    found: tuple[Found, ...]
    faults: tuple[ExpressionError, ...]
    rules: Rules = NO_RULES
    slots: tuple[Slot, ...] = ()
    part: str = ""
    out: date | None = None

    @property
    def headings(self) -> list[str]:
        """The headings of the second level, in order."""
        return re.findall(r"^## +(.+?) *$", self.text, flags=re.MULTILINE)


@dataclass(frozen=True)
class Group:
    """Segments that stand together in the contents."""

    title: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Statement:
    """The whole text of a council's statement, as it stands in its folder."""

    folder: Path
    title: str
    subtitle: str
    period: str
    groups: tuple[Group, ...]
    tables: Mapping[str, TableSpec]
    rules: Rules = NO_RULES
    """Who keeps its slots and when they are due, where a segment does not say otherwise."""
    subjects: tuple[Subject, ...] = ()
    """The statements that the council publishes: the main one and those of single subjects."""
    contact: Contact | None = None
    """The council's team that answers readers."""
    front_door: Contact | None = None
    """Where somebody turns who needs care."""
    easy: Mapping[str, EasyText] = field(default_factory=dict)
    """Pages in easy read, by the segment that each is of."""
    licence: Licence | None = None
    """Under which others may use it; None where the council has set none."""
    out: tuple[Segment, ...] = ()
    """Segments that were taken out: they stand on no page."""
    drafts: Mapping[str, str] = field(default_factory=dict)
    """Files of the folder that are read otherwise than they stand there: drafts."""

    def read(self, file: str) -> str:
        """What a file of it says: a draft of it, else as it stands in the folder."""
        return self.drafts[file] if file in self.drafts else (self.folder / file).read_text("utf-8")

    @property
    def segments(self) -> dict[str, Segment]:
        """Every segment by id, in the order of the contents."""
        return {segment.id: segment for group in self.groups for segment in group.segments}

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """What a reader sees beside the segments' text and the tables: file, field and text of each title."""
        yield from (("statement.toml", "title", self.title), ("statement.toml", "subtitle", self.subtitle))
        yield from (("statement.toml", "title", group.title) for group in self.groups)
        yield from ((segment.file, "title", segment.title) for segment in self.segments.values())
        for subject in self.subjects:
            yield from (("statement.toml", "title", subject.title), ("statement.toml", "about", subject.about))
        for segment in self.segments.values():
            yield from ((segment.file, "owner", owner) for owner in dict.fromkeys(one.owner for one in segment.slots))

    def calls(self) -> Iterator[Call]:
        """Every expression of the statement: in its titles, its segments and its tables."""
        for file, what, text in self.texts():
            yield from (piece for piece in pieces(text, Place(f"{file}, {what}", 0)) if isinstance(piece, Call))
        for segment in self.segments.values():
            yield from (found.call for found in segment.found)
        for spec in self.tables.values():
            yield from spec.calls()
        for page in self.easy.values():
            yield from (found.call for found in page.found)


def for_council(text: str, demonstration: bool) -> str:
    """A text as it reads for a council: paragraphs marked [demonstration] lose their mark, or go as a whole."""
    return _MARKED.sub(r"\1" if demonstration else "", text)


def content_folder(authority: str, council_folder: Path | None = None) -> Path | None:
    """Where a council's text stands: its own folder first, then what comes with careshape; None if nowhere."""
    own = council_folder / "statement" if council_folder else None
    packaged = Path(str(files("careshape.statement"))) / "content" / authority
    for folder in (own, packaged):
        if folder is not None and (folder / "statement.toml").is_file():
            return folder
    return None


def load_statement(folder: Path, drafts: Mapping[str, str] | None = None) -> Statement:
    """Read a statement's folder, with ``drafts`` in the place of files or beside them; nothing is written.

    Expressions that cannot be read are kept with their segment, so that all faults can be told at once. Raises
    InputError where a file's form is wrong: its particulars, an id that stands twice, a segment that no part names.
    """
    drafts = drafts or {}
    about = _parsed(_read(folder, "statement.toml", drafts), "statement.toml")
    rules = read_rules(about.get("slots", {}), "statement.toml")
    written: dict[str, Segment] = {}
    for name in sorted({*(path.name for path in folder.glob("*.md")), *(one for one in drafts if _is_page(one))}):
        if name.lower().startswith(("readme", "prose-figures")):
            continue
        segment = _with_slots(read_segment(name, _read(folder, name, drafts)), rules)
        if segment.id in written:
            raise InputError(
                f"{name}: the id '{segment.id}' is also that of {written[segment.id].file}. Ids are unique."
            )
        written[segment.id] = segment
    segments = {name: one for name, one in written.items() if one.out is None}
    out = tuple(one for one in written.values() if one.out is not None)
    statement = Statement(
        folder,
        _text(about, "title", "statement.toml"),
        str(about.get("subtitle", "")),
        str(about.get("period", "")),
        _groups(about, segments, [one.id for one in out]),
        read_tables(folder / "tables.toml", drafts.get("tables.toml")),
        rules,
        read_subjects(about.get("statement", []), segments, [one.id for one in out]),
        read_contact(about.get("contact"), "contact"),
        read_contact(about.get("front_door"), "front_door"),
        {name: text for name, text in read_easy(folder, drafts).items() if name not in [one.id for one in out]},
        read_licence(about.get("licence")),
        out,
        drafts,
    )
    for name, text in statement.easy.items():
        if name not in (SUMMARY, *segments):
            raise InputError(f"{text.file}: the statement has no segment '{name}'. {near(name, segments)}")
    list(statement.calls())  # an expression in a title that cannot be read is told here
    return statement


def _is_page(file: str) -> bool:
    return file.endswith(".md") and "/" not in file


def _read(folder: Path, file: str, drafts: Mapping[str, str]) -> str:
    return drafts[file] if file in drafts else (folder / file).read_text("utf-8")


def _groups(about: Mapping[str, Any], segments: Mapping[str, Segment], out: Collection[str]) -> tuple[Group, ...]:
    """The parts of the contents; a segment that none names stands at the end of the part that its own file names."""
    parts = [(_text(part, "title", "statement.toml"), part.get("sections", [])) for part in _tables_of(about)]
    ids = [(title, [str(one) for one in named if str(one) not in out]) for title, named in parts]
    named = [one for _, several in ids for one in several]
    for title, several in ids:
        for one in several:
            if one not in segments:
                raise InputError(f"statement.toml: the part '{title}' names '{one}', but no file has this id.")
        several += [one.id for one in segments.values() if one.id not in named and one.part == title]
    stand = [one for _, several in ids for one in several]
    twice = sorted({one for one in stand if stand.count(one) > 1})
    left = [one for one in segments.values() if one.id not in stand]
    if twice:
        raise InputError(f"statement.toml: '{twice[0]}' stands in two parts. Every segment stands in exactly one.")
    if left and left[0].part:
        raise InputError(
            f"{left[0].file}: there is no part '{left[0].part}'. {near(left[0].part, [one for one, _ in ids])}"
        )
    if left:
        raise InputError(
            f"statement.toml: {left[0].file} ('{left[0].id}') stands in no part. Every segment stands in exactly one."
        )
    return tuple(Group(title, tuple(segments[one] for one in several)) for title, several in ids)


def _tables_of(about: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    parts = about.get("parts", [])
    if not isinstance(parts, list) or not all(
        isinstance(one, dict) and isinstance(one.get("sections", []), list) for one in parts
    ):
        raise InputError('statement.toml: parts stand under [[parts]], each with title and sections = ["..."].')
    return parts


def with_segment(statement: Statement, file: str, text: str) -> tuple[Statement, Segment]:
    """A statement in which a file of a segment reads otherwise, and that segment; nothing is written.

    Raises InputError where the file's form is wrong, where no segment has it, or where it changes the segment's id.
    """
    segment = _with_slots(read_segment(file, text), statement.rules)
    known = next((one for one in statement.segments.values() if one.file == file), None)
    if known is None:
        raise InputError(f"{file}: no segment of the statement has this file.")
    if segment.id != known.id:
        raise InputError(f"{file}: the id is '{segment.id}' and was '{known.id}'. It stands in addresses, and stays.")
    groups = tuple(
        replace(group, segments=tuple(segment if one.id == segment.id else one for one in group.segments))
        for group in statement.groups
    )
    return replace(statement, groups=groups), segment


def read_segment(file: str, text: str) -> Segment:
    """The segment that a text of a file is; its slots are not resolved. Raises InputError where its form is wrong."""
    frame = split_frame(text)
    if frame is None:
        raise InputError(f"{file}: a segment begins with its particulars between two lines of +++.")
    about = _parsed(frame.particulars, file)
    for name in about:
        if name not in _FIELDS:
            raise InputError(f"{file}: there is no field '{name}'. Known: {', '.join(sorted(_FIELDS))}.")
    name, kind = _text(about, "id", file), str(about.get("kind", "segment"))
    if not _SLUG.fullmatch(name):
        raise InputError(f"{file}: the id '{name}' stands in addresses: write small letters, digits and hyphens.")
    if kind not in KINDS:
        raise InputError(f"{file}: kind is '{kind}'. It must be one of {', '.join(KINDS)}.")
    body, first_line = frame.text, frame.first_line
    found, faults = find_expressions(body, file, first_line)
    services = about.get("services", [])
    if not isinstance(services, list):
        raise InputError(f"{file}: 'services' must be a list of services, in square brackets.")
    return Segment(
        name, _text(about, "title", file), str(about.get("section", "")), kind, tuple(map(str, services)),
        file, body, first_line, tuple(found), tuple(faults), read_rules(about.get("slots", {}), file),
        part=str(about.get("part", "")), out=day_in(about, "out", file),
    )  # fmt: skip


def _with_slots(segment: Segment, rules: Rules) -> Segment:
    """A segment with its slots, each with its owner and dates: its own, or those of the statement."""
    if segment.kind != "segment":
        return segment
    texts, slots = slot_texts(segment.text), []
    for name in SLOTS:
        text, line = texts.get(name, ("", -segment.first_line))
        rule = resolved(name, segment.rules, rules)
        slots.append(Slot(name, text, segment.first_line + line, rule.owner or "", rule.review, rule.agreed))
    return replace(segment, slots=tuple(slots))


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file}: this is not valid TOML: {error}.") from None


def _text(raw: Mapping[str, Any], name: str, file: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{file}: '{name}' must be given, as text.")
    return value
