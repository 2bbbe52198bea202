"""What the regulator's kept files say of the locations of the register, read once an edition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from careshape.home import Home
from careshape.market.files import RegulatorFile
from careshape.market.following import follow
from careshape.market.kept import kept_file
from careshape.market.ratings import DIRECTORY, RATINGS, Rated, rated
from careshape.market.registrations import ENDED, registrations
from careshape.records.official import editions

_SOURCES: Final = (DIRECTORY, RATINGS, ENDED)


@dataclass(frozen=True)
class Kept:
    """The newest files of the regulator for a council's area.

    Attributes:
        rated: location id -> the location with its ratings; of those that are registered.
        rows: location id -> its row of the directory, or of the ratings where no directory is kept.
        of_provider: provider id -> its location ids.
        goes_on_as: id of a registration that ended -> the one that the same home has now.
        as_of: the day of the newest file, and ``title`` what it is; None and empty where nothing is kept.
    """

    rated: Mapping[str, Rated]
    rows: Mapping[str, Mapping[str, Any]]
    of_provider: Mapping[str, tuple[str, ...]]
    goes_on_as: Mapping[str, str]
    as_of: date | None
    title: str

    def now(self, location_id: str) -> str:
        """The registration under which a home goes on today: its own, or that which followed it."""
        return self.goes_on_as.get(location_id, location_id)


def kept_of(council: str) -> Kept:
    """What is kept for a council's area; with nothing in it where nothing is kept."""
    home = Home(settings.CARESHAPE_DIR)
    return _kept(home.path, council, tuple(tuple(editions(home, source)[:1]) for source in _SOURCES))


@lru_cache(maxsize=8)
def _kept(root: Path, council: str, newest: tuple[tuple[str, ...], ...]) -> Kept:
    """newest: the editions that are kept, so that a newer file is read when it comes."""
    home = Home(root)
    directory, ratings, ended = (kept_file(home, source, council) for source in _SOURCES)
    known = [one for one in (directory, ratings) if one is not None]
    if not known:
        return Kept({}, {}, {}, {}, None, "")
    base = known[0]
    rows = {str(row["location_id"]): row for row in base.rows}
    of_provider: dict[str, list[str]] = defaultdict(list)
    for name, row in rows.items():
        if row.get("provider_id"):
            of_provider[str(row["provider_id"])].append(name)
    return Kept(
        {one.id: one for one in rated(known)}, rows, {name: tuple(ids) for name, ids in of_provider.items()},
        _followed(directory, ended), base.as_of, base.title,
    )  # fmt: skip


def _followed(directory: RegulatorFile | None, ended: RegulatorFile | None) -> dict[str, str]:
    """The registration of today of every home that was registered anew, by each earlier id."""
    if directory is None or ended is None:
        return {}
    after = {
        one.ended.id: one.pairs[0].began.id
        for one in follow(registrations([directory, ended]))
        if one.verdict == "same"
    }
    found = {}
    for first in after:
        last, passed = after[first], {first}
        while last in after and last not in passed:
            passed.add(last)
            last = after[last]
        found[first] = last
    return found
