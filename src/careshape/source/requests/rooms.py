"""A place to live for a request: which empty ones suit, those for which the council pays first, and why others do not.

What is empty is told by providers and the council (``providers.rooms``); how it suits is ``matching.homes``. It
proposes: the provider answers, the person decides, and the award takes the place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils import timezone

from careshape.audit.change import Told
from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.market.capacity.fields import capacity
from careshape.matching.homes import Opening, Seeker, Suit, suits
from careshape.people.known import age
from careshape.providers.capacity.free import is_fresh, pools
from careshape.providers.models import Location, Newest, Room
from careshape.providers.rooms.empty import Standing, standing, with_stays
from careshape.providers.rooms.keep import occupy
from careshape.providers.rooms.words import features, parts, traits, words
from careshape.source.models import Offer, Request
from careshape.source.models.brokerage import Answer
from careshape.source.requests import needs as need_list

ON_NO_LIST: Final = "its provider is on no list of the council for this"


@dataclass(frozen=True)
class Fit:
    """How an empty place suits a request.

    Attributes:
        stands: since when it is empty, and what the council pays for it.
        suit: the limits that rule it out, and the wishes that are met, of both sides.
    """

    stands: Standing
    suit: Suit

    @property
    def room(self) -> Room:
        """The place."""
        return self.stands.room

    @property
    def organisation(self) -> int:
        """Key of its provider."""
        return int(self.room.location.place.organisation_id)

    @property
    def may(self) -> bool:
        """Whether nothing rules it out."""
        return not self.suit.why_not

    @property
    def paid(self) -> bool:
        """Whether the council pays while it stands empty."""
        return self.stands.weekly > 0


@dataclass(frozen=True)
class Untold:
    """Places that a return says are free, and of which nothing else is told."""

    location: Location
    part: str
    many: int
    day: date


def by_place(service: str) -> bool:
    """Whether somebody who has a service has a place to themselves."""
    return capacity().kind_of(service) == "beds"


def empty_for(row: Request, organisations: Collection[int] | None = None) -> list[Standing]:
    """The places of the council's providers that nobody has when a request is to begin, or soon after; two queries.

    organisations: only those of these providers; None: of all.
    """
    return [one for one in stands_of(row, organisations) if one.free_from is not None]


def stands_of(row: Request, organisations: Collection[int] | None = None) -> list[Standing]:
    """How each place of the council's providers that is good for a request's service stands today; two queries."""
    today = uk_day(timezone.now())
    found = Room.objects.filter(
        part__in=capacity().beds_for(row.service), location__closed_on__isnull=True,
        location__place__organisation__council__slug=row.person.council,
    )  # fmt: skip
    if organisations is not None:
        found = found.filter(location__place__organisation__in=list(organisations))
    return [standing(one, today, today, today) for one in with_stays(found)]


def fits(row: Request, stands: Iterable[Standing], barred: Mapping[int, str]) -> list[Fit]:
    """How each of some empty places suits a request: those that may be first, of them those for which the council pays,
    then the most points, then what has stood empty longest.

    barred: by provider, why it may not be asked.
    """
    seeker = seeker_of(row)
    found = [Fit(one, _suit(row, seeker, one, barred)) for one in stands]
    return sorted(found, key=lambda one: (
        not one.may, not one.paid, -one.suit.points, one.stands.since or date.max, one.room.pk
    ))  # fmt: skip


def of_offers(row: Request, offers: Iterable[Offer]) -> list[Fit]:
    """How the empty places of those who said yes suit a request, in the same order."""
    if not by_place(row.service):
        return []
    yes = {one.organisation_id for one in offers if one.answer in (Answer.YES.value, Answer.COUNTER.value)}
    return fits(row, empty_for(row, yes), {}) if yes else []


def passed_over(found: Iterable[Fit], room: int | None) -> str:
    """Why an award that takes a place, or none that is known, needs a reason: what stands before it; empty where none.

    A place for which the council pays stands before one for which it does not, and either before a place of which
    nothing is told.
    """
    may = [one for one in found if one.may]
    chosen = next((one for one in may if one.room.pk == room), None)
    before = [one for one in may if one is not chosen and (chosen is None or (one.paid and not chosen.paid))]
    if not before:
        return ""
    names = ", ".join(place_name(one.room) for one in before[:3])
    pays = " The council pays for it while it stands empty." if before[0].paid else ""
    return f"An empty place suits, and is filled first: {names}.{pays}"


def take_room(told: Told, offer: Offer, room: int, found: Iterable[Fit], starts_on: date, reference: str) -> None:
    """Give a place to whom a request is for, within the change of the award. The place is locked, and goes to one.

    Raises CallError for a place of another provider, for one that does not suit, and where somebody has it meanwhile.
    """
    one = next((one for one in found if one.room.pk == room and one.organisation == offer.organisation_id), None)
    if one is None:
        raise CallError("This place is not empty any more, or is not the provider's. Choose another below.")
    if not one.may:
        raise CallError(f"{one.room.name} does not suit: {'; '.join(one.suit.why_not)}.")
    occupy(told, room, starts_on, offer.request.ends_on, reference)


def place_name(room: Room) -> str:
    """A place with where it is."""
    return f"{room.name} at {room.location.place.name}"


def seeker_of(row: Request) -> Seeker:
    """Whom a request is for, as a match takes them: by needs, age band and gender, and nothing more."""
    named, kinds = traits(), need_list.kinds()
    asked = need_list.read(row.needs)
    about = {"must": set[str](), "wish": set[str]()}
    mine, apart = set[str](), set[str]()
    for one in asked:
        kind = kinds[one.id]
        if kind.feature:
            about[one.weight].add(features()[kind.feature])
        if kind.trait:
            mine.add(named[kind.trait])
        if one.id == "live-with" and one.weight == "must":
            apart |= {named[other] for other in ("women", "men") if other != one.value}
    years = age(row.person.born_on, row.starts_on)
    mine |= {one.title for one in words().trait if one.fits(row.person.gender, years)}
    mine.add(_label("client_group", row.person.client_group).lower())
    return Seeker(
        f"request {row.pk}", frozenset(about["must"]), frozenset(about["wish"]), frozenset(mine), frozenset(apart)
    )


def opening_of(room: Room) -> Opening:
    """An empty place as a match takes it, in the words of its file."""
    named = traits()
    only, not_for, wishes, lives = (
        frozenset(named[one] for one in given) for given in (room.only, room.not_for, room.wishes, room.lives)
    )
    groups = frozenset(_label("client_group", one).lower() for one in room.client_groups)
    has = frozenset(features()[one] for one in room.has)
    return Opening(f"{room.pk:09}", has, only, not_for, groups, wishes, lives)


def untold(row: Request, stands: Iterable[Standing]) -> list[Untold]:
    """Free places by fresh returns beyond those that are told one by one: who gives them is asked what they are."""
    today = uk_day(timezone.now())
    council = row.person.council
    newest = Newest.objects.filter(
        location__place__organisation__council__slug=council, kind="beds", location__closed_on__isnull=True
    ).select_related("given", "location__place__organisation")  # fmt: skip
    told: dict[tuple[int, str], int] = {}
    for one in stands:
        told[one.room.location_id, one.room.part] = told.get((one.room.location_id, one.room.part), 0) + 1
    found = []
    for pool in pools([one for one in newest if is_fresh(one, today)], "beds", row.service, row.district):
        many = pool.left // 100 - told.get((pool.newest.location_id, pool.part), 0)
        if pool.here and many > 0:
            assert pool.newest.given is not None  # what is fresh was returned
            found.append(Untold(pool.newest.location, parts()[pool.part], many, pool.newest.given.day))
    return found


def _label(list_name: str, one: str) -> str:
    entry = catalogue().lists[list_name].by_id.get(one)
    return entry.label if entry is not None else one


def _suit(row: Request, seeker: Seeker, stands: Standing, barred: Mapping[int, str]) -> Suit:
    """How it suits, with what lies outside the two as well: where it is, from when it is free, and whose it is."""
    found = suits(seeker, opening_of(stands.room))
    location, why = stands.room.location, []
    if location.district and location.district != row.district:
        why.append(f"it lies in {_label('district', location.district)}")
    if stands.free_from is not None and stands.free_from > row.starts_on:
        why.append(f"it is free only from {stands.free_from:%d/%m/%Y}")
    closed = stands.room.closed_on
    if closed is not None and (row.ends_on is None or row.ends_on > closed):
        why.append(f"it can be had only until {closed:%d/%m/%Y}")
    if said := barred.get(int(location.place.organisation_id)):
        why.append(said)
    return replace(found, why_not=(*found.why_not, *why), points=0 if why else found.points)
