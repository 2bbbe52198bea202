"""Courses as data: the states in which something can be, and the moves that lead from one to another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

NOWHERE: Final = ""
"""Where something stands that has not begun yet."""
EVIDENCE: Final = "evidence"
"""Who makes a move by itself: what was shown of the provider."""
Slug = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]
Words = Annotated[str, Field(min_length=1)]


class Table(BaseModel):
    """A table of a data file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class State(Table):
    """How something may stand; ``works`` where it is in force: a provider there may be offered new work."""

    id: Slug
    title: Words
    works: bool = False


class Move(Table):
    """How something comes from one state to another, who may bring it there, and what follows.

    another: whether it takes another person than the one who began.
    """

    id: Slug
    title: Words
    from_: Annotated[tuple[str, ...], Field(alias="from", min_length=1)]
    to: Slug
    by: Annotated[tuple[Slug, ...], Field(min_length=1)]
    reason: bool = False
    another: bool = False
    follows: Words


class Steps(Table):
    """States, and the moves between them.

    always: the states that every course of the kind has.
    """

    always: ClassVar[tuple[str, ...]] = ()
    id: Slug
    title: Words
    states: Annotated[tuple[State, ...], Field(alias="state", min_length=2)]
    moves: Annotated[tuple[Move, ...], Field(alias="move", min_length=1)]

    @model_validator(mode="after")
    def _leads_on(self) -> Self:
        names = [one.id for one in self.states]
        if missing := [one for one in self.always if one not in names]:
            raise ValueError(f"Every course has the state '{missing[0]}'.")
        if twice := twice_of(names) or twice_of(one.id for one in self.moves):
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
        """The moves by which something begins."""
        return tuple(one for one in self.moves if NOWHERE in one.from_)

    def leads(self, state: str, by: str = "") -> tuple[Move, ...]:
        """The moves that lead on from a state; those that one role, or the evidence, may make where it is given."""
        found = (one for one in self.moves if state in one.from_)
        return tuple(one for one in found if (by in one.by if by else one.by != (EVIDENCE,)))


def twice_of(names: Iterable[str]) -> str:
    """The first of some names that stands twice; '' where none does."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""
