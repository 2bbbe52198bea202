"""The policy: for each act, which roles may do it on which rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared, read_toml
from careshape.errors import CatalogueError
from careshape.policy.principal import PUBLIC, Principal
from careshape.policy.roles import role_groups, roles

FILE: Final = "policy.toml"
Scope = Literal["open", "council", "team", "organisation", "own", "all"]


class Allow(BaseModel):
    """One permission: these roles, these rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    roles: tuple[str, ...]
    rows: Scope


class Act(BaseModel):
    """Something that can be done, and who may."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z_]+\.[a-z_]+$")
    title: str
    allow: tuple[Allow, ...] = ()


@dataclass(frozen=True)
class Policy:
    """All acts of an installation."""

    acts: dict[str, Act]

    def scopes(self, principal: Principal, act: str) -> frozenset[Scope]:
        """The scopes of rows on which the principal may do an act; empty where they may not at all."""
        return frozenset(allow.rows for allow in self._allowing(principal, act))

    def permits(self, principal: Principal, act: str) -> bool:
        """Whether the principal may do an act on any row."""
        return bool(self._allowing(principal, act))

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

    Raises CatalogueError for a fault in one: an unknown role, or an act that is stated twice.
    """
    acts: dict[str, Act] = {}
    for room in sorted(files("careshape").iterdir(), key=lambda entry: entry.name):
        file = room.joinpath(FILE)
        if room.is_dir() and file.is_file():
            for act in read_policy(file.read_text("utf-8"), f"{room.name}/{FILE}"):
                if act.id in acts:
                    raise CatalogueError(f"{room.name}/{FILE}", act.id, "id", act.id, "An act is stated once.")
                acts[act.id] = act
    return Policy(acts)


def read_policy(text: str, file: str) -> list[Act]:
    """The acts that one file states, with groups of roles written out."""
    raw = read_toml(text, file)
    return [_written_out(declared(Act, entry, file), file) for entry in raw.get("act", ())]


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
