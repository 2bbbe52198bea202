"""Who may be asked for a request, who may not and why, and in which order."""

from __future__ import annotations

from careshape.source.models import Member, Request
from careshape.source.vehicles import standing_for, why_barred

IN_HOUSE = "in-house"
"""The kind of list of the council's own services, which are asked last."""
Barred = tuple[Member, tuple[str, ...]]


def admitted(row: Request) -> tuple[list[Member], list[Barred]]:
    """The members of the council's lists that may be asked, one a provider at its lowest price, and those that may not,
    with why. The council's own services are not among them: they are the last resort.
    """
    may: dict[int, Member] = {}
    barred: dict[int, Barred] = {}
    for member in standing_for(row.person.council, row.service, row.starts_on).order_by("price", "pk"):
        if member.vehicle.kind == IN_HOUSE:
            continue
        if why := why_barred(member, row.district):
            barred.setdefault(member.organisation_id, (member, why))
        else:
            may.setdefault(member.organisation_id, member)
    return list(may.values()), [one for key, one in barred.items() if key not in may]


def in_order(row: Request, members: list[Member]) -> list[Member]:
    """Members in the order in which they are asked, where not all are at once."""
    return members


def of_last_resort(row: Request) -> list[Member]:
    """The council's own services that may be asked when nobody else is left."""
    standing = standing_for(row.person.council, row.service, row.starts_on).filter(vehicle__kind=IN_HOUSE)
    return [one for one in standing.order_by("price", "pk") if not why_barred(one, row.district)]
