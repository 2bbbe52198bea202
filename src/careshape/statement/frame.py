"""The frame of a file of text: its particulars between two lines of ``+++``, and the text below."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_FRAME: Final = re.compile(r"\+\+\+\n(.*?)\n\+\+\+\n", re.DOTALL)


class Framed(NamedTuple):
    """A text in its two parts: ``particulars`` as TOML without the lines of ``+++``, and what follows them."""

    particulars: str
    text: str

    @property
    def first_line(self) -> int:
        """The number in the file of the first line of the text."""
        return self.particulars.count("\n") + 4

    def joined(self) -> str:
        """The whole again; of what was split, the same to the letter."""
        return f"+++\n{self.particulars}\n+++\n{self.text}"


def split_frame(content: str) -> Framed | None:
    """The two parts of a text that begins with its particulars; None for one that does not."""
    found = _FRAME.match(content)
    return Framed(found[1], content[found.end() :]) if found else None
