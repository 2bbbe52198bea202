"""Who on the lists of a council may be asked for care, who may not and why, and what the lists tell the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from careshape.catalogue import UNKNOWN, catalogue
from careshape.ledger.posting import uk_day
from careshape.market.zones import only_zone
from careshape.providers.evidence import lapsed
from careshape.source.lists.blocks import block_gaps
from careshape.source.lists.kinds import kinds, title_of
from careshape.source.lists.meeting import below
from careshape.source.lists.prices import prices_on
from careshape.source.models import Line, Member, Vehicle

NO_PRICE: Final = "its price list has no price for this place on the day"


def in_force(on: date) -> Q:
    """Members of lists that are in force on a day."""
    ends = Q(vehicle__ends_on__isnull=True) | Q(vehicle__ends_on__gte=on)
    return ends & Q(vehicle__begins_on__lte=on)


def standing_for(council: str, service: str, on: date) -> QuerySet[Member]:
    """Everybody on a list of the council that is in force on a day, for a service; suspended and removed ones too."""
    return Member.objects.filter(in_force(on), vehicle__council=council, service=service).select_related(
        "vehicle", "organisation"
    )


def why_barred(
    member: Member, district: str, *, zone: str = "", client_group: str = "", on: date | None = None,
    evidence: Mapping[int, tuple[str, ...]] | None = None, standard: Mapping[int, tuple[str, ...]] | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Why a member of a list may not be offered care; empty where it may.

    Args:
        member: who stands on the list.
        district: where the care is wanted.
        zone: the home care zone there; empty where it is not known.
        client_group: of the person; empty where it is not known.
        on: the day on which it is asked; today by default. Evidence counts as it is then.
        evidence: what has lapsed, by organisation, where the caller has it already for all of them.
        standard: who does not meet a standard that is switched on, by member, where the caller has it already.
    """
    today = on or uk_day(timezone.now())
    if evidence is None:
        evidence = lapsed(member.vehicle.council, [member.organisation_id], member.service, today)
    if standard is None:
        standard = below([member], today)
    gone = evidence.get(member.organisation_id, ())
    wanting = standard.get(member.pk, ())
    return (*_standing(member, gone), *wanting, *_elsewhere(member, district, zone, client_group))


def barred(
    members: Iterable[Member], district: str, *, starts_on: date | None = None, zone: str = "",
    client_group: str = "", on: date | None = None,
) -> dict[int, tuple[str, ...]]:  # fmt: skip
    """Why each of many members may not be offered care, by its key; empty where it may. All of one service and council.

    Beside what ``why_barred`` looks at, the list must be in force and have a price on the day on which care begins,
    where that day is given.
    """
    rows = list(members)
    if not rows:
        return {}
    today = on or uk_day(timezone.now())
    council, service = rows[0].vehicle.council, rows[0].service
    gone = lapsed(council, {one.organisation_id for one in rows}, service, today)
    low = below(rows, today)
    why = {
        one.pk: why_barred(one, district, zone=zone, client_group=client_group, evidence=gone, standard=low)
        for one in rows
    }
    if starts_on is None:
        return why
    priced = prices_on(rows, zone=zone, district=district, on=starts_on)
    return {one.pk: (*why[one.pk], *_not_on(one, starts_on, priced[one.pk])) for one in rows}


def askable(
    council: str, service: str, district: str, *, starts_on: date, zone: str = "", client_group: str = ""
) -> tuple[list[tuple[Member, int]], list[tuple[Member, tuple[str, ...]]]]:
    """Who on the lists of a council may be asked, one a provider where it is cheapest, with the price of the day; and
    who may not, with why.
    """
    rows = list(standing_for(council, service, starts_on).order_by("pk"))
    why = barred(rows, district, starts_on=starts_on, zone=zone, client_group=client_group)
    priced = prices_on(rows, zone=zone, district=district, on=starts_on)
    free = sorted(((priced[one.pk] or 0, one.pk, one) for one in rows if not why[one.pk]), key=lambda row: row[:2])
    may: dict[int, tuple[Member, int]] = {}
    for price, _, one in free:
        may.setdefault(one.organisation_id, (one, price))
    out = {one.organisation_id: (one, why[one.pk]) for one in reversed(rows) if one.organisation_id not in may}
    return list(may.values()), [out[key] for key in sorted(out)]


def ranked_members(
    council: str, service: str, district: str, *, starts_on: date, zone: str = "", client_group: str = ""
) -> list[Member]:
    """Who may be asked from the ranked lists of a council, in their order: the primary, then backups."""
    rows = standing_for(council, service, starts_on).order_by("rank", "pk")
    found = [one for one in rows if one.vehicle.is_of.ranked]
    why = barred(found, district, starts_on=starts_on, zone=zone, client_group=client_group)
    return [one for one in found if not why[one.pk]]


