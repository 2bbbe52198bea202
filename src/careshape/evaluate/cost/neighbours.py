"""Nearest neighbours: the council's own list, or a documented open method computed from loaded statistics.

The method is the usual one: standardise each indicator, take the Euclidean distance, rebase so that the farthest is 1.
Which indicators are used, and their weights, is data. How much the list owes to the weights is shown: each neighbour
carries the share of lists, drawn with jittered weights, that it is in.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared, read_toml
from careshape.errors import CallError, InputError
from careshape.evaluate.cost.figures import HasCouncils, own_area
from careshape.records.official import HasStatistics, Manifest, Statistic, editions, find_source, statistic

Floats = NDArray[np.float64]
JITTER = 0.22
"""Coefficient of variation of the weights in the test of stability."""
DRAWS = 1000
LIST = "neighbours.csv"


class Part(BaseModel):
    """One indicator of the method."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    label: str
    kind: Literal["log-total", "share", "growth"]
    ages: tuple[int, int] = (0, 120)
    years: int = 10
    weight: float = Field(default=1.0, gt=0)


class Method(BaseModel):
    """Which indicators make two areas alike, and from which source they are taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    description: str
    sources: tuple[str, ...] = Field(min_length=1)
    neighbours: int = Field(default=15, ge=1)
    indicator: tuple[Part, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Neighbour:
    """An area like the council's own.

    Attributes:
        distance: 0 to 1, 1 being the farthest of all councils; None on a list of the council's own.
        stability: share of the lists with jittered weights that it is in; None on a list of the council's own.
    """

    code: str
    name: str
    place: int
    distance: float | None = None
    stability: float | None = None


@dataclass(frozen=True)
class Neighbours:
    """The neighbours in order, and how they were found."""

    rows: tuple[Neighbour, ...]
    method: str
    source: str
    caveat: str

    def as_rows(self) -> list[dict[str, Any]]:
        """One dictionary a neighbour."""
        return [
            {
                "place": one.place,
                "area": one.name,
                "area_code": one.code,
                "distance": None if one.distance is None else round(one.distance, 3),
                "stability": None if one.stability is None else round(one.stability, 2),
                "method": self.method,
                "source": self.source,
            }
            for one in self.rows
        ]


def read_method(path: Path | None = None) -> Method:
    """The packaged method, or a copy that was edited. Raises CatalogueError."""
    place = path or files("careshape.evaluate.cost").joinpath("data/neighbours.toml")
    try:
        text = place.read_text("utf-8")
    except OSError as error:
        raise CallError(f"The method '{path}' cannot be read: {error.strerror}.") from error
    name = getattr(place, "name", "neighbours.toml")
    return declared(Method, read_toml(text, name), name)


def neighbours(home: HasCouncils, authority: str, method: Method | None = None) -> Neighbours:
    """The council's own list if it loaded one (and no method is given), else the open method.

    Raises CallError where there is neither, saying what to load.
    """
    own = home.council_path(authority) / LIST
    if method is None and own.is_file():
        return read_list(own)
    return computed(home, authority, method or read_method())


def load_list(home: HasCouncils, authority: str, path: Path) -> Neighbours:
    """Check a council's own list and keep it with the council. Raises InputError."""
    found = read_list(path)
    target = home.council_path(authority) / LIST
    if not target.parent.is_dir():
        raise CallError(f"There is no council '{authority}' to keep a list for. `careshape new {authority}` makes one.")
    target.write_text(path.read_text("utf-8-sig"), encoding="utf-8")
    return found


