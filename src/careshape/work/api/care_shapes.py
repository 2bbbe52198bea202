"""What the API gives and takes about requests for care, offers, answers and awards."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema

from careshape.work.api.people_shapes import Key

Name = Annotated[str, Field(max_length=60)]
Said = Annotated[str, Field(max_length=500)]
Hundredths = Annotated[int, Field(ge=1, le=10_000_000)]
Pence = Annotated[int, Field(ge=1, le=100_000_000)]
UNITS = "Hundredths a week of the service's unit"


class VisitIn(Schema):
    """A visit, on every day that is named."""

    days: Annotated[list[Annotated[str, Field(max_length=3)]], Field(max_length=7)] = Field(
        description="mon, tue, wed, thu, fri, sat, sun"
    )
    start: Annotated[str, Field(max_length=5)] = Field(description="UK time: 08:00")
    minutes: Annotated[int, Field(ge=1, le=1440)]
    carers: Annotated[int, Field(ge=1, le=4)] = 1


class NeedIn(Schema):
    """Something that must be, or that would be good, beyond the hours."""

    id: Name = Field(description="A need of the published list")
    weight: Name = Field(description="must or wish")
    value: Name = Field("", description="One of its values, where it has some")


class RequestIn(Schema):
    """Care that is asked for."""

    person: Key = Field(description="Id of the person whom the council supports")
    service: Name
    units: Hundredths | None = Field(None, description=f"{UNITS}; worked out from the visits where there are any")
    starts_on: date
    ends_on: date | None = Field(None, description="Its last day; needed where it is not meant to last")
    district: Name
    zone: Name = ""
    outward: Annotated[str, Field(max_length=4)] = Field("", description="The first half of the postcode")
    urgency: Name = Field("routine", description="routine, soon or urgent")
    long_term: bool
    words: Said = Field("", description="What it is to bring about: nothing by which the person is known")
    visits: Annotated[list[VisitIn], Field(max_length=30)] = Field(default_factory=list)
    needs: Annotated[list[NeedIn], Field(max_length=30)] = Field(default_factory=list)


class RequestOut(Schema):
    """A request for care, as the council sees it."""

    id: int
    person: int
    who: str | None = None
    service: str
    units: int = Field(description=UNITS)
    starts_on: date
    ends_on: date | None
    district: str
    zone: str
    outward: str
    words: str
    visits: list[VisitIn]
    needs: list[NeedIn]
    urgency: str
    way: str
    state: str = Field(description="open, sent, awarded or withdrawn")
    sent_at: datetime | None
    answer_by: datetime | None
    stopped_by: list[str] = Field(description="The rules that stop it, while it is not sent")


class SendIn(Schema):
    """How providers are asked."""

    way: Name = Field("all", description="all, rank or best")
    few: Annotated[int, Field(ge=1, le=50)] = Field(3, description="How many at a time, of the best")


class TermOut(Schema):
    """One line of how an offer was ranked."""

    criterion: str
    fact: str
    points: int = Field(description="Hundredths of points")
    most: int


class OfferOut(Schema):
    """A provider that was asked, as it stands in the ranking."""

    id: int
    provider: str
    place: int | None = Field(description="Null: it cannot be awarded, for what stands in barred")
    points: int = Field(description="Hundredths of points")
    terms: list[TermOut]
    barred: list[str]
    drawn: bool = Field(description="Whether its place among equals was drawn by the published lot")
    answer: str = Field(description="waiting, yes, counter or no")
    reason_code: str
    reason: str
    list_price: int = Field(description="Pence a unit")
    price: int | None = Field(description="Pence a unit that it asks")
    units: int | None = Field(description=f"{UNITS}, where it offers a part")
    can_start_on: date | None
    step: int
    asked_at: datetime
    answer_by: datetime | None
    answered_at: datetime | None
    resort: bool
    read: str = Field(description="Hand this back with the award: what the provider had said when it was read")


class OffersOut(Schema):
    """Who was asked, in the order of the ranking."""

    version: str = Field(description="Of the published criteria")
    items: list[OfferOut]


class AwardIn(Schema):
    """An award of a request to an offer."""

    read: Annotated[str, Field(max_length=80)] = Field(description="As the offer's read says it")
    why: Said = Field("", description="Needed where others stand before it, or an empty place that suits is not taken")
    room: int | None = Field(None, description="Number of the empty place that it takes, of the places to live")
    member: int | None = Field(
        None,
        description="Key of where the provider stands on the list under whose contract it is bought; left out: the "
        "list by which it was asked",
    )


class AwardedOut(Schema):
    """What an award made."""

    id: int = Field(description="Of the package")
    done: str


class AskedOut(Schema):
    """A request that the organisation was asked for, and its answer. Whom it is for only once it is theirs."""

    id: int
    request: int
    who: str | None = None
    service: str
    units: int = Field(description=UNITS)
    starts_on: date
    ends_on: date | None
    where: str
    words: str
    visits: list[VisitIn]
    needs: list[NeedIn]
    unit: str = Field(description="The unit of which a price is")
    list_price: int = Field(description="Pence a unit")
    answer: str
    answer_by: datetime | None
    ended: str


class OfferAnswerIn(Schema):
    """A provider's answer."""

    answer: Name = Field(description="yes, counter or no")
    price: Pence | None = Field(None, description="Pence a unit, of a counter-offer")
    unit: Name = Field("", description="The unit of the price: refused where the service is bought by another")
    units: Hundredths | None = Field(None, description=f"{UNITS}: the part that it could take, of a counter-offer")
    can_start_on: date | None = None
    meets: Annotated[list[Name], Field(max_length=30)] = Field(default_factory=list, description="Wishes, by id")
    reason_code: Name = Field("", description="Why not: a reason of the published list")
    reason: Said = ""
