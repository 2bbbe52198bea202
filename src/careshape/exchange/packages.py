"""A Data Package around a statement: whether its description fits the files that lie beside it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from careshape.exchange.bounds import MOST_FILES, Unreadable, json_of
from careshape.exchange.csv_lines import csv_lines, uneven
from careshape.exchange.fault import Fault, fault
from careshape.language import numeral, say

NAME: Final = "datapackage.json"
MISSING: Final = ("",)
_NUMBER: Final = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_WHOLE: Final = re.compile(r"[-+]?[0-9]+")
_SAFE: Final = re.compile(r"(?!.*(^|/)\.\.?(/|$))[^/\\:][^\\:]*")


def package_faults(files: Mapping[str, bytes]) -> Iterator[Fault]:
    """What is wrong with a package: a file that is missing or changed, a column or a cell that is not as described."""
    try:
        described = json_of(files[NAME], NAME)
    except Unreadable as error:
        yield error.fault
        return
    resources = described.get("resources") if isinstance(described, dict) else None
    if not isinstance(resources, list) or not resources:
        remedy = "List each file under resources, with its name and path"
        yield fault(f"{NAME}#/resources", None, "A package names its files", remedy)
        return
    if len(resources) > MOST_FILES:
        remedy = "Name each file once, and split the package where it has more"
        yield fault(
            f"{NAME}#/resources",
            len(resources),
            say("A package names at most {most} files", most=numeral(f"{MOST_FILES:,}")),
            remedy,
        )
        return
    named: set[str] = set()
    for number, one in enumerate(resources):
        place = f"{NAME}#/resources/{number}"
        if not isinstance(one, dict) or not isinstance(one.get("path"), str):
            yield fault(place, None, "A file has a path", "Give it, such as figures.csv")
            continue
        if one["path"] in named:  # it would be read once more for each time that it is named
            yield fault(f"{place}/path", one["path"], "A package names a file once", "Take it off the list here")
            continue
        named.add(one["path"])
        yield from _resource(one, place, files)


def _resource(one: Mapping[str, Any], place: str, files: Mapping[str, bytes]) -> Iterator[Fault]:
    path = one["path"]
    if not _SAFE.fullmatch(path):
        yield fault(f"{place}/path", path, "A path leads to a file of the package", "Write it relative to the package")
        return
    if path not in files:
        if path.endswith((".csv", ".json")):
            yield fault(f"{place}/path", path, "The package has no such file", "Add it, or take it off the list")
        return
    content = files[path]
    stated = one.get("hash")
    if isinstance(stated, str) and stated.removeprefix("sha256:") != hashlib.sha256(content).hexdigest():
        yield fault(
            f"{place}/hash", stated, say("The file {path} is not the one that was described", path=path), "Get it again"
        )
    if path.endswith(".csv") and isinstance(one.get("schema"), dict):
        yield from _table(one["schema"], path, content, place)


def _table(described: Mapping[str, Any], path: str, content: bytes, place: str) -> Iterator[Fault]:
    fields = described.get("fields")
    if not isinstance(fields, list) or not all(isinstance(one, dict) for one in fields):
        yield fault(f"{place}/schema/fields", None, "A table has a list of fields", "Describe each column")
        return
    missing = described.get("missingValues")
    blank = [one for one in missing if isinstance(one, str)] if isinstance(missing, list) else list(MISSING)
    names = [one.get("name") for one in fields]
    try:
        lines = csv_lines(content, path)
        _, head = next(lines, (1, []))
        if head != names:
            rule = say("The columns are described as {columns}", columns=", ".join(map(str, names)))
            yield fault(f"{path}:1", ", ".join(head), rule, "Make both the same")
            return
        for line, row in lines:
            for name, field, cell in zip(names, fields, row, strict=False):
                if cell not in blank and not _is(cell, str(field.get("type", "string"))):
                    at = f"{path}:{line}:{name}"
                    yield fault(
                        at,
                        cell,
                        say("The column holds values of type {type}", type=field.get("type")),
                        "Correct the cell",
                    )
            if len(row) != len(names):
                rule = uneven(row, names)
                yield fault(f"{path}:{line}", None, rule, "Give each row one cell a column")
    except Unreadable as error:
        yield error.fault


def _is(cell: str, kind: str) -> bool:
    if kind == "number":
        return bool(_NUMBER.fullmatch(cell))
    if kind == "integer":
        return bool(_WHOLE.fullmatch(cell))
    if kind == "boolean":
        return cell in ("true", "false", "True", "False", "1", "0", "TRUE", "FALSE")
    if kind == "date":
        try:
            return bool(date.fromisoformat(cell))
        except ValueError:
            return False
    return True
