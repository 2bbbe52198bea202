"""What the regulator's register says of a council's area: services, beds, ratings and how old these are.

Read from the files of the Care Quality Commission that are kept: the directory of active locations (beds, service
types, whom they serve) or, where only that is kept, the latest ratings, which hold neither beds nor types. Names of
providers and places are not read: some providers are people trading under their own name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field, field_validator

from careshape.catalogue import catalogue
from careshape.catalogue.lists import normalise
from careshape.declared import declared, read_toml
from careshape.evaluate.gap.placing import place
from careshape.evaluate.gap.segments import known
from careshape.home import Home
from careshape.language import day_of as in_words
from careshape.language import say
from careshape.records.official import Statistic, editions, statistic

DIRECTORY: Final = "cqc-directory"
RATINGS: Final = "cqc-ratings"
ENDED: Final = "cqc-deactivated"
UNKNOWN: Final = "unknown"
NOT_RATED: Final = "not-yet-inspected"
RATED: Final = ("outstanding", "good", "requires-improvement", "inadequate")
DORMANT: Final = "dormant (registered, and not giving care)"
TWICE: Final = "registered twice (counted where it is registered first)"


class RegisterType(BaseModel):
    """A type of service of the register, and the service of the catalogue that it is (none where it is several)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    label: str
    named: tuple[str, ...] = ()
    service: str = ""
    beds: bool = False
    without_types: Literal["", "care-home", "community"] = ""

    @field_validator("service")
    @classmethod
    def _known(cls, given: str) -> str:
        return known("service", given) if given else given


class RegisterGroup(BaseModel):
    """A client group, and the bands of people by which a home counts as serving it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    bands: tuple[str, ...] = Field(min_length=1)

    @field_validator("id")
    @classmethod
    def _known(cls, given: str) -> str:
        return known("client_group", given)


class Reading(BaseModel):
    """How the register is read, and what its figures can and cannot say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    can_say: tuple[str, ...]
    cannot_say: tuple[str, ...]
    type: tuple[RegisterType, ...]
    group: tuple[RegisterGroup, ...]


@cache
def reading() -> Reading:
    """How careshape reads the register."""
    file = "evaluate/gap/data/register.toml"
    text = files("careshape.evaluate.gap").joinpath("data", "register.toml").read_text("utf-8")
    return declared(Reading, read_toml(text, file), file)


@dataclass(frozen=True)
class Location:
    """A registered place.

    Attributes:
        id, provider: ids of the regulator.
        types: ids of its types of service; of the types with beds only the first.
        client_group: whose beds a home's are; ``unknown`` where the file does not say.
        mixed: whether it serves more than one of the client groups that are told apart.
        beds: None where the file does not say; 0 is 0.
        district: catalogue id, and ``placed_by`` how it is known.
        rating: catalogue id of its overall rating; ``rated_on`` the day it was published.
        inherited: whether the rating was given under an earlier registration.
    """

    id: str
    provider: str
    types: tuple[str, ...]
    client_group: str
    mixed: bool
    beds: int | None
    district: str
    placed_by: str
    rating: str
    rated_on: date | None
    inherited: bool


@dataclass(frozen=True)
class Register:
    """The register of one council's area.

    Attributes:
        as_of: the day of the file; ``edition`` its name.
        left_out: why places of the file are not counted -> how many.
        unread: types of service and bands that careshape does not know -> how many places have them.
        untested: no real file of this layout was at hand when its reader was written.
        has_types: whether the file says types and beds, or ratings only.
    """

    authority: str
    source: str
    title: str
    publisher: str
    edition: str
    as_of: date
    attribution: str
    locations: tuple[Location, ...]
    left_out: Mapping[str, int]
    unread: Mapping[str, int]
    untested: bool
    has_types: bool

    @property
    def name(self) -> str:
        """The file in words, with its day."""
        return f"{self.publisher}: {self.title}, {self.as_of.day} {self.as_of:%B %Y}"

    def years_old(self, location: Location) -> float | None:
        """Years between the publication of a rating and the day of the file; None where it has none."""
        return None if location.rated_on is None else max(0.0, (self.as_of - location.rated_on).days / 365.25)


def read_register(home: Home, authority: str) -> Register | None:
    """The register of a council's area by the newest files that are kept; None where none is, or it holds nobody.

    A rating is taken from whichever of the two files published the newer one.
    """
    directory = kept_rows(home, DIRECTORY, authority)
    ratings = kept_rows(home, RATINGS, authority)
    if ratings is not None:
        ratings = ratings.where(domain="Overall", group="Overall")
    base = directory if directory is not None else ratings
    if base is None or not base.table.num_rows:
        return None
    rows, left_out = _counted(base.rows())
    newer = {row["location_id"]: row for row in ratings.rows()} if directory is not None and ratings else {}
    places = place(authority, rows)
    unread: Counter[str] = Counter()
    locations = tuple(
        _location(row, district, newer.get(row["location_id"]), unread)
        for row, district in zip(rows, places, strict=True)
    )
    manifest = base.manifest
    return Register(
        authority, base.source, manifest.title, manifest.publisher, base.edition, day_of(base), manifest.attribution,
        locations, left_out, dict(unread), any(one.untested for one in manifest.files), base.source == DIRECTORY,
    )  # fmt: skip


