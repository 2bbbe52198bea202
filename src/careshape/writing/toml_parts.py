"""Files of tables in TOML, part by part: each part a stretch of the file, and all else left as it is."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_HEADER: Final = re.compile(r"^\[\[?([a-z_]+)(\.[a-z_]+)?\]\]?", re.MULTILINE)
_ID: Final = re.compile(r"^id\s*=\s*[\"']([^\"']*)[\"']", re.MULTILINE)
_LONG: Final = r'"""(?:\\.|[^\\])*?"""+' + r"|'''.*?'''+"
_SHORT: Final = r'"(?:\\.|[^"\\\n])*"' + r"|'[^'\n]*'"
_QUIET: Final = re.compile(rf"({_LONG})|#[^\n]*|{_SHORT}", re.DOTALL)
_VALUE: Final = rf"(?:{_SHORT}|[^#\n]*?)([ \t]*#.*)?$\n?"
"""A value to the end of its line, and the comment after it."""


FIRST: Final = "title"
"""Id of what stands before the first table."""


@dataclass(frozen=True)
class Stretch:
    """A part of a file: the name of its table (empty for what stands before the first), its id, where it stands."""

    table: str
    id: str
    start: int
    end: int


def by_table(content: str) -> list[Stretch]:
    """The tables of a file in order; those of one name that stand together are one part."""
    found = _stretches(content, lambda name, inner, before: name != before)
    return [Stretch(one.table, one.table or FIRST, one.start, one.end) for one in found]


def by_entry(content: str) -> list[Stretch]:
    """The entries of a file in order, each with the tables inside of it; its id is what its field says."""
    return _stretches(content, lambda name, inner, before: not inner)


def pieces(content: str, found: list[Stretch], names: Mapping[str, str]) -> dict[str, str]:
    """The parts by what they are called; of two that are called alike the second has a number."""
    made: dict[str, str] = {}
    for one in found:
        name = names.get(one.id, one.id)
        key = name if name not in made else f"{name} ({len(made)})"
        made[key] = content[one.start : one.end].strip("\n")
    return made


def text_of(content: str, found: list[Stretch], part: str) -> str:
    """What a part says; empty where there is none of that id."""
    one = next((one for one in found if one.id == part), None)
    return content[one.start : one.end].strip("\n") if one else ""


def put(content: str, found: list[Stretch], part: str, text: str) -> str:
    """The content with another text in a part; one that is missing comes at the end, one that is empty goes."""
    text = text.strip("\n")
    one = next((one for one in found if one.id == part), None)
    if one is None:
        return f"{content.rstrip(chr(10))}\n\n{text}\n" if text else content
    before, after = content[: one.start].rstrip("\n"), content[one.end :].strip("\n")
    return "\n\n".join(piece for piece in (before, text, after) if piece) + "\n"


def first_line(content: str, found: list[Stretch], part: str) -> int:
    """The line on which a part begins, counted from 1; 0 where there is none of that id."""
    one = next((one for one in found if one.id == part), None)
    if one is None:
        return 0
    body = content[one.start : one.end]
    return 1 + content.count("\n", 0, one.start + len(body) - len(body.lstrip("\n")))


def fields_in(text: str) -> dict[str, Any]:
    """The fields of a part that has one table or entry, or none; nothing where it cannot be read."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
    inner = next((value for value in said.values() if isinstance(value, dict)), None)
    entries = next((value for value in said.values() if isinstance(value, list) and value), None)
    if len(said) == 1 and entries is not None and isinstance(entries[0], dict):
        return entries[0]
    return inner if inner is not None and len(said) == 1 else said


def with_fields(text: str, fields: Mapping[str, str]) -> str:
    """A part with fields that hold text set; one that is empty goes, and all else stays as it is."""
    for name, value in fields.items():
        line = re.compile(rf"^{re.escape(name)}[ \t]*=[ \t]*{_VALUE}", re.MULTILINE)
        # JSON's text in quotes is TOML's too.
        made = f"{name} = {json.dumps(value, ensure_ascii=False)}" if value else ""
        if found := line.search(_masked(text)):
            line_made = f"{made}{found[1] or ''}\n" if made else ""
            text = text[: found.start()] + line_made + text[found.end() :]
        elif made:
            text = f"{text.rstrip(chr(10))}\n{made}\n"
    return text.strip("\n")


def _masked(content: str) -> str:
    """The content with quotes for every sign of its texts of several lines: what stands in them begins nothing."""
    return _QUIET.sub(lambda found: '"' * len(found[0]) if found[1] else found[0], content)


def _stretches(content: str, begins: Any) -> list[Stretch]:
    """The file cut before each header that begins a part; comments right above a header belong to it."""
    cuts: list[tuple[int, str]] = [(0, "")]
    masked = _masked(content)
    for match in _HEADER.finditer(masked):
        if begins(match[1], match[2] or "", cuts[-1][1]):
            cuts.append((_above(masked, match.start()), match[1]))
    if len(cuts) > 1 and not content[: cuts[1][0]].strip():
        del cuts[0]
    ends = [start for start, _ in cuts[1:]] + [len(content)]
    made: list[Stretch] = []
    for (start, name), end in zip(cuts, ends, strict=True):
        found = _ID.search(masked[start:end])
        made.append(Stretch(name, found[1] if found else name, start, end))
    return made


def _above(content: str, at: int) -> int:
    lines = content[:at].split("\n")[:-1]
    while len(lines) > 1 and lines[-1].startswith("#"):
        at -= len(lines.pop()) + 1
    return at
