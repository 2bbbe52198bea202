"""What is told of a person before their care is asked for: what they want, what they need, how it is met."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.utils import timezone

from careshape.demo_year.acting import Acting
from careshape.demo_year.plan import Course
from careshape.ledger.posting import uk_day
from careshape.people.keep import enter
from careshape.people.models import Need, Person
from careshape.rules.facts import facts as vocabulary
from careshape.rules.judge import Finding
from careshape.source.judged import decide, gate
from careshape.source.models import Decision

TURNS: Final = 30
TALKED: Final = {
    "number": 1, "words": "What a good week looks like, who calls in, and what has become hard.",
    "community": True, "community_words": "A lunch club in the village hall was spoken of.",
    "technology": True, "technology_words": "A pendant alarm was shown and left on trial.",
    "direct_payment": True, "direct_payment_words": "It was offered; somebody else should arrange the care.",
}  # fmt: skip


def propose(acting: Acting, person: Person, course: Course) -> Decision:
    """Write down the first conversation, what the person wants and what they need, and propose how it is met."""
    practitioner, today = acting.who("practitioner"), uk_day(timezone.now())
    enter(practitioner, person, "conversation", {"on": today, **TALKED})
    enter(practitioner, person, "outcome", {"on": today, "words": course.words})
    need = enter(practitioner, person, "need", {
        "on": today, "carer": None, "area": course.need, "eligible": True, "words": course.need_words,
    })  # fmt: skip
    assert isinstance(need, Need)
    return decide.propose(practitioner, need, course.service, True, course.met_by)


def settle(acting: Acting, row: Decision) -> None:
    """Say what the rules ask for and decide what was proposed, unless a rule stops it: it then waits."""
    practitioner = acting.who("practitioner")
    say_all(lambda: decide.findings(row), lambda facts: decide.say(practitioner, row, facts))
    if not any(one.stops for one in decide.findings(row)):
        decide.decide(practitioner, row)


def say_all(findings: Callable[[], tuple[Finding, ...]], say: Callable[[dict[str, Any]], None]) -> None:
    """Say what the rules wait for, one thing after another: of each the first value by which no rule is broken."""
    for _ in range(TURNS):
        missing = gate.to_say(findings())
        if not missing:
            return
        for value in _values(missing[0]):
            say({missing[0]: value})
            if not any(one.stops and one.state == "broken" for one in findings()):
                break


def _values(name: str) -> list[Any]:
    today: date = uk_day(timezone.now())
    fact = vocabulary()[name]
    values: dict[str, list[Any]] = {"yes-no": [True, False], "number": [0, 1], "day": [today]}
    return values.get(fact.kind, list(fact.values) or ["planned"])
