"""The drill: whose care ends if a provider fails, and what could replace it. It changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from careshape.accounts.models import Organisation
from careshape.ledger.posting import uk_day
from careshape.matching.place import place
from careshape.matching.rank import Candidate, Line, rank
from careshape.matching.rank import Request as Asked
from careshape.matching.week import NOBODY, week_of
from careshape.source.models import Line as PackageLine
from careshape.source.models import Member, Package
from careshape.source.packages.components import CORE
from careshape.source.requests.ranked import unit_of
from careshape.source.together.stand import Market, Needed


@dataclass(frozen=True)
class Hit:
    """Somebody whose care ends, and what could replace it.

    Attributes:
        package: the care that ends. units, price: hundredths a week, and pence a unit, of its core.
        since: its first day.
        could: who could take it by itself, the best first: place on a list, line of the ranking, and what is free a
            week; None of that where nothing fresh says.
        proposed: who would take it where everybody is placed together; None for nobody.
        why: why nobody would.
    """

    package: Package
    units: int
    price: int
    since: date
    could: tuple[tuple[Member, Line, int | None], ...] = ()
    proposed: Member | None = None
    why: str = ""

    @property
    def first(self) -> str:
        """The name of who could take it best by itself; '' for nobody."""
        return str(self.could[0][0].organisation.name) if self.could else ""


@dataclass(frozen=True)
class Drill:
    """What the failure of a provider would come to on a day: its last."""

    organisation: Organisation
    last_day: date
    hits: tuple[Hit, ...]
    bound: int = 0
    value: int = 0
    asked: tuple[str, ...] = field(default=())

    @property
    def people(self) -> int:
        """How many people it leaves."""
        return len({one.package.person_id for one in self.hits})

    @property
    def without(self) -> tuple[Hit, ...]:
        """Those for whom nobody is found."""
        return tuple(one for one in self.hits if one.proposed is None)

    def units_by(self) -> dict[tuple[str, str], int]:
        """(service, district) -> hundredths of a unit a week that end there."""
        found: dict[tuple[str, str], int] = {}
        for one in self.hits:
            key = (one.package.service, one.package.district)
            found[key] = found.get(key, 0) + one.units
        return dict(sorted(found.items()))


def drill(organisation: Organisation, last_day: date | None = None) -> Drill:
    """Whose care with a provider goes on beyond a day (by default today), what could replace it, and who would be left
    where everybody is placed together.
    """
    today = uk_day(timezone.now())
    day = last_day or today
    market = Market(organisation.council.slug, today)
    hits = ending(organisation, day)
    groups: dict[tuple[str, str], list[tuple[Hit, Asked, list[tuple[Member, Candidate]]]]] = {}
    for one in hits:
        package = one.package
        needed = needed_for(one, day)
        asked = Asked(needed.reference, needed.units, needed.on, unit=unit_of(package.service))
        found = market.candidates(needed, without=(organisation.pk,))
        groups.setdefault((package.service, package.district), []).append((one, asked, found))
    made: dict[int, Hit] = {}
    value = bound = 0
    for rows in groups.values():
        placed, worth, most = _placed(rows)
        made.update(placed)
        value, bound = value + worth, bound + most
    return Drill(organisation, day, tuple(made[one.package.pk] for one in hits), bound, value)


def needed_for(one: Hit, last_day: date) -> Needed:
    """The care that a package's person needs from the day after the last."""
    package, request = one.package, one.package.award.request
    return Needed(
        f"package {package.pk}", package.person_id, package.service, one.units, package.district,
        max(last_day + timedelta(days=1), one.since), request.zone, request.outward, package.person.client_group,
    )  # fmt: skip


def ending(organisation: Organisation, last_day: date) -> list[Hit]:
    """The packages of a provider that go on beyond a day, or begin after it."""
    lines = (
        PackageLine.objects.filter(package__organisation=organisation, withdrawn=False)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=last_day))
        .select_related("package__person", "package__award__request")
        .order_by("package", "number")
    )
    found: dict[int, Hit] = {}
    for line in lines:
        held = found.get(line.package_id)
        if held is None or (line.component == CORE and line.starts_on <= last_day):
            found[line.package_id] = Hit(line.package, line.units, line.price, line.starts_on)
    return list(found.values())


def _placed(
    rows: list[tuple[Hit, Asked, list[tuple[Member, Candidate]]]],
) -> tuple[dict[int, Hit], int, int]:
    """Everybody of one service and place together, within what is free; what that and the bound are worth."""
    room: dict[str, int] = {}
    everything = sum(asked.hours for _, asked, _ in rows)
    for _, _, found in rows:
        for _, candidate in found:
            room[candidate.provider] = everything if candidate.free is None else candidate.free
    week = week_of(
        [asked for _, asked, _ in rows], {asked.reference: [c for _, c in found] for _, asked, found in rows}, room
    )
    plan = place(week)
    made = {}
    for number, (one, asked, found) in enumerate(rows):
        by_key = {candidate.provider: (member, candidate) for member, candidate in found}
        lines = rank(asked, [candidate for _, candidate in found]).admitted
        given = plan.given[number]
        made[one.package.pk] = Hit(
            one.package, one.units, one.price, one.since,
            could=tuple((by_key[line.provider][0], line, by_key[line.provider][1].free) for line in lines),
            proposed=None if given == NOBODY else by_key[week.providers[given]][0],
            why=_named(plan.reasons.get(asked.reference, ""), by_key),
        )  # fmt: skip
    return made, plan.checked.value, plan.checked.bound


def _named(reason: str, by_key: dict[str, tuple[Member, Candidate]]) -> str:
    """A reason with the provider's name in the place of its key."""
    for key, (member, _) in by_key.items():
        reason = reason.replace(f", {key},", f", {member.organisation.name},")
    return reason[:500]
