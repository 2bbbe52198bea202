"""The synthetic county of Worcestershire: its services, one module each, on the common mechanism."""

from __future__ import annotations

from careshape.demo.councils.worcestershire import (
    care_homes,
    community,
    day_services,
    direct_payments,
    extra_care,
    home_care,
    reablement,
    replacement_care,
    shared_lives,
    step_down,
    supported_living,
    transport,
)
from careshape.demo.days import financial_year, span
from careshape.demo.files import Delivery
from careshape.demo.moves import settle_deaths
from careshape.demo.world import World

__all__ = ["build"]


def build(world: World) -> list[Delivery]:
    """Fill the world with every service of the council; returns what was delivered.

    The order is that of the moves: who leaves one service is there to begin the next.
    """
    supported_living.build(world)
    shared_lives.build(world)
    after_hospital = step_down.build(world)
    enabled = reablement.build(world)
    at_home, deliveries = home_care.build(world, enabled, after_hospital)
    care_homes.build(world, at_home, after_hospital)
    day_services.build(world)
    transport.build(world)
    replacement_care.build(world)
    extra_care.build(world, financial_year(_counted_march(world)))
    direct_payments.build(world)
    community.build(world)
    _settle_deaths(world)
    return deliveries


def _counted_march(world: World) -> int:
    """The day on which supported living is counted: the end of the last whole financial year."""
    return span(world.targets.observations.one(measure="people", service="supported-living-all").period.text).last


def _settle_deaths(world: World) -> None:
    flows = world.flows
    names = {
        "home-care": "home-care",
        "reablement": "reablement",
        "post-hospital-step-down": "step-down",
        "extra-care-housing": "extra-care",
        "assistive-technology": "technology",
        "direct-payments": "direct-payments",
    }
    shares = {service: float(flows[section]["death"]) for service, section in names.items()}
    homes = flows["care-homes"]["death"]
    settle_deaths(world, shares, {"nursing": homes, "residential": homes})
