"""What the API gives and takes of weeks placed together, and of providers that fail."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema

from careshape.work.api.people_shapes import Key

UNSEEN = "Absent for a role that does not see it"


class RoundOut(Schema):
    """A week whose requests were placed together."""

    number: int
    week: str | None = Field(None, description="2027-W05")
    placed: int | None = Field(None, description="Requests with a provider proposed")
    left: int | None = Field(None, description="Requests with nobody proposed")
    gap: str | None = Field(None, description="Below the best there is, at most")
    in_turn: str | None = Field(None, description="What first come, first served comes to beside the plan")
    made: datetime | None = None
    by: str | None = Field(None, description=UNSEEN)


class ProposalOut(Schema):
    """What is proposed for a request."""

    id: int = Field(description="By which it is accepted")
    number: int = Field(description="Of the request")
    who: str | None = Field(None, description=UNSEEN)
    service: str | None = None
    amount: str | None = None
    where: str | None = None
    starts: date | None = None
    provider: str | None = Field(None, description="Empty where nobody is proposed")
    price: str | None = None
    points: float | None = None
    place: int | None = Field(None, description="For this request by itself")
    in_turn: str | None = Field(None, description="Who would get it first come, first served")
    became: str | None = None
    why: str | None = Field(None, description="Why nobody, or why it could not be done")


class WeekIn(Schema):
    """A week whose requests are placed together."""

    week: Annotated[str, Field(max_length=20)] = Field(description="By whose end the care should begin: 2027-W05")


class AcceptIn(Schema):
    """What of the proposals of a week is agreed."""

    proposals: Annotated[list[Key], Field(max_length=10_000)] | None = Field(
        None, description="Ids of those that are agreed; null for all that wait"
    )


class FailIn(Schema):
    """A provider that stops giving care."""

    provider: Key = Field(description="Id of its organisation")
    last_day: date = Field(description="The last day on which it gives care: today or later")
    because: Annotated[str, Field(max_length=500)]


class FailureOut(Schema):
    """A provider that failed."""

    id: int
    provider: str | None = None
    last_day: date | None = None
    because: str | None = None
    people: int | None = Field(None, description="Whom it leaves")
    placed: int | None = Field(None, description="Packages of theirs that are placed anew")
    made: datetime | None = None
    by: str | None = Field(None, description=UNSEEN)


class _Care(Schema):
    number: int = Field(description="Of the package")
    who: str | None = Field(None, description=UNSEEN)
    service: str | None = None
    amount: str | None = None
    where: str | None = None
    since: date | None = None
    price: str | None = None


class HitOut(_Care):
    """Care that would end with a provider, and what could replace it."""

    could: int | None = Field(None, description="How many providers could take it by itself")
    first: str | None = Field(None, description="Who of them would be the first")
    proposed: str | None = Field(None, description="Who would where everybody is placed together")
    why: str | None = Field(None, description="Why nobody would")


class AffectedOut(_Care):
    """Care that ends with a provider that failed."""

    request: int | None = Field(None, description="Id of the request by which it is asked for anew")
    state: str | None = None
    proposed: str | None = Field(None, description="Who got it")
    why: str | None = Field(None, description="What stopped it")
