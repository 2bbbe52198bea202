"""The rating by which a provider is ranked: which location's it is, its day, and its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from careshape.market.ratings import RATED
from careshape.market.ratings import Rating as Published
from careshape.matching.criteria import Rating
from careshape.providers.models import Location
from careshape.providers.regulator import Kept, kept_of
from careshape.providers.where import working

_UNRATED: Final = len(RATED)


@dataclass(frozen=True)
class Rated:
    """A rating of the regulator.

    Attributes:
        rating: as the ranking takes it; rated_on: None where it is unrated, or the file does not say.
        location: the name of the location whose it is; words: the rating with its age.
        followed: whether it stands under a later registration of the same home.
    """

    rating: Rating
    rated_on: date | None
    location: str
    words: str
    followed: bool = False


def ratings_of(
    council: str, organisations: Iterable[int], on: date, service: str = "", district: str = ""
) -> dict[int, Rated]:
    """The rating of each organisation, of those of which the kept files of the regulator say one.

    It is that of the location that would serve: of those that give the service, in the district first. Where several
    could, the worst of theirs, since nobody knows which it will be. Where no location is known to give the service, the
    newest of the organisation's. One query.
    """
    kept = kept_of(council)
    if not kept.rated:
        return {}
    places: dict[int, list[Location]] = defaultdict(list)
    for one in working(on, list(organisations)).exclude(regulator_id=""):
        places[one.place.organisation_id].append(one)
    found = {}
    for organisation, held in places.items():
        pairs = [(one, rating) for one in held if (rating := rating_of(kept, one, on)) is not None]
        if pairs:
            found[organisation] = _one_of(pairs, service, district)
    return found


def rating_of(kept: Kept, location: Location, on: date) -> Rated | None:
    """The rating of one location as it was known on a day, followed through new registrations.

    None where the kept files do not have it, or it was published after the day.
    """
    now = kept.now(location.regulator_id)
    held = kept.rated.get(now)
    if held is None or (held.overall.published or on) > on:
        return None
    return Rated(
        _as_ranked(held.overall), held.overall.published if held.overall.rating in RATED else None, location.name,
        held.overall.in_words(on), now != location.regulator_id,
    )  # fmt: skip


def _as_ranked(one: Published) -> Rating:
    return cast(Rating, one.rating) if one.rating in RATED else "unrated"


def _one_of(pairs: Sequence[tuple[Location, Rated]], service: str, district: str) -> Rated:
    gives = [(place, one) for place, one in pairs if service and service in place.services]
    if not gives:
        return max((one for _, one in pairs), key=lambda one: (one.rated_on or date.min, one.location))
    near = [(place, one) for place, one in gives if district and place.district == district]
    return min((one for _, one in near or gives), key=_worst)


def _worst(one: Rated) -> tuple[int, date, str]:
    """Orders ratings from the worst to the best, of equals the oldest first; who is not rated stands last."""
    place = _UNRATED if one.rating == "unrated" else RATED.index(one.rating)
    return place, one.rated_on or date.min, one.location
