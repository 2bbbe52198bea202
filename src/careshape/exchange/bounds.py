"""How large and how deep a file of somebody else's may be, and how its JSON is read without ever failing oddly."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from careshape.exchange.fault import Fault, fault
from careshape.language import say

MOST_BYTES: Final = 50_000_000
"""Of a file, and of all that an archive or a folder holds."""
MOST_FILES: Final = 2_000
DEEPEST: Final = 30
"""Levels of JSON within each other."""
MOST_ROWS: Final = 200_000
"""Of one CSV file."""


class Unreadable(Exception):
    """A file that cannot be read any further, with the one fault that says why."""

    def __init__(self, found: Fault) -> None:
        super().__init__(str(found))
        self.fault = found


def text_of(content: bytes, name: str) -> str:
    """The text of a file. Raises Unreadable where it is no UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = "Save it as UTF-8 (in a spreadsheet: CSV UTF-8)"
        raise Unreadable(fault(f"{name}:{line}", None, "The text is not written as UTF-8", what)) from None


def json_of(content: bytes, name: str) -> Any:
    """The JSON of a file. Raises Unreadable with the line and column where it is none."""
    text = text_of(content, name)
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refused, parse_float=_finite)
    except json.JSONDecodeError as error:
        at = f"{name}:{error.lineno}:{error.colno}"
        rule = say("This is not JSON ({error})", error=f"{error.msg[:1].lower()}{error.msg[1:]}")
        raise Unreadable(
            fault(at, None, rule, "Have a program write it, or check the commas and quotes here")
        ) from None
    except RecursionError:
        raise _deep(name) from None
    except ValueError as error:
        raise Unreadable(fault(name, None, str(error), "Correct it, and check again")) from None
    if _depth(found) > DEEPEST:
        raise _deep(name)
    return found


def _deep(name: str) -> Unreadable:
    rule = say("It is nested more than {most} levels deep, and a statement has seven at most", most=DEEPEST)
    return Unreadable(fault(name, None, rule, "Check that it is a statement"))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(say("The field “{name}” stands twice in one group", name=name[:60]))
        found[name] = value
    return found


def _refused(text: str) -> float:
    raise ValueError(say("{number} is no number of JSON", number=text))


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(say("The number {number} is too large", number=text[:30]))
    return number


def _depth(value: Any) -> int:
    """How many levels a value has; it is looked at level by level, so that none is too deep to be looked at."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        depth += 1
        level = [
            inner for one in level if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]  # fmt: skip
    return depth
