"""What the API gives and takes about what a council writes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema

from careshape.work.api.edition_shapes import Digest
from careshape.work.api.people_shapes import UNSEEN

File = Annotated[str, Field(max_length=120, description="Its place: statement/18-home-care.md, design/intentions.csv")]
Words = Annotated[str, Field(max_length=2_500)]
WHY = "What you say of the change: who agrees it reads that first"


class FileOut(Schema):
    """A file that the council writes or decides."""

    file: str
    title: str
    kind: str
    in_force: bool = Field(description="false for one of which there is only a draft or a proposal")
    open: list[int] = Field(description="Numbers of its versions that are not in force yet")


class PartOut(Schema):
    """A part that can be written by itself."""

    id: str
    title: str
    text: str
    state: str = Field("", description="How it stands, of a part of a page of the statement")
    owner: str = ""
    review: date | None = Field(None, description="By when it is looked at again")


class FaultOut(Schema):
    """Something that is to be put right before it is proposed."""

    file: str
    line: int = Field(description="Of the file, counted from 1; 0 is the whole of it")
    rule: str
    message: str


class DraftOut(Schema):
    """Your own draft of a file."""

    id: int
    content: str
    digest: str
    base: str = Field(description="Digest of what was in force when it was begun; empty where there was no such file")
    behind: bool = Field(description="Whether something else is in force since")
    why: str


class TextOut(FileOut):
    """A file whole: what is in force, your draft, and what is wrong with it."""

    content: str = Field(description="What is in force; empty where nothing is")
    digest: str = Field(description="Its digest, to be sent as `base` with what you write against it")
    parts: list[PartOut] = Field(description="Of your draft, where there is one")
    draft: DraftOut | None = None
    faults: list[FaultOut] = Field(description="Of your draft; of what is in force where there is none")


class VersionOut(Schema):
    """A version of a file, and how far it is."""

    id: int
    file: str
    number: int
    page: str
    state: str = Field(description="draft, proposed, agreed, turned-back or discarded")
    why: str
    written: datetime
    by: str | None = Field(None, description=f"Who wrote it; empty for what was there before. {UNSEEN}")
    agreed: str | None = Field(None, description=f"Who agreed it. {UNSEEN}")
    comes_on: date | None = Field(None, description="The day from which it is to be in force")
    in_force: datetime | None = Field(None, description="Since when it is or was in force")
    answer: str = Field(description="Why it was turned back")


class RemarkOut(Schema):
    """What a colleague says of a version, or of a part of it."""

    id: int
    version: int
    part: str
    text: str
    by: str
    at: datetime
    answer: str
    answered: datetime | None
    settled: datetime | None


class ChangedOut(Schema):
    """A paragraph, as it was and as it is."""

    heading: str
    kind: str = Field(description="changed, added or removed")
    before: str
    after: str


class VersionWholeOut(VersionOut):
    """A version with its words, what it changes, and what is said of it."""

    content: str
    digest: str = Field(description="Of its words: send it with what you agree, so that no others are agreed")
    base: str
    changes: list[ChangedOut] = Field(description="Against what is in force, or what was before it")
    figures_come: list[str] = Field(description="Expressions of figures that it quotes anew")
    figures_go: list[str]
    comments: list[RemarkOut]


class WriteIn(Schema):
    """A text for a file: the whole of it, or one part."""

    file: File
    content: str | None = Field(None, description="The whole file. Left out, what you have stays, but for the part")
    part: Annotated[str, Field(max_length=60)] = Field("", description="Id of the part whose text is sent")
    text: str | None = Field(None, description="The text of the part")
    owner: Words | None = Field(None, description="Of the part: the post that keeps it. Left out, it stays; null: none")
    review: date | None = Field(None, description="Of the part: look at it by then. Left out, it stays; null: none")
    why: Words = Field("", description=WHY)
    base: Digest | None = Field(
        None, description="Digest of what was in force when you read it; left out, that of your draft or of now"
    )
    seen: Annotated[str, Field(max_length=64)] | None = Field(
        None, description="Digest of your draft when you read it, empty for none: no other draft is written over"
    )


class AgreeIn(Schema):
    """The words that one has read and agrees."""

    digest: Digest
    comes_on: date | None = Field(None, description="From when they are in force; null: at once")


class DayIn(Schema):
    """A day."""

    comes_on: date | None = Field(None, description="Null: at once")


class AnswerIn(Schema):
    """What one answers, or why."""

    answer: Words


class SayIn(Schema):
    """What one says."""

    text: Words
    part: Annotated[str, Field(max_length=60)] = Field("", description="Id of the part that it is about")


class SayOfFileIn(SayIn):
    """What one says of a file."""

    file: File
