"""How providers of the council's lists stand to care that is needed, before anybody was asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from careshape.matching.rank import Candidate
from careshape.source.models import Member
from careshape.source.ranked import knows
from careshape.source.vehicles import standing_for, why_barred

OUT: Final = "is the provider that fails"


@dataclass(frozen=True)
class Needed:
    """Care that is needed.

    Attributes:
        reference: names it, also in the lottery of equals.
        council: whose lists are looked at.
        person: key of the person, whom providers may know.
        service, units, district: as in a request; units in hundredths a week.
        on: the day from which it is needed.
    """

    reference: str
    council: str
    person: int
    service: str
    units: int
    district: str
    on: date


Free = dict[tuple[str, int], int | None]
"""(service, organisation) -> hundredths of a unit a week that are free; None where nothing fresh says so."""


def on_lists(
    needed: Needed, members: Iterable[Member], free: Free, without: Collection[int] = ()
) -> list[tuple[Member, Candidate]]:
    """Every provider on a list for this care, at its lowest price, as it stands to it; barred ones with why.

    members: those of the service, as ``members_for`` gives them. without: organisations that cannot be turned to.
    """
    best: dict[int, tuple[Member, tuple[str, ...]]] = {}
    for member in members:
        why = why_barred(member, needed.district)
        why = (OUT, *why) if member.organisation_id in without else why
        held = best.get(member.organisation_id)
        if held is None or (held[1] and not why):
            best[member.organisation_id] = (member, why)
    known = knows(needed.person, list(best))
    return [
        (
            member,
            Candidate(
                provider=str(key), price=member.price, starts_on=needed.on, free=free.get((needed.service, key)),
                known=known.get(key, "new"), barred=why,
            ),
        )
        for key, (member, why) in best.items()
    ]  # fmt: skip


def members_for(council: str, services: Iterable[str], on: date) -> dict[str, list[Member]]:
    """By service, who is on a list of a council that is in force on a day, the lowest price first."""
    return {
        service: list(standing_for(council, service, on).order_by("price", "pk")) for service in sorted(set(services))
    }


def free_for(council: str, members: dict[str, list[Member]], on: date) -> Free:
    """What the providers have free for each service, by their newest returns less what was taken since."""
    return {(service, one.organisation_id): None for service, found in members.items() for one in found}
