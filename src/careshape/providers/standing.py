"""How a provider stands with the council: its grade, and how it did in a tender."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from careshape.accounts.models import Council, Organisation
from careshape.audit.change import Told, change
from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.policy import Principal
from careshape.providers.models import Grade, Tender, TenderOutcome
from careshape.rules.facts import facts as vocabulary

GRADE: Final = "providers.grade"
TENDER: Final = "providers.tender"
AHEAD: Final = timedelta(days=365)


def grades() -> tuple[str, ...]:
    """The grades that there are, the best first: those of which the rules know."""
    return tuple(vocabulary()["provider-grade"].values)


def grade(principal: Principal, organisation: Organisation, given: str, on: date, why: str) -> Grade:
    """Grade a provider from a day; earlier grades stay to be read.

    Raises CallError for no grade, without a reason, and for a day more than a year ahead.
    """
    if given not in grades():
        raise CallError(f"There is no grade '{given}'. Choose from {', '.join(grades())}.")
    if not why.strip():
        raise CallError("Say why: the provider reads it.")
    if on > uk_day(timezone.now()) + AHEAD:
        raise CallError(f"{on:%d/%m/%Y} is more than a year ahead. Look at the year.")
    with change(principal, GRADE, lock=[organisation]) as told:
        row = Grade.objects.create(
            organisation=organisation, grade=given, on=on, why=why.strip(), by_id=principal.account
        )
        told(row, grade=given, organisation=organisation.pk)
    return row


def begin_tender(principal: Principal, title: str, service: str) -> Tender:
    """Record a tender that is not decided yet. Raises CallError for a title that is taken."""
    catalogue().entry("service", service)
    council = Council.objects.get(slug=principal.council)
    with change(principal, TENDER, lock=[council]) as told:
        if Tender.objects.filter(council=principal.council, title__iexact=title.strip()).exists():
            raise CallError("There is a tender of this name already.")
        row = Tender.objects.create(council=principal.council, title=title.strip(), service=service)
        told(row, service=service)
    return row


def decide(principal: Principal, row: Tender, on: date, won: Mapping[Organisation, bool]) -> None:
    """Record on which day a tender was decided, and who was successful; or put that right.

    won: by organisation. Who is not named took no part, which the rules take as not successful.

    Raises CallError for a day to come, where nobody was successful, and for another council's organisation.
    """
    with change(principal, TENDER, lock=[row]) as told:
        decide_within(told, row, on, won)


def decide_within(told: Told, row: Tender, on: date, won: Mapping[Organisation, bool]) -> None:
    """As ``decide``, within a change of the caller that has locked the tender."""
    if on > uk_day(timezone.now()):
        raise CallError("A tender that was decided was decided today or before: this day is to come.")
    if not any(won.values()):
        raise CallError("Name who was successful: a tender that nobody won has not been decided.")
    if any(one.council.slug != row.council for one in won):
        raise CallError("Only organisations of the council's register take part in its tenders.")
    row.refresh_from_db()
    row.decided_on = on
    row.save(update_fields=["decided_on"])
    TenderOutcome.objects.filter(tender=row).exclude(organisation__in=list(won)).delete()
    for organisation, successful in won.items():
        TenderOutcome.objects.update_or_create(tender=row, organisation=organisation, defaults={"won": successful})
    told(row, decided=on.isoformat(), won=sorted(one.pk for one, successful in won.items() if successful))
