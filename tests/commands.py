"""Command lines on pages: a reader of a statement has none to type them in."""

from __future__ import annotations

import re
from pathlib import Path

from careshape.cli.group import COMMANDS


def commands_on(html: str) -> list[str]:
    """The command lines that a page shows."""
    return re.findall(rf"\bcareshape (?:{'|'.join(COMMANDS)})\b[^<]*", html)


def commands_below(folder: Path) -> dict[str, list[str]]:
    """Page -> the command lines that it shows, of all pages of a folder that show one."""
    pages = folder.rglob("*.html")
    found = {page.relative_to(folder).as_posix(): commands_on(page.read_text("utf-8")) for page in pages}
    return {name: lines for name, lines in found.items() if lines}
