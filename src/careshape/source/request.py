"""Ask for care for a person. What the rules say of it is judged anew each time until it is sent."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
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
_LEADS_TO: Final = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b(?:\d[ -]?){9,}\d\b|\b(?:19|20)\d\d\b", re.IGNORECASE
)
"""A postcode, a telephone number or a year of birth."""
MOST: Final = {"week": 100, "night": 700, "day": 700, "hour": 16_800}
"""Unit -> hundredths of it a week that one person can have at most."""
AHEAD: Final = timedelta(days=365)
"""How far ahead care can begin: the records refuse a line that lies further ahead."""


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
        ends_on: its last day; needed where it is not meant to last.
    """

    service: str
    units: int
    starts_on: date
    district: str
    long_term: bool
    words: str = ""
    ends_on: date | None = None

    def __post_init__(self) -> None:
        catalogue().entry("service", self.service)
        catalogue().entry("district", self.district)
        check_units(self.service, self.units)
        if self.ends_on is None and not self.long_term:
            raise CallError("Care that is not meant to last has a last day: say which.")
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise CallError("Its last day comes before the day on which it should begin. Look at the two.")
        if len(self.words) > LONGEST:
            raise CallError(f"Say it in at most {LONGEST} characters.")


def ask(principal: Principal, person: Person, wanted: Wanted) -> Request:
    """Ask for care; nobody is asked for it before it is sent.

    Raises CallError where the person's record is closed, for a day that is past, and where the person's name or
    reference stands in the words that providers read.
    """
    check_begin(wanted.starts_on)
    check_words(person, wanted.words)
    with change(principal, ASK, lock=[person]) as told:
        person.refresh_from_db()
        if person.closed_at is not None:
            raise CallError("The record of this person is closed. Open it again first.")
        row = Request.objects.create(
            person=person, service=wanted.service, units=wanted.units, starts_on=wanted.starts_on,
            district=wanted.district, words=wanted.words, made_by_id=principal.account, state=Step.OPEN.value,
            told=json.dumps({"long-term": wanted.long_term}), ends_on=wanted.ends_on,
        )  # fmt: skip
        told(row, service=wanted.service)
    return row


def check_units(service: str, units: int) -> None:
    """Raises CallError for an amount a week that nobody can have: none, two places, more hours than a week has."""
    if units <= 0:
        raise CallError("Ask for some care: the number for a week is above nought.")
    unit = catalogue().lists["service"].by_id[service].unit
    most = MOST.get(unit)
    if most is not None and units > most:
        raise CallError(f"{units / 100:g} is more than one person can have: at most {most // 100} a week.")


def check_begin(day: date) -> None:
    """Raises CallError for a day on which care cannot begin: past, or further ahead than the records take."""
    today = uk_day(timezone.now())
    if day < today:
        raise CallError(f"{day:%d/%m/%Y} is past. Care begins today or later.")
    if day > today + AHEAD:
        raise CallError(f"{day:%d/%m/%Y} is more than a year ahead. Look at the year.")


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
    said, reference = _words_of(words), "".join(_words_of(person.reference))
    named = next((one for one in _words_of(person.name) if len(one) > 1 and one in said), "")
    # A reference may be written with blanks or hyphens that it does not have, and the other way round.
    runs = ("".join(said[at : at + many]) for at in range(len(said)) for many in range(1, len(reference) + 1))
    if not named and reference and reference in runs:
        named = person.reference
    if not named and (found := _LEADS_TO.search(words)):
        named = found[0]
    if named:
        raise CallError(f"'{named}' tells who the person is. Providers read this: leave it out.")


def _words_of(text: str) -> list[str]:
    """The words of a text in small letters, each without what belongs to it: Margaret's is margaret."""
    return [word.removesuffix("'s") for word in re.findall(r"\w+(?:'s)?", text.replace("\u2019", "'").casefold())]
