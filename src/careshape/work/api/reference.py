"""The reference of the API as a page: every operation, what it takes and answers, and every shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from careshape.policy import policy
from careshape.work.api.acts import FIELD
from careshape.work.api.service import description

HEAD: Final = """# The API

Every operation of `/api/v1/`, written from the code. [Use the API](../how-to/use-the-api.md) shows how tokens are made,
how a request is asked again safely, and what is done with the operations. Each does one act of the policy, named here:
a token does it where its owner may, and it is one of those that the token was given.

A list takes `limit` (1 to 200, 50 unless told) and `offset`, and answers with `items`, `total`, `limit` and `offset`.
A POST takes the header `Idempotency-Key`, but for one that changes nothing.

What cannot be done is answered with a `detail` that says what is wrong, and where a text or a file has several faults
with `faults`, each with its place, its rule and what to do: 400 where the request cannot be read, 401 without a good
token, 403 for what may not be done, 404 for what is not there or not in reach, 409 for what cannot be done as things
stand, 422 for what is wrong with what was sent.
"""
_SKIPPED: Final = ("limit", "offset")
_HIDDEN: Final = ("Input", "Paging")


def page() -> str:
    """The page."""
    told = description()
    groups: dict[str, list[str]] = {}
    for where, methods in told["paths"].items():
        for method, one in methods.items():
            groups.setdefault((one.get("tags") or ["Others"])[0], []).append(_operation(where, method, one))
    parts = [HEAD, *(f"## {name}\n\n" + "\n".join(found) for name, found in groups.items())]
    shapes = told["components"]["schemas"]
    used = {name: one for name, one in shapes.items() if not name.startswith("Page_") and name not in _HIDDEN}
    parts.append("## Shapes\n")
    parts += [_shape(name, one) for name, one in sorted(used.items())]
    return "\n".join(parts)


def _operation(where: str, method: str, one: Mapping[str, Any]) -> str:
    act = policy().acts[one[FIELD]]
    lines = [f"### `{method.upper()} {where}`\n", _text(one.get("description", "")), ""]
    lines += [f"- Act: {act.title} (`{act.id}`)", *_parameters(one), *_body(one)]
    for status, answer in one["responses"].items():
        if int(status) < 400:
            lines.append(f"- Answers {status}: {_content(answer)}")
    return "\n".join([*lines, ""])


def _parameters(one: Mapping[str, Any]) -> Iterator[str]:
    for each in one.get("parameters", ()):
        if each["name"] not in _SKIPPED:
            said = each["schema"].get("description") or each.get("description", "")
            words = f": {_text(said)}" if said else ""
            yield f"- `{each['name']}` ({each['in']}, {_type(each['schema'])}){words}"


def _body(one: Mapping[str, Any]) -> Iterator[str]:
    for form, content in one.get("requestBody", {}).get("content", {}).items():
        if "$ref" in content["schema"]:
            yield f"- Takes {_type(content['schema'])} as `{form}`"
        else:
            names = ", ".join(f"`{name}`" for name in _properties(content["schema"]))
            yield f"- Takes {names} as `{form}`"


def _properties(schema: Mapping[str, Any]) -> list[str]:
    return list(schema.get("properties", ())) or [_type(schema)]


def _content(answer: Mapping[str, Any]) -> str:
    found = [
        _type(content["schema"]) if form == "application/json" else f"`{form}`"
        for form, content in answer.get("content", {}).items()
    ]
    return ", ".join(found) or _text(answer.get("description", ""))


def _shape(name: str, one: Mapping[str, Any]) -> str:
    needed = set(one.get("required", ()))
    lines = [f"### {name}\n", _text(one.get("description", "")), "", "| field | type | |", "| --- | --- | --- |"]
    for field, schema in one.get("properties", {}).items():
        said = _text(schema.get("description", ""))
        may = "" if field in needed or name.endswith("Out") else "may be left out"
        lines.append(f"| `{field}` | {_type(schema)} | {'. '.join(part for part in (said, may) if part)} |")
    return "\n".join([*lines, ""])


def _type(schema: Mapping[str, Any]) -> str:
    """What kind of value it is, in words; a shape is linked to."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name.startswith("Page_"):
            return f"a page of {_link(name.removeprefix('Page_').rstrip('_'))}"
        return _link(name)
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    if "allOf" in schema and len(schema["allOf"]) == 1:
        return _type(schema["allOf"][0])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kind = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false",
            "object": "object", "null": "null"}.get(schema.get("type", ""), "any value")  # fmt: skip
    return {"date": "day", "date-time": "time", "binary": "file"}.get(schema.get("format", ""), kind)


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _text(said: str) -> str:
    return " ".join(said.split()).replace("|", "\\|")
