"""The dataset descriptor: what each file of a collection holds, in `dataset.toml` beside the files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from careshape.errors import CallError, CatalogueError
from careshape.records.observation import KINDS

DATA = files("careshape.records") / "data"


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One file of a collection.

    Attributes:
        file: its name; name: its short name, which begins the ids of its rows; number: as the document numbers it.
        title, note: what it holds, and what a reader should know.
        rows: how many it has, so that a truncated file is noticed.
        dims: its dimension columns; kind: the kind of all its figures, empty where a column says it row by row.
        units: the units that may stand in it; source: the statistic that the document quotes, where it says so.
        observations: False for files of words (intentions, actions, views).
    """

    file: str
    name: str
    number: str
    title: str
    rows: int
    dims: tuple[str, ...] = ()
    kind: str = ""
    units: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    observations: bool = True


@dataclass(frozen=True, slots=True)
class Dataset:
    """A collection of files from one document.

    Attributes:
        authority: slug of the council; document: full title; publisher; published: year or month of publication.
        licence: under what terms the figures stand here.
        tables: by short name.
        folder: where the files are.
    """

    authority: str
    document: str
    publisher: str
    published: str
    licence: str
    tables: Mapping[str, TableEntry]
    folder: Traversable


def authorities() -> list[str]:
    """The slugs of the councils whose published figures are packaged."""
    return sorted(entry.name for entry in DATA.iterdir() if (entry / "dataset.toml").is_file())


@cache
def dataset(authority: str) -> Dataset:
    """Read and check the descriptor of a packaged collection.

    Raises:
        CallError: no collection for that authority.
        CatalogueError: the descriptor breaks its schema.
    """
    if authority not in authorities():
        raise CallError(f"No published figures are packaged for '{authority}'. There are: {', '.join(authorities())}.")
    return read_dataset(DATA / authority)


def read_dataset(folder: Traversable) -> Dataset:
    """Read and check `dataset.toml` in a folder; see docs/reference/observations.md for the schema."""
    file = f"{folder.name}/dataset.toml"
    try:
        raw = tomllib.loads((folder / "dataset.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise CatalogueError(file, "file", "TOML", str(fault), "The file must be valid TOML.") from fault
    heading = {key: value for key, value in raw.items() if key not in ("table", "document_file")}
    for key in ("authority", "document", "publisher", "published", "licence"):
        _text(file, "heading", heading, key)
    entries = [_entry(file, entry, True) for entry in raw.get("table", [])]
    entries += [_entry(file, entry, False) for entry in raw.get("document_file", [])]
    names = [entry.name for entry in entries]
    for name in names:
        if names.count(name) > 1:
            raise CatalogueError(file, name, "name", name, "Each file needs a name of its own.")
    return Dataset(**heading, tables={entry.name: entry for entry in entries}, folder=folder)


def _text(file: str, entry: str, raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value:
        raise CatalogueError(file, entry, key, value, "It must be given, as text.")
    return value


def _entry(file: str, raw: dict[str, Any], is_table: bool) -> TableEntry:
    name = str(raw.get("name", "?"))
    for key in ("file", "name", "number", "title"):
        _text(file, name, raw, key)
    allowed = set(TableEntry.__slots__) - {"observations"}
    for key in raw:
        if key not in allowed:
            raise CatalogueError(file, name, key, raw[key], f"Unknown field. Known: {', '.join(sorted(allowed))}.")
    if not isinstance(raw.get("rows"), int) or raw["rows"] < 1:
        raise CatalogueError(file, name, "rows", raw.get("rows"), "It must be the number of rows, 1 or more.")
    if is_table and raw.get("kind", "observed") not in KINDS:
        raise CatalogueError(file, name, "kind", raw["kind"], f"It must be one of {', '.join(KINDS)}.")
    lists = {key: tuple(raw.get(key, ())) for key in ("dims", "units")}
    if is_table and not (lists["dims"] and lists["units"]):
        raise CatalogueError(file, name, "dims, units", lists, "A table must declare its dimensions and its units.")
    return TableEntry(**{**raw, **lists}, observations=is_table)
