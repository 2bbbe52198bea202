"""What the API gives and takes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Generic, TypeVar

from ninja import Field, Schema

from careshape.evaluate.numbers import rounded

Item = TypeVar("Item")
Number = int | float | str | None
"""A number; as text where a number of JSON would lose some of its digits."""


class Problem(Schema):
    """What is wrong, in a sentence."""

    detail: Any
    faults: list[dict[str, Any]] | None = Field(
        None, description="Of a text: each thing that is to be put right, with file, line, rule and message"
    )


class Paging(Schema):
    """Which of the items to give."""

    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=1_000_000)


class Asking(Schema):
    """How a measure is asked."""

    by: list[str] = Field([], max_length=4, description="Dimensions to split by: by=district&by=service")
    where: list[str] = Field([], max_length=20, description="Filters: where=service=nursing|residential")
    period: str = Field("", max_length=200, description="2020/21, 2021-03, 2021-03-31, or a run of several: A:B")
    known_on: str = Field("", max_length=20, description="As it was known on that day: 2021-06-30")


class Bringing(Schema):
    """What comes with a file."""

    reader: str = Field("", max_length=20, description="cld, packages or deliveries; empty to find out by the columns")


class Page(Schema, Generic[Item]):
    """Some of the items, and how many there are."""

    items: list[Item]
    total: int
    limit: int
    offset: int


class Me(Schema):
    """Who asks, as the policy sees it."""

    role: str
    council: str
    acts: list[str]


class MeasureOut(Schema):
    """A measure and its card."""

    id: str
    label: str
    unit: str
    kind: str
    what: str
    formula: str
    source: str
    limitations: str


class AnswerOut(Schema):
    """The answer of a measure: one row a cell."""

    measure: str
    unit: str
    dimensions: list[str]
    periods: list[str]
    posting: dict[str, int]
    """The last posting that was counted."""
    rows: list[dict[str, Number]]


class ObservationOut(Schema):
    """A figure from elsewhere."""

    id: str
    table: str
    measure: str
    unit: str
    value: Number
    period: str
    kind: str
    source: str
    dims: dict[str, str]


class PostingOut(Schema):
    """What one import added to the ledger."""

    number: int
    recorded_at: datetime
    file: str
    kind: str
    rows: int
    withdraws: int | None
    """Number of the posting that this one withdraws."""
    counts: dict[str, int]
    posted_by: str | None = Field(None, description="Absent for a role that does not see who posted what")


class EntryOut(Schema):
    """A provider or setting, with the care that is open with it on the last day of the records."""

    id: str
    """Number in the ledger, as text: it may have more digits than a number of JSON keeps."""
    reference: str
    name: str
    type: str
    people: int
    lines: int
    weekly_cost: Number
    districts: list[str]
    services: list[str]


class FigureOut(Schema):
    """A figure of the statement."""

    key: str
    expression: str
    what: str
    value: Number | date
    text: str
    unit: str
    problem: str


class ImportOut(Schema):
    """A file that was brought."""

    id: int
    file: str
    state: str
    stage: str
    problem: str
    rows: int
    refused: int
    posting: int | None
    brought_at: datetime


class WithdrawalIn(Schema):
    """Lines to take back."""

    references: Annotated[list[Annotated[str, Field(max_length=200)]], Field(min_length=1, max_length=1_000)]


class JobOut(Schema):
    """How far a piece of background work is."""

    id: int
    kind: str
    title: str
    state: str
    ended: bool
    done: int
    total: int
    words: str
    fault: str
    result: dict[str, Any]


def number(value: Any) -> Any:
    """A value as JSON can hold it without losing digits."""
    if isinstance(value, Fraction):
        value = rounded(value, 6).normalize() + 0
    if not isinstance(value, Decimal):
        return value
    if value == value.to_integral_value():
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)


def paged(found: Any, paging: Paging, shape: Any) -> dict[str, Any]:
    """Some of what was found, a sequence or rows of the database, each put into shape."""
    total = len(found) if isinstance(found, list) else found.count()
    some = found[paging.offset : paging.offset + paging.limit]
    return {
        "items": [shape(one) for one in some], "total": total, "limit": paging.limit, "offset": paging.offset,
    }  # fmt: skip
