"""What the rules ask of providers: told where it is recorded, and left out where it is not known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from careshape.providers.models import Grade, Tender, TenderOutcome
from careshape.providers.where import working


def of(
    council: str, organisations: Iterable[int], service: str, on: date, setting: int | None = None
) -> dict[int, dict[str, object]]:
    """The facts of the rules that are of providers, by organisation: one query a table, whatever their number.

    Args:
        organisations: their keys; each has an entry, which may be empty.
        service: what is asked for.
        on: the day on which the rules are judged.
        setting: the location in which somebody would live, where there is one.
    """
    found: dict[int, dict[str, object]] = {one: {} for one in organisations}
    for organisation, grade in grades_on(found, on).items():
        found[organisation]["provider-grade"] = grade
    if service == "home-care":
        _tenders(council, found, on)
    for organisation, lets in _landlords(found, service, on, setting).items():
        found[organisation]["landlord-provides-support"] = lets
    return found


def grades_on(organisations: Iterable[int], on: date) -> dict[int, str]:
    """The newest grade of each organisation that has begun; who has none is left out."""
    rows = Grade.objects.filter(organisation__in=list(organisations), on__lte=on).order_by("on", "at", "pk")
    return dict(rows.values_list("organisation", "grade"))


def _tenders(council: str, found: dict[int, dict[str, object]], on: date) -> None:
    """How the council's newest home care tender went. One that is begun and undecided has not come; where none is
    recorded, nothing is known.
    """
    tenders = list(Tender.objects.filter(council=council, service="home-care"))
    if not tenders:
        return
    decided = [one for one in tenders if one.decided_on is not None and one.decided_on <= on]
    newest = max(decided, key=lambda one: (one.decided_on or date.min, one.pk), default=None)
    for known in found.values():
        known["home-care-tender-decided"] = newest.decided_on if newest else False
    if newest is None:
        return
    rows = TenderOutcome.objects.filter(tender=newest, organisation__in=list(found))
    won = dict(rows.values_list("organisation", "won"))
    for organisation, known in found.items():
        known["provider-won-home-care-tender"] = won.get(organisation, False)


def _landlords(organisations: Iterable[int], service: str, on: date, setting: int | None) -> dict[int, bool]:
    """Whether the landlord is the organisation itself: in the setting, or in every setting of the service that it has.

    Where one setting is let by itself and another by somebody else, and nobody said which is meant, nothing is known.
    """
    rows = working(on, organisations)
    if setting is not None:
        rows = rows.filter(pk=setting)
    said: dict[int, set[bool | None]] = defaultdict(set)
    for organisation, landlord, services in rows.values_list("place__organisation", "landlord", "services"):
        if service in services:
            said[organisation].add(None if landlord is None else landlord == organisation)
    return {one: bool(next(iter(told))) for one, told in said.items() if len(told) == 1 and None not in told}
