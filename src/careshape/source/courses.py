"""The courses of requests, of what providers answer, of packages and of proposals: data, which the acts obey."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from careshape.declared import declared, read_toml
from careshape.errors import CallError
from careshape.source.lists.courses import NOWHERE, Steps

FILE: Final = "courses.toml"
REQUEST, OFFER, PACKAGE, PROPOSAL = "request", "offer", "package", "proposal"
BEGUN: Final = "It is {}: this cannot be done with it any more."
TO: Final = "-to-"
"""Stands between the name of a move and a state, where one act may lead to several."""


@cache
def courses() -> dict[str, Steps]:
    """Every course by its id. Raises CatalogueError for a fault in the file."""
    text = files("careshape.source").joinpath("data", FILE).read_text("utf-8")
    found = [declared(Steps, entry, f"source/{FILE}") for entry in read_toml(text, FILE)["course"]]
    return {one.id: one for one in found}


def titles(course: str) -> dict[str, str]:
    """State -> how it is said, in the order of the file."""
    return {one.id: one.title for one in courses()[course].states}


def works(course: str, state: str) -> bool:
    """Whether what stands so may be gone on with, as the head of the file says of each course."""
    return courses()[course].state(state).works


def moved(course: str, move: str, state: str, otherwise: str = BEGUN) -> str:
    """The state to which a move leads from where something stands; '' is where nothing has begun.

    Raises CallError where no such move leads on from there: ``otherwise``, with how it stands in the place of ``{}``.
    """
    made = next((one for one in courses()[course].moves if one.id == move and state in one.from_), None)
    if made is None:
        raise CallError(otherwise.format(titles(course).get(state, "not begun").lower()))
    return made.to


def check_moved(course: str, kind: str, before: str, after: str) -> None:
    """Raises CallError where no move of a kind leads from one state to another."""
    for one in courses()[course].moves:
        if one.id.partition(TO)[0] == kind and before in one.from_ and one.to == after:
            return
    stands = titles(course).get(before, "not begun").lower() if before != NOWHERE else "not begun"
    raise CallError(f"Of a package of which {stands} this cannot be told.")
