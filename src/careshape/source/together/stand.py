"""How providers of the council's lists stand to care that is needed, before anybody was asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from careshape.matching.criteria import Rating
from careshape.matching.rank import Candidate
from careshape.people.choice import choices_of_many
from careshape.providers.capacity.free import Free, free_of
from careshape.providers.quality import Rated, ratings_of
from careshape.providers.travel import minutes_to
from careshape.source.lists.listed import barred, standing_for
from careshape.source.lists.prices import prices_on
from careshape.source.models import Member
from careshape.source.requests.weighing import known_to
from careshape.source.together.group import Pools

FAILS: Final = "is the provider that fails"
UNPRICED: Final = 1
"""Pence at which who has no price stands; it is barred for that, so that its price presses on nobody's points."""


@dataclass(frozen=True)
class Needed:
    """Care that is needed.

    Attributes:
        reference: names it, also in the lottery of equals.
        person: key of the person, whom providers may know.
        service, units, district, zone, outward: as in a request; units in hundredths a week.
        on: the day from which it is needed.
        client_group: of the person.
    """

    reference: str
    person: int
    service: str
    units: int
    district: str
    on: date
    zone: str = ""
    outward: str = ""
    client_group: str = ""


def pools_in(free: Mapping[int, Free | None]) -> dict[str, Pools]:
    """The pools of providers by their keys as text; None where nothing fresh tells of them."""
    return {str(key): None if one is None else one.pools for key, one in free.items()}


class Market:
    """The providers of a council's lists, each thing about them looked up once for all care of a kind.

    council: its slug. today: the day by which ratings, returns and evidence count. people: keys of those who need it.
    """

    def __init__(self, council: str, today: date, people: Collection[int]) -> None:
        self.council, self.today = council, today
        self._known, self._chosen = known_to(people), choices_of_many(people)
        self._grounds: dict[tuple[object, ...], _Ground] = {}

    def candidates(self, needed: Needed, without: Collection[int] = ()) -> list[tuple[Member, Candidate]]:
        """Every provider on a list for this care, at its lowest price, as it stands to it; barred ones with why.

        without: organisations that cannot be turned to.
        """
        ground = self._ground(needed)
        best: dict[int, tuple[Member, tuple[str, ...]]] = {}
        for member in ground.members:
            why = ground.barred[member.pk]
            why = (FAILS, *why) if member.organisation_id in without else why
            held = best.get(member.organisation_id)
            if held is None or (held[1] and not why):
                best[member.organisation_id] = (member, why)
        known = self._known.get(needed.person, {})
        minutes = ground.minutes(needed.outward)
        return [
            (
                member,
                Candidate(
                    provider=str(key), price=ground.price(member) or UNPRICED, starts_on=needed.on,
                    free=ground.units(key), minutes=minutes.get(key), rating=ground.rating(key),
                    rated_on=ground.rated_on(key), known=known.get(key, "new"), barred=why,
                ),
            )
            for key, (member, why) in best.items()
        ]  # fmt: skip

    def free(self, service: str, district: str, zone: str, organisations: Collection[int]) -> dict[int, Free | None]:
        """What providers have free for a service where it is wanted; None where it is not known."""
        return free_of(self.council, organisations, service, district, self.today, zone)

    def pools(self, needed: Needed) -> dict[str, Pools]:
        """The pools of each provider on a list for this care from which it could be given, by its key as text."""
        return pools_in(self._ground(needed).free)

    def choices(self, person: int, service: str) -> tuple[str, ...]:
        """The providers that a person wants for a service, by their keys as text, the most wanted first."""
        return tuple(str(one.organisation) for one in self._chosen.get((person, service), ()))

    def _ground(self, needed: Needed) -> _Ground:
        key = (needed.service, needed.district, needed.zone, needed.client_group, needed.on)
        if key not in self._grounds:
            self._grounds[key] = _Ground(self, needed)
        return self._grounds[key]


class _Ground:
    """What is the same for all care of one service in one place from one day."""

    def __init__(self, market: Market, needed: Needed) -> None:
        self._market, self._needed = market, needed
        found = standing_for(market.council, needed.service, needed.on)
        self._prices: dict[int, int | None] = prices_on(found, on=needed.on, zone=needed.zone, district=needed.district)
        self.members = sorted(found, key=lambda one: (self._prices[one.pk] is None, self._prices[one.pk] or 0, one.pk))
        self._minutes: dict[str, dict[int, int | None]] = {}

    @cached_property
    def barred(self) -> dict[int, tuple[str, ...]]:
        """Why each member may not be offered it."""
        needed = self._needed
        return barred(
            self.members, needed.district, starts_on=needed.on, zone=needed.zone, client_group=needed.client_group,
            on=self._market.today,
        )  # fmt: skip

    @cached_property
    def organisations(self) -> list[int]:
        """Keys of the providers, each once."""
        return list(dict.fromkeys(one.organisation_id for one in self.members))

    @cached_property
    def free(self) -> dict[int, Free | None]:
        """What each has free."""
        needed = self._needed
        return self._market.free(needed.service, needed.district, needed.zone, self.organisations)

    def units(self, key: int) -> int | None:
        """Hundredths a week that a provider has free; None where it is not known."""
        found = self.free.get(key)
        return None if found is None else found.units

    @cached_property
    def _rated(self) -> dict[int, Rated]:
        return ratings_of(
            self._market.council, self.organisations, self._market.today, self._needed.service, self._needed.district
        )

    def rating(self, key: int) -> Rating:
        """The regulator's rating of a provider."""
        return self._rated[key].rating if key in self._rated else "unrated"

    def rated_on(self, key: int) -> date | None:
        """The day of it."""
        return self._rated[key].rated_on if key in self._rated else None

    def price(self, member: Member) -> int | None:
        """Pence a unit on the day; None where its list has no price for it."""
        return self._prices[member.pk]

    def minutes(self, outward: str) -> dict[int, int | None]:
        """Minutes of travel of each provider to a postcode district; nothing where that is not known."""
        if not outward:
            return {}
        if outward not in self._minutes:
            self._minutes[outward] = minutes_to(
                self._market.council, self.organisations, outward, self._needed.service, self._market.today
            )
        return self._minutes[outward]