def last_resort(council: str, service: str, district: str, *, starts_on: date, zone: str = "") -> list[Member]:
    """The council's own services to which urgent work goes that nobody takes, and that may be asked for it."""
    found = [one for one in standing_for(council, service, starts_on).order_by("pk") if one.vehicle.is_of.last_resort]
    why = barred(found, district, starts_on=starts_on, zone=zone)
    return [one for one in found if not why[one.pk]]


def facts(
    council: str, members: Iterable[Member], *, service: str, on: date, until: date | None = None,
    person: int | None = None,
) -> dict[int, dict[str, object]]:  # fmt: skip
    """What the lists tell the rules of each provider, by organisation: facts of the rules, and known ones only.

    Args:
        council: slug of the council.
        members: where each provider stands on the list by which it would be asked; one a provider.
        service: what is asked for.
        on: its first day; ``until`` its last, none where it is meant to last.
        person: whom it is for; without it nothing is said of packages that are kept.
    """
    rows = list(members)
    known: dict[int, dict[str, object]] = {
        one.organisation_id: {"purchase-type": one.vehicle.is_of.purchased_as, "block-gaps": 0} for one in rows
    }
    gaps = block_gaps(council, service, on, until)
    framework = _complex_needs(council, on)
    kept = _kept(person, service, known, on) if person is not None else None
    for organisation, facts_of in known.items():
        if gaps is None:
            del facts_of["block-gaps"]
        else:
            facts_of["block-gaps"] = gaps
        if framework is not None:
            facts_of["provider-on-complex-needs-framework"] = organisation in framework
        if kept is not None:
            facts_of["package-kept"] = organisation in kept
    return known


def _complex_needs(council: str, on: date) -> set[int] | None:
    """Who may be offered work from the framework for complex needs; None where the council has none on the day."""
    ends = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    lists = list(Vehicle.objects.filter(ends, council=council, complex_needs=True, begins_on__lte=on))
    if not lists:
        return None
    rows = Member.objects.filter(vehicle__in=lists).select_related("vehicle")
    return {one.organisation_id for one in rows if _works(one)}


def _kept(person: int, service: str, organisations: Iterable[int], on: date) -> set[int]:
    """Who gives the person this service already on a day."""
    runs = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    lines = Line.objects.filter(
        runs, package__person=person, package__service=service, package__organisation__in=list(organisations),
        withdrawn=False, starts_on__lte=on,
    )  # fmt: skip
    return set(lines.values_list("package__organisation", flat=True))


def _works(member: Member) -> bool:
    known = kinds().get(member.vehicle.kind)
    return known is not None and any(one.works and one.id == member.state for one in known.course.states)


def _standing(member: Member, gone: tuple[str, ...]) -> tuple[str, ...]:
    """Why it may not be asked as it stands. Who is suspended for evidence alone may again once nothing is lapsed."""
    if not _works(member) and not member.by_evidence:
        title = title_of(member.vehicle.kind, member.state).lower()
        return (f"{title} on {member.vehicle.title}{': ' + member.reason if member.reason else ''}",)
    return tuple(f"suspended on {member.vehicle.title}: {one}" for one in gone)


def _elsewhere(member: Member, district: str, zone: str, client_group: str) -> tuple[str, ...]:
    """Why what is wanted is not what it is on the list for."""
    found = []
    if member.district and member.district != district:
        found.append(_only(member, "district", member.district))
    if member.zone and member.zone != (zone or only_zone(district)):
        found.append(_only(member, "zone", member.zone) + ("" if zone else ": the zone wanted is not known"))
    groups = catalogue().members("client_group", member.client_group) if member.client_group else ()
    if groups and client_group not in ("", UNKNOWN, *groups):
        found.append(_only(member, "client_group", member.client_group))
    return tuple(found)


def _only(member: Member, list_name: str, entry: str) -> str:
    return f"on {member.vehicle.title} for {catalogue().label(list_name, entry)} only"


def _not_on(member: Member, starts_on: date, price: int | None) -> tuple[str, ...]:
    found = []
    ends = member.vehicle.ends_on
    if member.vehicle.begins_on > starts_on or (ends is not None and ends < starts_on):
        found.append(f"{member.vehicle.title} is not in force on {starts_on:%d/%m/%Y}")
    if price is None:
        found.append(f"on {member.vehicle.title}: {NO_PRICE}")
    return tuple(found)
