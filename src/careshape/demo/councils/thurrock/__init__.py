"""The synthetic borough of Thurrock: eight years of its services, one module each, on the common mechanism."""

from __future__ import annotations

from careshape.demo.councils.thurrock import (
    accredited_list,
    care_homes,
    direct_payments,
    home_care,
    prices,
    services,
    technology,
)
from careshape.demo.councils.thurrock.deaths import settle_deaths
from careshape.demo.councils.thurrock.figures import Figures
from careshape.demo.files import Delivery
from careshape.demo.world import World

__all__ = ["build"]


def build(world: World) -> list[Delivery]:
    """Fill the world with every service of the council; returns what was delivered."""
    figures = Figures.read(world)
    care_homes.build(world, figures)
    home_care.build(world, figures)
    services.build(world)
    accredited_list.build(world, figures)
    direct_payments.build(world, figures)
    technology.build(world, figures)
    prices.settle(world, figures)
    settle_deaths(world)
    return home_care.deliveries(world)
