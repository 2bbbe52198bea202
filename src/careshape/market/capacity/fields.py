"""What the weekly return asks: its fields, bed types, parts of the day, groups of staff, and reasons, as data."""

from __future__ import annotations

import difflib
from functools import cache, cached_property
from importlib.resources import files
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.catalogue import catalogue
from careshape.catalogue.lists import normalise
from careshape.declared import declared, read_toml

Kind = Literal["beds", "hours", "staff"]
Unit = Literal["beds", "hours", "people"]
PARTS: Final[dict[Kind, tuple[str, ...]]] = {
    "beds": ("bed_type",),
    "hours": ("zone", "time_band"),
    "staff": ("staff_group",),
}
"""What a row of each kind is about, besides its location and its day."""
ALSO: Final[dict[str, tuple[str, ...]]] = {
    "location_id": ("location", "cqc location id", "location id", "provider location"),
    "day": ("as at", "as at date", "date", "week ending", "submitted", "return day"),
    "bed_type": ("type of bed", "bed category"),
    "zone": ("home care zone",),
    "time_band": ("time of day", "part of day"),
    "staff_group": ("staff type", "role"),
    "closed_reason": ("reason closed", "why closed", "reason"),
    "unit": ("unit of hours",),
}
"""Other headings of the columns that are no figures; letter case and punctuation never matter."""


class Named(BaseModel):
    """An entry with a label and other names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    label: str
    also: tuple[str, ...] = ()


class BedType(Named):
    """A type of beds or places.

    Attributes:
        services: for which a person could move into one. tracker: whether the national tracker has it.
    """

    services: tuple[str, ...]
    tracker: bool = True


class Hours(BaseModel):
    """What free hours are good for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    services: tuple[str, ...]


class Figure(Named):
    """A figure that is asked.

    Attributes:
        kind: of which rows it is; need: whether a row without it is refused.
        counts_when_stale: whether it is still added up when it is stale.
        tracker: its name in the national tracker; blank where that does not ask it.
    """

    kind: Kind
    unit: Unit
    need: bool = False
    counts_when_stale: bool = True
    tracker: str = ""


class Capacity(BaseModel):
    """The return as a whole; see the notes in ``data/capacity.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stale_after: int = Field(gt=0)
    gone_after: int = Field(gt=0)
    remind_from: int = Field(ge=1, le=7)
    field: tuple[Figure, ...]
    bed_type: tuple[BedType, ...]
    hours: Hours
    time_band: tuple[Named, ...]
    staff_group: tuple[Named, ...]
    closed_reason: tuple[Named, ...]

    @model_validator(mode="after")
    def _stale_before_gone(self) -> Capacity:
        if self.gone_after <= self.stale_after:
            raise ValueError("gone_after must be more days than stale_after.")
        return self

    @model_validator(mode="after")
    def _services_are_known(self) -> Capacity:
        named = {*self.hours.services, *(name for one in self.bed_type for name in one.services)}
        if strange := sorted(named - set(catalogue().lists["service"].by_id)):
            raise ValueError(f"There is no service {strange[0]}.")
        return self

    def kind_of(self, service: str) -> Kind | None:
        """Which rows tell what is free for a service; None where no return asks of it."""
        if service in self.hours.services:
            return "hours"
        return "beds" if any(service in one.services for one in self.bed_type) else None

    def beds_for(self, service: str) -> frozenset[str]:
        """The types of beds into which a person could move who needs a service."""
        return frozenset(one.id for one in self.bed_type if service in one.services)

    def of_kind(self, kind: Kind) -> tuple[Figure, ...]:
        """The figures of one kind of row."""
        return tuple(one for one in self.field if one.kind == kind)

    @cached_property
    def lists(self) -> dict[str, dict[str, str]]:
        """Coded column -> every name, normalised -> id."""
        own = {name: getattr(self, name) for name in ("bed_type", "time_band", "staff_group", "closed_reason")}
        found = {
            name: {normalise(text): one.id for one in entries for text in (one.id, one.label, *one.also)}
            for name, entries in own.items()
        }
        zones = catalogue().lists["zone"]
        found["zone"] = {normalise(text): one.id for one in zones.entries for text in (one.id, one.label, *one.aliases)}
        return found

    def code(self, column: str, text: str) -> str:
        """The id that a text stands for. Raises ValueError, naming what comes near."""
        names = self.lists[column]
        found = names.get(normalise(text))
        if found is None:
            near = difflib.get_close_matches(normalise(text), names, n=1)
            known = sorted(set(names.values()))
            hint = f"Did you mean {names[near[0]]}?" if near else f"Choose from {', '.join(known)}."
            raise ValueError(f"'{text}' is no {column.replace('_', ' ')}. {hint}")
        return found


@cache
def capacity() -> Capacity:
    """The return that is packaged."""
    name = "market/data/capacity.toml"
    text = files("careshape.market").joinpath("data", "capacity.toml").read_text("utf-8")
    return declared(Capacity, read_toml(text, name), name)


def heading_of(kind: Kind) -> dict[str, str]:
    """Every heading of a kind of return, normalised -> column; a column's own name goes before another's other name."""
    own = ["location_id", "day", *PARTS[kind], *(["closed_reason"] if kind == "beds" else [])]
    own += ["unit"] if kind == "hours" else []
    found: dict[str, str] = {}
    for one in capacity().of_kind(kind):
        found |= {normalise(name): one.id for name in (one.label, one.tracker, *one.also) if name}
    for name in own:
        found |= {normalise(other): name for other in ALSO[name]}
    return found | {normalise(name): name for name in (*own, *(one.id for one in capacity().of_kind(kind)))}
