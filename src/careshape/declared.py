"""Data files that declare things: TOML checked against a schema; errors name file, entry, field, value and rule."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from careshape.errors import CatalogueError

NOTHING: Final = "-"
_RULES: Final = {
    "missing": "The field is required.",
    "string_type": "It must be a piece of text.",
    "int_type": "It must be a whole number.",
    "float_type": "It must be a number.",
    "bool_type": "It must be true or false.",
    "bool_parsing": "It must be true or false.",
    "tuple_type": "It must be a list in square brackets.",
    "model_type": "It must be a table of fields: an entry stands under [[entry]], a part of one in curly brackets.",
}
Schema = TypeVar("Schema", bound=BaseModel)


def read_toml(text: str, file: str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """The content of a TOML file. Raises CatalogueError where it is none; ``file`` names it."""
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(
            file, NOTHING, NOTHING, str(error), "It must be a file of TOML, written as UTF-8."
        ) from None


def declared(schema: type[Schema], raw: Any, file: str, entry: str = "") -> Schema:
    """One entry checked against its schema.

    Args:
        schema: what it must look like.
        raw: what stands in the file.
        file: names the file in errors.
        entry: names the entry in errors; by default its own ``id``.

    Raises CatalogueError for the first fault.
    """
    try:
        return schema.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        name = entry or (str(raw.get("id", NOTHING)) if isinstance(raw, Mapping) else NOTHING)
        at = field_at(first["loc"]) or "entry"
        value = None if first["type"] == "missing" or not first["loc"] else first["input"]
        raise CatalogueError(file, name, at, value, rule_of(first, schema)) from None


def field_at(parts: Sequence[str | int]) -> str:
    """Where a field stands within an entry, counted as a person counts: "card.what", "levers, entry 1, kind"."""
    said = ""
    for part in parts:
        if isinstance(part, int):
            said += f", entry {part + 1}"
        else:
            said += f", {part}" if said.rpartition(", ")[2].startswith("entry ") else f".{part}"
    return said.lstrip(",. ")


def rule_of(error: Mapping[str, Any], schema: type[BaseModel]) -> str:
    """The rule that a fault breaks, in words; ``error`` is as pydantic gives it."""
    if error["type"] == "extra_forbidden" and len(error["loc"]) == 1:
        return f"There is no such field here. An entry holds {', '.join(schema.model_fields)}."
    if error["type"] == "extra_forbidden":
        return "There is no such field here."
    if error["type"] == "string_pattern_mismatch":
        return f"It must look like {error['ctx']['pattern']}."
    if error["type"] in _RULES:
        return _RULES[str(error["type"])]
    message = str(error["msg"]).removeprefix("Value error, ")
    return message if message.endswith(".") else f"{message}."
