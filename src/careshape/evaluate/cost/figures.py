"""Figures of councils for one indicator and year: from loaded statistics, or from packaged observations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

import pyarrow.parquet as pq

from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.evaluate.cost.indicators import Indicator
from careshape.evaluate.intervals import Z_95
from careshape.records import Observation, Observations, council_observations
from careshape.records.official import MARKERS, HasStatistics, Manifest, editions, find_source, folder_of, statistic


class HasCouncils(HasStatistics, Protocol):
    """What knows where statistics and councils are kept: careshape's `Home` does."""

    def council_path(self, authority: str) -> Path:
        """The folder of one council."""
        ...


@dataclass(frozen=True)
class Figure:
    """What one area published.

    Attributes:
        value: None where there is none; why: then the reason ("kept back", "not available", ...), never 0.
        numerator, denominator, error: where published: counts behind the figure, and its standard error.
        level: council, region or country.
    """

    code: str
    name: str
    level: str
    region: str
    value: float | None
    why: str = ""
    numerator: float | None = None
    denominator: float | None = None
    error: float | None = None


@dataclass(frozen=True)
class Figures:
    """All areas' figures for an indicator in a year and their source; ``before``: those of the year before."""

    year: str
    rows: tuple[Figure, ...]
    before: dict[str, float]
    source: str
    caveats: tuple[str, ...]
    loaded: bool

    @property
    def councils(self) -> tuple[Figure, ...]:
        """The councils, with a figure or without."""
        return tuple(one for one in self.rows if one.level == "council")

    def at(self, code: str, name: str) -> Figure | None:
        """The figure of an area, by its code or, where the source gives none, by its name."""
        return next((one for one in self.rows if one.code == code or (not one.code and one.name == name)), None)


def own_area(authority: str) -> tuple[str, str]:
    """ONS code and name of a council. Raises CallError for one that the catalogue does not hold."""
    cat = catalogue()
    entry = cat.lists["authority"].by_id.get(authority)
    if entry is None or not getattr(entry, "ons_code", ""):
        raise CallError(
            f"The catalogue has no council '{authority}' with a code of the Office for National Statistics."
        )
    return str(entry.ons_code), entry.label


def normal_year(text: str) -> str:
    """2020/21, 2020-21 and 2020-2021 as 2020-21. Raises CallError."""
    fits = re.fullmatch(r"(\d{4})[/-](?:\d\d)?(\d\d)", text.strip())
    if fits is None or (int(fits[1]) + 1) % 100 != int(fits[2]):
        raise CallError(f"'{text}' is not a financial year. Write it as 2020/21.")
    return f"{fits[1]}-{fits[2]}"


def year_before(year: str) -> str:
    """The financial year before one: 2019-20 before 2020-21. Empty for what is no financial year."""
    if re.fullmatch(r"\d{4}-\d\d", year) is None:
        return ""
    first = int(year[:4])
    return f"{first - 1}-{first % 100:02d}"


def figures(home: HasCouncils, authority: str, indicator: Indicator, year: str | None = None) -> Figures:
    """The newest figures that there are, or those of ``year``: loaded ones first, then packaged observations.

    Raises CallError where neither holds any, saying what to load.
    """
    wanted = normal_year(year) if year else None
    for edition in editions(home, indicator.source):
        found = _official(home, indicator, edition, wanted)
        if found is not None:
            return found
    packaged = _packaged(home, authority, indicator, wanted)
    if packaged is not None:
        return packaged
    source = find_source(indicator.source)
    when = f" for {wanted}" if wanted else ""
    if wanted and (there := _years_there(home, authority, indicator)):
        raise CallError(
            f"No figures for '{indicator.id}' for {wanted} are at hand. There are those of {', '.join(there)}; others "
            f"are in {source.title} of {source.publisher}, which `careshape data add FILE` takes."
        )
    raise CallError(
        f"No figures for '{indicator.id}'{when} are loaded. They are in: {source.title}. Download the file from "
        f"{source.publisher} and `careshape data add FILE`."
    )


def _years_there(home: HasCouncils, authority: str, indicator: Indicator) -> list[str]:
    """The financial years of which there are figures, the newest first."""
    found = {_year(row.period.label) for row in _printed(home, authority, indicator)}
    where = indicator.where | ({"measure": indicator.code} if indicator.code else {})
    for edition in editions(home, indicator.source):
        rows = statistic(home, indicator.source, edition, **where).rows()
        found |= {row["year"] for row in rows if row["value"] is not None and indicator.holds_in(row["year"])}
    return sorted(found, reverse=True)


def _official(home: HasCouncils, indicator: Indicator, edition: str, wanted: str | None) -> Figures | None:
    kinds = {"kind": ["outcome", "numerator", "denominator", "margin-of-error"]} if indicator.code else {}
    where = indicator.where | ({"measure": indicator.code} if indicator.code else {})
    kept = statistic(home, indicator.source, edition, **where, **kinds)
    rows = kept.rows()
    years = sorted({row["year"] for row in rows if row["value"] is not None}, reverse=True)
    years = [one for one in years if indicator.holds_in(one)]
    year = wanted if wanted else (years[0] if years else None)
    if year is None or year not in years:
        return None
    level = ("council", "region", "country")
    now = [row for row in rows if row["year"] == year and row["area_level"] in level]
    found = _assemble(indicator, now, regions(home))
    earlier = year_before(year) if year_before(year) in years else None
    before = {
        row["area_code"]: float(row["value"])
        for row in rows
        if earlier and row["year"] == earlier and row.get("kind", "outcome") == "outcome" and row["value"]
    }
    manifest: Manifest = kept.manifest
    return Figures(year, found, before, f"{manifest.title}, edition {edition}", kept.caveats, True)


