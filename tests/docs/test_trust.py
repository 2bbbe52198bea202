"""The page of promises has a line for each promise that a test proves, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def proven() -> set[str]:
    """Patterns of the names that tests give to ``promise``: what they put in themselves may be anything."""
    found = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "promise" and node.args:
                found.add(pattern(node.args[0]))
    return found


def pattern(name: ast.expr) -> str:
    """The pattern of a name, written as a text or with parts that are filled in."""
    parts = name.values if isinstance(name, ast.JoinedStr) else [name]
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in parts)


def test_page_has_a_line_for_every_promise_and_no_other() -> None:
    page = (ROOT / "docs" / "explanation" / "trust.md").read_text("utf-8")
    names, patterns = re.findall(r"^- \*\*(.+?)\*\*: ", page, re.M), proven()
    assert [one for one in patterns if not any(re.fullmatch(one, name) for name in names)] == []
    assert [name for name in names if not any(re.fullmatch(one, name) for one in patterns)] == []
