"""Placing, lifting and asking legal holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.db.models import Q

from careshape.audit.change import SYSTEM, change
from careshape.errors import CallError
from careshape.policy import Principal
from careshape.privacy.models import KINDS, LegalHold


def place(
    council: str, what: str, reference: str, why: str, until: date | None = None, principal: Principal = SYSTEM
) -> LegalHold:
    """Place a hold. Raises CallError for one that says not what is held, or why."""
    if what not in dict(KINDS):
        raise CallError(f"'{what}' cannot be held. Choose from {', '.join(dict(KINDS))}.")
    if bool(reference) == (what == "council"):
        raise CallError("A hold on an account or a person names one; a hold on a council names nothing more.")
    if not why.strip():
        raise CallError("A hold says why: name the duty to keep, in words that name nobody.")
    with change(principal, "privacy.hold", chain=council) as told:
        made = LegalHold.objects.create(
            council=council, what=what, reference=reference, why=why.strip(), until=until, placed_by=principal.account
        )
        told(made, what=what, until=until)
    return made


def lift(hold: LegalHold, principal: Principal = SYSTEM) -> None:
    """Lift a hold: what it covered may go from now on."""
    with change(principal, "privacy.hold", lock=[hold], chain=hold.council) as told:
        hold.lifted_at = datetime.now(UTC)
        hold.save(update_fields=["lifted_at"])
        told(hold, lifted=True)


def standing(day: date) -> list[LegalHold]:
    """The holds that stand on a day: its last day counts."""
    return list(LegalHold.objects.filter(Q(until__isnull=True) | Q(until__gte=day), lifted_at__isnull=True))


def held(what: str, reference: object, councils: Iterable[str], day: date) -> LegalHold | None:
    """The hold that covers an account or a person of some councils on a day; None where none does.

    A council's hold covers all of its people, and everybody who has worked for it.
    """
    named = set(councils)
    for one in standing(day):
        if one.what == "council" and one.council in named:
            return one
        if one.what == what and one.reference == str(reference) and (what == "account" or one.council in named):
            return one
    return None
