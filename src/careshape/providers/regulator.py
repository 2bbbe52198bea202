"""What the regulator's kept files say of the locations of the register, read once an edition.

A demonstration has synthetic providers, of which no file of the regulator tells: where none is kept, a synthetic one
that stands in the council's folder says how they are rated. It is no file of the regulator, and is called what it is.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
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
from careshape.records.official import editions, find_source

_SOURCES: Final = (DIRECTORY, RATINGS, ENDED)
SYNTHETIC: Final = "regulator/synthetic.csv"
"""In the folder of a demonstration council."""
TITLE: Final = "the synthetic register of the demonstration"
COLUMNS: Final = ("location_id", "location_name", "care_home", "service_types", "rating", "published", "as_of")
"""Of the synthetic file; yes and no are Y and N, and ``as_of`` is the day of the file, the same in every row."""


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
    own = home.council_path(council) / SYNTHETIC
    changed = own.stat().st_mtime_ns if own.is_file() else 0
    return _kept(home.path, council, tuple(tuple(editions(home, source)[:1]) for source in _SOURCES), changed)


def write_synthetic(council: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write the synthetic register of a demonstration into the folder of its council: rows of ``COLUMNS``."""
    path = council / SYNTHETIC
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


@lru_cache(maxsize=8)
def _kept(root: Path, council: str, newest: tuple[tuple[str, ...], ...], changed: int) -> Kept:
    """newest: the editions that are kept, and ``changed`` when the synthetic file was: a newer one is read."""
    home = Home(root)
    directory, ratings, ended = (kept_file(home, source, council) for source in _SOURCES)
    known = [one for one in (directory, ratings) if one is not None]
    if not known and changed:
        known = [_synthetic(home.council_path(council) / SYNTHETIC)]
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


def _synthetic(path: Path) -> RegulatorFile:
    """The synthetic file as one of the regulator's directory."""
    with path.open(encoding="utf-8", newline="") as file:
        raw = list(csv.DictReader(file))
    blank = dict.fromkeys(find_source(DIRECTORY).columns)
    rows = tuple(
        {
            **blank, **{name: one[name] for name in COLUMNS if name in blank}, "row": number,
            "care_home": one["care_home"] == "Y",
            "published": date.fromisoformat(one["published"]) if one["published"] else None,
        }
        for number, one in enumerate(raw, 2)
    )  # fmt: skip
    on = max((date.fromisoformat(one["as_of"]) for one in raw), default=None)
    return RegulatorFile(path.name, DIRECTORY, TITLE, "synthetic", on, "by its edition", False, rows, (), ())


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
