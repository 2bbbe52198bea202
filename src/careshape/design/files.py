"""The files of decisions beside the intentions: the review, the goals, whom the council asked, what was said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from careshape.records.period import Period
from careshape.records.rows import Column, Sheet, a_day, a_period, number, one_of, pattern, repeated, several

OUTCOMES: Final = {
    "achieved": "Achieved",
    "partly": "Partly",
    "not-yet": "Not yet",
    "not-reported": "Not reported",
}
"""How an implication of the last statement came out; the last: the document does not say."""
GOALS: Final = {
    "end-state": "What there is to be",
    "sign": "How success may be measured",
    "progress-test": "How progress is judged",
    "priority": "Priorities of the council",
    "aim": "What services are to be",
}
"""The kinds of goal."""
EVENT_KINDS: Final = {
    "group": "Group of people who use services",
    "provider-event": "Event for providers",
    "survey": "Survey",
    "consultation": "Consultation",
    "conversation": "Conversations",
}
EVENT_STATES: Final = {
    "held": "Held",
    "standing": "Meets regularly",
    "halted": "Halted",
    "planned": "Planned",
}
ANSWERS: Final = {
    "done": "Done",
    "under-way": "Under way",
    "intended": "Intended",
    "not-known": "Not known",
}
"""What came of a message; the last: the document does not say."""
_ID: Final = pattern(r"[A-Za-z0-9]+(-[A-Za-z0-9]+){0,5}", "T-RV-01")
_SLUG: Final = pattern(r"[a-z0-9]+(-[a-z0-9]+)*", "home-care")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One implication of a driver of the last statement, and what came of it.

    Attributes:
        driver, title: number and name of the driver.
        implication: what was said would follow. evidence: what has happened since; empty where nothing is reported.
        outcome: one of ``OUTCOMES``.
        measure: in words what the figures count; before, after: expressions or numbers.
        carried_to: the intentions that carry on what was not met.
    """

    id: str
    driver: int
    title: str
    implication: str
    evidence: str
    outcome: str
    measure: str
    before: str
    after: str
    carried_to: tuple[str, ...]
    source_line: int


@dataclass(frozen=True, slots=True)
class EndState:
    """A goal that the council works towards, with what shows how near it is.

    Attributes:
        kind: one of ``GOALS``. by_date: by when, where that was said.
        direction: whether the figure is to go up or down; empty where it is neither.
        measure, baseline, baseline_on: as of an intention; without a measure no evidence is kept.
        intentions: those that serve it.
    """

    id: str
    kind: str
    statement: str
    by_date: Period
    direction: str
    measure: str
    baseline: str
    baseline_on: date | None
    note: str
    intentions: tuple[str, ...]
    source_line: int


@dataclass(frozen=True, slots=True)
class Came:
    """How many of a kind of people came; None where nobody counted."""

    kind: str
    many: int | None


@dataclass(frozen=True, slots=True)
class Event:
    """When people were asked.

    Attributes:
        kind: one of ``EVENT_KINDS``. state: one of ``EVENT_STATES``.
        held: when; its label says what the document does where it gives no date.
        who: the kinds of people who came, with their number where it is known; never names.
        about: what it was about.
    """

    id: str
    name: str
    kind: str
    held: Period
    held_in_words: str
    who: tuple[Came, ...]
    about: str
    state: str
    intentions: tuple[str, ...]
    source_line: int


@dataclass(frozen=True, slots=True)
class Message:
    """What was said, and what came of it.

    Attributes:
        events: where it was said. topic: by which the text of a page may ask for it.
        statement: in our own words. scope: who said it, such as all groups.
        answer: what the council did or means to do; empty where the document does not say. state: one of ``ANSWERS``.
    """

    id: str
    events: tuple[str, ...]
    topic: str
    statement: str
    scope: str
    answer: str
    state: str
    intentions: tuple[str, ...]
    source_line: int


@dataclass(frozen=True, slots=True)
class View:
    """A group that was asked (``record_type`` group), or what people said (``view``), as a text quotes it."""

    id: str
    record_type: str
    group_or_topic: str
    statement: str
    scope: str
    source_line: int


