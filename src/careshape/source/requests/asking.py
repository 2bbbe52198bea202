"""How providers are asked, how long they have, and the reasons for which they say no, as the data file states them."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared, read_toml

FILE: Final = "asking.toml"
_FORBID: Final = ConfigDict(extra="forbid", frozen=True)
Name = Annotated[str, Field(pattern=r"^[a-z-]+$")]


class Urgency(BaseModel):
    """How urgent care is, and the hours that a provider has to answer then."""

    model_config = _FORBID

    id: Name
    title: str
    hours: Annotated[int, Field(ge=1, le=24 * 28)]

    @property
    def limit(self) -> timedelta:
        """The time that a provider has."""
        return timedelta(hours=self.hours)


class Way(BaseModel):
    """A way of asking."""

    model_config = _FORBID

    id: Name
    title: str
    about: str


class No(BaseModel):
    """A reason for which a provider says no."""

    model_config = _FORBID

    id: Name
    title: str


class Asking(BaseModel):
    """All of the file."""

    model_config = _FORBID

    remind_after: Annotated[float, Field(gt=0, lt=1)]
    resort_hours: Annotated[int, Field(ge=1, le=24 * 28)]
    urgency: tuple[Urgency, ...]
    way: tuple[Way, ...]
    no: tuple[No, ...]

    @property
    def urgencies(self) -> dict[str, Urgency]:
        """How urgent a request can be, by id."""
        return {one.id: one for one in self.urgency}

    @property
    def ways(self) -> dict[str, Way]:
        """The ways of asking, by id."""
        return {one.id: one for one in self.way}

    @property
    def noes(self) -> dict[str, No]:
        """The reasons for which providers say no, by id."""
        return {one.id: one for one in self.no}


@cache
def asking() -> Asking:
    """What the file says. Raises CatalogueError for a fault in it."""
    raw = read_toml(files("careshape.source").joinpath("data", FILE).read_text("utf-8"), FILE)
    return declared(Asking, raw, f"source/{FILE}")
