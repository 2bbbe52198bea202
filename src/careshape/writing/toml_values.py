"""Single values in a stretch of TOML set anew; comments, order and all that was not changed stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

Given = str | bool | Sequence[str] | Mapping[str, str | Sequence[str]] | None
"""What a value may be set to; None, or one that is empty, goes."""
_WIDE: Final = 110
"""Characters from which a list stands on several lines."""
_QUIET: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""+' + r"|'''.*?'''+" + r'|"(?:\\.|[^"\\\n])*"' + r"|'[^'\n]*'" + r"|#[^\n]*", re.DOTALL
)
_INNER: Final = re.compile(r"^[ \t]*\[\[?[a-z_]+\.", re.MULTILINE)
"""The header of a table inside of an entry."""


def with_values(text: str, values: Mapping[str, Given]) -> str:
    """An entry with values set in its own fields, and in those of no table inside of it."""
    for name, value in values.items():
        text = _set(text, name, value)
    return text.strip("\n")


def line_of(text: str, name: str) -> int:
    """The line on which a field of an entry stands, counted from 1; 0 where it is not there."""
    at = _key(_masked(text), name)
    return text.count("\n", 0, at.start()) + 1 if at else 0


def without_inner(text: str, name: str) -> str:
    """An entry without the table of a name inside of it."""
    mask = _masked(text)
    found = re.search(rf"^[ \t]*\[[a-z_]+\.{re.escape(name)}\][ \t]*\n(?:(?![ \t]*\[).*\n?)*", mask, re.MULTILINE)
    return text[: found.start()] + text[found.end() :] if found else text


def _set(text: str, name: str, value: Given) -> str:
    mask = _masked(text)
    key = _key(mask, name)
    made = f"{name} = {_written(name, value)}" if value is not None and value not in ("", [], (), {}) else ""
    if key:
        end = _end(mask, key.end())
        kept = end + len(mask[end:].partition("\n")[0])
        after = text[end:kept]  # a comment behind the value
        return text[: key.start()] + made + after + text[kept:] if made else text[: key.start()] + text[kept + 1 :]
    if not made:
        return text
    inner = _INNER.search(mask)
    if inner is None:
        return f"{text.rstrip(chr(10))}\n{made}\n"
    return f"{text[: inner.start()].rstrip(chr(10))}\n{made}\n{text[inner.start() :]}"


def _key(mask: str, name: str) -> re.Match[str] | None:
    inner = _INNER.search(mask)
    head = mask[: inner.start()] if inner else mask
    return re.search(rf"^[ \t]*{re.escape(name)}[ \t]*=[ \t]*", head, re.MULTILINE)


def _end(mask: str, start: int) -> int:
    """Where a value ends that begins here: at the end of its line, or of that on which its last bracket closes."""
    depth = 0
    for at in range(start, len(mask)):
        depth += mask[at] in "[{"
        depth -= mask[at] in "]}"
        if mask[at] == "\n" and depth <= 0:
            return start + len(mask[start:at].rstrip())
    return start + len(mask[start:].rstrip())


def _masked(text: str) -> str:
    """The text with a letter for every sign of what stands in quotes, and a blank for those of comments."""
    return _QUIET.sub(lambda found: (" " if found[0].startswith("#") else "x") * len(found[0]), text)


def _written(name: str, value: Given) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_bare(key)} = {_written(key, one)}" for key, one in value.items())
        return f"{{ {inside} }}"
    assert value is not None
    line = ", ".join(map(_text, value))
    if len(name) + len(line) < _WIDE:
        return f"[{line}]"
    return "[\n" + "".join(f"  {_text(one)},\n" for one in value) + "]"


def _bare(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _text(key)


def _text(value: str) -> str:
    """A text in quotes: in single ones where it holds double ones, as expressions do."""
    if '"' in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    # JSON's text in quotes is TOML's too.
    return json.dumps(value, ensure_ascii=False)
