"""No float in the room: walked through its source, with sources that hold one as the control."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import careshape.paying
from careshape import rounding

ROOM = Path(careshape.paying.__file__).parent
SOURCES = [*sorted(ROOM.rglob("*.py")), Path(rounding.__file__)]
ALLOWED = {"floor"}
"""What is used of ``math``: exact on fractions."""


def inexact(source: str) -> list[str]:
    """What in a source makes or may make a float: literals, float, round, true division, and math but for floor.

    True division is allowed where the left side is made a Fraction by calling one that is (``abs`` of a value).
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            found.append(f"{node.lineno}: {node.value}")
        if isinstance(node, ast.Name) and node.id in ("float", "round", "complex"):
            found.append(f"{node.lineno}: {node.id}")
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            found.append(f"{node.lineno}: /")
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "math" and node.attr not in ALLOWED:
            found.append(f"{node.lineno}: math.{node.attr}")
        if isinstance(node, ast.ImportFrom) and node.module in ("math", "statistics", "numpy"):
            found.append(f"{node.lineno}: from {node.module}")
        if isinstance(node, ast.Attribute) and node.attr in ("total_seconds", "timestamp", "quantize"):
            found.append(f"{node.lineno}: .{node.attr}")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_float_is_made(path):
    found = inexact(path.read_text("utf-8"))
    # The one rounding function divides a Fraction by a Fraction, as its signature says.
    assert found == (["11: /"] if path.name == "rounding.py" else [])


@pytest.mark.parametrize(
    "source",
    [
        "a = 0.5",
        "float(a)",
        "round(a, 2)",
        "a / 7",
        "a /= 7",
        "math.sqrt(a)",
        "from math import floor",
        "d.total_seconds()",
    ],
)
def test_a_float_is_found(source):
    assert inexact(source)


def test_the_room_rounds_with_the_one_function():
    users = {path.name for path in SOURCES if "import round_to" in path.read_text("utf-8")}
    assert users == {"course.py", "entitlement.py"}
