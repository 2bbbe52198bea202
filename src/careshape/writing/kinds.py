"""The kinds of files that a council changes in the browser: what each kind checks, and what it is called.

Another kind is one more ``register(Kind(...))`` in a module that ``careshape.writing.every_kind`` imports.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from careshape.errors import CallError, CareshapeError
from careshape.statement.council import Council
from careshape.statement.lint import Fault
from careshape.statement.text import Part
from careshape.writing.differences import Difference, between
from careshape.writing.merge import split_headings

Check = Callable[[str, str, str], "list[Fault]"]
"""From council, file and content to everything that keeps it from being agreed."""


def _as_it_is(before: str, content: str, on: date) -> str:
    return content


@dataclass(frozen=True)
class Parted:
    """How the files of a kind fall into parts that are written one by one, each by its id."""

    titles: Callable[[str], dict[str, str]] = lambda content: {}
    """From a content to the id and the title of each part that may be written, in order."""
    text: Callable[[str, str], str] = lambda content, part: content
    """What a part says; empty where it is missing."""
    put: Callable[[str, str, str], str] = lambda content, part, text: text
    """A content with another text in a part."""
    first_line: Callable[[str, str], int] = lambda content, part: 1
    """The line of the file on which the text of a part begins, counted from 1; 0 where it is missing."""
    split: Callable[[str], dict[str, str]] = split_headings
    """From a content to all of its pieces by name, which put one after the other are the content."""
    begun: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Parts that can be added: what stands for one in an address, its title, and what it begins with."""


Shown = Callable[[Council, str, str, str], "tuple[Part, ...]"]
"""From council, file, content and part (empty: all) to how it reads. Raises InputError where it cannot be read."""


def _file_name(council: str, file: str) -> str:
    return file.rpartition("/")[2]


@dataclass(frozen=True)
class Kind:
    """A kind of file."""

    id: str
    title: str
    files: re.Pattern[str]
    """What the whole place of such a file looks like, with its folder first: statement/18-home-care.md."""
    check: Check
    packaged: Callable[[str], Path | None]
    """The folder that comes with careshape for a council, which is copied at the council's first change."""
    most: int = 200_000
    """Characters that such a file may hold."""
    by_file: bool = False
    """Whether what a council's own folder lacks is taken from the packaged one file by file, as its readers do it."""
    differ: Callable[[str, str], list[Difference]] = between
    """What differs between two contents."""
    name: Callable[[str, str], str] = field(default=_file_name)
    """From council and file to what a person calls it."""
    agreed: Callable[[str, str, date], str] = field(default=_as_it_is)
    """From what is in force, the content that is agreed and the day, to what is put in force."""
    taken_up: Callable[[str, str], str] = lambda before, content: content
    """From what is in force and a content that was agreed before, to what its writer goes on with."""
    parted: Parted = field(default=Parted())
    """How its files fall into parts."""
    shown: Shown | None = None
    """How a content reads; None where it is not previewed."""


_KINDS: Final[list[Kind]] = []


def register(kind: Kind) -> Kind:
    """Let files of a kind be changed. Raises ValueError where another kind has this id."""
    if any(one.id == kind.id for one in _KINDS):
        raise ValueError(f"The kind '{kind.id}' is registered twice.")
    _KINDS.append(kind)
    return kind


def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order in which they were registered."""
    return tuple(_KINDS)


def kind_of(file: str) -> Kind:
    """The kind of a file. Raises CallError for a file that is not changed here."""
    for one in _KINDS:
        if one.files.fullmatch(file):
            return one
    known = "; ".join(one.title.lower() for one in _KINDS)
    raise CallError(f"'{file}' is not changed here. What is: {known}.")


def title_of(council: str, file: str) -> str:
    """What a person calls a file; its place, where it is not changed here any more or cannot be read."""
    try:
        return kind_of(file).name(council, file)
    except CareshapeError:
        return file
