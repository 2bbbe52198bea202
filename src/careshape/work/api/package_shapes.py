"""What the API gives and takes about packages of care and their money. Money is whole pence."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from careshape.errors import CallError
from careshape.paying.words import hundredths

UNSEEN = "Absent for a role that does not see it"
Words = Annotated[str, Field(max_length=500)]
Name = Annotated[str, Field(max_length=100, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Whole = Annotated[int, Field(ge=0, le=10_000_000)]


class PackageOut(Schema):
    """A package of care as its page shows it."""

    id: int
    who: str | None = Field(None, description=UNSEEN)
    provider: str | None = Field(None, description=UNSEEN)
    service: str | None = Field(None, description=UNSEEN)
    amount: str | None = Field(None, description="How much a week")
    price: str | None = Field(None, description=UNSEEN)
    week: str | None = Field(None, description="What it costs a week")
    starts: str | None = Field(None, description="First day")
    ends: str | None = Field(None, description="Last day")
    because: str | None = Field(None, description="Why it ends")
    state: str | None = Field(None, description="Open, Suspended, Ends, Ended or Taken back")
    posting: str | None = Field(None, description="Where it is in the records")


class TellingOut(Schema):
    """Something told of a package."""

    told: dict[str, Any] = Field(description="As a file for `careshape paying check` holds it")
    why: str
    in_force: bool


class Parts(Schema):
    """Who pays which part, in hundredths of a percent; together 10000."""

    council: Annotated[int, Field(ge=0, le=10_000)] = 0
    nhs: Annotated[int, Field(ge=0, le=10_000)] = 0
    person: Annotated[int, Field(ge=0, le=10_000)] = 0


class TellIn(Schema):
    """Something to tell of a package. Which fields a kind has is said in the explanation of what is owed."""

    kind: Literal["line", "change", "uplift", "absence", "ending", "hand-back", "death", "withdrawal"]
    corrects: int | None = Field(None, ge=1, description="Number of what it corrects or withdraws")
    why: Words = ""
    line: Name | None = None
    component: Name | None = None
    first: date | None = Field(None, description="From which day")
    last: date | None = Field(None, description="To which day")
    on: date | None = None
    given: date | None = Field(None, description="The day on which notice was given")
    units: Whole | None = Field(None, description="Hundredths of a unit a week")
    price: Whole | None = Field(None, description="Pence a unit")
    percent: int | None = Field(None, ge=-10_000, le=100_000, description="Hundredths of a percent")
    reason: Name | None = None
    funding: Parts | None = None

    def raw(self) -> dict[str, Any]:
        """As a file of a package holds it."""
        days = {"from": self.first, "to": self.last, "on": self.on, "given": self.given}
        amounts = {"units_per_week": self.units, "price": self.price, "percent": self.percent}
        words = {"line": self.line, "component": self.component, "reason": self.reason}
        found: dict[str, Any] = {name: value.isoformat() for name, value in days.items() if value is not None}
        found |= {name: hundredths(value) for name, value in amounts.items() if value is not None}
        found |= {name: value for name, value in words.items() if value is not None}
        if self.funding is not None:
            found["funding"] = {name: hundredths(value) for name, value in self.funding.dict().items()}
        return found

    def day(self) -> date:
        """The day of a death. Raises CallError where there is none."""
        if self.on is None:
            raise CallError("Say on which day the person died: 'on' is missing.")
        return self.on


class ToldOut(Schema):
    """That something was told of a package, under which number."""

    id: int
    number: int
    done: str


class OwedOut(Schema):
    """What is owed for a part of a package in a payment period, in pence."""

    number: int | None = Field(None, description="The package")
    who: str | None = Field(None, description=UNSEEN)
    period: str | None = None
    part: str | None = None
    working: str | None = None
    owed: int | None = None
    council: int | None = None
    nhs: int | None = None
    person: int | None = None
    paid: int | None = None
    left: int | None = Field(None, description="What the next run pays; below nought it recovers it")


class RunOut(Schema):
    """A run of payments."""

    id: int
    number: int
    day: date
    pence: int
    by_funder: dict[str, int]


class TotalOut(Schema):
    """What a provider gets, in pence by who pays."""

    provider: int = Field(description="Key of the organisation")
    pence: dict[str, int]


class PaymentDraftOut(Schema):
    """What a run would pay now."""

    day: date
    read: str = Field(description="Hand it back to make the run as it was read")
    pence: int
    packages: int
    totals: list[TotalOut]


class PayIn(Schema):
    """Which run to make."""

    read: Annotated[str, Field(max_length=64)]
