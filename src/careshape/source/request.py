"""Ask for care for a person. What the rules say of it is judged anew each time until it is sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from careshape.audit.change import change
from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.people.models import Person
from careshape.policy import Principal
from careshape.source.models import Request
from careshape.source.models.brokerage import STEPS, Step
from careshape.source.notices import write_soon

ASK: Final = "source.request"
LONGEST: Final = 500


@dataclass(frozen=True)
class Wanted:
    """What care is asked for.

    Attributes:
        service: an entry of the catalogue.
        units: hundredths a week of the service's usual unit.
        starts_on: the day on which it should begin.
        district: where it is wanted.
        long_term: whether it is meant to last.
        words: what it is to bring about, without anything by which the person is known.
    """

    service: str
    units: int
    starts_on: date
    district: str
    long_term: bool
    words: str = ""

    def __post_init__(self) -> None:
        catalogue().entry("service", self.service)
        catalogue().entry("district", self.district)
        if self.units <= 0:
            raise CallError("Ask for some care: the number for a week is above nought.")
        if len(self.words) > LONGEST:
            raise CallError(f"Say it in at most {LONGEST} characters.")


def ask(principal: Principal, person: Person, wanted: Wanted) -> Request:
    """Ask for care; nobody is asked for it before it is sent.

    Raises CallError where the person's record is closed, for a day that is past, and where the person's name or
    reference stands in the words that providers read.
    """
    if wanted.starts_on < uk_day(timezone.now()):
        raise CallError("The day on which it should begin is past.")
    check_words(person, wanted.words)
    with change(principal, ASK, lock=[person]) as told:
        person.refresh_from_db()
        if person.closed_at is not None:
            raise CallError("The record of this person is closed. Open it again first.")
        row = Request.objects.create(
            person=person, service=wanted.service, units=wanted.units, starts_on=wanted.starts_on,
            district=wanted.district, words=wanted.words, made_by_id=principal.account, state=Step.OPEN.value,
            told=json.dumps({"long-term": wanted.long_term}),
        )  # fmt: skip
        told(row, service=wanted.service)
    return row


def withdraw(principal: Principal, row: Request) -> None:
    """Withdraw a request that is not awarded. Raises CallError where it is."""
    with change(principal, ASK, lock=[row]) as told:
        row.refresh_from_db()
        if row.state in (Step.AWARDED.value, Step.WITHDRAWN.value):
            raise CallError(f"It is {STEPS[Step(row.state)].lower()} already.")
        row.state = Step.WITHDRAWN.value
        row.save(update_fields=["state"])
        told(row, to=row.state)
        write_soon(row)


def check_words(person: Person, words: str) -> None:
    """Raises CallError where a part of the person's name, or their reference, stands in words that providers read."""
    said = {"".join(letter for letter in word if letter.isalnum()).casefold() for word in words.split()}
    names = [one for one in (*person.name.split(), person.reference) if len(one) > 2]
    for one in names:
        if "".join(letter for letter in one if letter.isalnum()).casefold() in said:
            raise CallError(f"'{one}' names the person. Providers read this before care is agreed: leave it out.")
