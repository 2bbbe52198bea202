"""The kinds of list by which a council may buy, and the courses that providers take on them, as data states them."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from careshape.declared import declared, read_toml
from careshape.errors import CatalogueError
from careshape.source.lists.courses import EVIDENCE, NOWHERE, Move, Slug, State, Steps, Table, Words

__all__ = ["EVIDENCE", "NOWHERE", "Course", "Kind", "Move", "State", "courses", "kinds", "kinds_of", "title_of"]
FILE: Final = "kinds.toml"


class Course(Steps):
    """The states and moves of providers on a list."""

    always: ClassVar[tuple[str, ...]] = ("admitted", "suspended", "removed")


class Kind(Table):
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