def read_list(path: Path) -> Neighbours:
    """A list of areas: CSV with a column area_code or area_name, or both, nearest first. Raises InputError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header = reader.fieldnames or []
            rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"'{path.name}' is not in UTF-8. Save it as CSV UTF-8.") from error
    if not {"area_code", "area_name"} & set(header):
        raise InputError(f"'{path.name}' has no column area_code or area_name. It has {', '.join(header) or 'none'}.")
    named = [(row.get("area_code", ""), row.get("area_name", "")) for row in rows]
    if not named or not all(code or name for code, name in named):
        raise InputError(f"'{path.name}' must name one area on each line below its header.")
    if len(set(named)) < len(named):
        raise InputError(f"'{path.name}' names an area twice. Name each once, nearest first.")
    found = tuple(Neighbour(code, name, place) for place, (code, name) in enumerate(named, start=1))
    return Neighbours(found, "list of the council's own", path.name, "")


def computed(home: HasStatistics, authority: str, method: Method) -> Neighbours:
    """Neighbours by the open method. Raises CallError where no source of it is loaded, or lacks the council."""
    kept = _source(home, method)
    codes, names, values = indicator_table(kept, method)
    own, _ = own_area(authority)
    if own not in codes:
        raise CallError(f"{kept.manifest.title}, edition {kept.edition}, has no area {own}. Load an edition that has.")
    weights = np.array([part.weight for part in method.indicator])
    standard = standardise(values)
    place = codes.index(own)
    distance = distances(standard, weights, place)
    order = [int(one) for one in np.argsort(distance, kind="stable") if one != place][: method.neighbours]
    kept_share = stability(standard, weights, place, method.neighbours)
    rows = tuple(
        Neighbour(codes[one], names[one], rank, float(distance[one]), float(kept_share[one]))
        for rank, one in enumerate(order, start=1)
    )
    source = f"{kept.manifest.title}, edition {kept.edition}; {len(codes)} councils, {len(method.indicator)} indicators"
    return Neighbours(rows, method.title, source, method.description)


def _source(home: HasStatistics, method: Method) -> Statistic:
    for source in method.sources:
        if editions(home, source):
            edition = editions(home, source)[0]
            now = _year_described(statistic(home, source, edition, area_code="").manifest)
            years = sorted({now, *(now - part.years for part in method.indicator if part.kind == "growth")})
            return statistic(home, source, edition, area_level="council", year=years)
    titles = " or ".join(f"'{find_source(one).title}' (`{one}`)" for one in method.sources)
    raise CallError(
        f"Nearest neighbours are worked out from {titles}, and neither is loaded. Download one from the Office for "
        "National Statistics and `careshape data add FILE`; or load the council's own list: `careshape neighbours "
        "--load FILE.csv`."
    )


def _year_described(manifest: Manifest) -> int:
    """The year that describes a place now: the last of estimates, ten years into a projection."""
    first, last = int(manifest.first), int(manifest.last)
    return last if manifest.source != "snpp" else min(first + 10, last)


def indicator_table(kept: Statistic, method: Method) -> tuple[list[str], list[str], Floats]:
    """Codes and names of councils, and their indicators [council, indicator]; councils that lack one are left out."""
    import duckdb

    now = _year_described(kept.manifest)
    columns = ", ".join(_expression(part, now) for part in method.indicator)
    query = f"select area_code, any_value(area_name), {columns} from people group by area_code order by area_code"
    with duckdb.connect() as connection:
        connection.register("people", kept.table)
        found = connection.execute(query).fetchall()
    complete = [row for row in found if all(value is not None for value in row[2:])]
    values = np.array([[float(value) for value in row[2:]] for row in complete])
    return [row[0] for row in complete], [row[1] for row in complete], values


def _expression(part: Part, year: int) -> str:
    low, high = part.ages
    inside = f"sum(value) filter (year = {year} and age between {low} and {high})"
    if part.kind == "log-total":
        return f"ln({inside})"
    if part.kind == "share":
        return f"{inside} / sum(value) filter (year = {year})"
    before = f"sum(value) filter (year = {year - part.years} and age between {low} and {high})"
    return f"{inside} / nullif({before}, 0) - 1"


def standardise(values: Floats) -> Floats:
    """Each column with mean 0 and deviation 1; a column in which all are alike says nothing and becomes 0."""
    spread = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def distances(standard: Floats, weights: Floats, place: int) -> Floats:
    """Distance of every area from the one at ``place``, rebased so that the farthest is 1."""
    raw = np.sqrt((weights * (standard - standard[place]) ** 2).sum(axis=1))
    farthest = raw.max()
    return np.asarray(raw / farthest if farthest > 0 else raw)


def stability(standard: Floats, weights: Floats, place: int, size: int, draws: int = DRAWS, seed: int = 1) -> Floats:
    """For every area, the share of lists of ``size`` that it is in when each weight is jittered (gamma, cv 22%)."""
    generator = np.random.default_rng(seed)
    shape = 1 / JITTER**2
    jittered = weights * generator.gamma(shape, 1 / shape, (draws, len(weights)))
    squared = jittered @ ((standard - standard[place]) ** 2).T
    squared[:, place] = np.inf
    nearest = np.argpartition(squared, min(size, squared.shape[1] - 1) - 1, axis=1)[:, :size]
    return np.asarray(np.bincount(nearest.ravel(), minlength=len(standard)) / draws)


def mean_stability(found: Sequence[Neighbour]) -> float | None:
    """Share of the list that a jitter of the weights keeps, on average; None for a list of the council's own."""
    known = [one.stability for one in found if one.stability is not None]
    return sum(known) / len(known) if known else None
