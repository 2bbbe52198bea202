"""What may be told of a place to live and of those who live there: see the notes in ``providers/data/rooms.toml``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared, read_toml
from careshape.errors import CallError
from careshape.market.capacity.fields import capacity

FILE: Final = "rooms.toml"
Id = Annotated[str, Field(pattern=r"^[0-9a-z-]+$")]
_FORBID: Final = ConfigDict(extra="forbid", frozen=True)


class Feature(BaseModel):
    """Something that a place can have."""

    model_config = _FORBID

    id: Id
    title: str


class Trait(BaseModel):
    """Something that may be asked of whoever comes, and told of those who live there."""

    model_config = _FORBID

    id: Id
    title: str
    gender: str = ""
    ages: tuple[int, int] | None = None

    def fits(self, gender: str, age: int) -> bool:
        """Whether somebody's record says it of them."""
        of_age = self.ages is not None and self.ages[0] <= age <= self.ages[1]
        return of_age or (self.gender != "" and self.gender == gender)


class Words(BaseModel):
    """The file as a whole."""

    model_config = _FORBID

    feature: tuple[Feature, ...]
    trait: tuple[Trait, ...]


@cache
def words() -> Words:
    """What may be told. Raises CatalogueError for a fault in the file."""
    name = f"providers/{FILE}"
    return declared(
        Words, read_toml(files("careshape.providers").joinpath("data", FILE).read_text("utf-8"), name), name
    )


@cache
def features() -> dict[str, str]:
    """Feature -> its title."""
    return {one.id: one.title for one in words().feature}


@cache
def traits() -> dict[str, str]:
    """Trait -> its title."""
    return {one.id: one.title for one in words().trait}


@cache
def parts() -> dict[str, str]:
    """Type of bed or place -> its label: those of the returns of capacity."""
    return {one.id: one.label for one in capacity().bed_type}


def check(given: Iterable[str], known: dict[str, str], what: str) -> tuple[str, ...]:
    """Raises CallError, with what there is, for an id that is not among those that are known."""
    chosen = tuple(dict.fromkeys(given))
    if strange := [one for one in chosen if one not in known]:
        raise CallError(f"There is no {what} '{strange[0]}'. Choose from {', '.join(known)}.")
    return chosen
