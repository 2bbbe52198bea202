"""A list of the catalogue: its entries by id, by code and by any name under which a file may give them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

from careshape.catalogue.entries import Entry
from careshape.errors import CallError

E = TypeVar("E", bound=Entry, covariant=True)

ALL = "all"
"""Name of the group that holds every entry of its list, ``unknown`` included."""


@dataclass(frozen=True)
class Group:
    """Several entries of a list under one name, so that a question can be asked of all of them."""

    id: str
    label: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class CodeList(Generic[E]):
    """The entries of one list, in the order of its data file."""

    name: str
    title: str
    description: str
    entries: tuple[E, ...]
    groups: Mapping[str, Group]

    @cached_property
    def by_id(self) -> Mapping[str, E]:
        """Entries by id."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def by_code(self) -> Mapping[int, E]:
        """Entries by permanent code."""
        return {entry.code: entry for entry in self.entries}

    @cached_property
    def _by_name(self) -> Mapping[str, E]:
        names: dict[str, E] = {}
        for entry in self.entries:
            names.update({normalise(name): entry for name in names_of(entry)})
        return names

    def entry(self, entry_id: str, on: date | None = None) -> E:
        """The entry with an id. Raises CallError where there is none, or where it does not hold on the day ``on``."""
        entry = self.by_id.get(entry_id)
        if entry is None:
            raise CallError(f"'{entry_id}' is not in the list {self.name}. {self._hint(entry_id)}")
        if on is not None and not entry.valid_on(on):
            raise CallError(
                f"'{entry_id}' of the list {self.name} does not hold on {on.isoformat()}: "
                f"it runs from {entry.valid_from or 'the start'} to {entry.valid_to or 'now'}."
            )
        return entry

    def on(self, day: date) -> tuple[E, ...]:
        """The entries that hold on a day."""
        return tuple(entry for entry in self.entries if entry.valid_on(day))

    def find(self, text: str) -> E | None:
        """The entry with this id, label or other name; letter case and punctuation make no difference. None if none."""
        return self._by_name.get(normalise(text))

    def label(self, name: str) -> str:
        """Label of an entry or a group. Raises CallError where there is none."""
        if name in self.groups and name not in self.by_id:
            return self.groups[name].label
        return self.entry(name).label

    def members(self, name: str) -> tuple[str, ...]:
        """Ids that a name stands for: those of a group, or the one entry. Raises CallError where there is neither."""
        if name in self.by_id:
            return (name,)
        if name == ALL:
            return tuple(self.by_id)
        if name in self.groups:
            return self.groups[name].members
        raise CallError(f"'{name}' is neither an entry nor a group of the list {self.name}. {self._hint(name)}")

    def _hint(self, wanted: str) -> str:
        known = [*self.by_id, *self.groups]
        near = difflib.get_close_matches(wanted.casefold().replace(" ", "-"), known, n=3, cutoff=0.6)
        found = self.find(wanted)
        if found is not None and found.id not in near:
            near.insert(0, found.id)
        if near:
            return f"Did you mean {' or '.join(near)}?"
        return f"It holds {', '.join(known[:12])}{' and others' if len(known) > 12 else ''}."


def names_of(entry: Entry) -> tuple[str, ...]:
    """Every name of an entry: id, label, other names, and its values in both releases of Client Level Data."""
    released = (getattr(entry, "release_1", ""), getattr(entry, "release_2", ""))
    return (entry.id, entry.label, *entry.aliases, *(name for name in released if name))


def normalise(text: str) -> str:
    """A name without letter case, spaces and punctuation; ``&`` reads as ``and``."""
    return re.sub(r"[\W_]+", "", text.casefold().replace("&", " and "))
