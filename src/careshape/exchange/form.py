"""The open form of market position statements: its versions, its JSON Schema and its open code lists."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

FORMAT: Final = "market-position-statement"
VERSION: Final = "1.1"
"""The version that is written."""
FIRST: Final = "1.0"
VERSIONS: Final = (VERSION, FIRST)
"""Every version that was published, the newest first; none is ever changed, and each is read."""
DOCUMENTS: Final = ("statement.json", "codes.json")
"""The documents of a version: the schema and the code lists."""
ADDRESS: Final = f"/schemas/{FORMAT}/"
"""Where a site of careshape publishes them: a folder for each version."""
LISTS: Final = ("segments", "slots", "figures", "tables", "intentions", "opportunities", "cards", "codes")
"""The parts of a statement that are lists, each a file of its own in a spreadsheet."""
OWN: Final = ("service", "client_group", "topic", "unit", "direction")
"""Open lists: a statement may declare codes of its own for them."""
LISTED: Final = {"slot": "slot", "topic": "topic", "unit": "unit", "direction": "direction"} | {
    "service": "service", "services": "service", "client_group": "client_group", "client_groups": "client_group",
}  # fmt: skip
"""Field -> the code list that its values are from."""


def document(name: str, version: str = VERSION) -> bytes:
    """A document of a version as it is published, byte for byte."""
    return (files("careshape.exchange") / "data" / version / name).read_bytes()


@cache
def schema(version: str = VERSION) -> dict[str, Any]:
    """The JSON Schema of a version."""
    found: dict[str, Any] = json.loads(document("statement.json", version))
    return found


@cache
def codes(version: str = VERSION) -> dict[str, dict[str, str]]:
    """List -> code -> label."""
    lists = json.loads(document("codes.json", version))["lists"]
    return {name: {one["code"]: one["label"] for one in entries} for name, entries in lists.items()}


def version_of(statement: Any) -> str:
    """The version of the form by which a statement is read: its own, the newest where it names none that is known."""
    named = statement.get("version") if isinstance(statement, dict) else None
    return named if isinstance(named, str) and named in VERSIONS else VERSION


def resolve(part: dict[str, Any], version: str = VERSION) -> dict[str, Any]:
    """A part of the schema with its reference followed; what it says itself stands over what it refers to."""
    if "$ref" not in part:
        return part
    target: dict[str, Any] = schema(version)["$defs"][part["$ref"].rpartition("/")[2]]
    return {**resolve(target, version), **{name: value for name, value in part.items() if name != "$ref"}}


def columns(part: str, version: str = VERSION) -> dict[str, dict[str, Any]]:
    """The fields of one list of a statement, by name: the columns of its file in a spreadsheet."""
    items = resolve(schema(version)["properties"][part]["items"], version)
    return {name: resolve(one, version) for name, one in items["properties"].items()}
