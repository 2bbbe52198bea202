"""What providers have shown: what counts on a day, what lapsed, what waits to be looked at, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from django.conf import settings
from django.db.models import QuerySet

from careshape.home import Home
from careshape.providers.kinds import EvidenceKind, evidence_kinds
from careshape.providers.models import Evidence

State = Literal["waiting", "coming", "counts", "lapsed", "replaced", "withdrawn"]
RECENT: Final = timedelta(days=90)
Key = tuple[int, int | None, str]
"""Organisation, location and kind: what one piece of evidence goes on from."""


def kinds_of(council: str) -> dict[str, EvidenceKind]:
    """What a council asks of providers to show, by id."""
    return evidence_kinds(Home(settings.CARESHAPE_DIR).council_path(council))


def lapsed(council: str, organisations: Iterable[int], service: str, on: date) -> dict[int, tuple[str, ...]]:
    """What organisations have shown for a service, and counts no longer on a day: a sentence each, one query.

    Who has nothing lapsed is left out. What was never recorded has not lapsed: see ``missing``. What speaks of a
    location has lapsed where no location that gives the service still has it.

    Args:
        organisations: their keys.
        on: the last day of what is shown counts whole, so that it lapses on the day after.
    """
    kinds = _needed(council, service)
    return _lapsed(_newest(_counting(council, organisations, on)), kinds, service, on)


def missing(council: str, organisations: Iterable[int], service: str, on: date) -> dict[int, tuple[str, ...]]:
    """What a service needs and was never shown, by organisation: titles. It bars nobody, and is said."""
    given = list(organisations)
    return _missing(_newest(_counting(council, given, on)), given, _needed(council, service))


@dataclass(frozen=True)
class Wanting:
    """What of one organisation has lapsed, in sentences, and what it never showed: titles."""

    lapsed: tuple[str, ...]
    missing: tuple[str, ...]


def wanting(council: str, organisation: int, services: Iterable[str], on: date) -> Wanting:
    """What an organisation that gives services is wanting, over all of them; one query."""
    newest = _newest(_counting(council, [organisation], on))
    past: set[str] = set()
    never: set[str] = set()
    for service in services:
        kinds = _needed(council, service)
        past |= set(_lapsed(newest, kinds, service, on).get(organisation, ()))
        never |= set(_missing(newest, [organisation], kinds).get(organisation, ()))
    return Wanting(tuple(sorted(past)), tuple(sorted(never)))


def lapsing(rows: Iterable[Evidence], on: date, last: date) -> list[Evidence]:
    """Of given rows those that have lapsed on a day or will by another, and that nothing newer goes on from; those that
    lapsed long before are left to the list: the last 90 days are counted. The earliest first.
    """
    given = [one for one in rows if one.checked_at is not None and one.withdrawn_at is None]
    found = [
        one for one in _newest(given).values()
        if one.last_on is not None and on - RECENT <= one.last_on <= last and _works(one, on)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.last_on or date.max, one.pk))


def states(rows: Iterable[Evidence], on: date) -> dict[int, State]:
    """How each row stands on a day, by its key."""
    given = list(rows)
    counting = [one for one in given if one.withdrawn_at is None and one.checked_at is not None]
    newest = {one.pk for one in _newest([one for one in counting if one.begins_on <= on]).values()}
    return {one.pk: _state(one, one.pk in newest, on) for one in given}


def sentence(kind: EvidenceKind, one: Evidence) -> str:
    """That something lapsed, with its last day."""
    where = f" of {one.location.name}" if one.location is not None else ""
    return f"{kind.title}{where} lapsed: its last day was {one.last_on:%d/%m/%Y}"


def _needed(council: str, service: str) -> dict[str, EvidenceKind]:
    return {name: one for name, one in kinds_of(council).items() if one.needed_for(service)}


def _lapsed(
    newest: Mapping[Key, Evidence], kinds: Mapping[str, EvidenceKind], service: str, on: date
) -> dict[int, tuple[str, ...]]:
    held: dict[tuple[int, str], list[Evidence]] = defaultdict(list)
    for (organisation, _, name), one in newest.items():
        if name in kinds and _speaks_for(one, service, on):
            held[organisation, name].append(one)
    found: dict[int, list[str]] = defaultdict(list)
    for (organisation, name), shown in held.items():
        if all(_is_past(one, on) for one in shown):
            found[organisation].append(sentence(kinds[name], max(shown, key=lambda one: one.last_on or date.max)))
    return {organisation: tuple(sorted(said)) for organisation, said in found.items()}


def _missing(
    newest: Mapping[Key, Evidence], organisations: Iterable[int], kinds: Mapping[str, EvidenceKind]
) -> dict[int, tuple[str, ...]]:
    shown = {(organisation, name) for organisation, _, name in newest}
    found = {
        organisation: tuple(one.title for name, one in kinds.items() if (organisation, name) not in shown)
        for organisation in organisations
    }
    return {organisation: titles for organisation, titles in found.items() if titles}


def _state(one: Evidence, newest: bool, on: date) -> State:
    if one.withdrawn_at is not None:
        return "withdrawn"
    if one.checked_at is None:
        return "waiting"
    if one.begins_on > on:
        return "coming"
    if not newest:
        return "replaced"
    return "lapsed" if _is_past(one, on) else "counts"


def _counting(council: str, organisations: Iterable[int] | None, on: date) -> QuerySet[Evidence]:
    """Evidence that was looked at and not taken back, and had begun."""
    rows: QuerySet[Evidence] = Evidence.objects.filter(
        organisation__council__slug=council, withdrawn_at__isnull=True, checked_at__isnull=False, begins_on__lte=on
    )
    if organisations is not None:
        rows = rows.filter(organisation__in=list(organisations))
    return rows.select_related("organisation", "location__place").order_by("at", "pk")


def _newest(rows: Iterable[Evidence]) -> dict[Key, Evidence]:
    """Of everything that was shown, the row that counts longest; of equals the one that was recorded last."""
    found: dict[Key, Evidence] = {}
    for one in rows:
        key = (one.organisation_id, one.location_id, one.kind)
        held = found.get(key)
        if held is None or (held.last_on or date.max) <= (one.last_on or date.max):
            found[key] = one
    return found


def _speaks_for(one: Evidence, service: str, on: date) -> bool:
    """Whether it bears on a service: it is of the whole organisation, or of a location that gives it and works."""
    if one.location is None:
        return True
    return _works(one, on) and (not one.location.services or service in one.location.services)


def _works(one: Evidence, on: date) -> bool:
    """Whether the location of which it speaks, if it does, has not closed."""
    return one.location is None or one.location.closed_on is None or one.location.closed_on >= on


def _is_past(one: Evidence, on: date) -> bool:
    return one.last_on is not None and one.last_on < on
