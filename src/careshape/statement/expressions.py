"""The expressions of a statement's text: ``{{ growth(measure("a"), measure("b")) | percent1 }}``.

They have the form of Python calls and are read with ``ast``, never run: a whitelist admits calls of the functions named
in SIGNATURES, plain texts and numbers as arguments, lists of them, and one format after a bar.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from careshape.errors import InputError
from careshape.statement.formatting import STYLES

OPEN_CLOSE: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True)
class Signature:
    """What a function of the language takes: how many arguments by position, and which by name (None: any)."""

    least: int
    most: int
    named: frozenset[str] | None
    help: str
    block: bool = False


_NONE: Final[frozenset[str]] = frozenset()

SIGNATURES: Final[dict[str, Signature]] = {
    "measure": Signature(1, 1, None, 'measure("home_care_hours", period="2021-03", district="wychavon")'),
    "observation": Signature(
        1, 1, None, 'observation("W-PF-009") or observation("table-01", district="Wychavon", ...)'
    ),
    "total": Signature(1, 1, None, 'total("table-15", measure="care-homes"): the sum of a table\'s observations'),
    "growth": Signature(2, 2, _NONE, "growth(a, b): change from a to b in per cent"),
    "difference": Signature(2, 2, _NONE, "difference(a, b): b less a"),
    "share": Signature(2, 2, _NONE, "share(a, b): a as a percentage of b"),
    "ratio": Signature(2, 2, _NONE, "ratio(a, b): a divided by b"),
    "sum": Signature(1, 20, _NONE, "sum(a, b, ...)"),
    "largest": Signature(1, 1, None, 'largest("home_care_hours", by="district", period="2021-03"): the label'),
    "smallest": Signature(1, 1, None, 'smallest("home_care_hours", by="district", period="2021-03"): the label'),
    "rank": Signature(1, 1, None, 'rank("home_care_hours", by="district", district="wychavon", period="2021-03")'),
    "count": Signature(
        1, 1, None, 'count("table-15", ...): how many observations, or count("intentions", section="6.2")'
    ),
    "date": Signature(1, 1, _NONE, 'date("2021-03-31")'),
    "month": Signature(1, 1, _NONE, 'month("2021-03")'),
    "year": Signature(1, 1, _NONE, 'year("2020/21")'),
    "age": Signature(1, 1, _NONE, 'age("65+") or age("18-64")'),
    "label": Signature(2, 2, _NONE, 'label("service", "nursing"): the catalogue\'s name for it'),
    "name": Signature(1, 1, _NONE, 'name("Covid-19"): a name that holds a digit, as it is'),
    "intention": Signature(1, 1, frozenset({"field"}), 'intention("W-CI-010"), with field="by_date" or "target_value"'),
    "table": Signature(1, 1, _NONE, 'table("home-care-hours")', block=True),
    "chart": Signature(1, 1, _NONE, 'chart("home-care-hours")', block=True),
    "intentions": Signature(
        0, 0, frozenset({"section", "service", "client_group", "direction"}), "intentions(section=...)", block=True
    ),
    "actions": Signature(0, 0, frozenset({"segment", "driver", "entry"}), "actions(segment=6)", block=True),
    "review": Signature(0, 0, _NONE, "review()", block=True),
    "views": Signature(0, 0, _NONE, "views()", block=True),
}


@dataclass(frozen=True)
class Call:
    """One function call of the language, with its arguments and the format asked for."""

    name: str
    args: tuple[Call | str | int | tuple[str, ...], ...] = ()
    named: tuple[tuple[str, Call | str | int | tuple[str, ...]], ...] = ()
    style: str | None = None

    @property
    def options(self) -> dict[str, Call | str | int | tuple[str, ...]]:
        """The arguments given by name."""
        return dict(self.named)

    @property
    def first(self) -> str:
        """The first argument as text."""
        return str(self.args[0]) if self.args else ""

    @property
    def block(self) -> bool:
        """Whether it stands on a line of its own: a table, a chart, a list."""
        return SIGNATURES[self.name].block

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
        return f"{self.file}, line {self.line}"


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
    return Call(call.name, call.args, call.named, style)


def near(wanted: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest of the known names, or all where few."""
    names = sorted(known)
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
    if close:
        return f"Near matches: {', '.join(close)}."
    return f"Known: {', '.join(names)}." if len(names) <= 25 else f"There are {len(names)}, none of them near."


def _call(node: ast.Call, place: Place, text: str) -> Call:
    if not isinstance(node.func, ast.Name) or node.func.id not in SIGNATURES:
        wanted = ast.unparse(node.func)
        raise ExpressionError(place, text, f"There is no function '{wanted}'. {near(wanted, SIGNATURES)}")
    name, signature = node.func.id, SIGNATURES[node.func.id]
    args = tuple(_argument(arg, place, text) for arg in node.args)
    if not signature.least <= len(args) <= signature.most:
        raise ExpressionError(place, text, f"{name} takes other arguments. Write {signature.help}.")
    named = []
    for keyword in node.keywords:
        if keyword.arg is None:
            raise ExpressionError(place, text, "'**' may not stand here: name each argument.")
        if signature.named is not None and keyword.arg not in signature.named:
            raise ExpressionError(place, text, f"{name} takes no '{keyword.arg}='. Write {signature.help}.")
        named.append((keyword.arg, _argument(keyword.value, place, text)))
    if len({key for key, _ in named}) < len(named):
        raise ExpressionError(place, text, "An argument is named more than once.")
    return Call(name, args, tuple(named))


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


def _shown(value: Call | str | int | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{part}"' for part in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)
