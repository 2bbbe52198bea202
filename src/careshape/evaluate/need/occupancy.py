"""Which share of the beds of care homes is in use: the council's own figure, else the published one, else England's."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.catalogue import catalogue
from careshape.declared import declared, read_toml
from careshape.errors import CallError, CatalogueError
from careshape.evaluate.need.prevalence import DATA
from careshape.evaluate.need.shares import LOCAL, NATIONAL, Scope
from careshape.home import Home
from careshape.records import observations

ROUNDED = 0.005
"""A printed percentage without decimals stands for anything within half a percentage point of it."""


class Occupancy(BaseModel):
    """The share of the beds of homes that are in use, as a range.

    Attributes:
        client_group: of the catalogue (or a group), whose homes they are; everybody's if empty.
        low, high: the ends of the range, 0 to 1; source, address: where it comes from; scope: LOCAL or NATIONAL.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    client_group: str = ""
    low: float = Field(gt=0, le=1)
    high: float = Field(gt=0, le=1)
    source: str = Field(min_length=1)
    address: str = ""
    scope: Scope = LOCAL

    @model_validator(mode="after")
    def _range(self) -> Occupancy:
        if self.low > self.high:
            raise ValueError(f"low ({self.low}) must not be above high ({self.high}).")
        return self


def occupancy(home: Home, authority: str, client_group: str = "") -> Occupancy:
    """The occupancy of the homes of a client group, or of all homes.

    Raises:
        CatalogueError: the council's file breaks the schema.
    """
    found = [*_own(home, authority), *_published(authority)]
    fitting = [one for one in found if one.client_group in ("", client_group)]
    fitting.sort(key=lambda one: one.client_group != client_group)
    return fitting[0] if fitting else _national()


def _own(home: Home, authority: str) -> list[Occupancy]:
    path = home.council_path(authority) / "outside.toml"
    if not path.is_file():
        return []
    listed = read_toml(path.read_text(encoding="utf-8"), path.name).get("occupancy", [])
    found = [declared(Occupancy, one, path.name, "occupancy") for one in listed]
    for one in found:
        if one.client_group:
            try:
                catalogue().members("client_group", one.client_group)
            except CallError as fault:
                raise CatalogueError(path.name, "occupancy", "client_group", one.client_group, str(fault)) from None
    return found


@cache
def _packaged() -> dict[str, Any]:
    file = DATA / "outside.toml"
    return read_toml(file.read_text(encoding="utf-8"), "evaluate/need/data/outside.toml")


def _published(authority: str) -> list[Occupancy]:
    found = []
    for raw in _packaged()["occupancy"]:
        if raw["authority"] == authority:
            share = float(observations(authority)[raw["observation"]].value) / 100
            found.append(
                Occupancy(
                    client_group=raw["client_group"], low=share - ROUNDED, high=share + ROUNDED, source=raw["source"]
                )
            )
    return found


def _national() -> Occupancy:
    (one,) = _packaged()["national_occupancy"]
    return Occupancy(**one, scope=NATIONAL)
