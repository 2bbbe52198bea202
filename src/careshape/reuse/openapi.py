"""The keyless API as OpenAPI describes it: its answers are the parts of the open form itself."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from careshape.exchange.form import LISTS, VERSIONS, schema
from careshape.reuse.answers import LIMIT, MOST
from careshape.reuse.api import BOUNDS, DIMENSION, FILTERS

ROOT: Final = "/api/open/v1/"
ONE: Final = f"{ROOT}councils/{{slug}}/editions/{{edition}}/"
_TEXT: Final = {"type": "string"}
_REFS: Final = {"segments": "segment", "slots": "slot", "figures": "figure", "intentions": "intention",
                "opportunities": "opportunity", "cards": "card", "codes": "own_code"}  # fmt: skip
_ABOUT: Final = {
    "size": "Those of at least this size, in their own unit; what names no size is left out.",
    "open_on": "Those that are open on a day, such as 2027-03-31; what names no day is open.",
}  # fmt: skip
_WORDS: Final = {
    400: "What was asked cannot be.", 404: "There is none, or it is not released.",
    429: "Too many requests from one address; Retry-After says in how many seconds to go on.",
}  # fmt: skip


@cache
def description() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Market position statements", "version": "1",
            "description": "Released statements in the open form of market position statements. No key is needed.",
        },
        "paths": {path: {"get": one} for path, one in _operations().items()},
        "components": {"schemas": _schemas()},
    }  # fmt: skip


def _operations() -> dict[str, dict[str, Any]]:
    found = {
        f"{ROOT}councils": _operation("Councils", "The councils that have released a statement.", [], _page("council")),
        f"{ROOT}councils/{{slug}}/editions": _operation(
            "Editions", "The released editions of a council, the latest first.", ["slug"], _page("edition")
        ),
        f"{ONE}statement": _operation(
            "Statement", "What stands once in an edition; the edition is its number, or latest.",
            ["slug", "edition"], {"$ref": "#/components/schemas/once"}, paging=False,
        ),
    }  # fmt: skip
    for part, filters in FILTERS.items():
        where = [*filters, *BOUNDS.get(part, ()), *([DIMENSION] if part == "figures" else [])]
        found[f"{ONE}{part}"] = _operation(
            part.capitalize(), f"The {part} of an edition.", ["slug", "edition"], _page(_REFS[part]), where
        )
    found[f"{ONE}tables"] = _operation(
        "Tables", "The tables of an edition, without their rows.", ["slug", "edition"], _page("described_table")
    )
    found[f"{ONE}tables/{{name}}"] = _operation(
        "Tables", "One table with its rows.", ["slug", "edition", "name"], {"$ref": "#/components/schemas/table"},
        paging=False,
    )  # fmt: skip
    return found


def _operation(
    tag: str, words: str, path: list[str], answer: dict[str, Any], filters: list[str] | None = None, paging: bool = True
) -> dict[str, Any]:
    known = [{"name": name, "in": "path", "required": True, "schema": _TEXT} for name in path]
    known += [_filter(name) for name in filters or ()]
    if paging:
        numbers = {"limit": (1, MOST, LIMIT), "offset": (0, 10_000_000, 0)}
        known += [
            {
                "name": name,
                "in": "query",
                "schema": {"type": "integer", "minimum": low, "maximum": high, "default": std},
            }
            for name, (low, high, std) in numbers.items()
        ]
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/problem"}}}
    responses: dict[str, Any] = {"200": {"description": words, "content": {"application/json": {"schema": answer}}}}
    responses |= {"304": {"description": "You have it already."}}
    responses |= {str(code): {"description": said, "content": problem} for code, said in _WORDS.items()}
    return {"tags": [tag], "summary": words, "description": words, "parameters": known, "responses": responses}


def _filter(name: str) -> dict[str, Any]:
    if name == DIMENSION:
        about = "A dimension as name=value; several hold all together."
        return {"name": name, "in": "query", "description": about, "schema": {"type": "array", "items": _TEXT}}
    described = {"description": _ABOUT[name]} if name in _ABOUT else {}
    return {"name": name, "in": "query", **described, "schema": {"type": "string", "maxLength": 200}}


def _page(item: str) -> dict[str, Any]:
    whole = {"type": "integer", "minimum": 0}
    return {
        "type": "object", "required": ["items", "total", "limit", "offset"],
        "properties": {
            "items": {"type": "array", "items": {"$ref": f"#/components/schemas/{item}"}},
            "total": whole, "limit": whole, "offset": whole,
        },
    }  # fmt: skip


def _schemas() -> dict[str, Any]:
    form = json.loads(json.dumps(schema()).replace("#/$defs/", "#/components/schemas/"))
    once = {name: one for name, one in form["properties"].items() if name not in LISTS}
    once["version"] = {**_TEXT, "enum": list(VERSIONS), "description": once["version"]["description"]}
    needed = [name for name in form["required"] if name not in LISTS]
    described = json.loads(json.dumps(form["$defs"]["table"]))
    described["properties"].pop("rows")
    described["required"].remove("rows")
    edition = {
        "council": _TEXT, "number": {"type": "integer"}, "known_on": _TEXT, "released_on": _TEXT, "address": _TEXT,
        "data": _TEXT, "manifest": _TEXT,
    }  # fmt: skip
    council = {
        "slug": _TEXT, "code": _TEXT, "name": _TEXT, "latest": {"type": "integer"}, "synthetic": {"type": "boolean"},
        "editions": _TEXT,
    }  # fmt: skip
    counts = {"type": "object", "additionalProperties": {"type": "integer"}}
    statement = {"type": "object", "required": needed, "properties": once}
    return {
        **form["$defs"], "described_table": described, "problem": _object({"detail": _TEXT}),
        "council": _object(council), "edition": _object(edition),
        "once": _object({**edition, "statement": statement, "counts": counts}),
    }  # fmt: skip


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}
