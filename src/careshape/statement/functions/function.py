"""How a function of the expression language is declared: once, for the reader, the lint, the evaluator and the docs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from careshape.statement.calls import Call
from careshape.statement.figures import FigureBook, Reading

Read = Callable[[FigureBook, Call], Reading]
"""Computes one call. Raises CareshapeError with what is wrong and what is near."""

MOST: int = 20
"""Arguments that may stand where several may."""


@dataclass(frozen=True)
class Parameter:
    """One argument of a function.

    ``by`` says whether it is given by its place or by its name; ``several`` that it may stand more than once, which by
    name means that any name may be given, such as the dimensions of a measure.
    """

    name: str
    help: str
    by: Literal["place", "name"] = "place"
    several: bool = False


@dataclass(frozen=True)
class Function:
    """A function of the expression language.

    ``takes`` says what its first argument refers to: other "figures", a "measure", a "measure or table", or "names" of
    another kind, which are known without the ledger. ``gives`` and ``help`` are for who writes a text; ``example`` is a
    whole call. ``read`` computes it; a function without stands alone on its line and is laid out by the page.
    """

    name: str
    parameters: tuple[Parameter, ...]
    takes: Literal["figures", "measure", "measure or table", "names"]
    gives: str
    help: str
    example: str
    read: Read | None = None

    @property
    def block(self) -> bool:
        """Whether it stands on a line of its own: a table, a chart, a list."""
        return self.read is None

    @property
    def least(self) -> int:
        """How many arguments must be given by place."""
        return sum(one.by == "place" for one in self.parameters)

    @property
    def most(self) -> int:
        """How many arguments may be given by place."""
        return MOST if any(one.by == "place" and one.several for one in self.parameters) else self.least

    def takes_named(self, name: str) -> bool:
        """Whether an argument may be given under a name."""
        return any(one.by == "name" and (one.several or one.name == name) for one in self.parameters)

    @property
    def signature(self) -> str:
        """The function as a line: growth(earlier, later), measure(id, period=…, …)."""
        shown = [
            "…=…" if one.by == "name" and one.several else f"{one.name}=…" if one.by == "name" else one.name
            for one in self.parameters
        ]
        more = ", …" if self.most > self.least else ""
        return f"{self.name}({', '.join(shown)}{more})"
