"""What generated counties are like: the choices in ``demo/data/worlds/county.toml``, checked when they are read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from careshape.catalogue import catalogue
from careshape.errors import CatalogueError

FILE = "demo/data/worlds/county.toml"
PEOPLE = ("time", "areas", "people", "ageing", "growth", "projection", "duration", "flow")
SECTIONS = (*PEOPLE, "inside", "outside", "swinging")


@dataclass(frozen=True)
class Flow:
    """One service of one client group, as it is in the whole county on the first day."""

    group: str
    service: str
    people: float
    mean_stay: float
    """Days."""
    shape: float
    to: Mapping[str, float]
    """Service -> share of those who leave that go on to it."""
    weekly: int
    """Mean weekly cost in pence."""


@dataclass(frozen=True)
class Plan:
    """The choices, as data."""

    flows: tuple[Flow, ...]
    raw: Mapping[str, Any]

    def __getitem__(self, section: str) -> Any:
        return self.raw[section]

    @property
    def groups(self) -> list[str]:
        """Client group of each flow."""
        return [flow.group for flow in self.flows]

    @property
    def moves(self) -> np.ndarray:
        """[flow, flow] share of those who leave the first that go on to the second."""
        place = {(flow.group, flow.service): index for index, flow in enumerate(self.flows)}
        moves = np.zeros((len(self.flows), len(self.flows)))
        for index, flow in enumerate(self.flows):
            for service, share in flow.to.items():
                moves[index, place[flow.group, service]] = share
        return moves

    def where(self, services: tuple[str, ...] = (), group: str | None = None) -> np.ndarray:
        """Which flows are of these services, and of this group where one is named."""
        return np.array(
            [(not services or flow.service in services) and group in (None, flow.group) for flow in self.flows]
        )


@cache
def plan() -> Plan:
    """Read the choices. Raises CatalogueError naming section, field, value and rule where they cannot be followed."""
    raw = tomllib.loads(files("careshape.demo").joinpath("data/worlds/county.toml").read_text("utf-8"))
    return read_plan(raw)


def read_plan(raw: Mapping[str, Any]) -> Plan:
    """Check the choices in a parsed file. Raises CatalogueError."""
    for section in SECTIONS:
        if section not in raw:
            raise CatalogueError(FILE, section, "section", section, "The section is missing.")
    flows = tuple(_flow(entry) for entry in raw["flow"])
    known = {(flow.group, flow.service) for flow in flows}
    for flow in flows:
        for service, share in flow.to.items():
            if (flow.group, service) not in known:
                _fail(flow, f"to.{service}", share, "People go on to a service that has a flow of their group.")
    found = Plan(flows, raw)
    balance(found)
    return found


def balance(choices: Plan) -> np.ndarray:
    """Entries a day from outside that keep each flow in balance. Raises CatalogueError where moves exceed them."""
    inflow = np.array([flow.people / flow.mean_stay for flow in choices.flows])
    outside = inflow - inflow @ choices.moves
    for flow, rate, whole in zip(choices.flows, outside, inflow, strict=True):
        if rate < 0.05 * whole:
            _fail(flow, "people", flow.people, "At least a twentieth of those who come must come from outside.")
    return outside


def _flow(entry: Mapping[str, Any]) -> Flow:
    mean, shape = entry["stay"]
    flow = Flow(entry["group"], entry["service"], entry["people"], mean, shape, entry.get("to", {}), entry["weekly"])
    lists = catalogue().lists
    if flow.service not in lists["service"].by_id or flow.group not in lists["client_group"].by_id:
        _fail(flow, "service", flow.service, "Service and client group are ids of the catalogue.")
    if min(flow.people, mean, shape) <= 0:
        _fail(flow, "stay", entry["stay"], "People, mean stay and shape are above 0.")
    if any(share < 0 for share in flow.to.values()) or sum(flow.to.values()) > 1:
        _fail(flow, "to", flow.to, "Shares lie between 0 and 1 and add up to 1 at most.")
    return flow


def _fail(flow: Flow, field: str, value: object, rule: str) -> None:
    raise CatalogueError(FILE, f"{flow.group}/{flow.service}", field, value, rule)
