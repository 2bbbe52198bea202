"""Moves between services: the person who begins one spell is one who has just ended another; and deaths.

A move joins two spells that both exist: what each service counts stays as it was, and the histories become those of
the same people. The shares of moves are rates of the council's flows.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping

from careshape.demo.model import Person, Spell
from careshape.demo.world import World


class Leavers:
    """Spells that ended, by day, each of which can be followed once."""

    def __init__(self, spells: Iterable[Spell]) -> None:
        ended = [spell for spell in spells if spell.end is not None and spell.person is not None]
        self._spells = sorted(ended, key=lambda spell: (spell.end or 0, spell.start))
        self._days = [spell.end or 0 for spell in self._spells]
        self._used: set[int] = set()

    def add(self, spell: Spell) -> None:
        """Let a spell that ended be followed too."""
        if spell.end is not None:
            place = bisect_right(self._days, spell.end)
            self._days.insert(place, spell.end)
            self._spells.insert(place, spell)

    def before(self, spell: Spell, days: int) -> Person | None:
        """Somebody of the same group whose spell ended in the ``days`` before this one, with nothing after it."""
        first = bisect_left(self._days, spell.start - days)
        last = bisect_right(self._days, spell.start)
        for found in self._spells[first:last]:
            person = found.person
            if person is None or id(found) in self._used or person.group != spell.group:
                continue
            if all(one.end is not None and one.end <= spell.start for one in person.spells):
                self._used.add(id(found))
                return person
        return None


def follow(
    world: World, rng: random.Random, spells: Iterable[Spell], sources: Mapping[str, tuple[Leavers, float, int]]
) -> None:
    """Let each spell be held by one who has just left a source, with the source's probability; else by somebody new.

    Args:
        sources: name -> leavers, share of the spells, and days of gap allowed.
    """
    for spell in spells:
        draw = rng.random()
        person = None
        for name, (leavers, share, days) in sources.items():
            if spell.start > world.window.first and draw < share:
                person = leavers.before(spell, days)
                world.counted[f"moves from {name} to {spell.service}"] += person is not None
                break
            draw -= share
        if person is None:
            home = "" if spell.district in ("", "not-applicable") else spell.district
            world.give_new(rng, spell, home)
        else:
            world.give(person, spell)


def settle_deaths(world: World, shares: Mapping[str, float], groups: Mapping[str, Mapping[str, float]]) -> None:
    """Some of those who have no service any more died on the day on which the last one ended.

    Args:
        shares: service -> share of final ends that are deaths.
        groups: service -> client group -> the same, where it differs by group.
    """
    rng = world.rng("deaths")
    for person in world.people:
        if not person.spells or any(spell.end is None for spell in person.spells):
            continue
        last = max(person.spells, key=lambda spell: spell.end or 0)
        share = groups.get(last.service, {}).get(person.group, shares.get(last.service, 0.1))
        if rng.random() < share:
            person.death = last.end
            world.counted["deaths"] += 1
