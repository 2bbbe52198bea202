"""A statement written down: as JSON, as sheets, as a Data Package that holds both; each time the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from careshape.exchange.form import FORMAT, LISTS, version_of
from careshape.exchange.named import RESOURCES, field_of
from careshape.exchange.packages import NAME
from careshape.exchange.sheets import ONCE, SAID, fields_of, scalars
from careshape.exchange.validate import STATEMENT
from careshape.spreadsheets import as_csv

LICENCE: Final = "LICENCE.md"
ARCHIVE: Final = "statement.zip"
OGL: Final = "Open Government Licence v3.0"
MISSING: Final = ("", *SAID)
"""What a cell of a number says where there is none; a reader of Table Schema takes it for no number."""
_DAY: Final = (1980, 1, 1, 0, 0, 0)


def as_json(content: Any) -> bytes:
    """JSON as it is published: readable, in the order of its fields."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def as_sheets(statement: Mapping[str, Any]) -> dict[str, bytes]:
    """Name -> content of the sheets of a statement, with a file for each of its tables."""
    version = version_of(statement)
    once = [{"field": name, "value": _cell(_at(statement, name), name)} for name in scalars(version)]
    files = {ONCE: as_csv(("field", "value"), [one for one in once if one["value"] != ""])}
    for part in LISTS:
        entries = statement.get(part, [])
        if part == "tables":
            entries = [{**one, "file": f"tables/{one['id']}.csv"} for one in entries]
        names = list(fields_of(part, version))
        rows = [{name: _cell(_at(one, name), name, one) for name in names} for one in entries]
        files[f"{part}.csv"] = as_csv(names, rows)
    for one in statement.get("tables", []):
        names = [field["name"] for field in one["schema"]["fields"]]
        rows = [_row(names, row) for row in one["rows"]]
        files[f"tables/{one['id']}.csv"] = as_csv(names, rows)
    return {name: text.encode() for name, text in files.items()}


def package(statement: Mapping[str, Any], licence: str) -> dict[str, bytes]:
    """Name -> content of a Data Package of a statement: its JSON, its sheets, its licence, and all of it in one ZIP."""
    files = {STATEMENT: as_json(statement), **as_sheets(statement), LICENCE: licence.encode()}
    files[NAME] = as_json(_described(statement, files))
    return files | {ARCHIVE: archived(files)}


def archived(files: Mapping[str, bytes]) -> bytes:
    """Files as a ZIP. They are not packed tighter, because how tight depends on the machine, and the bytes may not."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            one = zipfile.ZipInfo(name, _DAY)
            one.create_system, one.external_attr = 3, 0o644 << 16
            archive.writestr(one, content)
    return made.getvalue()


def _described(statement: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    council, licence = statement["council"], statement["licence"]
    tables = {f"tables/{one['id']}.csv": one for one in statement.get("tables", [])}
    segments = {one["id"]: one["title"] for one in statement.get("segments", ())}
    name = f"{FORMAT}-{council['code'].lower()}-{statement['edition'].lower().replace(' ', '-')}"
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name, "title": f"{council['name']}: {statement['title']}", "version": version_of(statement),
        "description": f"{statement['edition']}, as known on {statement['known_on']}. {_synthetic(statement)}".strip(),
        "keywords": ["market position statement", "adult social care", council["name"]],
        **_licensed(licence),
        "contributors": [{"title": council["name"], "roles": ["publisher"]}],
        "resources": [
            _resource(path, content, tables.get(path), segments, version_of(statement))
            for path, content in files.items() if path != LICENCE
        ],
    }  # fmt: skip


def _licensed(licence: Mapping[str, str]) -> dict[str, Any]:
    """The licence as a package names it; nothing where it has neither a known name nor an address where it is read."""
    known = {"name": "OGL-UK-3.0"} if licence["name"] == OGL else {}
    place = {"path": licence["address"]} if licence.get("address") else {}
    return {"licenses": [known | {"title": licence["name"]} | place]} if known or place else {}


def _synthetic(statement: Mapping[str, Any]) -> str:
    return "Its records of care are synthetic: made up for show." if statement.get("synthetic") else ""


def _resource(
    path: str, content: bytes, table: Mapping[str, Any] | None, segments: Mapping[str, str], version: str
) -> dict[str, Any]:  # fmt: skip
    stem, _, kind = path.rpartition(".")
    about: dict[str, Any] = {
        "name": path.replace("/", "-").replace(".", "-").lower(), "path": path, "format": kind,
        "mediatype": {"csv": "text/csv", "json": "application/json"}[kind], "encoding": "utf-8",
        "bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }  # fmt: skip
    if table is not None:
        said = " ".join(part for part in (_of(segments, table), table.get("note", "")) if part)
        schema = {**table["schema"], "missingValues": list(MISSING)}
        return (
            about | {"title": f"Table: {table['title']}"} | ({"description": said} if said else {}) | {"schema": schema}
        )
    title, said = RESOURCES[path]
    about |= {"title": title, "description": said}
    if stem in LISTS:
        fields = [field_of(stem, name, part) for name, part in fields_of(stem, version).items()]
        return about | {"schema": {"fields": fields, "missingValues": list(MISSING)}}
    return about


def _of(segments: Mapping[str, str], table: Mapping[str, Any]) -> str:
    title = segments.get(table.get("segment", ""), "")
    return f"It stands in “{title}”." if title else ""


def _at(entry: Mapping[str, Any], name: str) -> Any:
    value: Any = entry
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _cell(value: Any, name: str, entry: Mapping[str, Any] | None = None) -> Any:
    """A value as a cell; a figure without a number says suppressed or unknown in its place."""
    if name == "value" and value is None and entry is not None:
        return entry.get("status", "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    if isinstance(value, Mapping):
        return "; ".join(f"{key}={str(one).replace(';', ',')}" for key, one in value.items())
    return "" if value is None else value


def _row(names: list[str], row: list[Any]) -> dict[str, Any]:
    """A row of a table: a value that is kept back or unknown says so in its own cell."""
    found = dict(zip(names, row, strict=True))
    if found.get("value") is None and found.get("status") in SAID:
        found["value"] = found["status"]
    return found
