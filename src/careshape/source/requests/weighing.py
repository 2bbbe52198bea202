"""What is known of providers that a request could go to: what the ranking weighs, and what the rules and lists bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from careshape.matching.criteria import Known, Rating
from careshape.people.choice import choices_of
from careshape.providers.capacity.free import free_of
from careshape.providers.facts import of as facts_of_providers
from careshape.providers.quality import ratings_of
from careshape.providers.travel import minutes_to
from careshape.rules.judge import Finding
from careshape.source.judged.gate import judge_each, judge_many
from careshape.source.judged.judging import today
from careshape.source.lists.listed import barred as barred_on_lists
from careshape.source.lists.listed import facts as facts_of_lists
from careshape.source.models import Line, Member, Request

OFFER: Final = "request.offer"
AWARD: Final = "award"
_REMEMBERED: Final = timedelta(days=365)
"""For how long after its last day a provider has supported somebody "within the last year"."""


@dataclass(frozen=True)
class Weighed:
    """What the ranking weighs of a provider.

    Attributes:
        free: hundredths of the service's unit a week, by its newest return; None where no fresh one says.
        minutes: of travel; None where they are not known.
        rating, rated_on: of the location that would serve.
        known: how it knows the person.
    """

    free: int | None = None
    minutes: int | None = None
    rating: Rating = "unrated"
    rated_on: date | None = None
    known: Known = "new"


def weighed(row: Request, organisations: Sequence[int]) -> dict[int, Weighed]:
    """What is known of each of some providers; a few queries, whatever their number."""
    council, on = row.person.council, today()
    free = free_of(council, organisations, row.service, row.district, on, row.zone)
    rated = ratings_of(council, organisations, on, row.service, row.district)
    minutes = minutes_to(council, organisations, row.outward, row.service, on)
    known = knows(row.person_id, organisations, row)
    found = {}
    for one in organisations:
        room, rating = free.get(one), rated.get(one)
        found[one] = Weighed(
            room.units if room is not None else None, minutes.get(one), rating.rating if rating else "unrated",
            rating.rated_on if rating else None, known.get(one, "new"),
        )  # fmt: skip
    return found


def chosen(row: Request) -> tuple[int, ...]:
    """The providers that the person wants, the most wanted first."""
    return tuple(one.organisation for one in choices_of(row.person, row.service))


def facts_for(row: Request, members: Iterable[Member]) -> dict[int, dict[str, object]]:
    """What the rules may ask about each provider of a request, of its list and of itself, by organisation."""
    rows = list(members)
    council, keys = row.person.council, [one.organisation_id for one in rows]
    if not rows:
        return {}
    on_lists = facts_of_lists(
        council, rows, service=row.service, on=row.starts_on, until=row.ends_on, person=row.person_id
    )
    of_providers = facts_of_providers(council, keys, row.service, today())
    return {one: {**of_providers.get(one, {}), **on_lists.get(one, {})} for one in keys}


def judged(act: str, row: Request, members: Iterable[Member]) -> dict[int, tuple[Finding, ...]]:
    """What every rule says of an act with a request for each provider, by organisation."""
    return judge_each(act, row, facts) if (facts := facts_for(row, members)) else {}


def barring(found: Iterable[Finding]) -> tuple[str, ...]:
    """The rules that a provider would break, a sentence each.

    A rule of which a fact is not known bars nobody, unless the council chose that for the rule (``unknown_bars``): what
    the register does not say of a provider is asked for, and is no reason against it.
    """
    return tuple(one.said for one in found if one.stops and not passes(one))


def passes(one: Finding) -> bool:
    """Whether a provider goes on although it is not known if it meets a rule; that is kept with the act and counted."""
    return one.stops and one.state == "not-known" and not one.unknown_bars


def barred(act: str, row: Request, members: Sequence[Member]) -> dict[int, tuple[str, ...]]:
    """Why each member of a list may not be offered or awarded a request, by its key; empty where it may."""
    return barred_and_judged(act, row, members)[0]


def barred_and_judged(
    act: str, row: Request, members: Sequence[Member]
) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[Finding, ...]]]:
    """As ``barred``, and what every rule says of those whom the lists do not bar, by organisation."""
    on_lists = barred_on_lists(
        members, row.district, starts_on=row.starts_on, zone=row.zone, client_group=row.person.client_group
    )
    rules = judged(act, row, [one for one in members if not on_lists[one.pk]])
    why = {one.pk: (*on_lists[one.pk], *barring(rules.get(one.organisation_id, ()))) for one in members}
    return why, rules


def by_list(
    act: str, row: Request, members: Sequence[Member]
) -> dict[int, tuple[tuple[str, ...], tuple[Finding, ...]]]:
    """Why each member may not be offered or awarded a request, and what every rule says of it, by its key: each is
    judged by the list on which it stands, so that one provider may stand on several. As many queries as for one.
    """
    on_lists = barred_on_lists(
        members, row.district, starts_on=row.starts_on, zone=row.zone, client_group=row.person.client_group
    )
    asked = [one for one in members if not on_lists[one.pk]]
    facts = facts_for(row, asked)
    extras = [
        (one.organisation_id, {**facts[one.organisation_id], "purchase-type": one.vehicle.is_of.purchased_as})
        for one in asked
    ]
    found = dict(zip((one.pk for one in asked), judge_many(act, row, extras), strict=True))
    return {
        one.pk: ((*on_lists[one.pk], *barring(found.get(one.pk, ()))), found.get(one.pk, ())) for one in members
    }  # fmt: skip


def knows(person: int, organisations: Sequence[int], but: Request | None = None) -> dict[int, Known]:
    """How providers know a person already; who does not is left out.

    but: the request whose own package does not count.
    """
    found = known_to([person], but).get(person, {})
    return {key: how for key, how in found.items() if key in organisations}


def known_to(people: Iterable[int], but: Request | None = None) -> dict[int, dict[int, Known]]:
    """By which providers each of some people is known, and how; one query."""
    on = today()
    lines = Line.objects.filter(package__person__in=list(people), withdrawn=False, starts_on__lte=on)
    lines = lines.exclude(package__award__request=but) if but is not None else lines
    found: dict[int, dict[int, Known]] = {}
    for person, organisation, last in lines.values_list("package__person", "package__organisation", "ends_on"):
        mine = found.setdefault(person, {})
        if last is None or last >= on:
            mine[organisation] = "now"
        elif last >= on - _REMEMBERED:
            mine.setdefault(organisation, "before")
    return found
