"""The rating by which a provider is ranked: which location's it is, its day, and its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from careshape.matching.criteria import Rating


@dataclass(frozen=True)
class Rated:
    """A rating of the regulator.

    Attributes:
        rating: as the ranking takes it; rated_on: None where it is unrated, or the file does not say.
        location: the name of the location whose it is; words: the rating with its age.
    """

    rating: Rating
    rated_on: date | None
    location: str
    words: str


def ratings_of(
    council: str, organisations: Iterable[int], on: date, service: str = "", district: str = ""
) -> dict[int, Rated]:
    """The rating of each organisation, of those of which the kept files of the regulator say one.

    It is that of the location that would serve: of those that give the service, in the district first. Where several
    could, the worst of theirs, since nobody knows which it will be. Where no location is known to give the service, the
    newest of the organisation's.
    """
    return {}
