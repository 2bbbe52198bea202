"""The drill: whose care ends if a provider fails, and what could replace it. It changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from careshape.accounts.models import Organisation
from careshape.ledger.posting import uk_day
from careshape.matching.criteria import Criteria
from careshape.matching.rank import Line, rank
from careshape.matching.rank import Request as Asked
from careshape.source.models import Line as PackageLine
from careshape.source.models import Member, Package
from careshape.source.packages.components import CORE
from careshape.source.requests.criteria import criteria_of
from careshape.source.requests.ranked import unit_of
from careshape.source.together.group import Row, Together, asked, groups
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
    hits = ending(organisation, day)
    market = Market(organisation.council.slug, today, [one.package.person_id for one in hits])
    rows = [_row(one, day, market) for one in hits]
    by = criteria_of(organisation.council.slug)
    together = Together(by, (one.row for one in rows))
    made: dict[int, Hit] = {}
    value = bound = 0
    for group in groups(rows, _kind, lambda one: one.row):
        placed = together.place([one.row for one in group])
        for one, provider in zip(group, placed.given, strict=True):
            made[one.hit.package.pk] = one.placed(provider, placed.reasons.get(one.row.asked.reference, ""), by)
        value, bound = value + placed.value, bound + placed.bound
    together.judge()
    return Drill(organisation, day, tuple(made[one.package.pk] for one in hits), bound, value)


@dataclass(frozen=True)
class _Hit:
    """Somebody whose care ends, with who could take it."""

    hit: Hit
    row: Row
    members: Mapping[str, Member]
    zone: str

    def placed(self, provider: str, reason: str, by: Criteria) -> Hit:
        """What could replace it, and who would where everybody is placed together."""
        lines = rank(self.row.asked, self.row.candidates, by).admitted
        free = {one.provider: one.free for one in self.row.candidates}
        return replace(
            self.hit, could=tuple((self.members[one.provider], one, free[one.provider]) for one in lines),
            proposed=self.members.get(provider), why=_named(reason, self.members),
        )  # fmt: skip


def _row(hit: Hit, day: date, market: Market) -> _Hit:
    needed = needed_for(hit, day)
    package, found = hit.package, market.candidates(needed, without=(hit.package.organisation_id,))
    choices = market.choices(package.person_id, package.service)
    want = Asked(needed.reference, needed.units, needed.on, choices, unit_of(package.service))
    row = Row(package.service, asked(want, package.service), tuple(one for _, one in found), market.pools(needed))
    return _Hit(hit, row, {one.provider: member for member, one in found}, needed.zone)


def _kind(one: _Hit) -> tuple[str, str, str]:
    return one.hit.package.service, one.hit.package.district, one.zone


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


def _named(reason: str, members: Mapping[str, Member]) -> str:
    """A reason with the provider's name in the place of its key."""
    for key, member in members.items():
        reason = reason.replace(f", {key},", f", {member.organisation.name},")
    return reason[:500]
