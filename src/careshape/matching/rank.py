"""One request ranked: every provider that could take it, its points in words, and who is ruled out and why."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from careshape.errors import CallError
from careshape.matching.criteria import FINE, Criteria, Known, Rating, criteria

_KNOWN: Final[dict[str, str]] = {
    "now": "supports the person today",
    "before": "has supported the person within the last year",
    "new": "is new to the person",
}
_RATED: Final[dict[str, str]] = {
    "outstanding": "rated outstanding",
    "good": "rated good",
    "requires-improvement": "rated requires improvement",
    "inadequate": "rated inadequate",
    "unrated": "not rated yet",
}


@dataclass(frozen=True)
class Request:
    """What is asked for, without anything that says who it is for.

    Attributes:
        reference: names the request, also in the lottery of equals.
        hours: hundredths of an hour a week.
        wanted_on: the day on which it should begin.
        choices: providers that the person named, the first choice first.
        unit: what ``hours`` and prices are of, where the service is not bought by the hour.
        load: what it takes of what a provider has, where that is more: a place for some nights of the week is a place.
    """

    reference: str
    hours: int
    wanted_on: date
    choices: tuple[str, ...] = ()
    unit: str = "hour"
    load: int = 0

    def __post_init__(self) -> None:
        if self.hours <= 0:
            raise CallError(
                f"Request {self.reference} asks for {self.hours} hundredths of an hour. It must ask for some."
            )
        if len(set(self.choices)) != len(self.choices):
            raise CallError(
                f"Request {self.reference} names a provider twice among the person's choices. Name each once."
            )

    @property
    def takes(self) -> int:
        """What it takes of what a provider has."""
        return max(self.hours, self.load)


@dataclass(frozen=True)
class Candidate:
    """A provider as it stands to one request.

    Attributes:
        provider: its reference.
        barred: reasons why it may not be offered this, from the rules of the list; empty where it may.
        free: hundredths of an hour a week that it has left; None where it states none, which bars nothing.
        price: pence an hour.
        starts_on: the first day on which it can begin.
        minutes: of travel from where its workers are; None where it is not known.
        rating, rated_on: the regulator's rating or the council's grade, and its day.
        known: how it knows the person.
    """

    provider: str
    price: int
    starts_on: date
    free: int | None = None
    minutes: int | None = None
    rating: Rating = "unrated"
    rated_on: date | None = None
    known: Known = "new"
    barred: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.price <= 0:
            raise CallError(f"Provider {self.provider} asks {self.price} pence an hour. A price must be above nought.")
        if self.minutes is not None and self.minutes < 0:
            raise CallError(f"Provider {self.provider} is {self.minutes} minutes away. Travel cannot be below nought.")


@dataclass(frozen=True)
class Term:
    """One line of an explanation: the criterion, the fact in words, its hundredths of points and the most of them."""

    criterion: str
    fact: str
    points: int
    most: int


@dataclass(frozen=True)
class Line:
    """A provider's place. ``place`` is None, and ``points`` 0, where it is ruled out for the reasons in ``barred``."""

    provider: str
    place: int | None
    points: int
    terms: tuple[Term, ...]
    choice: int | None
    barred: tuple[str, ...] = ()
    drawn: bool = False


@dataclass(frozen=True)
class Ranking:
    """All providers, the best first, those ruled out last; and the version of the criteria that ranked them."""

    request: str
    version: str
    lines: tuple[Line, ...]

    @property
    def admitted(self) -> tuple[Line, ...]:
        """Those that may be offered the request."""
        return tuple(line for line in self.lines if line.place is not None)


def rank(request: Request, candidates: Iterable[Candidate], by: Criteria | None = None) -> Ranking:
    """Every provider in its place: the person's choice first, then points, then a lottery that anybody can draw again.

    Raises:
        CallError: a provider stands twice among the candidates.
    """
    by = by or criteria()
    everybody = tuple(candidates)
    _once(everybody)
    reasons = {one.provider: why_not(request, one) for one in everybody}
    admitted = [one for one in everybody if not reasons[one.provider]]
    cheapest = min((one.price for one in admitted), default=0)
    scored = []
    for one in admitted:
        choice = by.choice_of(request.choices, one.provider)
        terms = _terms(request, one, cheapest, by)
        scored.append((one.provider, choice, sum(term.points for term in terms), terms))
    scored.sort(key=lambda row: (_before(row[1]), -row[2], lot(request.reference, row[0])))
    told = Counter((_before(choice), came) for _, choice, came, _ in scored)
    lines = [
        Line(provider, place, came, terms, choice, drawn=told[_before(choice), came] > 1)
        for place, (provider, choice, came, terms) in enumerate(scored, 1)
    ]
    barred = sorted((one for one in everybody if reasons[one.provider]), key=lambda one: one.provider)
    lines += [Line(one.provider, None, 0, (), None, reasons[one.provider]) for one in barred]
    return Ranking(request.reference, by.version, tuple(lines))


