"""Easy read: a segment in short sentences, one idea a line, each with a picture, and with the same live figures.

A form of a page of its own, written by people in ``statement/easy-read/<segment>.md``:

    +++
    title = "Care at home"
    +++

    ## What it is
    [home] Home care helps people to stay in their own home.
    [people] {{ measure("home_care_people", period="2021-03") }} people had it in {{ month("2021-03") }}.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from careshape.errors import InputError
from careshape.statement.calls import ExpressionError, Found, near
from careshape.statement.expressions import OPEN_CLOSE, find_expressions
from careshape.statement.frame import split_frame
from careshape.statement.slots import day_in

FOLDER: Final = "easy-read"
SUMMARY: Final = "summary"
"""The page that says the whole statement in brief."""
LONGEST: Final = 15
"""Words of a sentence; a figure counts as one."""
PICTURES: Final[Mapping[str, str]] = {
    "autism": "Two heads, one with a pattern of its own",
    "bed": "A bed",
    "book": "An open book",
    "bus": "A bus",
    "calendar": "A calendar",
    "care": "A hand that holds a heart",
    "care-home": "A large house with many windows",
    "computer": "A screen",
    "council": "A building with pillars",
    "down": "An arrow that points down",
    "family": "A grown-up and a child",
    "group": "Many people together",
    "health": "A cross in a circle",
    "home": "A house",
    "key": "A key",
    "learn": "A hat for those who have learnt",
    "map": "A map with a pin",
    "money": "A coin with the sign of the pound",
    "no": "A cross",
    "old": "A person with a stick",
    "people": "Three people",
    "person": "A person",
    "phone": "A telephone",
    "plan": "A list with ticks",
    "question": "A question mark",
    "same": "Two lines of the same length",
    "star": "A star",
    "sun": "The sun by day",
    "talk": "Two people who talk",
    "think": "A head with a cloud of thought",
    "up": "An arrow that points up",
    "wheelchair": "A person in a wheelchair",
    "work": "A case for work",
    "yes": "A tick",
}
"""The pictures by name, each with what it shows; the files stand in static/careshape/easy."""
HARD: Final[Mapping[str, str]] = {
    "accommodation": "home", "adaptation": "change to a home", "approximately": "about", "assess": "find out",
    "assessment": "a talk about what you need", "assistance": "help", "commission": "buy",
    "commissioner": "the council", "commissioning": "buying", "deliver": "give", "delivery": "giving",
    "demographic": "who lives here",
    "domiciliary": "at home", "eligible": "can get", "eligibility": "who can get it", "expenditure": "money spent",
    "facilitate": "help", "forecast": "what we think will happen", "framework": "list", "implement": "do",
    "individual": "person", "individuals": "people", "informal": "unpaid", "intervention": "help",
    "market": "those who give care", "outcome": "what changes for you", "outcomes": "what changes for you",
    "placement": "place", "prevalence": "how many", "procure": "buy", "procurement": "buying",
    "provider": "the people who give care", "providers": "the people who give care", "provision": "care",
    "purchase": "buy", "reablement": "help to get well again", "receive": "get", "regarding": "about",
    "require": "need", "residential": "in a care home", "respite": "a break", "sensory": "sight or hearing",
    "stakeholder": "people", "statutory": "by law", "strategy": "plan", "strategic": "plan", "subsequently": "later",
    "sufficient": "enough", "sustainable": "that lasts", "tender": "offer", "utilise": "use", "via": "by",
    "workforce": "people who work in care",
}  # fmt: skip
"""Words that are hard, each with what to write in its place."""

_FIELDS: Final = ("title", "out")
_COUNTED: Final = frozenset({"measure", "observation", "total"})
"""What stands for a number of a certain day; a line that has one says which day."""
_DATED: Final = frozenset({"date", "month", "year"})
_LINE: Final = re.compile(r"\[([a-z-]+)\] +(\S.*)")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’-]*")


@dataclass(frozen=True)
class EasyLine:
    """One idea: its picture (empty for a heading), its text with expressions, and where it stands in the file."""

    picture: str
    text: str
    line: int
    found: tuple[Found, ...]

    @property
    def heading(self) -> bool:
        """Whether it is a heading."""
        return not self.picture


@dataclass(frozen=True)
class EasyText:
    """An easy read page: the segment that it is of, its title and its lines."""

    id: str
    title: str
    file: str
    lines: tuple[EasyLine, ...]
    faults: tuple[ExpressionError, ...] = ()
    out: date | None = None
    """The day on which it was taken out; None for one that is read."""

    @property
    def found(self) -> Iterator[Found]:
        """Every expression of it."""
        for line in self.lines:
            yield from line.found


def read_easy(folder: Path, drafts: Mapping[str, str] | None = None) -> dict[str, EasyText]:
    """The easy read pages of a statement's folder by segment, with ``drafts`` in the place of files or beside them.

    One that was taken out is left away. Raises InputError for a file whose form is wrong.
    """
    drafts = {name: text for name, text in (drafts or {}).items() if name.startswith(f"{FOLDER}/")}
    stand = {f"{FOLDER}/{path.name}": path for path in (folder / FOLDER).glob("*.md")}
    found = []
    for name in sorted({*stand, *drafts}):
        found.append(read_easy_text(name, drafts[name] if name in drafts else stand[name].read_text("utf-8")))
    return {one.id: one for one in found if one.out is None}


def read_easy_text(name: str, text: str) -> EasyText:
    """The page that a text of a file is. Raises InputError where its form is wrong."""
    frame = split_frame(text)
    if frame is None:
        raise InputError(f"{name}: an easy read page begins with its title between two lines of +++.")
    try:
        about = tomllib.loads(frame.particulars)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: this is not valid TOML: {error}.") from None
    for field in about:
        if field not in _FIELDS:
            raise InputError(f"{name}: there is no field '{field}'. Known: {', '.join(_FIELDS)}.")
    title = about.get("title")
    if not isinstance(title, str) or not title.strip():
        raise InputError(f"{name}: 'title' must be given, as text.")
    lines, faults = [], []
    for number, line in enumerate(frame.text.split("\n"), frame.first_line):
        if line.strip():
            made, wrong = _line(line.strip(), name, number)
            lines.append(made)
            faults += wrong
    stem = name.rpartition("/")[2].removesuffix(".md")
    return EasyText(stem, title, name, tuple(lines), tuple(faults), day_in(about, "out", name))


def _line(text: str, file: str, number: int) -> tuple[EasyLine, list[ExpressionError]]:
    if text.startswith("## "):
        picture, said = "", text[3:].strip()
    else:
        match = _LINE.fullmatch(text)
        if not match:
            raise InputError(
                f"{file}, line {number}: write a picture and a sentence: [home] You live in your own home."
            )
        picture, said = match[1], match[2]
        if picture not in PICTURES:
            raise InputError(f"{file}, line {number}: there is no picture '{picture}'. {near(picture, PICTURES)}")
    found, faults = find_expressions(said, file, number)
    return EasyLine(picture, said, number, tuple(found)), faults


def easy_faults(text: EasyText) -> Iterator[tuple[int, str, str]]:
    """What makes a page hard to read: line, rule and what to do, of each sentence that is long and each hard word."""
    for number, said in ((1, text.title), *((line.line, line.text) for line in text.lines)):
        plain = OPEN_CLOSE.sub("figure", said)
        for sentence in re.split(r"(?<=[.!?:])\s+", plain):
            many = len(re.findall(r"\S+", sentence))
            if many > LONGEST:
                yield number, "long sentence", f"'{sentence}' has {many} words. Write at most {LONGEST}, or make two."
        for word in _WORD.findall(plain):
            instead = HARD.get(word.lower())
            if instead:
                yield number, "hard word", f"'{word}' is hard to read. Write something like “{instead}”."
    for line in text.lines:
        if not line.heading and len(re.findall(r"[.!?](?:\s|$)", OPEN_CLOSE.sub("figure", line.text))) > 1:
            yield (
                line.line,
                "one idea",
                "A line says one thing, in one sentence. Put the next one on a line of its own.",
            )
        if {one.call.name for one in line.found} & _COUNTED and not {one.call.name for one in line.found} & _DATED:
            remedy = 'end the sentence with something like: in {{ month("2021-03") }}.'
            yield (
                line.line,
                "no date",
                f"This figure stands without its date. A reader cannot know how old it is: {remedy}",
            )
        if any(found.call.block for found in line.found):
            yield line.line, "one idea", "A table, a chart or a list has no place in easy read. Say it in a sentence."


__all__ = ["EasyLine", "EasyText", "easy_faults", "read_easy"]
