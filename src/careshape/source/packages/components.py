"""What a package may be made of, as the data file states it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from careshape.catalogue import catalogue
from careshape.declared import declared, read_toml

FILE: Final = "components.toml"
CORE: Final = "core"


class Component(BaseModel):
    """A part of a package: in which unit it is bought, how it is paid, and as what the records know it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    title: str
    unit: str
    paid: Literal["week", "visits"]
    known_as: str

    def unit_of(self, service: str) -> str:
        """Id of the unit in which it is bought for a service."""
        return catalogue().lists["service"].by_id[service].unit if self.unit == "service" else self.unit

    def recorded_as(self, service: str) -> str:
        """The component that the records of a service know it as; empty where they know none."""
        entry = catalogue().lists["component"].by_id.get(self.known_as)
        return self.known_as if entry is not None and service in getattr(entry, "services", ()) else ""


@cache
def components() -> dict[str, Component]:
    """Every component by its id. Raises CatalogueError for a fault in the file."""
    raw = read_toml(files("careshape.source").joinpath("data", FILE).read_text("utf-8"), FILE)
    found = [declared(Component, entry, f"source/{FILE}") for entry in raw["component"]]
    return {one.id: one for one in found}
