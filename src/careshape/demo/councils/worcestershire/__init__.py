"""The synthetic county of Worcestershire: its services, one module each, on the common mechanism."""

from __future__ import annotations

from careshape.demo.councils.worcestershire import care_homes, shared_lives, supported_living
from careshape.demo.files import Delivery
from careshape.demo.world import World

__all__ = ["build"]


def build(world: World) -> list[Delivery]:
    """Fill the world with every service of the council; returns what was delivered."""
    supported_living.build(world)
    shared_lives.build(world)
    care_homes.build(world)
    return []
