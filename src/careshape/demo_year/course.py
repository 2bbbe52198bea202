"""One request of the year, and what follows: asked for, cleared, sent, answered, awarded, changed, ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

from django.utils import timezone

from careshape.demo_year.acting import Acting
from careshape.demo_year.decided import propose, say_all, settle
from careshape.demo_year.lists import DISTRICTS, zones
from careshape.demo_year.plan import Course, Diary, Then
from careshape.demo_year.visited import COMPONENT
from careshape.ledger.posting import uk_day
from careshape.paying.words import hundredths
from careshape.people.known import looked_at
from careshape.people.models import Person
from careshape.people.record import Particulars, add, assess
from careshape.source.judged import gate
from careshape.source.judged.admission import admit, awaits, findings
from careshape.source.models import Offer, Package, Request
from careshape.source.models.brokerage import Answer
from careshape.source.packages.package import change_of, death_of, end
from careshape.source.packages.tellings import tell_of
from careshape.source.requests.award import award, said_of
from careshape.source.requests.offers import Said, answer_with
from careshape.source.requests.ranked import ranked
from careshape.source.requests.request import Wanted, ask, withdraw
from careshape.source.requests.steps import send
from careshape.source.together.accept import accept, best_room
from careshape.source.together.propose import begin, work_out
from careshape.source.together.weeks import week_of_day

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
AWAY: Final = timedelta(days=10)
"""How long somebody is in hospital."""
CHOSEN: Final = "Both places were looked at, and this one was chosen."
"""Why an empty place of another provider is not taken."""
LEAD: Final = timedelta(days=6)
"""From asking to the day on which care should begin."""
DEARER: Final = 108
"""Percent of the list's price that a counter-offer asks."""


