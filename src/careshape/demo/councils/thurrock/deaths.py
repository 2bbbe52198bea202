"""Deaths: some of those whose last service ended died on that day."""

from __future__ import annotations

from careshape.demo.world import World


def settle_deaths(world: World) -> None:
    """Give people whose care has ended for good a day of death, by the share of their group."""
    rng = world.rng("deaths")
    shares = world.flows["council"]["death"]
    for person in world.people:
        ends = [spell.end for spell in person.spells]
        last = max((end for end in ends if end is not None), default=None)
        if last is not None and None not in ends and rng.random() < shares[person.group]:
            person.death = last
            world.counted["deaths"] += 1
