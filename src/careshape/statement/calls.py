"""What an expression of a statement's text is once it has been read: a call, where it stands, and what may be wrong."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from careshape.errors import InputError


@dataclass(frozen=True)
class Call:
    """One function call of the language, with its arguments and the format asked for."""

    name: str
    args: tuple[Call | str | int | tuple[str, ...], ...] = ()
    named: tuple[tuple[str, Call | str | int | tuple[str, ...]], ...] = ()
    style: str | None = None
    block: bool = field(compare=False, default=False)
    """Whether it stands on a line of its own: a table, a chart, a list."""

    @property
    def options(self) -> dict[str, Call | str | int | tuple[str, ...]]:
        """The arguments given by name."""
        return dict(self.named)

    @property
    def first(self) -> str:
        """The first argument as text."""
        return str(self.args[0]) if self.args else ""

    def calls(self) -> Iterator[Call]:
        """This call and every call inside it."""
        yield self
        for value in (*self.args, *(value for _, value in self.named)):
            if isinstance(value, Call):
                yield from value.calls()

    def __str__(self) -> str:
        shown = [_shown(value) for value in self.args] + [f"{key}={_shown(value)}" for key, value in self.named]
        return f"{self.name}({', '.join(shown)})" + (f" | {self.style}" if self.style else "")


@dataclass(frozen=True)
class Place:
    """Where an expression stands."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}" if self.line else self.file


@dataclass(frozen=True)
class Found:
    """An expression found in a text: what it says, where, and the stretch of text it takes up."""

    call: Call
    place: Place
    start: int = field(compare=False, default=0)
    end: int = field(compare=False, default=0)


class ExpressionError(InputError):
    """An expression that cannot be read or computed; the message names file, line and expression."""

    def __init__(self, place: Place, expression: str, problem: str) -> None:
        self.place, self.expression, self.problem = place, expression.strip(), problem
        super().__init__(f"{place}: {{{{ {self.expression} }}}}: {problem}")


def near(wanted: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest of the known names, or all where few."""
    names = sorted(known)
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
    if close:
        return f"Near matches: {', '.join(close)}."
    return f"Known: {', '.join(names)}." if len(names) <= 25 else f"There are {len(names)}, none of them near."


def _shown(value: Call | str | int | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{part}"' for part in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)
