"""Ratings of the regulator with their age: the newest of each location, by key question too, and homes by rating.

A rating is kept as it was published, with its day, and never worked out anew. New ones are rare, so that the age says
as much as its word: "rated Good 61 months ago".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.market.files import RegulatorFile
from careshape.market.registrations import registered_twice

DIRECTORY: Final = "cqc-directory"
RATINGS: Final = "cqc-ratings"
RATED: Final = ("inadequate", "requires-improvement", "good", "outstanding")
"""In the order of the table that Worcestershire publishes (Worcestershire 6.6, Table 15)."""
NOT_INSPECTED: Final = "not-yet-inspected"
NOT_RATED: Final = "inspected-not-rated"
"""Inspected, and not rated: "Insufficient evidence to rate" is no rating and not the want of an inspection."""
DOMAINS: Final = ("safe", "effective", "caring", "responsive", "well-led")
NURSING: Final = "Care home service with nursing"
KINDS: Final = ("nursing", "residential", "not-told")
COLUMNS: Final = ("location", "name", "kind", "rating", "published", "days", "months", "age", "inherited", *DOMAINS)
TABLE: Final = ("area", "registration_type", "cqc_overall_rating", "period", "measure", "unit", "value", "row_kind")


@dataclass(frozen=True)
class Age:
    """How old a rating is on a day: whole days, and whole months of the calendar."""

    days: int
    months: int

    def __str__(self) -> str:
        if self.months == 0:
            return "today" if self.days == 0 else f"{self.days} day{'s' if self.days > 1 else ''} ago"
        return f"{self.months} month{'s' if self.months > 1 else ''} ago"


def age(published: date, on: date) -> Age:
    """The age of what was published on one day, on another. Raises CallError where it lies before it."""
    if on < published:
        raise CallError(f"Nothing published on {published:%d/%m/%Y} was known on {on:%d/%m/%Y}. Ask for a later day.")
    months = (on.year - published.year) * 12 + on.month - published.month - (on.day < published.day)
    return Age((on - published).days, months)


@dataclass(frozen=True)
class Rating:
    """One rating as published.

    Attributes:
        rating: id of the catalogue, NOT_INSPECTED or NOT_RATED; said: what the file says.
        published: None where the file does not say.
        inherited: whether it was given under an earlier registration.
    """

    rating: str
    said: str
    published: date | None
    inherited: bool = False

    def in_words(self, on: date) -> str:
        """The rating with its age: "rated Good 61 months ago"."""
        if self.rating == NOT_INSPECTED:
            return "not yet rated"
        word = self.said if self.rating == NOT_RATED else catalogue().lists["cqc_rating"].label(self.rating)
        if self.published is None:
            return f"rated {word}, on a day that is not known"
        return f"rated {word} {age(self.published, on)}"


@dataclass(frozen=True)
class Rated:
    """A location with its ratings.

    Attributes:
        kind: nursing, residential or not-told (the file of ratings does not say); empty where it is no care home.
        domains: rating by key question, of those that are known.
        again: whether it is a second registration of a home that is there already.
    """

    id: str
    name: str
    authority: str
    kind: str
    overall: Rating
    domains: Mapping[str, Rating]
    again: bool = False

    def as_row(self, on: date) -> dict[str, Any]:
        """As a row for a table or a download, with ages on a day."""
        one = self.overall
        old = None if one.published is None else age(one.published, on)
        return {
            "location": self.id,
            "name": self.name,
            "kind": self.kind,
            "rating": one.rating,
            "published": None if one.published is None else one.published.isoformat(),
            "days": None if old is None else old.days,
            "months": None if old is None else old.months,
            "age": one.in_words(on),
            "inherited": one.inherited,
        } | {name: self.domains[name].rating if name in self.domains else None for name in DOMAINS}


def rated(files: Iterable[RegulatorFile]) -> list[Rated]:
    """Every location of the files with the newest rating that any of them holds, by its id.

    With a directory, its locations are those that are registered: what is only in the ratings has ended and is left
    out, and a location without a rating is ``not-yet-inspected``. With ratings alone, those are all that is known.

    Raises CallError where a file is neither.
    """
    given = list(files)
    if other := [one for one in given if one.source not in (DIRECTORY, RATINGS)]:
        raise CallError(f"{other[0].file} is {other[0].source}. Ratings are read from {DIRECTORY} and {RATINGS}.")
    found: dict[str, list[tuple[str, Rating]]] = defaultdict(list)
    places: dict[str, Mapping[str, Any]] = {}
    directories = [one for one in given if one.source == DIRECTORY]
    for one in directories or given:
        places |= {row["location_id"]: row for row in one.rows}
    for one in given:
        for row in one.rows:
            if one.source == DIRECTORY:
                found[row["location_id"]].append(("overall", _rating(row)))
            elif _of_location(row):
                found[row["location_id"]].append((row["domain"].casefold(), _rating(row)))
    twice = registered_twice(places.values())
    return [_rated(row, found[name], name in twice) for name, row in sorted(places.items())]


def _of_location(row: Mapping[str, Any]) -> bool:
    """Whether a row of ratings is about the location whole, and not one of its services."""
    return (row.get("group") or "").casefold() in ("overall", "")


def _rating(row: Mapping[str, Any]) -> Rating:
    said = row["rating"] or ""
    entry = catalogue().lists["cqc_rating"].find(said)
    known = entry is not None and entry.id in RATED
    rating = entry.id if entry is not None and known else NOT_RATED if said and _inspected(said) else NOT_INSPECTED
    return Rating(rating, said, row.get("published"), bool(row.get("inherited")))


def _inspected(said: str) -> bool:
    return said.casefold() not in ("not rated", "not yet inspected", "not applicable", "no published rating")


def _rated(row: Mapping[str, Any], found: Sequence[tuple[str, Rating]], again: bool) -> Rated:
    newest: dict[str, Rating] = {}
    for domain, one in found:
        held = newest.get(domain)
        if held is None or (one.published or date.min) > (held.published or date.min):
            newest[domain] = one
    overall = newest.pop("overall", Rating(NOT_INSPECTED, "", None))
    kind = ""
    if row["care_home"]:
        types = row.get("service_types")
        kind = "not-told" if types is None else "nursing" if NURSING in types else "residential"
    domains: dict[str, Rating] = {name: newest[name] for name in DOMAINS if name in newest}
    name, authority = row["location_name"], row.get("authority_name") or ""
    return Rated(row["location_id"], name, authority, kind, overall, domains, again)


def homes_by_rating(found: Iterable[Rated], area: str, period: str = "") -> list[dict[str, Any]]:
    """Care homes by kind and overall rating, in the shape of Worcestershire's Table 15: parts and totals.

    A home that is registered twice counts once. Ratings that no home has stand as 0.

    "Inspected, not rated" stands only where a home is, since that table lacks it.
    """
    counted = Counter((one.kind, one.overall.rating) for one in found if one.kind and not one.again)
    kinds = [kind for kind in KINDS if kind != "not-told" or any(key[0] == kind for key in counted)]
    if all(key[0] == "not-told" for key in counted) and counted:
        kinds = ["not-told"]
    ratings = [*RATED, NOT_INSPECTED, *([NOT_RATED] if any(key[1] == NOT_RATED for key in counted) else [])]
    rows = []
    for kind in [*kinds, "all"]:
        of_kind = kinds if kind == "all" else [kind]
        for rating in [*ratings, "all"]:
            value = sum(n for (k, r), n in counted.items() if k in of_kind and rating in (r, "all"))
            part = "total" if "all" in (kind, rating) else "part"
            cells = (area, kind, rating, period, "care-homes", "homes", value, part)
            rows.append(dict(zip(TABLE, cells, strict=True)))
    return rows
