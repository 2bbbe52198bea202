"""What the functions of the expression language do with their arguments."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from careshape.errors import CallError
from careshape.statement.calls import Call
from careshape.statement.figures import Figure, FigureBook, WithheldError
from careshape.statement.formatting import Value, Withheld

Number = int | Decimal | Fraction


def filters(call: Call, *without: str) -> dict[str, Any]:
    """The arguments by name, as filters: lists stay lists."""
    found = {}
    for name, value in call.named:
        if isinstance(value, Call):
            raise CallError(f"'{name}' must be a text or a list of texts.")
        if name not in without:
            found[name] = value if isinstance(value, str | tuple) else str(value)
    return found


def numbers(book: FigureBook, call: Call) -> tuple[list[Fraction | None], tuple[Figure, ...]]:
    """The arguments as numbers, with the figures they are. Raises CallError where one is none, WithheldError
    where one is withheld.
    """
    figures = []
    for one in call.args:
        if not isinstance(one, Call):
            raise CallError(f"{call.name} takes figures, such as measure(...); '{one}' is typed.")
        figure = book.figure(one)
        if figure.problem:
            raise CallError(f"{one}: {figure.problem}")
        if isinstance(figure.value, Withheld):
            raise WithheldError(figure.value)
        if isinstance(figure.value, str) or not isinstance(figure.value, int | Decimal | Fraction | None):
            raise CallError(f"{one} gives words, not a number.")
        figures.append(figure)
    return [_number(figure.value) for figure in figures], tuple(figures)


def several(value: str | Sequence[str]) -> Sequence[str]:
    """A value, or a list of them, as a list."""
    return [value] if isinstance(value, str) else value


def number_of(figure: Figure) -> Fraction | None:
    """The value of a figure as a number; None where it is not known, or words."""
    return _number(figure.value)


def _number(value: Value) -> Fraction | None:
    return Fraction(value) if isinstance(value, int | Decimal | Fraction) else None
