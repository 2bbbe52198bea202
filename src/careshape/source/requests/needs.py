"""What a person needs or wishes beyond the hours: the published list, and what was said for one request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from careshape.catalogue import catalogue
from careshape.declared import declared, read_toml
from careshape.errors import CallError

FILE: Final = "needs.toml"
Weight = Literal["must", "wish"]
WEIGHTS: Final[dict[Weight, str]] = {"must": "Must be", "wish": "Would be good"}


class Kind(BaseModel):
    """Something that a person may need or wish for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    title: str
    values: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    feature: str = ""
    """What it asks of a place to live: a feature of ``providers/data/rooms.toml``."""
    trait: str = ""
    """What it says of the person that others may ask: a trait of the same file."""


@dataclass(frozen=True)
class Need:
    """Something that one request asks for: ``must`` rules out who cannot meet it, ``wish`` is told and bars nobody.

    value: one of those of its kind; empty where the kind has none.
    """

    id: str
    weight: Weight
    value: str = ""

    def __post_init__(self) -> None:
        kind = kinds().get(self.id)
        if kind is None:
            raise CallError(f"There is no need '{self.id}'. Choose from {', '.join(kinds())}.")
        if self.weight not in WEIGHTS:
            raise CallError(f"'{kind.title}' is 'must' or 'wish', and not '{self.weight}'.")
        if kind.values and self.value not in kind.values:
            raise CallError(f"'{kind.title}' needs one of {', '.join(kind.values)}.")
        if self.value and not kind.values:
            raise CallError(f"'{kind.title}' takes no value.")

    @property
    def words(self) -> str:
        """What is asked for, in words."""
        return f"{kinds()[self.id].title} {self.value}".strip()


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of need by its id, in the order of the file. Raises CatalogueError for a fault in it."""
    raw = read_toml(files("careshape.source").joinpath("data", FILE).read_text("utf-8"), FILE)
    found = [declared(Kind, entry, f"source/{FILE}") for entry in raw["need"]]
    settings = set(catalogue().lists["care_setting"].by_id)
    for one in found:
        if strange := set(one.settings) - settings:
            raise CallError(f"source/{FILE}: {one.id} names a setting that there is not: {', '.join(sorted(strange))}.")
    return {one.id: one for one in found}


def about(service: str) -> list[Kind]:
    """The kinds that can be asked for with a service: those of no setting, and those of one in which it is given."""
    given_in = set(catalogue().lists["service"].by_id[service].settings)
    return [one for one in kinds().values() if not one.settings or given_in & set(one.settings)]


def check_needs(service: str, needs: Iterable[Need]) -> None:
    """Raises CallError for a need that is named twice, and for one that has no meaning with the service."""
    may, seen = {one.id for one in about(service)}, set()
    for one in needs:
        if one.id not in may:
            raise CallError(f"'{kinds()[one.id].title}' cannot be asked for with this service.")
        if one.id in seen:
            raise CallError(f"'{kinds()[one.id].title}' is named twice. Name it once.")
        seen.add(one.id)


def as_json(needs: Iterable[Need]) -> str:
    """Needs as they are kept with a request."""
    return json.dumps([asdict(one) for one in needs])


def read(text: str) -> tuple[Need, ...]:
    """The needs that are kept with a request."""
    kept: list[Mapping[str, Any]] = json.loads(text or "[]")
    return tuple(Need(**one) for one in kept)
