"""Waiting in a browser: a click returns when the next page has begun, not when it stands."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any, Final

PATIENCE: Final = 20_000
"""Milliseconds that what is expected of a page is waited for: a busy machine takes long."""
AT_ONCE: Final = frozenset(
    {"title", "url", "inner_text", "all_inner_texts", "text_content", "all_text_contents", "inner_html", "content",
     "count", "is_visible", "is_hidden", "is_checked", "is_enabled", "is_disabled", "get_attribute", "input_value"}
)  # fmt: skip
"""What reads a page as it is at that moment: an assertion of it is one of the page before, or of half of the next."""


def follow(page: Any, selector: str, **options: Any) -> None:
    """Click what leads to a page, and wait until that stands with its scripts."""
    with page.expect_navigation():
        page.click(selector, **options)


def hasty(path: Path) -> list[str]:
    """The assertions of a file that read a page without waiting: ``file:line what``."""
    found = []
    for one in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(one, ast.Assert):
            continue
        read = {part.attr for part in ast.walk(one.test) if isinstance(part, ast.Attribute)} & AT_ONCE
        found += [f"{path.name}:{one.lineno} {name}" for name in sorted(read)]
    return found
