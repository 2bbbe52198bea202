"""The segments of the market for which a gap is worked out: services, client groups, unit and planned occupancy."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from careshape.catalogue import catalogue
from careshape.declared import declared, read_toml
from careshape.errors import CallError, CatalogueError

FILE: Final = "evaluate/gap/data/segments.toml"


def known(list_name: str, id_: str) -> str:
    """The id itself, where a list has such an entry or group. Raises ValueError, as fields of declared files do."""
    try:
        catalogue().members(list_name, id_)
    except CallError as error:
        raise ValueError(str(error)) from None
    return id_


ONE_OF: Final = {"places": "place", "people": "person", "hours a week": "hour a week"}
"""A single one of a unit."""


def unit_of(amount: float, unit: str) -> str:
    """The unit beside a number: one person, two people."""
    return ONE_OF.get(unit, unit) if amount == 1 else unit


class Segment(BaseModel):
    """One part of the market.

    Attributes:
        id, label: its name, and how it is written.
        in_text: how it is written within a sentence; the label without its capital if not said.
        services: catalogue ids of services, or of groups of them.
        client_groups: the groups that are looked at one by one; none for everybody together.
        unit: in what it is planned.
        occupancy: share of the places that is planned to be in use; 1 where every place can be.
        occupancy_source: where that share comes from, in words.
        supply: the service, or group of them, that entries of supply are about; the first of ``services`` if not said.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    label: str
    in_text: str = ""
    services: tuple[str, ...] = Field(min_length=1)
    client_groups: tuple[str, ...] = ()
    unit: Literal["places", "people", "hours a week"] = "people"
    occupancy: float = Field(default=1.0, gt=0, le=1)
    occupancy_source: str = ""
    supply: str = ""

    @field_validator("services")
    @classmethod
    def _known_services(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(known("service", one) for one in given)

    @field_validator("client_groups")
    @classmethod
    def _known_groups(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(known("client_group", one) for one in given)

    @property
    def name(self) -> str:
        """Its name within a sentence."""
        return self.in_text or self.label[:1].lower() + self.label[1:]

    def service_ids(self) -> tuple[str, ...]:
        """The single services that it is made of."""
        return tuple(dict.fromkeys(id_ for one in self.services for id_ in catalogue().members("service", one)))


@cache
def packaged_segments() -> tuple[Segment, ...]:
    """The segments that come with careshape."""
    return _parse(FILE, files("careshape.evaluate.gap").joinpath("data", "segments.toml").read_text("utf-8"))


def read_segments(path: Path) -> tuple[Segment, ...]:
    """A council's own segments. Raises CatalogueError naming file, entry, field, value and rule."""
    return _parse(path.name, path.read_text("utf-8"))


def _parse(file: str, text: str) -> tuple[Segment, ...]:
    found = [declared(Segment, entry, file) for entry in read_toml(text, file).get("segment", [])]
    ids = [one.id for one in found]
    for id_ in ids:
        if ids.count(id_) > 1:
            raise CatalogueError(file, id_, "id", id_, "It stands twice.")
    if not found:
        raise CatalogueError(file, "file", "segment", 0, "There must be at least one [[segment]].")
    return tuple(found)