@dataclass(frozen=True)
class Ended:
    """Registrations of care homes that ended in a calendar year: homes, and the beds they had on that day.

    A home that changes hands ends and begins again, so that an end is not always a closure.
    """

    year: int
    homes: int
    beds: int
    source: str

    def row(self) -> dict[str, Any]:
        """As a row for a table or a download."""
        return {"year": self.year, "homes": self.homes, "beds": self.beds, "source": self.source}


def read_ended(home: Home, authority: str) -> list[Ended]:
    """Registrations of care homes that ended, by year, from the newest file of de-activated locations that is kept."""
    kept = kept_rows(home, ENDED, authority)
    if kept is None:
        return []
    day = day_of(kept)
    source = say(
        "{publisher}: {title}, up to {day}",
        publisher=kept.manifest.publisher,
        title=kept.manifest.title,
        day=in_words(day),
    )
    years: dict[int, list[int]] = {}
    for row in kept.rows(care_home=True):
        if row["end"] is not None:
            years.setdefault(row["end"].year, []).append(row["beds"] or 0)
    return [Ended(year, len(beds), sum(beds), source) for year, beds in sorted(years.items())]


def kept_rows(home: Home, source: str, authority: str) -> Statistic | None:
    """The rows of a council in the newest edition that is kept; None where there is none."""
    if not editions(home, source):
        return None
    found = statistic(home, source)
    authorities = catalogue().lists["authority"]
    names = [name for name in pc.unique(found.table["authority_name"]).to_pylist() if name]
    meant = [name for name in names if (entry := authorities.find(name)) is not None and entry.id == authority]
    return found.where(authority_name=meant)


def day_of(kept: Statistic) -> date:
    """The day of a file: the first of the month that names it, or the day of its newest rating."""
    parts = kept.edition.split("-")
    if kept.source == DIRECTORY and len(parts) == 2 and all(part.isdigit() for part in parts):
        return date(int(parts[0]), int(parts[1]), 1)
    if kept.manifest.last:
        return date.fromisoformat(kept.manifest.last)
    return kept.manifest.added_at.date()


def _counted(rows: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The places that are counted, and how many are not and why."""
    left_out: Counter[str] = Counter()
    ids = {row["location_id"] for row in rows}
    kept = []
    for row in rows:
        first = row.get("primary_id") or ""
        if row.get("dormant"):
            left_out[DORMANT] += 1
        elif first != row["location_id"] and first in ids:
            left_out[TWICE] += 1
        else:
            kept.append(row)
    return kept, dict(left_out)


def _location(
    row: Mapping[str, Any], placed: tuple[str, str], newer: Mapping[str, Any] | None, unread: Counter[str]
) -> Location:
    rated = row
    if newer is not None and newer["published"] and (not row["published"] or newer["published"] > row["published"]):
        rated = newer
    group, mixed = _group(row, unread)
    return Location(
        id=row["location_id"], provider=row["provider_id"], types=_types(row, unread), client_group=group, mixed=mixed,
        beds=row.get("beds"), district=placed[0], placed_by=placed[1], rating=_rating(rated["rating"]),
        rated_on=rated["published"], inherited=bool(rated["inherited"]),
    )  # fmt: skip


def _types(row: Mapping[str, Any], unread: Counter[str]) -> tuple[str, ...]:
    types = reading().type
    if "service_types" not in row:
        kind = "care-home" if row["care_home"] else "community"
        return tuple(one.id for one in types if one.without_types == kind)
    names = {normalise(name): name for name in (row["service_types"] or "").split("; ") if name}
    found = [one for one in types if any(normalise(name) in names for name in one.named)]
    taken = {normalise(name) for one in found for name in one.named}
    unread.update(name for key, name in names.items() if key not in taken)
    homes = [one.id for one in found if one.beds]
    return (*homes[:1], *(one.id for one in found if not one.beds))


def _group(row: Mapping[str, Any], unread: Counter[str]) -> tuple[str, bool]:
    """Whose beds a home's are, and whether it serves others of the groups too."""
    names = {normalise(name): name for name in (row.get("user_bands") or "").split("; ") if name}
    groups = {one.id: {normalise(name) for name in one.bands} for one in reading().group}
    unread.update(name for key, name in names.items() if not any(key in bands for bands in groups.values()))
    served = [id_ for id_, bands in groups.items() if bands & set(names)]
    return (served[0] if served else UNKNOWN), len(served) > 1


def _rating(text: str | None) -> str:
    found = catalogue().lists["cqc_rating"].find(text or "")
    return found.id if found is not None and found.id in RATED else NOT_RATED
