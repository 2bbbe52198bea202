"""The functions of the expression language, each declared once.

The parser admits what is declared here, the lint knows from it what an argument refers to, the evaluator computes with
it, and docs/reference/expressions.md is written from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from careshape.statement.calls import Call
from careshape.statement.figures import FigureBook, Reading
from careshape.statement.functions import ahead, compared, counted, intended, placed, words, worked_out
from careshape.statement.functions.counted import measure_reading
from careshape.statement.functions.function import Function, Parameter
from careshape.statement.functions.intended import find_intentions

GROUPS: Final[Mapping[str, tuple[Function, ...]]] = {
    "Figures": counted.FUNCTIONS,
    "Figures worked out from others": worked_out.FUNCTIONS,
    "Parts compared": compared.FUNCTIONS,
    "What is to come": ahead.FUNCTIONS,
    "Intentions": intended.FUNCTIONS,
    "Words": words.FUNCTIONS,
    "Alone on a line": placed.FUNCTIONS,
}
"""The functions as a reader of the reference meets them."""

FUNCTIONS: Final[Mapping[str, Function]] = {one.name: one for group in GROUPS.values() for one in group}
"""Every function by its name."""


def read(book: FigureBook, call: Call) -> Reading:
    """Compute one expression. Raises CareshapeError with what is wrong and what is near."""
    function = FUNCTIONS[call.name]
    assert function.read is not None, f"{call.name} is laid out, not computed"
    return function.read(book, call)


__all__ = ["FUNCTIONS", "GROUPS", "Function", "Parameter", "find_intentions", "measure_reading", "read"]
