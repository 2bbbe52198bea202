"""Reading the catalogue's data files: each is checked against its schema, then all of them against each other."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from careshape.catalogue.entries import SCHEMAS, SMALL_LISTS, UNKNOWN, Entry, Ref
from careshape.catalogue.lists import ALL, CodeList, Group, names_of, normalise
from careshape.catalogue.rules import check_across
from careshape.errors import CatalogueError

OWN_CODES_FROM: Final = 10_000
"""First code of a council's own entries; lower ones are kept for entries that come with careshape."""

_FILE_FIELDS: Final[dict[str, type]] = {"title": str, "description": str, "entry": list, "groups": dict}
_COMPARED: Final = ("code", "valid_from", "valid_to", "client_group_older", "older_from")
_RULES: Final = {
    "missing": "The field is required.",
    "string_type": "It must be a piece of text.",
    "int_type": "It must be a whole number.",
    "bool_type": "It must be true or false.",
    "bool_parsing": "It must be true or false.",
    "tuple_type": "It must be a list in square brackets.",
    "model_type": "It must be a table of fields: an entry stands under [[entry]], a part of one in curly brackets.",
}


@dataclass
class _Draft:
    """A list while it is being read: its entries, with the file that each came from."""

    name: str
    title: str = ""
    description: str = ""
    entries: list[Entry] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)
    file_of: dict[str, str] = field(default_factory=dict)


def read_lists(folders: Sequence[Path] = ()) -> dict[str, CodeList[Any]]:
    """Every list, from the packaged data files and then from a council's own folders.

    A folder holds files named like the packaged ones, with the entries and groups to add. Raises CatalogueError on the
    first fault, naming file, entry, field, value and rule.
    """
    drafts = {name: _Draft(name) for name in SCHEMAS}
    packaged = resources.files("careshape.catalogue") / "data"
    for draft in drafts.values():
        _read_file(draft, packaged / f"{draft.name}.toml", own=False)
    for folder in folders:
        for path in _own_files(folder):
            _read_file(drafts[path.stem], path, own=True)
    for draft in drafts.values():
        _check_list(draft)
        for entry in draft.entries:
            _check_references(draft, entry, entry, drafts)
    lists: dict[str, CodeList[Any]] = {
        draft.name: CodeList(draft.name, draft.title, draft.description, tuple(draft.entries), draft.groups)
        for draft in drafts.values()
    }
    check_across(lists)
    return lists


def _own_files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise CatalogueError(str(folder), "-", "-", str(folder), "This folder of catalogue files does not exist.")
    for path in sorted(folder.glob("*.toml")):
        if path.stem not in SCHEMAS:
            rule = f"A catalogue file bears the name of its list. The lists are {', '.join(SCHEMAS)}."
            raise CatalogueError(path.name, "-", "file name", path.stem, rule)
        yield path


def _read_file(draft: _Draft, file: Traversable, own: bool) -> None:
    content = _parse(file)
    _check_outline(file.name, content)
    if not own:
        draft.title, draft.description = content.get("title", ""), content.get("description", "")
    for number, raw in enumerate(content.get("entry", []), start=1):
        entry = _entry(SCHEMAS[draft.name], file.name, number, raw)
        _check_code(draft, entry, file.name, own)
        draft.entries.append(entry)
        draft.file_of[entry.id] = file.name
    for group_id, raw in content.get("groups", {}).items():
        if group_id in draft.groups:
            raise CatalogueError(file.name, group_id, "groups", group_id, f"The list {draft.name} has this group.")
        draft.groups[group_id] = _group(file.name, group_id, raw)
        draft.file_of.setdefault(group_id, file.name)


def _check_outline(file: str, content: dict[str, Any]) -> None:
    for name, value in content.items():
        if name not in _FILE_FIELDS:
            raise CatalogueError(file, "-", name, value, f"A catalogue file holds {', '.join(_FILE_FIELDS)}.")
        if not isinstance(value, _FILE_FIELDS[name]):
            rule = "Entries are written as [[entry]], groups as [groups.name], title and description as text."
            raise CatalogueError(file, "-", name, value, rule)


