"""The kinds of list by which a council may buy, and the courses that providers take on them, as the data states."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.declared import declared, read_toml
from careshape.errors import CatalogueError

FILE: Final = "kinds.toml"
NOWHERE: Final = ""
"""Where a provider stands that is not on a list yet."""
EVIDENCE: Final = "evidence"
"""Who makes a move by itself: what was shown of the provider."""
ALWAYS_THERE: Final = ("admitted", "suspended", "removed")
Slug = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]
Words = Annotated[str, Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class State(_Table):
    """How a provider may stand on a list; ``works`` where it may be offered new work."""

    id: Slug
    title: Words
    works: bool = False


class Move(_Table):
    """How a provider comes from one state to another, who may bring it there, and what follows."""

    id: Slug
    title: Words
    from_: Annotated[tuple[str, ...], Field(alias="from", min_length=1)]
    to: Slug
    by: Annotated[tuple[Slug, ...], Field(min_length=1)]
    reason: bool = False
    follows: Words


class Course(_Table):
    """The states and moves of providers on a list."""

    id: Slug
    title: Words
    states: Annotated[tuple[State, ...], Field(alias="state", min_length=3)]
    moves: Annotated[tuple[Move, ...], Field(alias="move", min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        names = [one.id for one in self.states]
        if missing := [one for one in ALWAYS_THERE if one not in names]:
            raise ValueError(f"Every course has the state '{missing[0]}'.")
        if twice := _twice(names) or _twice(one.id for one in self.moves):
            raise ValueError(f"'{twice}' is stated twice.")
        for one in self.moves:
            if strange := [name for name in (*one.from_, one.to) if name not in (*names, NOWHERE)]:
                raise ValueError(f"The move '{one.id}' names the state '{strange[0]}', and there is none.")
        if unreached := [name for name in names if name not in {one.to for one in self.moves}]:
            raise ValueError(f"No move leads to the state '{unreached[0]}'.")
        if not self.begins():
            raise ValueError("No move leads onto the list.")
        return self

    def state(self, name: str) -> State:
        """One of its states. Raises KeyError where there is none."""
        return {one.id: one for one in self.states}[name]

    def begins(self) -> tuple[Move, ...]:
        """The moves by which a provider comes onto the list."""
        return tuple(one for one in self.moves if NOWHERE in one.from_)

    def leads(self, state: str, by: str = "") -> tuple[Move, ...]:
        """The moves that lead on from a state; those that one role, or the evidence, may make where it is given."""
        found = (one for one in self.moves if state in one.from_)
        return tuple(one for one in found if (by in one.by if by else one.by != (EVIDENCE,)))


class Kind(_Table):
    """A kind of list. The comments at the head of ``data/kinds.toml`` explain each field."""

    id: Slug
    title: Words
    joins: Literal["always", "rounds", "never"]
    own: bool = False
    course_id: Annotated[Slug, Field(alias="course")]
    ranked: bool = False
    awards: Literal["competition", "direct", "either"]
    places: bool = False
    last_resort: bool = False
    must_end: bool = False
    latest: date | None = None
    ends: Words
    purchased_as: Slug
    source: Words

    @property
    def course(self) -> Course:
        """How a provider stands on it."""
        return courses()[self.course_id]


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its id. Raises CatalogueError for a fault in the file."""
    return kinds_of(_text())


@cache
def courses() -> dict[str, Course]:
    """Every course by its id. Raises CatalogueError for a fault in the file."""
    return courses_of(_text())


def kinds_of(text: str) -> dict[str, Kind]:
    """The kinds of a file by id. Raises CatalogueError for a fault in it, and for a course that it does not have."""
    found = [declared(Kind, entry, f"source/{FILE}") for entry in read_toml(text, FILE)["kind"]]
    known = courses_of(text)
    for one in found:
        if one.course_id not in known:
            raise CatalogueError(
                f"source/{FILE}", one.id, "course", one.course_id, f"The course is one of {', '.join(known)}."
            )
    return {one.id: one for one in found}


def courses_of(text: str) -> dict[str, Course]:
    """The courses of a file by id. Raises CatalogueError for a fault in it."""
    found = [declared(Course, entry, f"source/{FILE}") for entry in read_toml(text, FILE)["course"]]
    return {one.id: one for one in found}


def title_of(kind: str, state: str) -> str:
    """What a state is called on a list of a kind; the name itself where the data has it no more."""
    known = kinds().get(kind)
    states = {one.id: one.title for one in known.course.states} if known else {}
    return states.get(state, state.capitalize())


def _text() -> str:
    return files("careshape.source").joinpath("data", FILE).read_text("utf-8")


def _twice(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""
