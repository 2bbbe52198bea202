"""What providers have shown: recorded with its last day, taken back where it was wrong, and lapsed when it is past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q

from careshape.home import Home
from careshape.providers.kinds import EvidenceKind, evidence_kinds
from careshape.providers.models import Evidence


def kinds_of(council: str) -> dict[str, EvidenceKind]:
    """What a council asks of providers to show, by id."""
    return evidence_kinds(Home(settings.CARESHAPE_DIR).council_path(council))


def lapsed(council: str, organisations: Iterable[int], service: str, on: date) -> dict[int, tuple[str, ...]]:
    """What organisations have shown for a service, and counts no longer on a day: a sentence each, one query.

    Who has nothing lapsed is left out. What was never recorded has not lapsed: see ``missing``.

    Args:
        organisations: their keys.
        on: the last day of what is shown counts whole, so that it lapses on the day after.
    """
    kinds = {name: one for name, one in kinds_of(council).items() if one.needed_for(service)}
    newest = _newest(council, organisations, on)
    found: dict[int, list[str]] = defaultdict(list)
    for (organisation, _, name), one in newest.items():
        if name in kinds and one.last_on is not None and one.last_on < on:
            found[organisation].append(_sentence(kinds[name], one))
    return {organisation: tuple(sorted(said)) for organisation, said in found.items()}


def missing(council: str, organisations: Iterable[int], service: str, on: date) -> dict[int, tuple[str, ...]]:
    """What a service needs and was never shown, by organisation: titles. It bars nobody, and is said."""
    kinds = {name: one for name, one in kinds_of(council).items() if one.needed_for(service)}
    given = list(organisations)
    shown = {(organisation, name) for organisation, _, name in _newest(council, given, on)}
    found = {
        organisation: tuple(one.title for name, one in kinds.items() if (organisation, name) not in shown)
        for organisation in given
    }
    return {organisation: titles for organisation, titles in found.items() if titles}


def lapses_between(council: str, first: date, last: date) -> list[Evidence]:
    """What lapses because its last day lies from one day to another, both counted, and nothing newer goes on from it;
    the earliest first.
    """
    newest = _newest(council, None, date.max)
    within = [one for one in newest.values() if one.last_on is not None and first <= one.last_on <= last]
    return sorted(within, key=lambda one: (one.last_on or date.max, one.organisation.name, one.kind))


def _newest(
    council: str, organisations: Iterable[int] | None, on: date
) -> Mapping[tuple[int, int | None, str], Evidence]:
    """Of everything that was shown and had begun, the row that counts longest: by organisation, location and kind."""
    rows = Evidence.objects.filter(organisation__council__slug=council, withdrawn_at__isnull=True, begins_on__lte=on)
    if organisations is not None:
        rows = rows.filter(organisation__in=list(organisations))
    closed = Q(location__closed_on__isnull=False, location__closed_on__lt=min(on, date.max - timedelta(days=1)))
    found: dict[tuple[int, int | None, str], Evidence] = {}
    for one in rows.exclude(closed).select_related("organisation", "location__place").order_by("at", "pk"):
        key = (one.organisation_id, one.location_id, one.kind)
        held = found.get(key)
        if held is None or (held.last_on or date.max) <= (one.last_on or date.max):
            found[key] = one
    return found


def _sentence(kind: EvidenceKind, one: Evidence) -> str:
    where = f" of {one.location.name}" if one.location is not None else ""
    return f"{kind.title}{where} lapsed: its last day was {one.last_on:%d/%m/%Y}"