def came(text: str) -> tuple[Came, ...]:
    """Kinds of people with their numbers: "carers: 12; providers"."""
    found = []
    for part in (one.strip() for one in text.split(";")):
        if not part:
            continue
        match = re.fullmatch(r"([A-Za-z][A-Za-z ,'()-]*?)(?::\s*(\d{1,5}))?", part)
        if not match:
            raise ValueError("Write kinds of people with their number, never names: carers: 12; providers.")
        found.append(Came(match[1], int(match[2]) if match[2] else None))
    return tuple(found)


def _ids(text: str) -> tuple[str, ...]:
    return tuple(_ID(one) for one in several(text))


def _reviewed(rows: Sequence[Reviewed]) -> list[tuple[int, str, str, str]]:
    faults = repeated(rows)
    for at, one in enumerate(rows):
        if one.outcome != "not-reported" and not one.evidence:
            faults.append((at, "evidence", "", "An outcome needs its evidence; without any it is not-reported."))
        if bool(one.before) != bool(one.after):
            faults.append(
                (at, "after" if one.before else "before", "", "A measure stands before and after, or not at all.")
            )
    return faults


def _said(rows: Sequence[Message]) -> list[tuple[int, str, str, str]]:
    faults = repeated(rows)
    for at, one in enumerate(rows):
        if one.state != "not-known" and not (one.answer or one.intentions):
            faults.append(
                (at, "answer", "", "What came of it must be said, or an intention named; else it is not-known.")
            )
    return faults


REVIEW: Final = Sheet(
    "design/review.csv",
    Reviewed,
    (
        Column("id", "unique within the file", _ID, True),
        Column("driver", "number of the driver", number, True),
        Column("title", "the driver in words", required=True),
        Column("implication", "what the last statement said would follow", required=True),
        Column("evidence", "what has happened since; empty where nothing is reported"),
        Column("outcome", ", ".join(OUTCOMES), one_of(*OUTCOMES), True),
        Column("measure", "what the figures count"),
        Column("before", "expression or number then"),
        Column("after", "expression or number now"),
        Column("carried_to", "ids of intentions that carry on what was not met", _ids),
        Column("source_line", "line of the council's document; empty for none", number),
    ),
    _reviewed,
)
END_STATES: Final = Sheet(
    "design/end-states.csv",
    EndState,
    (
        Column("id", "unique within the file", _ID, True),
        Column("kind", ", ".join(GOALS), one_of(*GOALS), True),
        Column("statement", "the goal in one sentence", required=True),
        Column("by_date", "by when", a_period),
        Column("direction", "up or down", one_of("", "up", "down")),
        Column("measure", "expression of where it stands now; empty where no evidence is kept"),
        Column("baseline", "expression or number from which it started"),
        Column("baseline_on", "the day that the baseline is of", a_day),
        Column("note", "what to know of the measure"),
        Column("intentions", "ids of the intentions that serve it", _ids),
        Column("source_line", "line of the council's document; empty for none", number),
    ),
    repeated,
)
EVENTS: Final = Sheet(
    "design/events.csv",
    Event,
    (
        Column("id", "unique within the file", _ID, True),
        Column("name", "the group or event; never a person", required=True),
        Column("kind", ", ".join(EVENT_KINDS), one_of(*EVENT_KINDS), True),
        Column("held", "when: a year, month, day or span", a_period),
        Column("held_in_words", "when, where there is no date"),
        Column("who", "kinds of people with their number: carers: 12; providers", came),
        Column("about", "what it was about"),
        Column("state", ", ".join(EVENT_STATES), one_of(*EVENT_STATES), True),
        Column("intentions", "ids of intentions it was about", _ids),
        Column("source_line", "line of the council's document; empty for none", number),
    ),
    repeated,
)
MESSAGES: Final = Sheet(
    "design/messages.csv",
    Message,
    (
        Column("id", "unique within the file", _ID, True),
        Column("events", "ids of events where it was said", _ids),
        Column("topic", "in words with hyphens", _SLUG, True),
        Column("statement", "what was said, in our own words", required=True),
        Column("scope", "who said it"),
        Column("answer", "what the council did or means to do; empty where nobody said"),
        Column("state", ", ".join(ANSWERS), one_of(*ANSWERS), True),
        Column("intentions", "ids of intentions that answer it", _ids),
        Column("source_line", "line of the council's document; empty for none", number),
    ),
    _said,
)
