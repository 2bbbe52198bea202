"""The page of promises has a line for each promise that a test proves, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def proven() -> set[str]:
    """The names that tests give to ``promise``, with what they put in them left open."""
    found = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "promise" and node.args:
                assert isinstance(node.args[0], ast.Constant), f"{file}: a promise has a name that is always the same"
                found.add(str(node.args[0].value))
    return found


def test_page_has_a_line_for_every_promise() -> None:
    page = (ROOT / "docs" / "explanation" / "trust.md").read_text("utf-8")
    assert set(re.findall(r"^- \*\*(.+?)\*\*: ", page, re.M)) == proven()
