"""The kinds of list by which a council may buy, as the data file states them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared, read_toml

FILE: Final = "kinds.toml"


class Kind(BaseModel):
    """A kind of list: who may come onto it once it has begun, and where that is laid down."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z-]+$")
    title: str
    joins: Literal["always", "rounds", "never"]
    purchased_as: str
    """The way of buying, of the catalogue, by which the records know what was bought from it."""
    source: str


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its id. Raises CatalogueError for a fault in the file."""
    raw = read_toml(files("careshape.source").joinpath("data", FILE).read_text("utf-8"), FILE)
    found = [declared(Kind, entry, f"source/{FILE}") for entry in raw["kind"]]
    return {one.id: one for one in found}
