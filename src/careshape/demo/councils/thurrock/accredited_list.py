"""The list of accredited providers of day opportunities: those who came since it opened bought from it."""

from __future__ import annotations

from careshape.demo.councils.thurrock.figures import Figures, day_of
from careshape.demo.world import World


def build(world: World, figures: Figures) -> None:
    """Let as many providers as were published serve those whose day service began from the list."""
    rates = world.flows["accredited-list"]
    rng = world.rng("accredited-list")
    counted, wanted = figures.listed
    opened = day_of(rates["opened"])
    mine = [spell for spell in world.spells if spell.service == rates["service"] and spell.purchase != "in-house"]
    outside = {spell.provider.reference: spell.provider for spell in mine if spell.provider}
    listed = list(outside.values())[:wanted]
    while len(listed) < wanted:
        listed.append(world.new_provider(rng, world.flows["care-homes"]["not-for-profit"]))
    since = sorted((spell for spell in mine if spell.start >= opened), key=lambda spell: spell.start)
    for number, spell in enumerate([s for s in since if s.open_on(counted)] + [s for s in since if s.start > counted]):
        spell.provider, spell.setting, spell.purchase = listed[number % wanted], None, "accredited-list"
    if sum(spell.open_on(counted) for spell in since) < wanted:
        world.notes.append(f"Too few people came from the list for its {wanted} providers to be in use.")
