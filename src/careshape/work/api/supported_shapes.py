"""What the API gives and takes of people who are supported, of what the rules say, and of how needs are met."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema

from careshape.work.api.people_shapes import UNSEEN, Words

Sentences = Annotated[str, Field(max_length=1000)]


class SupportedOut(Schema):
    """Somebody who is supported."""

    id: int
    reference: str | None = Field(None, description=UNSEEN)
    name: str | None = Field(None, description=UNSEEN)
    born: date | None = Field(None, description=UNSEEN)
    gender: str | None = Field(None, description="An entry of the catalogue, as are the next three")
    group: str | None = None
    reason: str | None = None
    district: str | None = None
    outward: str | None = Field(None, description="First half of the postcode, where it is known")
    since: datetime | None = None
    closed: datetime | None = None


class SupportedIn(Schema):
    """Somebody whom the council comes to support."""

    reference: Words
    name: Words
    born_on: date
    gender: Words
    client_group: Words
    support_reason: Words
    district: Words
    outward: Words = ""


class SupportedNowIn(SupportedIn):
    """Who somebody is, put right, and why."""

    why: Sentences


class RecordEntryOut(Schema):
    """An entry of a person's record."""

    id: int
    kind: str
    on: date
    at: datetime
    by: str
    withdrawn: datetime | None = None
    values: dict[str, Any] = Field(description="The fields of its kind, by name")


class EntryIn(Schema):
    """An entry: its kind, its day, and the fields of the kind."""

    kind: Words = Field(description="conversation, outcome, carer, need, choice, noted or looked-at")
    on: date
    values: dict[str, bool | int | str | None] = Field(default_factory=dict)


class EntryNowIn(Schema):
    """An entry put right: the fields that change, and why."""

    values: dict[str, bool | int | str | None]
    why: Sentences


class RuleFindingOut(Schema):
    """What a rule says of an act."""

    rule: str
    number: int
    title: str
    kind: str
    state: str
    said: str
    clears: list[str]
    missing: list[str]
    stops: bool
    overridden: bool
    sources: list[str]


class DecisionOut(Schema):
    """How a need is met."""

    id: int
    need: int
    service: str | None = Field(None, description="Empty: no care that the council arranges")
    long: bool | None = None
    words: str | None = Field(None, description=UNSEEN)
    state: str
    findings: list[RuleFindingOut] = Field(description="What the rules say, while it is proposed")


class DecisionIn(Schema):
    """How a need is to be met."""

    service: Words = ""
    long_term: bool
    words: Sentences


class ReasonIn(Schema):
    """Why a rule is set aside."""

    rule: Words
    reason: Sentences


class RequestReasonIn(ReasonIn):
    """Why a rule is set aside for a request, or for one provider of it."""

    provider: int | None = Field(None, description="Key of the provider; none where the rule stops the whole request")


class BarredOut(Schema):
    """A provider that a rule keeps from a request."""

    provider: int
    name: str
    rule: str
    said: str = Field(description="What is not met, in words")


class KeptOut(Schema):
    """How a rule was kept in a month by a role; the target of what was not kept is none."""

    rule: str
    number: int
    title: str
    month: str
    role: str
    acts: int
    met: int
    set_aside: int
    breached: int
    unknown: int = Field(description="Of which it is not known, where that bars nobody")
    not_kept: int
