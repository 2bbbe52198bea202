"""What the API gives and takes about editions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

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


class DisclosureRuleShape(Schema):
    """A rule by which figures are kept back. What comes with careshape is the floor: no rule protects less."""

    method: Literal["suppress", "round"] = Field(description="Counts are rounded, or figures are exact or suppressed")
    threshold: int = Field(ge=2, le=100, description="A figure with fewer people than this is protected")
    zeros: bool = Field(description="Whether a figure of nobody is protected too")
    width: int = Field(ge=1, le=1000, description="People between the least and greatest count that a reader can tell")
    base: int = Field(ge=2, le=1000, description="What counts are rounded to; no less than the width")
    few: int = Field(ge=0, le=100, description="A change of so many people between editions is seen in no figure")
    money_width: int = Field(ge=1, le=200, description="The same room for money and hours, in percent of the figure")
    dominance_providers: int = Field(ge=0, le=10, description="Money is protected where so many providers have")
    dominance_percent: int = Field(ge=0, le=100, description="... more than so many percent of it")
    near_percent: int = Field(
        ge=0, le=100, description="... or where the second largest could work out the largest to within so many percent"
    )
    ratios: Literal["with cells", "where safe"] = Field(
        description="Whether a share or mean is hidden with the figures that it is made of, or only where it tells them"
    )


class DisclosureRuleOut(Schema):
    """The rule in force, which holds from the next edition that is prepared."""

    number: int = Field(description="Of the choice, counted from 1; 0 where none was made yet")
    rule: DisclosureRuleShape
    chosen: datetime | None = Field(None, description="Absent where none was made yet")
    why: str | None = None
    by: str | None = Field(None, description=f"Who chose it. {UNSEEN}")


class DisclosureRuleIn(Schema):
    """Another rule, for the editions that are prepared from now on."""

    rule: DisclosureRuleShape
    why: str = Field(min_length=1, max_length=500)
    instead_of: int = Field(ge=0, description="The `number` of the rule that was read: no other is replaced")
