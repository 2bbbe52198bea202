"""The catalogue itself: every list, and the questions that the other rooms ask of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from careshape.catalogue.entries import Entry
from careshape.catalogue.lists import CodeList
from careshape.catalogue.load import read_lists
from careshape.errors import CallError

FOLDERS_VARIABLE: Final = "CARESHAPE_CATALOGUE"
"""Environment variable with a council's own catalogue folders, separated as in PATH."""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """What care there is: services, people, units, ways of buying and places, as lists of entries."""

    lists: Mapping[str, CodeList[Any]]

    def list(self, name: str) -> CodeList[Any]:
        """A list by name. Raises CallError where there is none."""
        if name not in self.lists:
            raise CallError(f"The catalogue has no list '{name}'. Its lists are {', '.join(self.lists)}.")
        return self.lists[name]

    def entry(self, list_name: str, entry_id: str) -> Entry:
        """An entry by list and id. Raises CallError, naming near matches, where there is none."""
        found: Entry = self.list(list_name).entry(entry_id)
        return found

    def code(self, list_name: str, entry_id: str) -> int:
        """Permanent code of an entry. Raises CallError, naming near matches, where there is no such id."""
        return self.entry(list_name, entry_id).code

    def id(self, list_name: str, code: int) -> str:
        """Id of the entry with a code. Raises CallError where the list has no such code."""
        entry = self.list(list_name).by_code.get(code)
        if entry is None:
            where = f" A council's own entries are read from the folders that {FOLDERS_VARIABLE} names." if code else ""
            raise CallError(f"The list {list_name} has no entry with code {code}.{where}")
        return str(entry.id)

    def label(self, list_name: str, name: str) -> str:
        """Label of an entry or a group."""
        return self.list(list_name).label(name)

    def members(self, list_name: str, name: str) -> tuple[str, ...]:
        """Ids that a name stands for: those of a group, every one for ``all``, or the one entry of that id."""
        return self.list(list_name).members(name)

    def codes(self, list_name: str, name: str) -> tuple[int, ...]:
        """Codes that the name of an entry or a group stands for."""
        return tuple(self.code(list_name, member) for member in self.members(list_name, name))


def load_catalogue(folders: Sequence[Path] = ()) -> Catalogue:
    """Read and check the packaged lists, with the entries that a council adds in its own folders.

    Raises CatalogueError on the first fault, naming file, entry, field, value and rule.
    """
    return Catalogue(read_lists(folders))


def catalogue() -> Catalogue:
    """The catalogue in use: the packaged lists and the folders that CARESHAPE_CATALOGUE names. It is read once."""
    return _loaded(os.environ.get(FOLDERS_VARIABLE, ""))


@lru_cache(maxsize=4)
def _loaded(folders: str) -> Catalogue:
    return load_catalogue([Path(folder) for folder in folders.split(os.pathsep) if folder])
