"""The lists of a person's record that are data: areas of need, and how a carer is related."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared, read_toml

FILE: Final = "areas.toml"


class Relation(BaseModel):
    """How a carer is related to the person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z-]+$")
    label: str


class Area(Relation):
    """An outcome by which a need is found eligible, and whose it can be."""

    of: Annotated[tuple[Literal["person", "carer"], ...], Field(min_length=1)]


@cache
def areas() -> dict[str, Area]:
    """Every area of need, by id. Raises CatalogueError for a fault in the file."""
    return {one.id: one for one in (declared(Area, raw, f"people/{FILE}") for raw in _raw()["area"])}


@cache
def relations() -> dict[str, Relation]:
    """Every relation of a carer, by id. Raises CatalogueError for a fault in the file."""
    return {one.id: one for one in (declared(Relation, raw, f"people/{FILE}") for raw in _raw()["relation"])}


@cache
def _raw() -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = read_toml(
        files("careshape.people").joinpath("data", FILE).read_text("utf-8"), FILE
    )
    return found
