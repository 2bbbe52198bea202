"""Whether a value is of the form that the published JSON Schema states: faults in words, from the schema itself.

It reads the part of JSON Schema 2020-12 that the open form uses; a schema with any other word is refused at once, so
that nothing is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from careshape.exchange.fault import Path
from careshape.exchange.form import VERSION, resolve
from careshape.language import numeral, say

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but new line and tab, and halves of characters: nothing keeps or shows them."""
KNOWN: Final = frozenset({
    "$schema", "$defs", "$ref", "title", "description", "x-remedy", "type", "required", "properties", "maxProperties",
    "additionalProperties", "items", "minItems", "maxItems", "enum", "const", "pattern", "minLength", "maxLength",
    "minimum", "maximum", "format", "if", "then", "else",
})  # fmt: skip
NAMES: Final = {
    "object": "a group of fields in curly brackets", "array": "a list in square brackets", "string": "a piece of text",
    "number": "a number", "integer": "a whole number", "boolean": "true or false", "null": "nothing",
}  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """A rule that a value breaks: where, the value, the rule and the remedy."""

    path: Path
    value: Any
    rule: str
    remedy: str


def broken(value: Any, part: dict[str, Any], path: Path = (), version: str = VERSION) -> Iterator[Broken]:
    """The rules of a part of the schema that a value breaks; of a value of a wrong type only that."""
    rules = resolve(part, version)
    unknown = sorted(set(rules) - KNOWN)
    if unknown:
        raise AssertionError(f"The schema uses {unknown[0]}, which nothing here checks.")
    remedy = rules.get("x-remedy", "")
    types = rules.get("type")
    named = [types] if isinstance(types, str) else list(types or ())
    if named and not any(_is(value, one) for one in named):
        expected = " or ".join(NAMES[one] for one in named)
        yield Broken(
            path,
            value,
            say("It must be {expected}", expected=expected),
            remedy or say("Write {expected} here", expected=expected),
        )
        return
    for rule, what in _simple(value, rules):
        yield Broken(path, value, rule, remedy or what)
    if isinstance(value, dict):
        yield from _object(value, rules, path, version)
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from broken(one, rules.get("items", {}), (*path, number), version)
    if "if" in rules:
        holds = next(broken(value, rules["if"], path, version), None) is None
        yield from broken(value, rules["then" if holds else "else"], path, version)


def _is(value: Any, name: str) -> bool:
    if name in ("number", "integer"):
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return not isinstance(value, bool) and isinstance(value, int | float) and (name == "number" or whole)
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    return isinstance(value, kinds[name])


def _simple(value: Any, rules: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with a value itself: rule and remedy."""
    if "const" in rules and value != rules["const"]:
        yield say("It must be {value}", value=rules["const"]), f"Write {rules['const']}"
    if "enum" in rules and value not in rules["enum"]:
        listed = ", ".join(map(str, rules["enum"]))
        yield say("It must be one of {listed}", listed=listed), say("Choose one of {listed}", listed=listed)
    if isinstance(value, str):
        yield from _text(value, rules)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "minimum" in rules and value < rules["minimum"]:
            yield (
                say("It must be at least {least}", least=f"{rules['minimum']:g}"),
                say("Write {least} or more", least=f"{rules['minimum']:g}"),
            )
        if "maximum" in rules and value > rules["maximum"]:
            yield (
                say("It must be at most {most}", most=f"{rules['maximum']:g}"),
                say("Write {most} or less", most=f"{rules['maximum']:g}"),
            )
    if isinstance(value, list):
        if len(value) < rules.get("minItems", 0):
            yield say("It must hold at least {least}", least=rules["minItems"]), "Add what is missing"
        if len(value) > rules.get("maxItems", len(value)):
            yield (
                say("It must hold at most {most}", most=numeral(f"{rules['maxItems']:,}")),
                "Split the statement into several",
            )


def _text(value: str, rules: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if _CONTROL.search(value):
        yield "It must hold no control character: no database, feed or page can keep one", "Write it anew without it"
    elif len(value) < rules.get("minLength", 0):
        yield "It must not be empty", "Write something, or leave the field out where it may be"
    elif len(value) > rules.get("maxLength", len(value)):
        yield (
            say("It must have at most {most} letters", most=numeral(f"{rules['maxLength']:,}")),
            "Write it shorter",
        )
    elif "pattern" in rules and re.search(rules["pattern"].replace("$", r"\Z"), value) is None:
        yield "It is not written as it must be", say("Write it so that it fits {pattern}", pattern=rules["pattern"])
    elif rules.get("format") == "date" and not _is_day(value):
        yield "It must be a day", "Write year-month-day"


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _object(value: dict[str, Any], rules: dict[str, Any], path: Path, version: str) -> Iterator[Broken]:
    fields = rules.get("properties", {})
    for name in rules.get("required", ()):
        if name not in value:
            said = resolve(fields[name], version) if name in fields else {}
            about = said.get("description", "")
            what = said.get("x-remedy") or (f"Add {name}: {about[:1].lower()}{about[1:]}" if about else f"Add {name}")
            yield Broken((*path, name), None, "It is missing", what)
    if len(value) > rules.get("maxProperties", len(value)):
        yield Broken(
            path,
            None,
            say("It must hold at most {most} fields", most=rules["maxProperties"]),
            "Leave some out",
        )
    more = rules.get("additionalProperties", True)
    for name, one in value.items():
        if name in fields:
            yield from broken(one, fields[name], (*path, name), version)
        elif more is False:
            yield Broken(
                (*path, name),
                one,
                "There is no such field",
                say("Take it away, or use one of {fields}", fields=", ".join(fields)),
            )
        elif isinstance(more, dict):
            yield from broken(one, more, (*path, name), version)
