"""The particulars of a segment between its lines of +++, changed a slot at a time, with all else left as it is."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from careshape.errors import InputError
from careshape.statement.frame import Framed, split_frame
from careshape.statement.slots import SLOTS

FIELDS: Final = ("owner", "review", "agreed")


def with_rule(content: str, slot: str, fields: Mapping[str, str | date | None]) -> str:
    """The content with fields of a slot's rule set; None takes a field away.

    Raises InputError where the particulars hold the slot in a way that only a person can change.
    """
    frame = split_frame(content)
    if frame is None:
        raise InputError("The text must begin with its particulars between two lines of +++.")
    lines = frame.particulars.split("\n")
    header = f"[slots.{slot}]"
    start = next((number for number, line in enumerate(lines) if line.strip() == header), None)
    if start is None:
        given = [_line(name, value) for name, value in fields.items() if value is not None]
        lines = [*lines, header, *given] if given else lines
    else:
        end = next((n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("[")), len(lines))
        body = lines[start + 1 : end]
        for name, value in fields.items():
            body = [line for line in body if not re.match(rf"\s*{name}\s*=", line)]
            if value is not None:
                last = max((n for n, line in enumerate(body) if line.strip()), default=-1)
                body.insert(last + 1, _line(name, value))
        keeps = any(line.strip() for line in body)
        lines = [*lines[:start], *([header, *body] if keeps else body), *lines[end:]]
    made = "\n".join(lines)
    try:
        tomllib.loads(made)
    except tomllib.TOMLDecodeError:
        raise InputError(
            f"The particulars state the slot '{slot}' in a form that is changed by hand only: open the whole page."
        ) from None
    return Framed(made, frame.text).joined()


def rule_in(content: str, slot: str) -> dict[str, Any]:
    """What a page's own particulars say of a slot alone; nothing where they cannot be read."""
    frame = split_frame(content)
    try:
        said = tomllib.loads(frame.particulars) if frame else {}
        rule = said.get("slots", {}).get(slot, {})
    except (tomllib.TOMLDecodeError, AttributeError):
        return {}
    return {name: rule[name] for name in FIELDS if name in rule} if isinstance(rule, dict) else {}


def slot_text(content: str, slot: str) -> str:
    """The text of a slot as it stands in a page; empty where its heading is missing."""
    start, end = _stretch(content, slot)
    return content[start:end].strip("\n")


def with_slot(content: str, slot: str, text: str) -> str:
    """The content with another text in a slot; a heading that is missing is put in its place of the order.

    A text that is empty leaves the heading with nothing below it.
    """
    text = text.strip("\n")
    start, end = _stretch(content, slot)
    if start == end == -1:
        at = _where(content, slot)
        before, after = content[:at].rstrip("\n"), content[at:].lstrip("\n")
        made = f"{before}\n\n## {SLOTS[slot]}\n\n{text}\n"
        return f"{made}\n{after}" if after else made
    rest = content[end:].lstrip("\n")
    made = f"{content[:start].rstrip(chr(10))}\n" + (f"\n{text}\n" if text else "")
    return f"{made}\n{rest}" if rest else made


def first_line(content: str, slot: str) -> int:
    """The line of the page on which the text of a slot begins, counted from 1; 0 where it has no heading."""
    start, end = _stretch(content, slot)
    if start < 0:
        return 0
    body = content[start:end]
    return 1 + content.count("\n", 0, start + len(body) - len(body.lstrip("\n")))


def _stretch(content: str, slot: str) -> tuple[int, int]:
    """Where the text below a slot's heading begins and ends; -1 twice where it has none."""
    found = re.search(rf"^## +{re.escape(SLOTS[slot])} *(?:\n|\Z)", content, flags=re.MULTILINE)
    if found is None:
        return -1, -1
    following = re.compile(r"^## ", re.MULTILINE).search(content, found.end())
    return found.end(), following.start() if following else len(content)


def _where(content: str, slot: str) -> int:
    """Where a slot's heading belongs: before the first that comes after it in the order, or at the end."""
    order = list(SLOTS)
    for name in order[order.index(slot) + 1 :]:
        found = re.search(rf"^## +{re.escape(SLOTS[name])} *$", content, flags=re.MULTILINE)
        if found:
            return found.start()
    return len(content)


def _line(name: str, value: str | date) -> str:
    # JSON's text in quotes is TOML's too.
    return f"{name} = {value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)}"


def with_out(content: str, day: date | None) -> str:
    """The content with the day on which its page was taken out; None brings the page back.

    Raises InputError where the text has no particulars.
    """
    frame = split_frame(content)
    if frame is None:
        raise InputError("The text must begin with its particulars between two lines of +++.")
    lines = [line for line in frame.particulars.split("\n") if not re.match(r"out\s*=", line)]
    if day is not None:
        # Before the first table: what stands after one belongs to it.
        first = next((n for n, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
        lines.insert(first, _line("out", day))
    return Framed("\n".join(lines), frame.text).joined()
