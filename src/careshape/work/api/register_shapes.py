"""What the API gives and takes of the register of providers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema

from careshape.work.api.people_shapes import LEFT_OUT, Key

Words = Annotated[str, Field(max_length=200)]
Id = Annotated[str, Field(max_length=60)]
Ids = Annotated[list[Id], Field(max_length=60)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class RatedOut(Schema):
    """A rating as the regulator published it."""

    rating: str = Field(description="outstanding, good, requires-improvement, inadequate or unrated")
    rated_on: date | None
    location: str = Field(description="The location whose it is")
    words: str = Field(description="With its age")


class ProviderOut(Schema):
    """A provider of the register."""

    id: int = Field(description="Of the organisation")
    name: str
    type: str = Field(description="Entry of the catalogue's provider types")
    staff: int | None = Field(description="null: not known")
    reference: str = Field(description="By which the records of care name it")
    regulator_id: str
    brand: str
    grade: str | None = Field(description="null: not graded")
    rating: RatedOut | None = Field(description="null: the kept files of the regulator do not say")


class ProviderIn(Schema):
    """What is kept of a provider."""

    name: Words
    type: Id = "unknown"
    staff: Count | None = None
    reference: Annotated[str, Field(max_length=100)] = ""
    regulator_id: Annotated[str, Field(max_length=40)] = ""
    brand: Words = ""


class ProviderChangeIn(ProviderIn):
    """What is to be corrected of a provider."""

    name: Words = Field("", description=LEFT_OUT)


class ProviderLocationOut(Schema):
    """A location of a provider."""

    id: int
    provider: int
    name: str
    kind: str
    regulator_id: str
    outward: str = Field(description="The first part of its postcode")
    district: str
    services: list[str]
    client_groups: list[str]
    registered_beds: int | None = Field(description="null: not known, or it has none")
    landlord: int | None
    opened_on: date | None
    closed_on: date | None


class ProviderLocationIn(Schema):
    """What is kept of a location."""

    name: Words
    kind: Id
    regulator_id: Annotated[str, Field(max_length=40)] = ""
    outward: Annotated[str, Field(max_length=10)] = Field("", description="A postcode; its first part is kept")
    district: Id = ""
    services: Ids = Field(default_factory=list)
    client_groups: Ids = Field(default_factory=list)
    registered_beds: Count | None = None
    landlord: Key | None = None
    opened_on: date | None = None
    closed_on: date | None = None


class LocationChangeIn(ProviderLocationIn):
    """What is to be corrected of a location."""

    name: Words = Field("", description=LEFT_OUT)
    kind: Id = Field("", description=LEFT_OUT)


class EvidenceOut(Schema):
    """Something that a provider has shown."""

    id: int
    provider: int
    location: int | None
    kind: str
    reference: str
    issuer: str
    begins_on: date
    last_on: date | None = Field(description="null: it does not lapse")
    state: str = Field(description="waiting, coming, counts, lapsed, replaced or withdrawn")
    recorded: datetime
    withdrawn_why: str


class EvidenceIn(Schema):
    """Something that a provider shows."""

    kind: Id
    begins_on: date
    last_on: date | None = Field(None, description="Left out: as long as its kind counts by itself")
    reference: Annotated[str, Field(max_length=100)] = ""
    issuer: Words = ""
    location: Key | None = None


class WhyIn(Schema):
    """A reason."""

    why: Annotated[str, Field(max_length=500)]


class GradeIn(Schema):
    """A grade from a day."""

    grade: Id
    on: date
    why: Annotated[str, Field(max_length=500)]
