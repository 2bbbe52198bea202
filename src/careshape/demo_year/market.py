"""The market of a demonstration council, as ``data/market.toml`` states it."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared, read_toml

FILE: Final = "market.toml"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Places(_Table):
    """Locations of one kind, dealt in turn to the providers of a list and over the districts.

    ``more``: how many providers of each type, on no list, have some of them too. ``rated``: how many have each rating
    of the regulator; those beyond are not yet inspected. ``beds``: the smallest and the largest. ``parts``: types of
    beds or places that they return, one type each. ``in_use``: percent of those that are. ``own``: what the first of
    the demonstration's own provider is called.
    """

    council: str
    called: str
    kind: str
    services: Annotated[tuple[str, ...], Field(min_length=1)]
    client_groups: tuple[str, ...] = ()
    list: str
    many: Annotated[int, Field(gt=0)]
    more: dict[str, Annotated[int, Field(gt=0)]] = {}
    more_called: str = ""
    own: str = ""
    rated: dict[str, Annotated[int, Field(ge=0)]] = {}
    beds: tuple[int, int] | None = None
    registered: bool = False
    """Whether the beds are registered with the regulator."""
    parts: tuple[str, ...] = ()
    in_use: Annotated[int, Field(ge=0, le=100)] = 0
    hours: tuple[int, int] | None = None
    """Hours a week that the smallest and the largest branch of home care holds."""
    landlords: int = 0
    """How many landlords let them; the last provider of the list lets its own."""
    rooms: int = 0
    """Of how many of them each place to live is told."""


class Tendered(_Table):
    """A tender that led from one list to another: who is on the second was successful, and no other of the first."""

    council: str
    title: str
    service: str
    of: str
    to: str
    asked: Annotated[int, Field(gt=0)]
    """How many took part, those that were successful among them."""


class Paid(_Table):
    """What a council pays for a place while it stands empty: pence a week, after so many days."""

    rent: int
    support: int
    after: int


class Market(_Table):
    """The whole.

    ``evidence``: kinds that every provider of a list shows. ``lapsed_each``, ``unseen_each``: one provider in so many
    whose insurance lapsed, or was not looked at yet. ``stale_each``, ``silent_each``: one location in so many whose
    return is old, or missing. ``grades``: in turn; ``grade_whys``: why, by grade.
    """

    places: tuple[Places, ...]
    tender: tuple[Tendered, ...]
    evidence: tuple[str, ...]
    lapsed_each: Annotated[int, Field(gt=1)]
    unseen_each: Annotated[int, Field(gt=1)]
    grades: tuple[str, ...]
    grade_whys: dict[str, str]
    void_paid: Paid
    stale_each: Annotated[int, Field(gt=1)]
    silent_each: Annotated[int, Field(gt=1)]


def market() -> Market:
    """The market that is planned. Raises CatalogueError for a fault in the file."""
    raw: dict[str, Any] = read_toml(files("careshape.demo_year").joinpath("data", FILE).read_text("utf-8"), FILE)
    return declared(Market, raw, f"demo_year/{FILE}")
