"""What a provider shows, and the kinds of place it works from, as the data files state them."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from careshape.catalogue import catalogue
from careshape.declared import declared, read_toml

EVIDENCE: Final = "evidence.toml"
LOCATIONS: Final = "locations.toml"
FOLDER: Final = "providers"
"""A council's own evidence stands in ``councils/<authority>/providers/evidence.toml``."""
SLUG: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=SLUG)
    title: str = Field(min_length=1)
    services: tuple[str, ...] = ()

    @field_validator("services")
    @classmethod
    def _known(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for name in given:
            catalogue().entry("service", name)
        return given


class EvidenceKind(_Entry):
    """Something that a provider shows. Without ``services`` every service needs it; without ``months`` it never lapses
    by itself.
    """

    of: Literal["organisation", "location"]
    months: int | None = Field(default=None, ge=1, le=120)
    basis: str = Field(min_length=1)

    def needed_for(self, service: str) -> bool:
        """Whether a service needs it."""
        return not self.services or service in self.services


class LocationKind(_Entry):
    """A kind of place: whether the regulator registers beds there, and whether there is a landlord."""

    beds: bool = False
    landlord: bool = False


class RegulatorType(BaseModel):
    """What the regulator's directory calls a service: the kind of place, and the service of the catalogue."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    named: str = Field(min_length=1)
    kind: str = Field(pattern=SLUG)
    service: str = Field(pattern=SLUG)


@cache
def regulator_types() -> tuple[RegulatorType, ...]:
    """Every type of service of the regulator that is read. Raises CatalogueError for a fault in the file."""
    return tuple(_declared(RegulatorType, _packaged(LOCATIONS), "regulator", f"providers/{LOCATIONS}"))


@cache
def may_give() -> tuple[str, ...]:
    """The services that a location may be told to give, in the order of the catalogue."""
    raw = read_toml(_packaged(LOCATIONS), f"providers/{LOCATIONS}")
    told = {*raw["may_give"], *(name for one in location_kinds().values() for name in one.services)}
    for name in told:
        catalogue().entry("service", name)
    return tuple(one.id for one in catalogue().lists["service"].entries if one.id in told)


@cache
def location_kinds() -> dict[str, LocationKind]:
    """Every kind of place by its id. Raises CatalogueError for a fault in the file."""
    return {one.id: one for one in _declared(LocationKind, _packaged(LOCATIONS), "kind", f"providers/{LOCATIONS}")}


def evidence_kinds(council: Path | None = None) -> dict[str, EvidenceKind]:
    """Everything that is shown, by its id: as packaged, with a council's own laid over it.

    council: the folder of the council. Raises CatalogueError for a fault in either file.
    """
    own = council / FOLDER / EVIDENCE if council is not None else None
    if own is None or not own.is_file():
        return _evidence(None, 0)
    return _evidence(own, own.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _evidence(own: Path | None, changed: int) -> dict[str, EvidenceKind]:
    """changed: when the council's file was, so that what it says now counts."""
    found = _declared(EvidenceKind, _packaged(EVIDENCE), "evidence", f"providers/{EVIDENCE}")
    if own is not None:
        found += _declared(EvidenceKind, own.read_text("utf-8"), "evidence", str(own.name))
    return {one.id: one for one in found}


def _packaged(name: str) -> str:
    return files("careshape.providers").joinpath("data", name).read_text("utf-8")


def _declared(model: type[Any], text: str, table: str, name: str) -> list[Any]:
    return [declared(model, entry, name) for entry in read_toml(text, name).get(table, [])]
