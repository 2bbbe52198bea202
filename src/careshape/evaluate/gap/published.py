"""The supply that a printed statement tells of, taken from its observations by links that stand in a data file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from careshape.declared import declared, read_toml
from careshape.evaluate.gap.register import Register
from careshape.evaluate.gap.registered import register_supply
from careshape.evaluate.gap.supply import ALL, Supply, read_supply
from careshape.evaluate.gap.taken import Taken
from careshape.records import Observations


class Printed(BaseModel):
    """An observation of the places of a service, of a group and in an area on a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    observation: str
    service: str
    as_of: date
    client_group: str = ALL
    area: str = ALL


class Link(Printed):
    """An observation that says how much there is of a service; ``void_percent`` names one with the share of voids."""

    kind: str = "operational"
    unit: str = "places"
    part: str = ""
    void_percent: str = ""
    note: str = ""


class Occupancy(Printed):
    """An observation that says which percentage of the places of a service was taken."""


def council_supply(
    authority: str, folder: Path, observations: Observations, register: Register | None = None
) -> list[Supply]:
    """What is known of what there is: the council's own files, the regulator's register, its printed statement.

    Each entry says its origin; `by_origin` takes the one that counts in a cell.

    Args:
        authority: the council's slug.
        folder: the ``supply`` folder of the council.
        observations: its observations, which the links of the printed statement point to.
        register: the regulator's register of its area, where one is kept.

    Raises:
        InputError: a file of the council's own has a fault.
        CatalogueError: a link is not what it should be.
    """
    registered = register_supply(register) if register is not None else []
    return [*read_supply(folder, authority), *registered, *published_supply(authority, observations)]


def published_supply(authority: str, observations: Observations) -> list[Supply]:
    """The supply that careshape's links find in a council's observations; none where it has no links."""
    return [_entry(declared(Link, one, *named), observations) for one, named in _links(authority, "supply")]


def published_taken(authority: str, observations: Observations) -> list[Taken]:
    """How much of what there is was taken, by careshape's links to a council's observations; none without links."""
    found = []
    for one, named in _links(authority, "occupancy"):
        link = declared(Occupancy, one, *named)
        row = observations[link.observation]
        share = float(row.value) / 100
        found.append(Taken(link.service, share, link.as_of, f"{row.source}, {row.id}", link.client_group, link.area))
    return found


def _links(authority: str, kind: str) -> Iterator[tuple[dict[str, Any], tuple[str, str]]]:
    """The links of one kind in the data file of a council, each with file and observation for what may be wrong."""
    path = files("careshape.evaluate.gap").joinpath("data", "supply", f"{authority}.toml")
    if path.is_file():
        file = f"evaluate/gap/data/supply/{authority}.toml"
        for one in read_toml(path.read_text("utf-8"), file).get(kind, []):
            yield one, (file, str(one.get("observation", "-")))


def _entry(link: Link, observations: Observations) -> Supply:
    row = observations[link.observation]
    void = None
    source = f"{row.source}, {row.id}"
    if link.void_percent:
        share = observations[link.void_percent]
        void = (row.value * share.value / 100).quantize(Decimal("0.1"))
        source += f"; voids by {share.id}"
    return Supply(
        service=link.service,
        quantity=row.value,
        as_of=link.as_of,
        source=source,
        kind=link.kind,
        client_group=link.client_group,
        area=link.area,
        unit=link.unit,
        part=link.part,
        void=void,
        note=link.note,
        origin="printed",
    )
