"""The offers for a request, ranked and explained by the published criteria."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db.models import Prefetch, prefetch_related_objects

from careshape.matching.rank import Candidate, Ranking, Term, rank
from careshape.matching.rank import Line as Ranked
from careshape.matching.rank import Request as Asked
from careshape.rules.judge import Finding
from careshape.source.models import Award, Offer, Request
from careshape.source.models.brokerage import Answer, Step
from careshape.source.packages.units import unit_of
from careshape.source.requests.criteria import criteria_of
from careshape.source.requests.weighing import AWARD, Weighed, barred_and_judged, chosen, knows, weighed

__all__ = ("as_json", "kept", "knows", "offers_of", "ranked", "stand", "unit_of")


@dataclass(frozen=True)
class Standing:
    """A request as it is ranked, and the providers that were asked as they stand to it.

    Attributes:
        asked: the request.
        candidates: every provider that was asked, by the key of its offer.
        judged: what every rule says of an award to those that said yes and that the lists admit, by organisation.
    """

    asked: Asked
    candidates: list[Candidate]
    judged: Mapping[int, tuple[Finding, ...]]

    def ranking(self, council: str) -> Ranking:
        """Every provider that was asked, in its place; who said no, or nothing yet, has that as the reason."""
        return rank(self.asked, self.candidates, criteria_of(council))


def ranked(row: Request) -> Ranking:
    """The ranking of the providers that were asked, as they stand now."""
    return stand(row).ranking(row.person.council)


def stand(row: Request) -> Standing:
    """How everybody that was asked stands to a request now."""
    offers = offers_of(row)
    facts = weighed(row, [one.organisation_id for one in offers])
    why, rules = _why_not(row, offers)
    by_organisation = {one.organisation_id: str(one.pk) for one in offers}
    choices = tuple(by_organisation[one] for one in chosen(row) if one in by_organisation)
    asked = Asked(f"request {row.pk}", row.units, row.starts_on, choices=choices, unit=unit_of(row.service))
    candidates = [_candidate(one, row, facts[one.organisation_id], why.get(one.pk, ())) for one in offers]
    return Standing(asked, candidates, rules)


def offers_of(row: Request) -> list[Offer]:
    """Who was asked, with provider and list: read once for a request at hand."""
    prefetch_related_objects(
        [row], Prefetch("offers", queryset=Offer.objects.select_related("organisation", "member__vehicle"))
    )
    return list(row.offers.all())


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


def _why_not(row: Request, offers: list[Offer]) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[Finding, ...]]]:
    """Why an offer cannot be awarded, by its key: what the provider said, or what lists and rules say of it now; and
    what every rule says, by organisation.
    """
    why: dict[int, tuple[str, ...]] = {}
    rules: dict[int, tuple[Finding, ...]] = {}
    yes = []
    for one in offers:
        if one.answer == Answer.NO.value:
            why[one.pk] = (f"said no: {one.reason}",)
        elif one.answer == Answer.WAITING.value:
            why[one.pk] = ("has not answered",)
        else:
            yes.append(one)
    if row.state == Step.SENT.value and yes:  # how it stands now; what was awarded is ranked as it was
        found, rules = barred_and_judged(AWARD, row, [one.member for one in yes])
        why |= {one.pk: found[one.member_id] for one in yes}
    return why, rules


def _candidate(one: Offer, row: Request, about: Weighed, why: tuple[str, ...]) -> Candidate:
    free = about.free
    if free is not None and one.units is not None and free >= one.units:
        free = None  # it has what it offers, which is a part
    return Candidate(
        provider=str(one.pk), price=one.price or one.list_price, starts_on=one.can_start_on or row.starts_on,
        free=free if row.state == Step.SENT.value and not why else None, minutes=about.minutes, rating=about.rating,
        rated_on=about.rated_on, known=about.known, barred=why,
    )  # fmt: skip