def _assemble(indicator: Indicator, rows: list[dict[str, object]], region_of: dict[str, str]) -> tuple[Figure, ...]:
    """One figure an area, from the rows of its outcome, numerator, denominator and margin."""
    areas: dict[tuple[str, str], dict[str, dict[str, object]]] = {}
    for row in rows:
        kind = str(row.get("kind", "outcome"))
        areas.setdefault((str(row["area_code"]), str(row["area_name"])), {})[kind] = row
    return tuple(_figure(indicator, code, name, kinds, region_of) for (code, name), kinds in areas.items())


def _figure(
    indicator: Indicator, code: str, name: str, kinds: dict[str, dict[str, object]], region_of: dict[str, str]
) -> Figure:
    def number(kind: str) -> float | None:
        value = kinds.get(kind, {}).get("value")
        return None if value is None else float(value)  # type: ignore[arg-type]

    outcome = kinds.get("outcome") or next(iter(kinds.values()))
    value, marker = number("outcome"), str(outcome.get("marker") or "")
    why = MARKERS.get(marker, "not available") if value is None else ""
    why = "not available" if why == "blank" else why
    if value == 0 and indicator.zero:
        value, why = None, indicator.zero
    margin = number("margin-of-error")
    return Figure(
        code,
        name,
        str(outcome["area_level"]),
        str(outcome.get("region_name") or region_of.get(code, "")),
        value,
        why,
        number("numerator"),
        number("denominator"),
        None if margin is None else margin / Z_95,
    )


def regions(home: HasStatistics) -> dict[str, str]:
    """Area code -> region, from any loaded source that says so."""
    found: dict[str, str] = {}
    for source in ("asc-fr-t52", "asc-fr-t51", "oflog-adult-social-care"):
        for edition in editions(home, source):
            folder = folder_of(home, source, edition)
            found |= _regions_of(folder, (folder / "data.parquet").stat().st_mtime_ns)
    return found


@lru_cache(maxsize=64)
def _regions_of(folder: Path, _written: int) -> dict[str, str]:
    """The regions that one edition names; read again when the file was written anew."""
    table = pq.read_table(folder / "data.parquet", columns=["area_code", "region_name"])
    pairs = table.group_by(["area_code", "region_name"]).aggregate([])
    return {row["area_code"]: row["region_name"] for row in pairs.to_pylist() if row["region_name"]}


def _printed(home: HasCouncils, authority: str, indicator: Indicator) -> list[Observation]:
    """The observations of an indicator that name several areas."""
    if not indicator.observation:
        return []
    return [
        row for row in _matching(_observations(home, authority), indicator.observation) if row.dims.get("area_type")
    ]


def _packaged(home: HasCouncils, authority: str, indicator: Indicator, wanted: str | None) -> Figures | None:
    """The same indicator from observations that name several areas."""
    rows = _printed(home, authority, indicator)
    years = sorted({_year(row.period.label) for row in rows}, reverse=True)
    year = wanted if wanted in years else years[0] if years and not wanted else None
    if year is None:
        return None
    levels = {"local-authority": "council", "region": "region", "country": "country"}
    found = tuple(
        Figure("", str(row.dims["area"]), levels.get(str(row.dims["area_type"]), "other"), "", float(row.value))
        for row in rows
        if _year(row.period.label) == year
    )
    caveat = "Only the areas that the council printed beside its own figure; whole pounds where the source is so."
    return Figures(year, found, {}, rows[0].source, (caveat,), False)


def _observations(home: HasCouncils, authority: str) -> Observations:
    return council_observations(authority, home.council_path(authority) / "observations")


def _matching(rows: Observations, wanted: dict[str, str]) -> list[Observation]:
    return [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]


@cache
def _year(label: str) -> str:
    return label.replace("/", "-")


@dataclass(frozen=True)
class Published:
    """A comparison as a council printed it: its own figure, and of each group rank, of (how many), average and ends."""

    year: str
    value: float
    groups: tuple[dict[str, object], ...]
    source: str


def published(home: HasCouncils, authority: str, indicator: Indicator) -> Published | None:
    """The comparison that the council's own statement printed, where it is packaged; None if there is none."""
    if not indicator.summary:
        return None
    rows = _matching(_observations(home, authority), indicator.summary)
    own = [row for row in rows if not row.dims.get("statistic")]
    summary = [row for row in rows if row.dims.get("statistic")]
    if not own or not summary:
        return None
    groups: dict[str, dict[str, object]] = {}
    for row in summary:
        group = groups.setdefault(str(row.dims["comparator_group"]), {"group": row.dims["comparator_group"]})
        printed = str(row.dims["statistic"])
        group[indicator.statistics.get(printed, printed)] = row.value
    ranked = tuple(one for one in groups.values() if {"rank", "of"} <= set(one))
    return Published(_year(own[0].period.label), float(own[0].value), ranked, summary[0].source) if ranked else None
