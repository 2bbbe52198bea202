"""What the API gives and takes about people, teams, organisations and tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema

UNSEEN = "Absent for a role that does not see it"
LEFT_OUT = "Left out of a change, it stays as it is"
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
Words = Annotated[str, Field(max_length=254)]


class PersonOut(Schema):
    """A person in one role."""

    id: int
    name: str | None = Field(None, description=UNSEEN)
    email: str | None = Field(None, description=UNSEEN)
    role: str | None = Field(None, description=UNSEEN)
    group: str | None = Field(None, description="Team or organisation")
    locations: str | None = Field(None, description="Locations of an organisation to which the person is limited")
    status: str | None = Field(None, description="active or ended")
    since: datetime | None = Field(None, description="When it began")
    last_login: datetime | None = Field(None, description=UNSEEN)


class RoleIn(Schema):
    """A role, and the team or organisation that goes with it."""

    role: Words
    team: Key | None = Field(None, description=f"Null: no team. {LEFT_OUT}")
    organisation: Key | None = Field(None, description=f"Null: none. {LEFT_OUT}")
    locations: Annotated[list[Key], Field(max_length=200)] = Field(
        default_factory=list, description=f"Empty: all of the organisation's. {LEFT_OUT}"
    )


class InvitationIn(RoleIn):
    """Whom to invite to which role."""

    email: Words


class InvitationOut(Schema):
    """An invitation to a role."""

    id: int
    email: str | None = Field(None, description=UNSEEN)
    role: str | None = Field(None, description=UNSEEN)
    group: str | None = Field(None, description="Team or organisation")
    locations: str | None = Field(None, description="Locations of an organisation to which it is limited")
    by: str | None = Field(None, description="Who invited")
    since: datetime | None = None
    until: datetime | None = None
    accepted: datetime | None = None
    withdrawn: datetime | None = None


class DoneOut(Schema):
    """What was changed, by its number. It says nothing of people, since it is kept to be answered again."""

    id: int
    done: str


class NameIn(Schema):
    """A name."""

    name: Words


class TeamOut(Schema):
    """A team of the council."""

    id: int
    name: str
    people: int


class LocationIn(NameIn):
    """A location of an organisation."""

    reference: Words = Field("", description=LEFT_OUT)


class OrganisationIn(LocationIn):
    """An organisation that works with the council."""

    kind: Words = Field("provider", description=f"provider or voluntary. {LEFT_OUT}")


class LocationOut(Schema):
    """A location of an organisation."""

    id: int
    name: str
    reference: str


class OrganisationOut(Schema):
    """An organisation with its locations."""

    id: int
    kind: str
    name: str
    reference: str
    people: int
    locations: list[LocationOut]


class TokenOut(Schema):
    """A token of one of the council's people. Its text is nowhere to be had."""

    id: int
    name: str | None = Field(None, description="What it is for")
    who: str | None = Field(None, description="Whose it is")
    acts: list[str] | None = None
    made: datetime | None = None
    until: datetime | None = None
    used: datetime | None = None
    state: str | None = None
