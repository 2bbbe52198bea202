"""Who may be asked for a request, who may not and why, and in which order."""

from __future__ import annotations

from careshape.matching.rank import Candidate, Ranking, rank
from careshape.matching.rank import Request as Asked
from careshape.source.lists.listed import last_resort, ranked_members, standing_for
from careshape.source.lists.prices import prices_on
from careshape.source.models import Member, Request
from careshape.source.packages.units import unit_of
from careshape.source.requests.criteria import criteria_of
from careshape.source.requests.weighing import OFFER, barred, chosen, weighed

Barred = tuple[Member, tuple[str, ...]]


def admitted(row: Request) -> tuple[list[Member], list[Barred]]:
    """The members of the council's lists that may be asked, one a provider at its lowest price, and those that may not,
    with why. The council's own services are not among them: they are the last resort.

    The price of each is that of the day on which care is to begin.
    """
    found = standing_for(row.person.council, row.service, row.starts_on).order_by("price", "pk")
    members = [one for one in found if not one.vehicle.is_of.last_resort]
    prices = prices_on(members, zone=row.zone, district=row.district, on=row.starts_on)
    why = barred(OFFER, row, members)
    may: dict[int, Member] = {}
    not_: dict[int, Barred] = {}
    for member in members:
        member.price = prices[member.pk]
        if why[member.pk]:
            not_.setdefault(member.organisation_id, (member, why[member.pk]))
            continue
        before = may.get(member.organisation_id)
        if before is None or (member.price or 0) < (before.price or 0):
            may[member.organisation_id] = member
    return list(may.values()), [one for key, one in not_.items() if key not in may]


def not_asked(row: Request) -> list[str]:
    """The names of those who are on a list for this and were not asked, whether they may be or not; one query."""
    asked = row.offers.values("organisation")
    found = standing_for(row.person.council, row.service, row.starts_on).exclude(organisation__in=asked)
    return sorted(set(found.values_list("organisation__name", flat=True)))


def before_answers(row: Request, members: list[Member]) -> Ranking:
    """Members ranked before any has answered: at the price of the list, beginning on the day that is asked for."""
    facts = weighed(row, [one.organisation_id for one in members])
    choices = tuple(str(one) for one in chosen(row))
    asked = Asked(f"request {row.pk}", row.units, row.starts_on, choices=choices, unit=unit_of(row.service))
    candidates = [
        Candidate(
            provider=str(one.organisation_id), price=one.price or 1, starts_on=row.starts_on, free=about.free,
            minutes=about.minutes, rating=about.rating, rated_on=about.rated_on, known=about.known,
        )
        for one in members
        for about in (facts[one.organisation_id],)
    ]  # fmt: skip
    return rank(asked, candidates, criteria_of(row.person.council))


def in_order(row: Request, members: list[Member]) -> list[Member]:
    """Members in the order in which they are asked: by rank first those of ranked lists, the primary before backups;
    then by the published criteria. Who has too little free is asked after those who have enough.
    """
    by_key = {str(one.organisation_id): one for one in members}
    ordered = [by_key[line.provider] for line in before_answers(row, members).lines] if members else []
    if row.way != "rank":
        return ordered
    primary = ranked_members(
        row.person.council, row.service, row.district, starts_on=row.starts_on, zone=row.zone,
        client_group=row.person.client_group,
    )  # fmt: skip
    place = {one.pk: number for number, one in enumerate(primary)}
    return sorted(ordered, key=lambda one: place.get(one.pk, len(place)))


def of_last_resort(row: Request) -> list[Member]:
    """The council's own services that may be asked when nobody else is left, each at the price of the day."""
    found = last_resort(row.person.council, row.service, row.district, starts_on=row.starts_on, zone=row.zone)
    prices = prices_on(found, zone=row.zone, district=row.district, on=row.starts_on)
    for one in found:
        one.price = prices[one.pk]
    return found
