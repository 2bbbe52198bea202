"""The expressions of a statement's text: ``{{ growth(measure("a"), measure("b")) | percent1 }}``.

They have the form of Python calls and are read with ``ast``, never run: a whitelist admits calls of the functions that
``careshape.statement.functions`` declares, plain texts and numbers as arguments, lists of them, and one format after a
bar.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import Final

from careshape.statement.calls import Call, ExpressionError, Found, Place, near
from careshape.statement.formatting import STYLES
from careshape.statement.functions import FUNCTIONS

OPEN_CLOSE: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def find_expressions(text: str, file: str, first_line: int = 1) -> tuple[list[Found], list[ExpressionError]]:
    """Every expression of a text, in order, and what is wrong with those that cannot be read."""
    found: list[Found] = []
    faults: list[ExpressionError] = []
    for match in OPEN_CLOSE.finditer(text):
        place = Place(file, first_line + text.count("\n", 0, match.start()))
        try:
            found.append(Found(parse(match[1], place), place, match.start(), match.end()))
        except ExpressionError as fault:
            faults.append(fault)
    # Blanks of equal length keep the line numbers of what is left.
    rest = OPEN_CLOSE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    for mark in ("{{", "}}"):
        if mark in rest:
            place = Place(file, first_line + rest.count("\n", 0, rest.index(mark)))
            faults.append(
                ExpressionError(place, mark, "An expression opens and closes with two braces; two are missing.")
            )
    return found, faults


def pieces(text: str, place: Place) -> tuple[str | Call, ...]:
    """A line of text, such as a title, as stretches of words and the expressions between them.

    Raises ExpressionError where an expression cannot be read, or is one that stands on a line of its own.
    """
    found, faults = find_expressions(text, place.file, place.line)
    if faults:
        raise faults[0]
    made: list[str | Call] = []
    at = 0
    for one in found:
        if one.call.block:
            problem = f"{one.call.name} stands on a line of its own, not in a title or note."
            raise ExpressionError(place, str(one.call), problem)
        made += [text[at : one.start], one.call]
        at = one.end
    return tuple(piece for piece in (*made, text[at:]) if piece)


def parse(text: str, place: Place) -> Call:
    """Read one expression. Raises ExpressionError, which says what is wrong and what is near."""
    try:
        tree = ast.parse(" ".join(text.split()), mode="eval").body
    except (SyntaxError, ValueError) as error:
        problem = error.msg if isinstance(error, SyntaxError) else str(error)
        raise ExpressionError(place, text, f"It is not of the form name(...): {problem}.") from None
    style = None
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitOr) and isinstance(tree.right, ast.Name):
        style = tree.right.id
        if style not in STYLES:
            raise ExpressionError(place, text, f"There is no format '{style}'. {near(style, STYLES)}")
        tree = tree.left
    if not isinstance(tree, ast.Call):
        raise ExpressionError(place, text, 'An expression is a call, such as measure("home_care_hours", ...).')
    call = _call(tree, place, text)
    return replace(call, style=style)


def _call(node: ast.Call, place: Place, text: str) -> Call:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        wanted = ast.unparse(node.func)
        raise ExpressionError(place, text, f"There is no function '{wanted}'. {near(wanted, FUNCTIONS)}")
    function = FUNCTIONS[node.func.id]
    args = tuple(_argument(arg, place, text) for arg in node.args)
    if not function.least <= len(args) <= function.most:
        raise ExpressionError(place, text, f"{function.name} takes other arguments. Write {function.example}.")
    named = []
    for keyword in node.keywords:
        if keyword.arg is None:
            raise ExpressionError(place, text, "'**' may not stand here: name each argument.")
        if not function.takes_named(keyword.arg):
            raise ExpressionError(place, text, f"{function.name} takes no '{keyword.arg}='. Write {function.example}.")
        named.append((keyword.arg, _argument(keyword.value, place, text)))
    if len({key for key, _ in named}) < len(named):
        raise ExpressionError(place, text, "An argument is named more than once.")
    return Call(function.name, args, tuple(named), block=function.block)


def _argument(node: ast.expr, place: Place, text: str) -> Call | str | int | tuple[str, ...]:
    if isinstance(node, ast.Call):
        inner = _call(node, place, text)
        if inner.block:
            raise ExpressionError(place, text, f"{inner.name} stands on a line of its own, not inside another call.")
        return inner
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int) and not isinstance(node.value, bool):
        return node.value
    if isinstance(node, ast.List | ast.Tuple):
        values = [_argument(element, place, text) for element in node.elts]
        if all(isinstance(value, str) for value in values):
            return tuple(str(value) for value in values)
    raise ExpressionError(
        place,
        text,
        f"'{ast.unparse(node)}' may not stand here: arguments are texts in quotes, lists of them, and calls.",
    )
