"""The published criteria of a ranking: a data file, and how many points a fact is worth under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.declared import declared, read_toml

FILE: Final = "ranking.toml"
Share = Annotated[float, Field(ge=0, le=1)]
Rating = Literal["outstanding", "good", "requires-improvement", "inadequate", "unrated"]
Known = Literal["now", "before", "new"]
FINE: Final = 100
"""Points are kept in hundredths, as whole numbers, so that a ranking comes out the same on every machine."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Weights(_Table):
    """Most points of each criterion."""

    continuity: Annotated[int, Field(ge=0)]
    quality: Annotated[int, Field(ge=0)]
    travel: Annotated[int, Field(ge=0)]
    price: Annotated[int, Field(ge=0)]
    start: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _hundred(self) -> Self:
        total = self.continuity + self.quality + self.travel + self.price + self.start
        if total != 100:
            raise ValueError(f"The weights come to {total}. They must come to 100.")
        return self


class Continuity(_Table):
    """Share of the points by how the provider knows the person."""

    now: Share
    before: Share
    new: Share


class Quality(_Table):
    """Share of the points by rating, and the months in which a rating loses half of what it says."""

    outstanding: Share
    good: Share
    requires_improvement: Annotated[Share, Field(alias="requires-improvement")]
    inadequate: Share
    unrated: Share
    half_life_months: Annotated[int, Field(ge=1, le=1200)]


class Travel(_Table):
    """The minutes at which nothing is left of the points."""

    limit_minutes: Annotated[int, Field(ge=1, le=600)]


class Start(_Table):
    """The days of waiting at which nothing is left of the points."""

    limit_days: Annotated[int, Field(ge=1, le=365)]


class Choice(_Table):
    """Points for the person's first choice, second choice and so on."""

    points: Annotated[tuple[Annotated[int, Field(ge=0, le=1000)], ...], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _falling(self) -> Self:
        if any(one - after < 100 for one, after in pairwise((*self.points, 0))):
            raise ValueError(
                "Each choice must be worth at least 100 points more than the next, and the last at least 100: "
                "as much as all weights together."
            )
        return self


class Criteria(_Table):
    """The weights and scales of a ranking. The comments of ``data/ranking.toml`` explain each field."""

    version: str
    weights: Weights
    continuity: Continuity
    quality: Quality
    travel: Travel
    start: Start
    choice: Choice

    def quality_share(self, rating: Rating, rated_on: date | None, day: date) -> float:
        """Share of the points for a rating: with age it moves towards the unrated, by half in each half-life."""
        unrated = self.quality.unrated
        if rating == "unrated" or rated_on is None:
            return unrated
        months = max(0, (day - rated_on).days) / (365.25 / 12)
        told = float(getattr(self.quality, rating.replace("-", "_")))
        return unrated + (told - unrated) * 0.5 ** (months / self.quality.half_life_months)

    def travel_share(self, minutes: int | None) -> float:
        """Share of the points for minutes of travel; half where they are not known."""
        return 0.5 if minutes is None else max(0.0, 1 - minutes / self.travel.limit_minutes)

    def start_share(self, days: int) -> float:
        """Share of the points for days of waiting."""
        return max(0.0, 1 - max(0, days) / self.start.limit_days)

    def choice_of(self, choices: Sequence[str], provider: str) -> int | None:
        """The number of a person's choice, counted from nought; None where the provider is none of those that count."""
        counted = choices[: len(self.choice.points)]
        return counted.index(provider) if provider in counted else None

    def choice_points(self, number: int | None) -> int:
        """Hundredths of points for the person's choice of that number; none if it is no choice."""
        return 0 if number is None else self.choice.points[number] * FINE


@lru_cache(maxsize=32)
def criteria(path: Path | None = None) -> Criteria:
    """The criteria of a council's file, or the packaged ones.

    Raises:
        CatalogueError: the file breaks its schema; the message names field, value and rule.
    """
    source = path if path is not None else resources.files("careshape.matching") / "data" / FILE
    return declared(Criteria, read_toml(source.read_text(encoding="utf-8"), FILE), FILE, "ranking")
