"""The kinds of background work, which the rooms register as functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from careshape.errors import CallError

if TYPE_CHECKING:
    from careshape.jobs.work import Work

Function = Callable[["Work"], "dict[str, Any] | None"]


class Lane(StrEnum):
    """Beside what work is done: a worker does one job of each lane at a time, and none waits for another lane's.

    So a message does not wait for a file, nor somebody's file for what the installation works out by itself.
    """

    QUICK = "quick"
    """Messages, and steps whose moment has come: seconds."""
    ASKED = "asked"
    """What somebody asked for and waits for."""
    OWN = "own"
    """What the installation does by itself, and may take long."""


@dataclass(frozen=True)
class Kind:
    """A kind of work."""

    name: str
    title: str
    """What a person reads: Import a file."""
    act: str
    """The act of the policy that one does who starts it; empty for what only the installation starts."""
    function: Function
    attempts: int
    """How often it is begun before it is given up."""
    lease: float
    """Seconds for which a worker may do it without a sign of life."""
    limit: float
    """Seconds that one attempt may take; then it is ended, and counts as failed."""
    first_wait: float
    """Seconds to wait after the first failed attempt; each further wait is twice as long."""
    longest_wait: float
    lane: Lane = Lane.ASKED

    def wait(self, attempt: int) -> float:
        """Seconds to wait after an attempt (1 is the first) that failed."""
        doubled: float = self.first_wait * 2 ** min(attempt - 1, 30)
        return min(doubled, self.longest_wait)


_KINDS: dict[str, Kind] = {}


def kind(
    name: str,
    *,
    title: str,
    act: str = "",
    attempts: int = 5,
    lease: float = 30,
    limit: float = 3600,
    first_wait: float = 5,
    longest_wait: float = 600,
    lane: Lane = Lane.ASKED,
) -> Callable[[Function], Function]:
    """Register a function as the one that does work of a kind; see ``Kind`` for the arguments.

    Raises ValueError where another function does it already, or where a number is not above 0.
    """
    if min(attempts, lease, limit, longest_wait) <= 0 or first_wait < 0:
        raise ValueError(f"{name}: attempts, lease, limit and longest_wait must be above 0, first_wait at least 0.")

    def registered(function: Function) -> Function:
        if name in _KINDS and _KINDS[name].function.__qualname__ != function.__qualname__:
            raise ValueError(f"Work of kind {name} is registered twice.")
        _KINDS[name] = Kind(name, title, act, function, attempts, lease, limit, first_wait, longest_wait, lane)
        return function

    return registered


def kinds() -> dict[str, Kind]:
    """All kinds by name."""
    return dict(_KINDS)


def names_in(*lanes: Lane) -> list[str]:
    """The names of the kinds that are done in some lanes."""
    return [one.name for one in _KINDS.values() if one.lane in lanes]


def kind_of(name: str) -> Kind:
    """One kind. Raises CallError where no room registers it."""
    try:
        return _KINDS[name]
    except KeyError:
        raise CallError(f"There is no background work '{name}'. There is {', '.join(sorted(_KINDS))}.") from None