def _parse(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogueError(file.name, "-", "-", None, "The data file of this list is missing.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CatalogueError(file.name, "-", "-", str(error), "It must be a file of TOML, written as UTF-8.") from None


def _entry(schema: type[Entry], file: str, number: int, raw: Any) -> Entry:
    name = raw.get("id", f"number {number}") if isinstance(raw, dict) else f"number {number}"
    try:
        return schema.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(part) for part in first["loc"]) or "entry"
        value = None if first["type"] == "missing" else first["input"]
        if not first["loc"] and isinstance(raw, dict):  # a rule about several fields: show those that rules compare
            value = {key: raw[key] for key in _COMPARED if key in raw}
        raise CatalogueError(file, str(name), at, value, _rule(schema, first)) from None


def _rule(schema: type[Entry], error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return f"There is no such field here. An entry of this list holds {', '.join(schema.model_fields)}."
    if error["type"] == "string_pattern_mismatch":
        return f"It must look like {error['ctx']['pattern']}."
    if error["type"] in _RULES:
        return _RULES[error["type"]]
    message = str(error["msg"]).removeprefix("Value error, ")
    return message if message.endswith(".") else f"{message}."


def _group(file: str, group_id: str, raw: Any) -> Group:
    if not isinstance(raw, dict) or set(raw) != {"label", "members"}:
        raise CatalogueError(file, group_id, "groups", raw, "A group holds a label and members, and nothing else.")
    if not isinstance(raw["label"], str):
        raise CatalogueError(file, group_id, "label", raw["label"], "It must be a piece of text.")
    if not isinstance(raw["members"], list) or not raw["members"]:
        raise CatalogueError(file, group_id, "members", raw["members"], "It must be a list of one or more ids.")
    return Group(group_id, raw["label"], tuple(raw["members"]))


def _check_code(draft: _Draft, entry: Entry, file: str, own: bool) -> None:
    for other in draft.entries:
        if other.id == entry.id:
            raise CatalogueError(file, entry.id, "id", entry.id, f"The list {draft.name} has an entry of this id.")
        if other.code == entry.code:
            rule = f"'{other.id}' of the list {draft.name} has this code; a code is never given twice."
            raise CatalogueError(file, entry.id, "code", entry.code, rule)
    if own and draft.name in SMALL_LISTS:
        raise CatalogueError(
            file, entry.id, "code", entry.code, f"The list {draft.name} takes no entries of a council's."
        )
    if own != (entry.code >= OWN_CODES_FROM):
        rule = f"A council's own entries have codes from {OWN_CODES_FROM}; those of careshape are below."
        raise CatalogueError(file, entry.id, "code", entry.code, rule)


def _check_list(draft: _Draft) -> None:
    """Check what only the whole list shows: the unknown entry, names that mean two entries, members of groups."""
    known = {entry.id for entry in draft.entries}
    if UNKNOWN not in known:
        raise CatalogueError(f"{draft.name}.toml", UNKNOWN, "id", None, "Every list has the entry 'unknown', code 0.")
    meant: dict[str, str] = {}
    for entry in draft.entries:
        for name in names_of(entry):
            if meant.setdefault(normalise(name), entry.id) != entry.id:
                rule = f"'{meant[normalise(name)]}' has this name too; a name leads to one entry."
                raise CatalogueError(draft.file_of[entry.id], entry.id, "label, aliases", name, rule)
    for group in draft.groups.values():
        if group.id in known or group.id == ALL:
            raise CatalogueError(draft.file_of[group.id], group.id, "groups", group.id, "An entry bears this name.")
        for member in group.members:
            if member not in known:
                rule = f"Members of a group are ids of the list {draft.name}."
                raise CatalogueError(draft.file_of[group.id], group.id, "members", member, rule)


def _check_references(draft: _Draft, entry: Entry, part: BaseModel, drafts: dict[str, _Draft]) -> None:
    """Check that every field marked with Ref, in the entry and in its parts, names entries that exist."""
    for name, info in type(part).model_fields.items():
        value = getattr(part, name)
        values = value if isinstance(value, tuple) else (value,)
        for ref in (mark for mark in info.metadata if isinstance(mark, Ref)):
            known = {other.id for other in drafts[ref.list].entries}
            for wanted in values:
                if wanted is not None and wanted not in known:
                    rule = f"It must be the id of an entry of the list {ref.list}."
                    raise CatalogueError(draft.file_of[entry.id], entry.id, name, wanted, rule)
        for inner in values:
            if isinstance(inner, BaseModel):
                _check_references(draft, entry, inner, drafts)
