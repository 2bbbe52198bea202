"""What the API gives and takes of capacity and alerts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema

from careshape.work.api.shapes import Number

Words = Annotated[str, Field(max_length=200)]
Rows = Annotated[list[dict[str, str | int | float | None]], Field(max_length=200)]


class ReturnIn(Schema):
    """The return of one location, of one day: the figures of each type of beds, zone and part of the day, or group of
    staff.
    """

    location_id: Words = Field(description="The regulator's id of the location, or the council's own, such as L12")
    day: Words = Field(description="The day on which the figures are true: 2027-03-27")
    beds: Rows | None = Field(None, description="Rows with bed_type, maximum, in_use, reserved, admittable and others")
    hours: Rows | None = Field(None, description="Rows with zone, time_band, held, free and others")
    staff: Rows | None = Field(None, description="Rows with staff_group, employed and others")


class ReturnsIn(Schema):
    """Returns of several locations."""

    returns: Annotated[list[ReturnIn], Field(min_length=1, max_length=500)]


class ReturnBroughtOut(Schema):
    """What became of returns that were sent."""

    id: int
    lines: int = Field(description="Rows that count")
    refused: int = Field(description="Rows that do not: a location counts as a whole or not at all")
    faults: list[dict[str, Any]] = Field(description="What is wrong with which row")


class CapacityOut(Schema):
    """What is in use and what is free in one part, with how old the figures are."""

    part: str = Field(description="Id of the district, type or zone; of a location its number; of a provider its name")
    label: str
    figures: dict[str, Number] = Field(description="null: not known")


class ReturnedOut(Schema):
    """A line of a return of one location."""

    day: date
    sent: datetime
    way: str
    part: list[str]
    figures: dict[str, Number]
    closed_reason: str
    counts: bool = Field(description="Whether it is of the newest return")


class AlertOut(Schema):
    """A figure beyond a line."""

    level: str = Field(description="act or watch")
    area: str
    alert: str
    value: Number
    line: Number
    base: int
    day: date
    days_old: int
    sentence: str
    advice: str
