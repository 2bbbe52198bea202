"""The requests that the how-to of the API shows are ones that the API has: address, method, and what is sent."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from jsonschema import Draft202012Validator

from careshape.work.api.service import description

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-the-api.md"
OPERATIONS = {
    (method.upper(), re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))): one
    for path, methods in description()["paths"].items()
    for method, one in methods.items()
}


@dataclass
class Request:
    """What a command asks."""

    method: str
    address: str
    headers: list[str]
    sent: Any = None
    file: bool = False


def requests() -> list[Request]:
    """The requests of the page, in order."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    words = [shlex.split(one) for block in blocks for one in re.split(r"^(?=curl )", block, flags=re.M) if one.strip()]
    return [_read(one[1:]) for one in words]


def _read(words: list[str]) -> Request:
    found, given = Request("GET", "", []), iter(words)
    for word in given:
        if word == "-X":
            found.method = next(given)
        elif word == "-H":
            found.headers.append(next(given))
        elif word == "--json":
            found.method, found.sent = "POST", json.loads(next(given))
        elif word == "-F":
            found.method, found.file = "POST", next(given).startswith("file=@")
        elif word == "-o":
            next(given)
        else:
            found.address = word
    return found


def faults_of(asked: Request) -> list[str]:
    """What is wrong with a request; nothing where the API takes it."""
    place = urlsplit(asked.address)
    one = next((one for (method, path), one in OPERATIONS.items()
                if method == asked.method and path.fullmatch(place.path)), None)  # fmt: skip
    if one is None:
        return [f"{asked.method} {place.path}: no such operation"]
    known = {each["name"]: each for each in one.get("parameters", ())}
    found = [f"{name}: no such parameter" for name, _ in parse_qsl(place.query) if name not in known]
    content = one.get("requestBody", {}).get("content", {})
    if asked.sent is not None:
        schema = {**content["application/json"]["schema"], "components": description()["components"]}
        found += [str(each.message) for each in Draft202012Validator(schema).iter_errors(asked.sent)]
        unknown = asked.sent.keys() - _fields(schema)
        found += [f"{name}: no such field" for name in sorted(unknown)]
    return found + ["it takes no file"] * (asked.file and "multipart/form-data" not in content)


def _fields(schema: dict[str, Any]) -> set[str]:
    name = schema["$ref"].rpartition("/")[2]
    return set(schema["components"]["schemas"][name]["properties"])


@pytest.mark.parametrize("asked", requests(), ids=lambda one: f"{one.method} {urlsplit(one.address).path}")
def test_request_of_the_page_is_one_that_the_api_takes(asked: Request) -> None:
    assert faults_of(asked) == []
    changes = asked.method == "POST" and not asked.address.endswith(("/privacy/access", "/audit/verify"))
    assert changes == any(one.startswith("Idempotency-Key: ") for one in asked.headers)


def test_every_kind_of_act_has_an_example_and_a_wrong_one_is_found() -> None:
    shown = {urlsplit(one.address).path.split("/")[3] for one in requests()}
    assert shown >= {"imports", "people", "writing", "editions", "readers", "following", "comments", "audit", "privacy",
                     "regional", "measures"}  # fmt: skip
    root = "https://care.example.org/api/v1/"
    assert faults_of(Request("GET", f"{root}nothing", [])) == ["GET /api/v1/nothing: no such operation"]
    assert faults_of(Request("GET", f"{root}editions?stat=x", [])) == ["stat: no such parameter"]
    assert len(faults_of(Request("POST", f"{root}editions/4/agree", [], {"manifest": "x", "awar": ""}))) == 2
