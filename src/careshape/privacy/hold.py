"""Placing, lifting and asking legal holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from django.db.models import Q

from careshape.audit.change import SYSTEM, change
from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.policy import Principal
from careshape.privacy.models import KINDS, LegalHold
from careshape.privacy.whose import ONE_OF_TWO, account_here, mark_of, marks_of

ACT: Final = "privacy.hold"


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
    with change(principal, ACT, chain=council) as told:
        made = LegalHold.objects.create(
            council=council, what=what, reference=reference, why=why.strip(), until=until, placed_by=principal.account
        )
        told(made, what=what, until=until)
    return made


def place_for(
    principal: Principal, ledger: Ledger | None, why: str, until: date | None = None, email: str = "", person: str = ""
) -> LegalHold:
    """Place a hold of one's council: on an account, on a person of its ledger, or with neither on all that it has.

    Raises CallError for nobody, for both at once, for a day that is over, and as ``place`` does.
    """
    if email and person:
        raise CallError(ONE_OF_TWO)
    if until is not None and until < datetime.now(UTC).date():
        raise CallError("Its last day is over. Choose a day to come, or none, to have it stand until it is lifted.")
    if person and ledger is None:
        raise CallError("The council has no records yet.")
    what, reference = "council", ""
    if email:
        what, reference = "account", str(account_here(principal, ACT, email).pk)
    elif person and ledger is not None:
        what, reference = "person", mark_of(ledger, person)
    return place(principal.council, what, reference, why, until, principal)


def lift(hold: LegalHold, principal: Principal = SYSTEM) -> None:
    """Lift a hold: what it covered may go from now on. Raises CallError where it was lifted already."""
    with change(principal, ACT, lock=[hold], chain=hold.council) as told:
        hold.refresh_from_db()
        if hold.lifted_at is not None:
            raise CallError(f"Hold {hold.pk} was lifted already.")
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


def held_person(ledger: Ledger, identifier: str, day: date) -> LegalHold | None:
    """The hold that covers a person on a day, whether the ledger knows them or only the database; None where none
    does.
    """
    marks = marks_of(ledger, identifier)
    return next((hold for mark in marks if (hold := held("person", mark, [ledger.authority], day))), None)
