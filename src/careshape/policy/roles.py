"""The roles there are."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from careshape.declared import declared, read_toml

FILE: Final = "roles.toml"


class Role(BaseModel):
    """A role of a person who uses the installation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    kind: Literal["staff", "outside", "public"]
    does: str

    @property
    def needs_second_factor(self) -> bool:
        """Whether who has this role signs in with two factors."""
        return self.kind == "staff"


@cache
def roles() -> dict[str, Role]:
    """All roles by id, in the order of the file. Raises CatalogueError for a fault in it."""
    raw = read_toml(files("careshape.policy").joinpath(FILE).read_text("utf-8"), FILE)
    found = [declared(Role, entry, FILE) for entry in raw["role"]]
    return {role.id: role for role in found}


def role_groups() -> dict[str, tuple[str, ...]]:
    """What a policy may write for several roles: ``@staff``, ``@outside``, ``@members`` (both), ``@everybody``."""
    every = roles().values()
    return {
        "@staff": tuple(role.id for role in every if role.kind == "staff"),
        "@outside": tuple(role.id for role in every if role.kind == "outside"),
        "@members": tuple(role.id for role in every if role.kind != "public"),
        "@everybody": tuple(role.id for role in every),
    }
