"""What can be written on, by its name in addresses: pages of the statement, easy read, the statement, its tables."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from careshape.errors import CareshapeError, InputError
from careshape.statement.content import Segment, read_segment
from careshape.statement.council import Council
from careshape.statement.easy_read import FOLDER, SUMMARY
from careshape.writing.kinds import Kind, kind_of
from careshape.writing.others import STATEMENT, TABLES
from careshape.writing.texts import file_of, statement_of

# A segment's id has no underscore, so that these names are never one.
THE_STATEMENT: Final = "the_statement"
THE_TABLES: Final = "the_tables"
EASY: Final = "easy_"
_FILES: Final = {THE_STATEMENT: STATEMENT, THE_TABLES: TABLES}
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Paper:
    """Something that is written on.

    ``name`` stands in addresses. ``segment`` is the page that it is, where it is one and can be read; ``stands`` says
    whether it is in force: neither new, nor taken out.
    """

    name: str
    title: str
    file: str
    segment: Segment | None = None
    stands: bool = True
    out: bool = False
    """Whether it was taken out."""

    @property
    def kind(self) -> Kind:
        """The kind of its file."""
        return kind_of(self.file)

    @property
    def may_go(self) -> bool:
        """Whether it is one that may be taken out."""
        return self.file not in _FILES.values()


def paper(council: Council, name: str, drafts: Collection[str] = ()) -> Paper | None:
    """What is written on under a name; None where there is nothing. ``drafts`` are files of versions, new ones too.

    Raises InputError where the text in force cannot be read.
    """
    if name in _FILES:
        file = _FILES[name]
        return Paper(name, kind_of(file).name(council.slug, file), file)
    if name.startswith(EASY):
        return _easy(council, name, drafts)
    return _page(council, name, drafts)


def paper_of_file(council: Council, file: str) -> Paper | None:
    """What a file is, where it is one that is written on here."""
    found = next((name for name, each in _FILES.items() if each == file), "")
    if not found and file.startswith(f"statement/{FOLDER}/"):
        found = EASY + file.rpartition("/")[2].removesuffix(".md")
    if not found and file.startswith("statement/") and file.endswith(".md"):
        try:
            statement = statement_of(council)
        except CareshapeError:
            return None
        pages = (*statement.segments.values(), *statement.out)
        stem = file.removeprefix("statement/").removesuffix(".md")
        found = next((one.id for one in pages if file_of(one) == file), stem)
    return paper(council, found, (file,)) if found else None


def others(council: Council) -> list[Paper]:
    """What is written on beside the pages in force: the statement, its tables, easy read, what was taken out."""
    statement = statement_of(council)
    names = [
        THE_STATEMENT,
        THE_TABLES,
        *(EASY + one for one in (SUMMARY, *statement.segments) if one in statement.easy),
    ]
    names += [one.id for one in statement.out]
    return [one for one in (paper(council, name) for name in names) if one is not None]


def _page(council: Council, name: str, drafts: Collection[str]) -> Paper | None:
    shown = council.statement or statement_of(council)
    if name in shown.segments:
        one = shown.segments[name]
        return Paper(name, one.title, file_of(one), one)
    gone = next((one for one in shown.out if one.id == name), None)
    if gone is not None:
        return Paper(name, gone.title, file_of(gone), gone, stands=False, out=True)
    file = f"statement/{name}.md"
    if file not in drafts or not _SLUG.fullmatch(name):
        return None
    return Paper(name, kind_of(file).name(council.slug, file), file, stands=False)


def _easy(council: Council, name: str, drafts: Collection[str]) -> Paper | None:
    of = name.removeprefix(EASY)
    file = f"statement/{FOLDER}/{of}.md"
    statement = statement_of(council)
    if not _SLUG.fullmatch(of):
        return None
    stands = of in statement.easy
    there = (statement.folder / FOLDER / f"{of}.md").is_file()
    if not stands and not there and file not in drafts:
        return None
    return Paper(name, kind_of(file).name(council.slug, file), file, stands=stands, out=there and not stands)


def begun(council: Council, name: str, title: str, kind: str, part: str) -> tuple[str, str]:
    """File and first content of a new page: ``kind`` is segment, context or easy-read.

    ``part`` is the part of the contents at whose end it stands; of a page in easy read, ``name`` is the segment's id.
    Raises InputError where it cannot be begun so.
    """
    statement = statement_of(council)
    if kind == "easy-read":
        if name not in (SUMMARY, *statement.segments):
            raise InputError("Choose the page that is to be had in easy read.")
        if name in statement.easy:
            raise InputError("This page is had in easy read already. Open it, and write on it.")
        said = title.strip() or (statement.segments[name].title if name in statement.segments else "In brief")
        return f"statement/{FOLDER}/{name}.md", f"+++\ntitle = {_quoted(said)}\n+++\n\n## What it is\n"
    title = " ".join(title.split())
    if not title:
        raise InputError("Give the page a title.")
    if not _SLUG.fullmatch(name):
        raise InputError("The short name stands in the address: small letters, digits and hyphens, such as home-care.")
    taken = {one.id: one.title for one in (*statement.segments.values(), *statement.out)}
    if name in taken:
        raise InputError(f"The short name '{name}' is that of the page “{taken[name]}”. Choose another.")
    if part not in [group.title for group in statement.groups]:
        raise InputError("Choose the part of the contents in which it stands.")
    frame = (
        f"+++\nid = {_quoted(name)}\ntitle = {_quoted(title)}\nkind = {_quoted(kind)}\npart = {_quoted(part)}\n+++\n"
    )
    content = f"{frame}\n## What is needed\n" if kind == "segment" else frame
    read_segment(f"{name}.md", content)
    return f"statement/{name}.md", content


def _quoted(text: str) -> str:
    # JSON's text in quotes is TOML's too.
    return json.dumps(text, ensure_ascii=False)