def why_not(request: Request, one: Candidate) -> tuple[str, ...]:
    """Why a provider cannot be offered the request: what the list's rules say, and too few free hours."""
    if one.free is None or one.free >= request.takes:
        return one.barred
    return (*one.barred, f"has {one.free / 100:g} {request.unit}s a week free, and {request.hours / 100:g} are needed")


def points(request: Request, one: Candidate, cheapest: int, by: Criteria) -> int:
    """Hundredths of points of one provider, without those of the person's choice."""
    return sum(term.points for term in _terms(request, one, cheapest, by))


def lot(request: str, provider: str) -> str:
    """The lot of a provider among equals: the lower comes first. Anybody can draw it again from the two references."""
    return hashlib.sha256(f"{request}|{provider}".encode()).hexdigest()


def would_be_first_at(
    request: Request, candidates: Iterable[Candidate], provider: str, by: Criteria | None = None
) -> int | None:
    """The highest price in pence, at or below its own, at which a provider would come first, all else being equal.

    None where no price would do, because the person chose another or the rest of its points are too few.

    Raises:
        CallError: the provider is not among those that may be offered the request.
    """
    by = by or criteria()
    everybody = tuple(candidates)
    mine = next((one for one in everybody if one.provider == provider and not why_not(request, one)), None)
    if mine is None:
        raise CallError(f"Provider {provider} is not among those that may be offered request {request.reference}.")

    def first(price: int) -> bool:
        changed = [replace(one, price=price) if one.provider == provider else one for one in everybody]
        return rank(request, changed, by).lines[0].provider == provider

    if not first(1):
        return None
    low, high = 1, mine.price
    while low < high:  # the lower a price, the more points it has and the fewer others have: one turning point
        middle = (low + high + 1) // 2
        low, high = (middle, high) if first(middle) else (low, middle - 1)
    return low


def _terms(request: Request, one: Candidate, cheapest: int, by: Criteria) -> tuple[Term, ...]:
    wait = max(0, (one.starts_on - request.wanted_on).days)
    travel = "travel is not known" if one.minutes is None else f"{one.minutes} minutes of travel"
    rows = (
        ("continuity", _KNOWN[one.known], float(getattr(by.continuity, one.known)), by.weights.continuity),
        (
            "quality",
            _rated(one, request.wanted_on),
            by.quality_share(one.rating, one.rated_on, request.wanted_on),
            by.weights.quality,
        ),
        ("travel", travel, by.travel_share(one.minutes), by.weights.travel),
        ("price", f"£{one.price / 100:,.2f} {a(request.unit)}", cheapest / one.price, by.weights.price),
        ("start", _starts(one, wait), by.start_share(wait), by.weights.start),
    )
    return tuple(Term(name, fact, round(share * most * FINE), most * FINE) for name, fact, share, most in rows)


def _rated(one: Candidate, day: date) -> str:
    if one.rating == "unrated" or one.rated_on is None:
        return _RATED["unrated"]
    months = (day.year - one.rated_on.year) * 12 + day.month - one.rated_on.month
    age = "this month" if months <= 0 else "1 month ago" if months == 1 else f"{months} months ago"
    return f"{_RATED[one.rating]}, {age}"


def _starts(one: Candidate, wait: int) -> str:
    if wait == 0:
        return "can begin on the day"
    return f"can begin {wait} day{'s' if wait != 1 else ''} later"


def _before(choice: int | None) -> float:
    return float("inf") if choice is None else choice


def a(unit: str) -> str:
    """A unit with its article: an hour, a week."""
    return f"{'an' if unit[:1] in 'aeiou' or unit == 'hour' else 'a'} {unit}"


def _once(everybody: tuple[Candidate, ...]) -> None:
    seen: set[str] = set()
    for one in everybody:
        if one.provider in seen:
            raise CallError(f"Provider {one.provider} stands twice among the candidates. Name each provider once.")
        seen.add(one.provider)
