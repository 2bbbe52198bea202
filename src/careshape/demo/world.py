"""A synthetic council while it is built: its people, providers, settings and spells."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from careshape.catalogue import catalogue
from careshape.demo.chance import choose, stream
from careshape.demo.flows import Flows
from careshape.demo.model import Person, Provider, Setting, Spell
from careshape.demo.stock import Stretch
from careshape.demo.targets import Targets

Filter = Callable[[Person], bool]


class World:
    """Everything that one council's line items are written from.

    Attributes:
        targets: the published figures that the line items must give back.
        flows: the true rates.
        spells: every spell, in the order in which it was made.
        notes: what could not be met, in plain words.
    """

    def __init__(self, targets: Targets, flows: Flows, seed: int) -> None:
        self.targets, self.flows, self.seed = targets, flows, seed
        self.window = flows.window
        self.prefix: str = flows["council"]["prefix"]
        self.authority: str = flows["council"]["authority"]
        self.people: list[Person] = []
        self.spells: list[Spell] = []
        self.providers: list[Provider] = []
        self.settings: list[Setting] = []
        self.notes: list[str] = []
        self.counted: dict[str, int] = defaultdict(int)
        self._by_group: dict[str, list[Person]] = defaultdict(list)
        self._zones = self._zone_postcodes()

    def rng(self, *names: object) -> random.Random:
        """The generator of random numbers for one use."""
        return stream(self.seed, *names)

    # --- people

    def new_person(
        self, rng: random.Random, group: str, day: int, until: int | None = None, district: str = ""
    ) -> Person:
        """A new person of a group, of a plausible age on ``day``, whose age band still holds at the window's end."""
        terms = self.flows["groups"][group]
        ages = terms["age"]
        last = max(self.window.last, until or 0)
        for _ in range(50):
            age = rng.gauss(ages["mean"], ages["sd"])
            birth = day - round(age * 365.25)
            if ages["low"] <= age and (last - birth) / 365.25 < ages["high"] + 3.3:
                break
        else:
            birth = day - round((ages["low"] + 1) * 365.25)
        district = district or choose(rng, self.flows["districts"])
        zone, postcode = self.home(rng, district)
        gender = "female" if rng.random() < terms["female"] else "male"
        person = Person(
            len(self.people) + 1, birth, gender, group, choose(rng, terms["reasons"]), district, zone, postcode
        )
        self.people.append(person)
        self._by_group[group].append(person)
        return person

    def home(self, rng: random.Random, district: str) -> tuple[str, str]:
        """A home care zone and a postcode district in a district."""
        choices = self._zones.get(district)
        if not choices:
            return "", ""
        weights = self.flows.raw.get("postcodes")  # people by postcode district, where the council's rates have them
        return rng.choices(choices, [weights.get(code, 1.0) for _, code in choices] if weights else None)[0]

    def _zone_postcodes(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for zone in catalogue().lists["zone"].entries:
            if getattr(zone, "authority", None) == self.authority:
                for district in zone.districts:
                    found[district].extend((zone.id, code) for code in zone.postcode_districts)
        return found

    def give(self, person: Person, spell: Spell) -> Spell:
        """Let a person hold a spell; keeps it in the world."""
        grown = person.birth + round(18 * 365.25)
        if spell.start < grown <= self.window.first:
            spell.start = grown
            if spell.steps:
                spell.steps = [replace(spell.step_on(grown), start=grown), *(s for s in spell.steps if s.start > grown)]
        spell.person = person
        person.spells.append(spell)
        self.spells.append(spell)
        return spell

    def give_new(self, rng: random.Random, spell: Spell, district: str = "") -> Person:
        """Let a new person hold a spell."""
        person = self.new_person(rng, spell.group, max(spell.start, self.window.first), spell.end, district)
        self.give(person, spell)
        return person

    def replace(self, whole: Spell, parts: Iterable[Spell]) -> None:
        """Let the person hold ``parts`` in place of ``whole``."""
        person = whole.person
        if person is not None:
            person.spells.remove(whole)
            self.spells.remove(whole)
            for part in parts:
                self.give(person, part)

    def candidates(self, group: str) -> Sequence[Person]:
        """People of a client group, in the order in which they came."""
        return self._by_group[group]

    def join(
        self, rng: random.Random, spell: Spell, share: float, suits: Filter | None = None, tries: int = 12
    ) -> Person:
        """Let somebody who is already known hold the spell, with probability ``share``; somebody new otherwise.

        A known person must have the group, not have the service at the time, and meet ``suits``.
        """
        known = self._by_group[spell.group]
        if known and rng.random() < share:
            for _ in range(tries):
                person = rng.choice(known)
                if self.fits(person, spell) and (suits is None or suits(person)):
                    self.give(person, spell)
                    return person
        return self.give_new(rng, spell)

    def fits(self, person: Person, spell: Spell) -> bool:
        """Whether a person lives through a spell, is old enough for it, and does not have the service at the time."""
        last = max((math.inf if one.end is None else one.end for one in person.spells), default=math.inf)
        if not (last == math.inf or (spell.end is not None and spell.end <= last)):
            return False
        if person.age(max(spell.start, self.window.first)) < (65.1 if spell.group == "older-people" else 18.1):
            return False
        # Two spells in one month would count one person twice over that month: a month lies between them.
        return not person.holds(spell.service, spell.start - 31, None if spell.end is None else spell.end + 31)

    # --- spells

    def stretch_spells(self, stretches: Iterable[Stretch], service: str, group: str) -> list[Spell]:
        """Spells from stretches, those left out that ended before the window; open where they run past it."""
        first, last = self.window.first, self.window.last
        return [
            Spell(service, group, one.start, one.end if one.end <= last else None, older=group == "older-people")
            for one in stretches
            if one.end >= first and one.start <= last
        ]

    # --- the market

    def new_provider(self, rng: random.Random, not_for_profit: float = 0.0, type: str = "") -> Provider:
        """A new provider, called by number and by nothing else."""
        number = len(self.providers) + 1
        kind = type or ("not-for-profit" if rng.random() < not_for_profit else "private")
        provider = Provider(f"SYN-{self.prefix}-P{number:04}", f"Synthetic provider {self.prefix}-{number:03}", kind)
        self.providers.append(provider)
        return provider

    def new_setting(self, rng: random.Random, provider: Provider, district: str, postcode: str = "") -> Setting:
        """A new home, house or scheme in a district."""
        zone, here = self.home(rng, district)
        setting = Setting(f"SYN-{self.prefix}-S{len(self.settings) + 1:04}", provider, district, zone, postcode or here)
        self.settings.append(setting)
        return setting

    def place(self, spell: Spell, setting: Setting) -> None:
        """Give a spell a setting with its provider and whereabouts."""
        spell.setting, spell.provider = setting, setting.provider
        spell.district, spell.zone, spell.postcode = setting.district, setting.zone, setting.postcode

    def at_home(self, spell: Spell) -> None:
        """Give a spell the whereabouts of the person's own home."""
        person = spell.person
        if person is not None:
            spell.district, spell.zone, spell.postcode = person.district, person.zone, person.postcode
