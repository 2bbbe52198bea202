"""What the API gives and takes about editions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema

from careshape.work.api.people_shapes import UNSEEN
from careshape.work.api.supported_shapes import RuleFindingOut

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
AWARE = "Digest of what changed since it was prepared, as `since` gave it: you say by it that you know"


class EditionOut(Schema):
    """An edition, and how far it is."""

    number: int
    state: str = Field(description="refused, prepared, agreed, released or discarded")
    known_on: date = Field(description="The last day of the records that it knows")
    posting: int = Field(description="The last posting that it knows")
    prepared: datetime
    by: str | None = Field(None, description=f"Who prepared it. {UNSEEN}")
    agreed: str | None = Field(None, description=f"Who agreed it; empty where nobody did. {UNSEEN}")
    release_on: date | None = Field(None, description="The day on which it is released by itself, where one is set")
    released: datetime | None = None


class SinceOut(Schema):
    """What an edition does not say, because it came after the edition was prepared."""

    digest: str = Field(description="What to send as `aware`; empty where nothing changed")
    files: list[str]
    postings: int


class EditionWholeOut(EditionOut):
    """An edition with what the gate found."""

    manifest: str = Field(description="SHA-256 of its manifest, which holds the digests of everything else")
    there: bool = Field(description="Whether its folder is there still")
    since: SinceOut | None = Field(None, description="Absent of one that is not on its way any more")
    report: dict[str, Any] = Field(description="The report of the gate, as readers are given it")
    rules: list[RuleFindingOut] = Field(description="What the rules say of releasing it, while it is on its way")
    reasons: dict[str, Any] = Field(description="Why each figure was kept back, or the edition refused")


class PreparingOut(Schema):
    """An edition that is being prepared."""

    number: int
    job: int | None = Field(None, description="The background work; absent where a colleague had it begun")


class AgreeEditionIn(Schema):
    """What one has read and agrees."""

    manifest: Digest = Field(description="The manifest of the edition that was read: no other is agreed")
    aware: str = Field("", max_length=64, description=AWARE)


class ReleaseIn(Schema):
    """What one knows of when releasing it."""

    aware: str = Field("", max_length=64, description=AWARE)
    facts: dict[str, bool | float | str] = Field(
        default_factory=dict, description="What the rules ask and nobody said yet, by the names that `rules` misses"
    )


class ReleaseDayIn(ReleaseIn):
    """A day of release."""

    on: date | None = Field(None, description="Null: no day is set any more")
