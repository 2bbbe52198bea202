"""What the API gives of unmet need, finding care, quotes, and fairness."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema


class UnmetOut(Schema):
    """A line of the ledger of unmet need."""

    on: date | None = None
    number: int = Field(description="Of the request")
    kind: str | None = None
    service: str | None = None
    where: str | None = None
    amount: str | None = None
    provider: str | None = None
    reason: str | None = None
    days: int | None = Field(None, description="Of delay")
    over: str | None = Field(None, description="Above the price of the list, a week")


class FoundCareOut(Schema):
    """How well care of a service is found."""

    service: str
    awards: int | None = None
    median: int | None = Field(None, description="Days within which half are awarded")
    nine_in_ten: int | None = Field(None, description="Days within which nine in ten are awarded")
    price: str | None = Field(None, description="Prices, as a share of those of the lists")
    above: str | None = Field(None, description="Share awarded above the list")
    providers: int | None = None
    largest: str | None = Field(None, description="Share of all care with the largest provider")
    evenness: str | None = Field(None, description="Sum of squared shares")
    first: str | None = Field(None, description="Share awarded to the first of the ranking")


class QuotedOut(Schema):
    """What is quoted for a service in a quarter: the middle (median) of each."""

    begins: date = Field(description="First day of the quarter")
    service: str | None = None
    quotes: int | None = Field(None, description="How many")
    quoted: str | None = None
    paid: str | None = Field(None, description="By the council when the quarter began")
    to_paid: float | None = Field(None, description="Quotes as a percentage of what was paid")
    listed: str | None = Field(None, description="On the lists, for the same care")
    to_list: float | None = Field(None, description="Quotes as a percentage of the prices of the lists")


class FairnessOut(Schema):
    """A provider that was asked for a request."""

    number: int = Field(description="Of the request")
    service: str | None = None
    provider: str | None = None
    list: str | None = Field(None, description="By which it was asked")
    asked: datetime | None = None
    answered: datetime | None = None
    answer: str | None = None
    reason: str | None = None
    price: str | None = None
    list_price: str | None = None
    place: int | None = Field(None, description="In the ranking as it was awarded")
    points: float | None = None
    ended: str | None = None
    why: str | None = Field(None, description="Why one was chosen")