class Run:
    """One run of a course; each step writes the next into the diary, and none of them lies in the future."""

    def __init__(self, acting: Acting, course: Course, number: int, diary: Diary, today: date) -> None:
        self.acting, self.course, self.number, self._diary, self._last = acting, course, number, diary, today

    def ask(self) -> None:
        """Add the person, and ask for their care; what the rules ask for is looked at, or is not."""
        course, today = self.course, uk_day(timezone.now())
        districts = DISTRICTS[self.acting.council]
        district, zone = course.district or districts[self.number % len(districts)], ""
        if course.service == "home-care":
            places = zones(self.acting.council)
            district, zone = places[self.number % len(places)]
        person = add(self.acting.who("practitioner"), Particulars(
            f"SYN-{self.number:04}", f"Synthetic person {self.number}", date(course.born, 1 + self.number % 12, 1),
            ("female", "male")[self.number % 2], course.client_group, course.support_reason, district,
        ))  # fmt: skip
        if not course.stops:
            self._look_at(person)
        if course.need:
            decision = propose(self.acting, person, course)
            if not course.stops:
                settle(self.acting, decision)
        request = ask(self.acting.who("practitioner"), person, Wanted(
            course.service, course.units, today + LEAD, district, True, course.words, zone=zone, urgency=course.urgency,
        ))  # fmt: skip
        if course.set_aside or not course.stops:
            self._say_all(request)
        if course.set_aside:
            self._set_aside(request)
        if course.sent:
            self._then(DAY, partial(self._send, request))

    def _look_at(self, person: Person) -> None:
        """Record that everything which rules ask for was looked at for a person."""
        practitioner, today = self.acting.who("practitioner"), uk_day(timezone.now())
        for fact, one in looked_at().items():
            result = next((value for value in one.values if "not" in value), one.values[0])
            assess(practitioner, person, fact, today, result, "It was tried for four weeks, and did not help enough.")

    def _say_all(self, request: Request) -> None:
        """Say of a request what the rules wait for."""
        practitioner = self.acting.who("practitioner")
        say_all(lambda: gate.findings(request), lambda facts: gate.say(practitioner, request, facts, "source.request"))

    def _set_aside(self, request: Request) -> None:
        """Let somebody else set aside each rule that still stops a request."""
        for one in [one for one in gate.findings(request) if one.stops]:
            gate.set_aside(self.acting.who("commissioner"), request, one.rule, self.course.set_aside)

    def _send(self, request: Request) -> None:
        made = send(self.acting.who("broker"), request, self.course.way)
        if self.course.answers:
            self._then(DAY, partial(self._answer, request, [one.pk for one in made]))

    def _answer(self, request: Request, asked: list[int]) -> None:
        """Let those who were asked answer, in their order; whoever has no answer in the plan says nothing."""
        offers = list(Offer.objects.filter(pk__in=asked).select_related("request__person").order_by("pk"))
        for offer, word in zip(offers, self.course.answers, strict=False):
            answer_with(self.acting.of(offer.organisation_id), offer, self._said(offer, word))
        if self.course.award:
            self._then(DAY, partial(self._award, request))
        elif self.course.withdrawn:
            self._then(5 * DAY, partial(withdraw, self.acting.who("practitioner"), request))

    def _said(self, offer: Offer, word: str) -> Said:
        day = offer.request.starts_on
        if word == "yes":
            return Said(Answer.YES, can_start_on=day)
        if word == "counter":
            return Said(Answer.COUNTER, price=offer.list_price * DEARER // 100, can_start_on=day + DAY)
        return Said(Answer.NO, code=word, reason="Said in words by a synthetic provider." if word == "another" else "")

    def _award(self, request: Request) -> None:
        course, broker = self.course, self.acting.who("broker")
        if course.by_round:
            package = award_by_round(self.acting, request)
        else:
            package = award_best(self.acting, request, course.unlike_first)
        if course.visits:
            raw = {"line": COMPONENT, "component": COMPONENT, "from": request.starts_on.isoformat()}
            price = hundredths(package.award.offer.list_price)
            tell_of(broker, package, "line", {**raw, "units_per_week": course.visits, "price": price})
        if awaits(package):
            self._at(request.starts_on + DAY, partial(self._admit, package))
        for one in self.course.then:
            self._at(request.starts_on + one.weeks * WEEK, partial(self._tell, package, one))

    def _admit(self, package: Package) -> None:
        """Record the admission to a care home, unless a rule stops it: it then waits."""
        if not any(one.stops for one in findings(package)):
            admit(self.acting.who("practitioner"), package, uk_day(timezone.now()))

    def _tell(self, package: Package, then: Then) -> None:
        """Tell of a package what the plan says, as known on the day."""
        broker, today = self.acting.who("broker"), uk_day(timezone.now())
        if package.lines.filter(withdrawn=False, ends_on__isnull=True).first() is None:
            return
        if then.does == "change":
            change_of(broker, package, today, units=then.units)
        elif then.does == "ending":
            end(broker, package, today, then.because)
        elif then.does == "death":
            death_of(broker, package.person, today)
        elif then.does == "absence":
            raw = {"from": (today - AWAY).isoformat(), "to": today.isoformat(), "reason": then.reason}
            tell_of(broker, package, "absence", raw)
        else:
            raw = {"given": today.isoformat(), "on": (today + WEEK).isoformat()}
            tell_of(broker, package, "hand-back", raw, why=then.because)

    def _then(self, after: timedelta, act: Callable[[], object]) -> None:
        self._at(uk_day(timezone.now()) + after, act)

    def _at(self, day: date, act: Callable[[], object]) -> None:
        """Write an act into the diary, unless its day is still to come."""
        if day <= self._last:
            self._diary.append((day, 2, act))


def award_best(acting: Acting, request: Request, unlike_first: str = "") -> Package:
    """Award a request to the first of its ranking, or to the second where it is said why."""
    admitted = {one.place: one for one in ranked(request).lines if one.place is not None}
    place = 2 if unlike_first and 2 in admitted else 1
    found = Offer.objects.select_related("request__person", "member__vehicle", "organisation")
    offer = found.get(pk=int(admitted[place].provider))
    return award(acting.who("broker"), offer, said_of(offer), unlike_first or CHOSEN, best_room(offer))


def award_by_round(acting: Acting, request: Request) -> Package:
    """Award a request by a round that places the requests of its week together."""
    place_all(acting, [request])
    return Package.objects.select_related("award__offer", "person").get(award__request=request)


def place_all(acting: Acting, requests: Sequence[Request]) -> None:
    """Award requests by one round, that of the week in which the last of them begins."""
    if not requests:
        return
    placing = work_out(begin(acting.who("broker"), week_of_day(max(one.starts_on for one in requests))))
    accept(acting.who("broker"), placing, placing.proposals.filter(request__in=requests).values_list("pk", flat=True))
