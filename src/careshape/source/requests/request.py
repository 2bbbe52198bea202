"""Ask for care for a person. What the rules say of it is judged anew each time until it is sent."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from careshape.audit.change import change
from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.market.zones import whereabouts, zones_of
from careshape.people.models import Person
from careshape.policy import Principal
from careshape.source.courses import REQUEST, moved
from careshape.source.lists.courses import NOWHERE
from careshape.source.models import Request
from careshape.source.requests import needs as need_list
from careshape.source.requests import visits as visit_list
from careshape.source.requests.asking import asking
from careshape.source.requests.notices import write_soon

ASK: Final = "source.request"
LONGEST: Final = 500
_LEADS_TO: Final = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b(?:\d[ -]?){9,}\d\b|\b(?:19|20)\d\d\b", re.IGNORECASE
)
"""A postcode, a telephone number or a year of birth."""
_OUTWARD: Final = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?")
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
        visits: the visits of a week, of what is bought by the hour; where there are any, ``units`` is worked out from
            them, whatever was given.
        needs: what must be and what would be good beyond the hours.
        zone: the home care zone; worked out from ``outward`` where that is given and this is not.
        outward: the first half of the postcode at which it is wanted.
        urgency: an entry of ``source/data/asking.toml``.
    """

    service: str
    units: int
    starts_on: date
    district: str
    long_term: bool
    words: str = ""
    ends_on: date | None = None
    visits: tuple[visit_list.Visit, ...] = ()
    needs: tuple[need_list.Need, ...] = ()
    zone: str = ""
    outward: str = ""
    urgency: str = "routine"

    def __post_init__(self) -> None:
        catalogue().entry("service", self.service)
        catalogue().entry("district", self.district)
        visit_list.check_visits(self.service, self.visits)
        if self.visits:
            object.__setattr__(self, "units", visit_list.units_of(self.visits))
        check_units(self.service, self.units)
        need_list.check_needs(self.service, self.needs)
        if self.urgency not in asking().urgencies:
            raise CallError(f"Say how urgent it is: one of {', '.join(asking().urgencies)}.")
        self._place()
        if self.ends_on is None and not self.long_term:
            raise CallError("Care that is not meant to last has a last day: say which.")
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise CallError("Its last day comes before the day on which it should begin. Look at the two.")
        if len(self.words) > LONGEST:
            raise CallError(f"Say it in at most {LONGEST} characters.")

    def _place(self) -> None:
        """Works out the zone from the outward code. Raises CallError for what is none, or lies elsewhere."""
        outward = self.outward.strip().upper()
        if outward and not _OUTWARD.fullmatch(outward):
            raise CallError(
                f"'{self.outward}' is not the first half of a postcode. Write it as WR10, and no more of it."
            )
        zones = zones_of(self.district)
        found = whereabouts(outward).zone if outward else ""
        if found and zones and found not in zones:
            raise CallError(
                f"{outward} lies in no home care zone of this district. Look at the two, or leave it out and choose "
                "the zone."
            )
        if self.zone and self.zone not in zones:
            raise CallError("This zone does not lie in the district. Choose another of the two.")
        if self.zone and zones and found and self.zone != found:
            raise CallError(f"{outward} lies in another zone. Leave one of the two out.")
        object.__setattr__(self, "outward", outward)
        object.__setattr__(self, "zone", self.zone or (found if found in zones else ""))

    def columns(self) -> dict[str, object]:
        """What is kept of it in a row of its own."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        del plain["long_term"]
        return plain | {"visits": visit_list.as_json(self.visits), "needs": need_list.as_json(self.needs)}


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
            person=person, made_by_id=principal.account, state=moved(REQUEST, "ask", NOWHERE),
            told=json.dumps({"long-term": wanted.long_term}), **wanted.columns(),
        )  # fmt: skip
        told(row, service=wanted.service)
    return row


def wanted_of(row: Request) -> Wanted:
    """What a request asks for, as it stands."""
    plain = {name: getattr(row, name) for name in (one.name for one in fields(Wanted)) if name != "long_term"}
    long_term = bool(json.loads(row.told).get("long-term", row.ends_on is None))
    visits, needs = visit_list.read(row.visits), need_list.read(row.needs)
    return Wanted(**plain | {"visits": visits, "needs": needs, "long_term": long_term})


def correct(principal: Principal, row: Request, wanted: Wanted) -> None:
    """Put right what is asked for, before anybody was asked. The rules are judged anew.

    Raises CallError for what ``ask`` refuses, and after it was sent: then it is withdrawn and asked for again.
    """
    check_begin(wanted.starts_on)
    check_words(row.person, wanted.words)
    with change(principal, ASK, lock=[row]) as told:
        row.refresh_from_db()
        moved(REQUEST, "correct", row.state, "It is {}. Withdraw it, and ask again with what is right.")
        was = wanted_of(row)
        changed = sorted(one.name for one in fields(Wanted) if getattr(was, one.name) != getattr(wanted, one.name))
        for name, value in wanted.columns().items():
            setattr(row, name, value)
        row.told = json.dumps(json.loads(row.told) | {"long-term": wanted.long_term}, sort_keys=True)
        row.save()
        told(row, corrected=changed)


def ask_again(principal: Principal, row: Request) -> Request:
    """Ask once more for what was withdrawn: a request of its own, from today where its day is past.

    Raises CallError where the request was not withdrawn.
    """
    today = uk_day(timezone.now())
    with change(principal, ASK, lock=[row.person, row]) as told:
        row.refresh_from_db()
        moved(REQUEST, "again", row.state, "It is {}: only what was withdrawn is asked for again.")
        if row.person.closed_at is not None:
            raise CallError("The record of this person is closed. Open it again first.")
        if row.ends_on is not None and row.ends_on < today:
            raise CallError("Its last day is past. Make a new request.")
        made = copied(row, row.units, max(row.starts_on, today), principal.account)
        told(made, again_of=row.pk)
    return made


def copied(row: Request, units: int, starts_on: date, account: int | None) -> Request:
    """A request that follows another, for so much of it, not sent; in the caller's transaction."""
    whole = units == row.units
    made: Request = Request.objects.create(
        person_id=row.person_id, service=row.service, units=units, starts_on=starts_on, ends_on=row.ends_on,
        district=row.district, zone=row.zone, outward=row.outward, words=row.words, needs=row.needs, told=row.told,
        visits=row.visits if whole else "[]", urgency=row.urgency, state=moved(REQUEST, "ask", NOWHERE), follows=row,
        made_by_id=account,
    )  # fmt: skip
    return made


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
        row.state = moved(REQUEST, "withdraw", row.state, "It is {} already.")
        row.save(update_fields=["state"])
        told(row, to=row.state)
        write_soon(row)


def check_words(person: Person, words: str) -> None:
    """Raises CallError where a part of the person's name, or their reference, stands in words that providers read."""
    said, reference = _words_of(words), "".join(_words_of(person.reference))
    # A number is no part of a name, though synthetic people are numbered: "week 27" is not about the 27th of them.
    parts = [one for one in _words_of(person.name) if len(one) > 1 and not one.isdigit()]
    named = next((one for one in parts if one in said), "")
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
