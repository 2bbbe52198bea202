"""The policy: for each act, which roles may do it on which rows, and which fields of what they reach they see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared, read_toml
from careshape.errors import CatalogueError
from careshape.policy.principal import PUBLIC, Principal
from careshape.policy.roles import role_groups, roles

FILE: Final = "policy.toml"
Scope = Literal["open", "released", "council", "team", "organisation", "own", "all"]


class Record(BaseModel):
    """Something that is said of people, as pages, downloads and the API show it: its fields are shown to nobody to whom
    no act states them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z_]+$")
    title: str
    models: tuple[str, ...] = ()
    """The tables whose rows it shows."""
    fields: tuple[str, ...]
    """Every field that it has."""


class Allow(BaseModel):
    """One permission: these roles, these rows, these fields of each record."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    roles: tuple[str, ...]
    rows: Scope
    fields: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Record -> the fields that are seen by an act that reads, or changed by one that changes."""


class Act(BaseModel):
    """Something that can be done, and who may."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z_]+\.[a-z_]+$")
    title: str
    personal: bool = False
    """Whether it is about people though it shows no record of them."""
    allow: tuple[Allow, ...] = ()


Stated = TypeVar("Stated", Act, Record)


@dataclass(frozen=True)
class Policy:
    """All acts and records of an installation."""

    acts: dict[str, Act]
    records: dict[str, Record]

    def scopes(self, principal: Principal, act: str) -> frozenset[Scope]:
        """The scopes of rows on which the principal may do an act; empty where they may not at all."""
        return frozenset(allow.rows for allow in self._allowing(principal, act))

    def permits(self, principal: Principal, act: str) -> bool:
        """Whether the principal may do an act on any row."""
        return bool(self._allowing(principal, act))

    def fields(self, principal: Principal, act: str, record: str) -> frozenset[str]:
        """The fields of a record that the principal sees, or changes, by an act; none where no file states them.

        Raises KeyError for a record that there is not: that is a fault of ours.
        """
        known = frozenset(self.records[record].fields)
        return known & {field for allow in self._allowing(principal, act) for field in allow.fields.get(record, ())}

    def is_about_people(self, act: str) -> bool:
        """Whether an act shows or changes what is said of people."""
        known = self.acts.get(act)
        return known is not None and (known.personal or any(allow.fields for allow in known.allow))

    def _allowing(self, principal: Principal, act: str) -> list[Allow]:
        known = self.acts.get(act)
        if known is None:
            return []
        limited = principal.acts is not None and act not in principal.acts
        # What a token does not name it may do as anybody may: a token takes nothing away from the public.
        role = PUBLIC if limited else principal.role
        return [allow for allow in known.allow if role in allow.roles]


@cache
def policy() -> Policy:
    """The policy of this installation: what the rooms' files state together.

    Raises CatalogueError for a fault in one: an unknown role, record or field, or an act that is stated twice.
    """
    acts: dict[str, Act] = {}
    records: dict[str, Record] = {}
    for room in sorted(files("careshape").iterdir(), key=lambda entry: entry.name):
        file = room.joinpath(FILE)
        if room.is_dir() and file.is_file():
            name = f"{room.name}/{FILE}"
            text = file.read_text("utf-8")
            _add(acts, read_policy(text, name), name, "An act")
            _add(records, read_records(text, name), name, "A record")
    for act in acts.values():
        _check_fields(act, records)
    return Policy(acts, records)


def read_policy(text: str, file: str) -> list[Act]:
    """The acts that one file states, with groups of roles written out."""
    raw = read_toml(text, file)
    return [_written_out(declared(Act, entry, file), file) for entry in raw.get("act", ())]


def read_records(text: str, file: str) -> list[Record]:
    """The records that one file states."""
    return [declared(Record, entry, file) for entry in read_toml(text, file).get("record", ())]


def _add(known: dict[str, Stated], found: list[Stated], file: str, what: str) -> None:
    for one in found:
        if one.id in known:
            raise CatalogueError(file, one.id, "id", one.id, f"{what} is stated once.")
        known[one.id] = one


def _check_fields(act: Act, records: dict[str, Record]) -> None:
    """Raises CatalogueError where an act names a record or a field that there is not."""
    for record, names in ((record, names) for allow in act.allow for record, names in allow.fields.items()):
        if record not in records:
            rule = f"There is no such record. There are {', '.join(records)}."
            raise CatalogueError(FILE, act.id, "fields", record, rule)
        for name in set(names) - set(records[record].fields):
            rule = f"The record '{record}' has no such field. It has {', '.join(records[record].fields)}."
            raise CatalogueError(FILE, act.id, "fields", name, rule)


def _written_out(act: Act, file: str) -> Act:
    groups = role_groups()
    allows = []
    for allow in act.allow:
        named = [role for one in allow.roles for role in groups.get(one, (one,))]
        for role in named:
            if role not in roles():
                known = ", ".join([*groups, *roles()])
                raise CatalogueError(file, act.id, "roles", role, f"There is no such role. There are {known}.")
        allows.append(allow.model_copy(update={"roles": tuple(dict.fromkeys(named))}))
    return act.model_copy(update={"allow": tuple(allows)})
