"""What the API gives and takes about the log, about what is held of somebody, and about other councils' statements."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema

from careshape.work.api.people_shapes import UNSEEN
from careshape.work.api.shapes import Number

Words = Annotated[str, Field(max_length=300)]


class EventOut(Schema):
    """Something that was done, read or refused."""

    number: int
    at: datetime
    who: str | None = Field(None, description=f"{UNSEEN}: they read what they did themselves")
    role: str
    act: str
    title: str = Field(description="The act in words")
    outcome: str = Field(description="done, read or refused")
    row: str = Field(description="To what, in words")
    object: str | None = Field(None, description=f"Its table and key. {UNSEEN}")
    detail: dict[str, Any] | None = Field(None, description=UNSEEN)
    digest: str | None = Field(None, description=f"It holds the event to those before it. {UNSEEN}")


class VerdictOut(Schema):
    """Whether the log is whole."""

    whole: bool
    events: int = Field(description="Events that were looked at")
    head: int = Field(description="Number of the last event; 0 where nothing was done before")
    digest: str
    wrong: str = Field(description="What is wrong, in words; empty where it is whole")
    ledger: str = Field(
        description="Whether the log and the ledger tell the same of each other, in words; empty without records"
    )


class WhoseIn(Schema):
    """Who is meant: one of the two."""

    email: Words = Field("", description="The address with which somebody signs in who works or worked for the council")
    person: Words = Field("", description="The identifier of a person of the records, as the council's files write it")


class HoldIn(WhoseIn):
    """What must not go; with neither address nor identifier everything of the council."""

    why: Annotated[str, Field(min_length=1, max_length=300)] = Field(description="The duty, in words that name nobody")
    until: date | None = Field(None, description="Its last day; null: until it is lifted")


class HoldOut(Schema):
    """A duty to keep."""

    id: int
    what: str | None = Field(None, description="account, person or council")
    who: str | None = Field(None, description="Whose account it covers; of a person of the records it is not told")
    why: str | None = None
    by: str | None = Field(None, description="Who placed it")
    placed: datetime | None = None
    until: date | None = None
    lifted: datetime | None = None


class BesideOut(Schema):
    """What one council says of one part of the market."""

    services: str
    client_group: str
    topic: str
    council_code: str
    council: str
    edition: str
    known_on: str
    synthetic: bool
    label: str
    status: str = Field(description="value, suppressed, unknown, or words")
    value: Number = Field(description="The number, or the words that stand in its place")
    reason: str
    unit: str
    period: str
    interval: str
    compared: str = Field(description="Whether the councils' numbers are compared: yes or no")
    why_not: str


class BroughtOut(Schema):
    """Another council's statement that the council brought."""

    id: int
    name: str
    code: str
    edition: str
    known_on: date
    state: str = Field(description="stands or withdrawn")
    added: datetime
    file: str
    checksum: str
