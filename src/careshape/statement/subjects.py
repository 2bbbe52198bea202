"""The statements that a council publishes: the main one, and those of single subjects with their planned dates."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from careshape.catalogue.periods import parse_period
from careshape.errors import CallError, InputError
from careshape.statement.calls import near

KINDS: Final = ("main", "subject")
_FIELDS: Final = ("id", "title", "kind", "planned", "segments", "about")
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Subject:
    """One statement of a council.

    ``planned`` is the period in which it is to come out (empty where none is set), ``segments`` the ids of the pages
    that it is made from, in its order; the main statement has all of them. ``about`` says in a sentence what it is.
    """

    id: str
    title: str
    kind: str
    planned: str
    segments: tuple[str, ...]
    about: str


def read_subjects(raw: object, segments: Collection[str], out: Collection[str] = ()) -> tuple[Subject, ...]:
    """The statements that statement.toml declares; ``out`` are segments that were taken out.

    Raises InputError with the place and the remedy.
    """
    if not isinstance(raw, list):
        raise InputError("statement.toml: statements stand under [[statement]], in double brackets.")
    found: list[Subject] = []
    for number, one in enumerate(raw, start=1):
        if not isinstance(one, dict):
            raise InputError("statement.toml: statements stand under [[statement]], in double brackets.")
        where = f"statement.toml, [[statement]] {one.get('id', number)}"
        found.append(_subject(one, where, segments, out))
        if [each.id for each in found].count(found[-1].id) > 1:
            raise InputError(f"{where}: another statement has this id. Ids are unique.")
    if found and sum(one.kind == "main" for one in found) != 1:
        raise InputError('statement.toml: exactly one [[statement]] has kind = "main".')
    return tuple(found)


def _subject(raw: dict[str, Any], where: str, segments: Collection[str], out: Collection[str]) -> Subject:
    for name in raw:
        if name not in _FIELDS:
            raise InputError(f"{where}: there is no field '{name}'. {near(name, _FIELDS)}")
    name, title = str(raw.get("id", "")), str(raw.get("title", ""))
    kind, planned = str(raw.get("kind", "subject")), str(raw.get("planned", ""))
    if not _SLUG.fullmatch(name):
        raise InputError(f"{where}: the id '{name}' stands in addresses: write small letters, digits and hyphens.")
    if not title.strip():
        raise InputError(f"{where}: 'title' must be given, as text.")
    if kind not in KINDS:
        raise InputError(f"{where}: kind is '{kind}'. It must be one of {', '.join(KINDS)}.")
    named = raw.get("segments", [])
    if not isinstance(named, list):
        raise InputError(f"{where}: 'segments' must be a list of pages, in square brackets.")
    made_from = tuple(map(str, named)) or (tuple(segments) if kind == "main" else ())
    for one in made_from:
        if one in out:
            raise InputError(f"{where}: the segment '{one}' is taken out. Leave it out of its 'segments'.")
        if one not in segments:
            raise InputError(f"{where}: there is no segment '{one}'. {near(one, segments)}")
    if planned:
        try:
            parse_period(planned)
        except CallError as error:
            raise InputError(f"{where}: planned: {error}") from None
    return Subject(name, title, kind, planned, made_from, str(raw.get("about", "")))
