"""A language that nobody speaks, for tests: every message accented, a third longer, and in brackets.

What is read without brackets was not translated; what breaks the page would break in a longer language; and what is cut
off shows by a bracket that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from careshape.language.spoken import ENGLISH, Language

TAG: Final = "en-XA"
OPEN, CLOSE = "⟦", "⟧"
_ACCENTS: Final = str.maketrans("aceginosuyACEGINOSUY", "àçéğîñôšûÿÀÇÉĞÎÑÔŠÛŸ")
_KEPT: Final = re.compile(r"(\{\w*\}|&#?\w+;|%\w)")
"""Places of values, and entities."""


def pseudo(text: str) -> str:
    """A text as nobody would write it, and everybody can still read it."""
    parts = _KEPT.split(text)
    said = "".join(one if at % 2 else one.translate(_ACCENTS) for at, one in enumerate(parts))
    longer = "~" * max(1, round(len(_KEPT.sub("", text)) * 0.3))
    return f"{OPEN}{said}{longer}{CLOSE}"


def pseudo_language(messages: Iterable[str]) -> Language:
    """The language of these messages; its months and separators are not those of English either."""
    return Language(
        tag=TAG, name=pseudo("English"), months=tuple(pseudo(month) for month in ENGLISH.months), thousands="\u202f",
        point=",", messages={text: pseudo(text) for text in messages},
    )  # fmt: skip
