"""Keep a person's record: add them, record what was looked at for them, close it and open it again."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from careshape.accounts.models import Council
from careshape.audit.change import change
from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.people.keep import kept_of
from careshape.people.known import looked_at
from careshape.people.models import Assessment, Person
from careshape.policy import Principal

ACT: Final = "people.record"
OLDEST: Final = 125
"""Years of age that nobody who is supported has."""
_OUTWARD: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")


@dataclass(frozen=True)
class Particulars:
    """What is kept of a person: no more than arranging care for them needs."""

    reference: str
    name: str
    born_on: date
    gender: str
    client_group: str
    support_reason: str
    district: str
    outward: str = ""
    """The first half of their postcode, where it is known."""

    def __post_init__(self) -> None:
        if not self.reference.strip() or not self.name.strip():
            raise CallError("A person needs the reference by which the council's records name them, and a name.")
        today = uk_day(timezone.now())
        if not today.year - OLDEST < self.born_on.year or self.born_on > today:
            raise CallError(f"Somebody born on {self.born_on:%d/%m/%Y} is not supported today. Look at the year.")
        for field in ("gender", "client_group", "support_reason", "district"):
            catalogue().entry(field, getattr(self, field))
        if self.outward and not _OUTWARD.fullmatch(self.outward):
            raise CallError(f"'{self.outward}' is not the first half of a postcode, such as WR11. Leave the rest out.")


def add(principal: Principal, given: Particulars) -> Person:
    """Add a person whom the council supports, or may come to.

    Raises CallError where the council has somebody of that reference, and for what no list of the catalogue has.
    """
    council, reference = Council.objects.get(slug=principal.council), given.reference.strip()
    with change(principal, ACT, lock=[council]) as told:
        if Person.objects.filter(council=principal.council, reference__iexact=reference).exists():
            raise CallError("There is somebody of this reference already. Find them in the list.")
        row = Person.objects.create(
            council=principal.council, reference=reference, name=given.name, born_on=given.born_on,
            gender=given.gender, client_group=given.client_group, support_reason=given.support_reason,
            district=given.district, outward=given.outward,
        )  # fmt: skip
        told(row, done="added")
    return row


def correct(principal: Principal, person: Person, given: Particulars, why: str) -> list[str]:
    """Put right who somebody is. What stood there is kept with who changed it and why; the names of what changed.

    Raises CallError where nothing changes, without a reason, and where the council has somebody of that reference.
    """
    council, why = Council.objects.get(slug=principal.council), why.strip()
    if not why:
        raise CallError("Say why it is put right: what stood there stays beside it.")
    new = {**asdict(given), "reference": given.reference.strip()}
    with change(principal, ACT, lock=[council, person]) as told:
        person.refresh_from_db()
        same = Person.objects.filter(council=principal.council, reference__iexact=new["reference"])
        if same.exclude(pk=person.pk).exists():
            raise CallError("There is somebody else of this reference. Find them in the list.")
        if person.reference != new["reference"] and _in_records(person):
            raise CallError("Care of this person is in the records by this reference: it cannot become another.")
        changed = kept_of(principal, person, "person", person, new, why)
        person.save(update_fields=changed)
        told(person, corrected=changed)
    return changed


def _in_records(person: Person) -> bool:
    """Whether care was arranged by the person's reference: a later line by another would be of somebody else."""
    packages = getattr(person, "packages", None)  # of ``source``, above this room
    return packages is not None and bool(packages.exists())


def close(principal: Principal, person: Person) -> None:
    """Close a person's record: nothing is left to be done for them. Raises CallError where it is closed.

    Whether care is asked for or runs is for ``source.closing`` to say, which calls this.
    """
    with change(principal, ACT, lock=[person]) as told:
        person.refresh_from_db()
        if person.closed_at is not None:
            raise CallError("The record of this person is closed already.")
        person.closed_at = timezone.now()
        person.save(update_fields=["closed_at"])
        told(person, done="closed")


def reopen(principal: Principal, person: Person) -> None:
    """Open a closed record again: its years of keeping begin anew when it is next closed.

    Raises CallError where it is open.
    """
    with change(principal, ACT, lock=[person]) as told:
        person.refresh_from_db()
        if person.closed_at is None:
            raise CallError("The record of this person is open.")
        person.closed_at = None
        person.save(update_fields=["closed_at"])
        told(person, done="reopened")


def assess(principal: Principal, person: Person, fact: str, on: date, result: str, why: str = "") -> Assessment:
    """Record that something was looked at for a person. A later finding stands beside an earlier one, and counts.

    Raises CallError for what no rule asks for, for a result that it cannot have or that needs its reason, and for a day
    to come or before the person's birth.
    """
    known = looked_at().get(fact)
    if known is None:
        raise CallError(f"Nothing of the name '{fact}' is looked at. Choose from {', '.join(looked_at())}.")
    if on > uk_day(timezone.now()):
        raise CallError("What was looked at was looked at today or before: this day is to come.")
    if on < person.born_on:
        raise CallError("This day is before the person was born.")
    known.read({"on": on, "by": str(principal.account), "result": result, "why": why})
    with change(principal, ACT, lock=[person]) as told:
        row = Assessment.objects.create(
            person=person, fact=fact, on=on, result=result, why=why, by_id=principal.account
        )
        told(row, person=person.pk, looked_at=fact)
    return row


def title_of(fact: str) -> str:
    """What was looked at, in words: Reablement, for the fact ``reablement-assessed``."""
    return fact.rpartition("-")[0].replace("-", " ").capitalize()


def found_in(one: Assessment) -> str:
    """What was found, as a person reads it: would not help (it was tried for four weeks)."""
    words = one.result.replace("-", " ")
    return f"{words} ({one.why.rstrip('.')})." if one.why else f"{words}."
