"""The advice of the rooms below in the words of the browser: what to press, instead of a command or a file."""

from __future__ import annotations

import re
from typing import Final

COLUMNS: Final = "“What a file holds”"
"""The page that lists the columns of each kind of file, as sentences name it."""
NAMES: Final = "“Names for coded columns”"
_WORDS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"`careshape catalogue (\w+)` lists", rf"the page {NAMES} lists, under \1,"),
        (r"Import a file first: `careshape import [^`]*`\.", "Bring a file of records first."),
        (r"`careshape measures` lists all (\d+)\.", r"Choose one of the \1 in the list."),
        (r"\(docs/reference/files\.md\)", f"(see the page {COLUMNS})"),
        (r"docs/reference/files\.md", f"the page {COLUMNS}"),
        (r"`careshape data add[^`]*`", "have whoever runs this installation load it"),
        (r"[Ii]mport the file of posting (\d+) again", r"bring the file of posting \1 again"),
        (r"enter it in [\w-]+\.toml, with its source", "the council has to enter it, with its source"),
        # Whatever else is a command is for who has a command line.
        (r"`careshape [^`]*`", "whoever runs this installation"),
        (r"\(?docs/[\w/.-]+\)?", "the documentation"),
    )
)
_START: Final = re.compile(r"(?:^|(?<=[.:] ))the page ")


def in_browser(text: str) -> str:
    """A message of a room below, its advice as a reader of pages can follow it."""
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    return _START.sub("The page ", text)
