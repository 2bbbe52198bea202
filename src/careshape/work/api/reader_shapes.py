"""What the API gives and takes about what readers follow and say."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema

from careshape.work.api.people_shapes import UNSEEN

Name = Annotated[str, Field(max_length=100)]
Said = Annotated[str, Field(max_length=20_000)]


class FollowIn(Schema):
    """Something to follow."""

    what: Name = Field(description="statement: all of it; segment: one page; wanted: what is wanted of a service")
    segment: Name = Field("", description="Id of the page, of segment")
    service: Name = Field("", description="Id of the service, of wanted")
    area: Name = Field("", description="Id of a district, of wanted; empty: all of the council's area")


class FollowOut(FollowIn):
    """Something that you follow."""

    id: int
    title: str
    since: datetime
    stopped: datetime | None = None


class CommentIn(Schema):
    """What you say of a section of a released edition."""

    edition: int | None = Field(None, ge=1, le=2_147_483_647, description="Left out: the latest")
    segment: Name
    slot: Name = Field("", description="Id of the part of the page; empty: the whole page")
    text: Said


class CommentOut(Schema):
    """What somebody says of a section, and what the council answers."""

    id: int
    edition: int
    segment: str
    slot: str
    section: str = Field(description="The section in words")
    state: str = Field(description="waiting, answered, published, settled or withdrawn")
    made: datetime
    kind: str = Field(description="What everybody reads in place of a name")
    text: str
    who: str | None = Field(None, description=f"Who wrote it. {UNSEEN}")
    answer: str
    answered: datetime | None = None
    by: str | None = Field(None, description=f"Who answered. {UNSEEN}")


class AnswerReaderIn(Schema):
    """What the council answers."""

    answer: Said
    publish: bool = Field(description="Whether everybody may read what was said and this answer, without a name")
