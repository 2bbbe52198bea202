"""The offers for a request, ranked and explained by the published criteria."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Final

from django.utils import timezone

from careshape.catalogue import catalogue
from careshape.ledger.posting import uk_day
from careshape.matching.criteria import Known
from careshape.matching.rank import Candidate, Ranking, Term, rank
from careshape.matching.rank import Line as Ranked
from careshape.matching.rank import Request as Asked
from careshape.source.models import Award, Line, Offer, Request
from careshape.source.models.brokerage import Answer, Step
from careshape.source.vehicles import why_barred

_REMEMBERED: Final = timedelta(days=365)
"""For how long after its last day a provider has supported somebody "within the last year"."""


def ranked(row: Request) -> Ranking:
    """Every provider that was asked, in its place; who said no, or nothing yet, is named with that as the reason."""
    return rank(*stand(row))


def stand(row: Request) -> tuple[Asked, list[Candidate]]:
    """A request as it is ranked, and every provider that was asked as it stands to it, by the key of its offer."""
    offers = list(row.offers.select_related("organisation", "member__vehicle"))
    known = knows(row.person_id, [one.organisation_id for one in offers], row)
    asked = Asked(f"request {row.pk}", row.units, row.starts_on, unit=unit_of(row.service))
    return asked, [_candidate(one, row, known) for one in offers]


def unit_of(service: str) -> str:
    """The unit in which a service is bought, in words: hour."""
    entry = catalogue().lists["service"].by_id[service]
    return str(catalogue().lists["unit"].by_id[entry.unit].label).lower()


def as_json(ranking: Ranking) -> str:
    """A ranking as it is kept with an award."""
    return json.dumps(asdict(ranking), sort_keys=True)


def kept(award: Award) -> Ranking:
    """The ranking as it stood when a request was awarded: what came after does not change who came first."""
    found = json.loads(award.ranking)
    lines = [
        Ranked(**{**one, "terms": tuple(Term(**term) for term in one["terms"]), "barred": tuple(one["barred"])})
        for one in found.get("lines", [])
    ]
    return Ranking(found.get("request", ""), found.get("version", ""), tuple(lines))


def _candidate(one: Offer, row: Request, known: dict[int, Known]) -> Candidate:
    barred: tuple[str, ...] = ()
    if one.answer == Answer.NO.value:
        barred = (f"said no: {one.reason}",)
    elif one.answer == Answer.WAITING.value:
        barred = ("has not answered",)
    elif row.state == Step.SENT.value:  # how it stands now; what was awarded is ranked as it was
        barred = why_barred(one.member, row.district)
    return Candidate(
        provider=str(one.pk),
        price=one.price or one.list_price,
        starts_on=one.can_start_on or row.starts_on,
        known=known.get(one.organisation_id, "new"),
        barred=barred,
    )


def knows(person: int, organisations: Sequence[int], but: Request | None = None) -> dict[int, Known]:
    """How providers know a person already; who does not is left out.

    but: the request whose own package does not count.
    """
    today = uk_day(timezone.now())
    lines = Line.objects.filter(
        package__person=person, package__organisation__in=organisations, withdrawn=False, starts_on__lte=today
    )
    lines = lines.exclude(package__award__request=but) if but is not None else lines
    found: dict[int, Known] = {}
    for organisation, last in lines.values_list("package__organisation", "ends_on"):
        if last is None or last >= today:
            found[organisation] = "now"
        elif last >= today - _REMEMBERED:
            found.setdefault(organisation, "before")
    return found
