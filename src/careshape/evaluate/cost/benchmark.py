"""A council's figure beside others': rank with ties, funnel limits, an interval for the rank, and the caveat.

There is no league table: areas come by band and name, each rank with the interval in which it truly lies. A figure that
was kept back stays so and is not ranked. See docs/explanation/benchmarking.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from careshape.errors import CallError
from careshape.evaluate.cost import uncertain_ranks as uncertain
from careshape.evaluate.cost.comparators import Group, choose
from careshape.evaluate.cost.figures import Figure, Figures, HasCouncils, figures, normal_year, own_area, published
from careshape.evaluate.cost.funnel import Funnel, funnel
from careshape.evaluate.cost.indicators import FRAMEWORK, Indicator, find_indicator
from careshape.evaluate.cost.ranks import Standing, meaning_of_first, ordinal, standings
from careshape.language import numeral, say

COLUMNS = (
    "area",
    "kind",
    "value",
    "unit",
    "standing",
    "rank",
    "of",
    "joint",
    "rank_low",
    "rank_high",
    "quarter",
    "band",
    "lower_95",
    "upper_95",
    "lower_998",
    "upper_998",
    "position",
    "average",
    "average_is",
    "minimum",
    "maximum",
    "target",
    "target_is",
    "indicator",
    "year",
    "framework_year",
    "group",
    "good",
    "rank_1_is",
    "method",
    "source",
    "caveat",
)
SEED = 1


@dataclass(frozen=True)
class Row:
    """One area: its figure, standing, limits and rank interval, each None where it cannot be said."""

    figure: Figure
    kind: str
    standing: Standing | None = None
    interval: uncertain.RankInterval | None = None
    limits: dict[str, tuple[float, float]] | None = None

    @property
    def position(self) -> str:
        """Where the figure lies against the limits: inside, or above or below the 95% or 99.8% ones."""
        if self.limits is None or self.figure.value is None:
            return ""
        for name in ("99.8", "95"):
            low, high = self.limits[name]
            if self.figure.value < low:
                return say("below the {name}% limit", name=name)
            if self.figure.value > high:
                return say("above the {name}% limit", name=name)
        return "inside"


@dataclass(frozen=True)
class Benchmark:
    """A council's figure beside those of a group.

    Attributes:
        areas: the council first, then comparators by band and name, then region and country, which are not ranked.
        summaries: groups of which only rank, count, mean and ends were printed.
        missing: comparators that were asked for and have no figure here; method: how limits and intervals were made.
        target: the figure about which the funnel's limits stand, of all councils together; None without a funnel.
        funnel: the limits, for any size of council, as figures of one of ``indicator.per``; None where there are none.
    """

    indicator: Indicator
    authority: str
    year: str
    group: str
    areas: tuple[Row, ...]
    summaries: tuple[dict[str, Any], ...]
    missing: tuple[str, ...]
    method: str
    source: str
    caveat: str
    target: float | None = None
    funnel: Funnel | None = None

    @property
    def own(self) -> Row:
        """The council's own row."""
        return self.areas[0]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One dictionary an area, under ``COLUMNS``; money and rates as decimals with the indicator's places."""
        shared = {
            "indicator": self.indicator.id,
            "year": self.year,
            "framework_year": self.year if self.indicator.source == FRAMEWORK else "",
            "unit": self.indicator.unit,
            "good": self.indicator.good,
            "rank_1_is": meaning_of_first(self.indicator.good),
            "source": self.source,
            "caveat": self.caveat,
        }
        return [self._row(one) | shared for one in self.areas] + [self._summary(one) | shared for one in self.summaries]

    def _row(self, one: Row) -> dict[str, Any]:
        places = self.indicator.decimals
        group = [row.figure.value for row in self.areas if row.kind != "reference" and row.figure.value is not None]
        others = [row.figure.value for row in self.areas if row.kind == "comparator" and row.figure.value is not None]
        limits = one.limits or {}
        (low95, high95), (low998, high998) = limits.get("95", (None, None)), limits.get("99.8", (None, None))
        return {
            "area": one.figure.name,
            "kind": one.kind,
            "value": number(one.figure.value, places),
            "standing": one.standing.text if one.standing else one.figure.why or "not ranked",
            "rank": one.standing.rank if one.standing else None,
            "of": one.standing.of if one.standing else None,
            "joint": one.standing.joint if one.standing else None,
            "rank_low": one.interval.low if one.interval else None,
            "rank_high": one.interval.high if one.interval else None,
            "quarter": one.standing.quarter if one.standing else None,
            "band": one.interval.band(self.indicator.good) if one.interval else "",
            "lower_95": number(low95, places),
            "upper_95": number(high95, places),
            "lower_998": number(low998, places),
            "upper_998": number(high998, places),
            "position": one.position,
            "average": number(sum(others) / len(others) if others else None, places),
            "average_is": say(
                "unweighted mean of the {many} comparators' figures, the council's own left out", many=len(others)
            ),
            "minimum": number(min(group, default=None), places),
            "maximum": number(max(group, default=None), places),
            "target": number(self.target, places),
            "target_is": "pooled: all councils' counts over all their bases" if self.target is not None else "",
            "group": self.group,
            "method": self.method,
        }

    def _summary(self, one: dict[str, Any]) -> dict[str, Any]:
        rank, of = int(one["rank"]), int(one["of"])
        return {
            "area": self.own.figure.name,
            "kind": "as published",
            "value": number(self.own.figure.value, self.indicator.decimals),
            "standing": Standing(rank, of, 1).text,
            "rank": rank,
            "of": of,
            "joint": None,
            "quarter": Standing(rank, of, 1).quarter,
            "band": "",
            "position": "",
            "average": one.get("average"),
            "average_is": "as the council printed it",
            "minimum": one.get("minimum"),
            "maximum": one.get("maximum"),
            "group": one["group"],
            "method": "rank and ends as the council printed them; ties and limits are not known",
        }

    def sentence(self) -> str:
        """What can be said of the council, in one or two sentences."""
        own, name = self.own, self.own.figure.name
        if own.figure.value is None:
            return say("{name} has no figure for {year}: {why}.", name=name, year=self.year, why=own.figure.why)
        said = f"{name}: {number(own.figure.value, self.indicator.decimals)} {self.indicator.unit} in {self.year}"
        if own.standing:
            said += say(
                ", {standing} {group} (1 is the {good})",
                standing=own.standing.text,
                group=self.group,
                good=meaning_of_first(self.indicator.good),
            )
        if own.interval:
            low, high, band = own.interval.low, own.interval.high, own.interval.band(self.indicator.good)
            said += say("; its rank lies between {low} and {high}, {band}", low=low, high=high, band=band)
        if own.position:
            said += (
                say("; inside the funnel")
                if own.position == "inside"
                else say("; {position} of the funnel", position=own.position)
            )
        for one in self.summaries:
            said += say(
                "; {rank} of {many} in {group}, as published",
                rank=ordinal(int(one["rank"])),
                many=int(one["of"]),
                group=one["group"],
            )
        return f"{said}."


def number(value: float | None, places: int) -> Decimal | None:
    """A figure as a decimal with ``places`` places."""
    return None if value is None else Decimal(f"{value:.{places}f}")


def benchmark(
    home: HasCouncils,
    authority: str,
    measure: str | Indicator,
    *,
    comparators: str | Path | None = None,
    year: str | None = None,
    draws: int = uncertain.DRAWS,
    seed: int = SEED,
) -> Benchmark:
    """Set a council's published figure beside others'.

    Args:
        measure: id of an indicator (``indicators()``), or a code with its framework year: ascof:2020-21:1F.
        comparators: "england" (default where statistics are loaded), "region", "type", "neighbours", "published"
            (default where they are not), or the path of a CSV list. year: 2020/21; the newest by default.
        draws, seed: of the rank intervals.

    Raises:
        CallError: no such indicator, or nothing to compare with; the message says what to load.
    """
    indicator = measure if isinstance(measure, Indicator) else find_indicator(measure)
    _check_year(indicator, year)
    code, name = own_area(authority)
    try:
        found = figures(home, authority, indicator, year)
    except CallError:
        printed = published(home, authority, indicator)
        if printed is None or (year and normal_year(year) != printed.year) or comparators not in (None, "published"):
            raise
        own = Figure(code, name, "council", "", printed.value)
        rows = (Row(own, "own"),)
        return Benchmark(
            indicator,
            authority,
            printed.year,
            "",
            rows,
            printed.groups,
            (),
            "as published",
            printed.source,
            indicator.caveat,
        )
    own_figure = found.at(code, name)
    if own_figure is None:
        raise CallError(f"{found.source} has no figure for {name} ({code}).")
    group = choose(home, authority, found, own_figure, comparators or ("england" if found.loaded else "published"))
    return _compare(indicator, authority, found, own_figure, group, draws, seed)


def _check_year(indicator: Indicator, year: str | None) -> None:
    """Refuse to compare a code of the framework with a year in which it means something else."""
    if year and indicator.years and not indicator.holds_in(normal_year(year)):
        raise CallError(
            f"'{indicator.id}' is the framework's code {indicator.code} of {' to '.join(indicator.years)}; in "
            f"{normal_year(year)} that code means something else. Ask for ascof:{normal_year(year)}:CODE instead."
        )


def _compare(
    indicator: Indicator, authority: str, found: Figures, own: Figure, group: Group, draws: int, seed: int
) -> Benchmark:
    members = group.members
    places = standings([one.value for one in members], indicator.good, indicator.decimals)
    limits, drawn_funnel = _limits(indicator, found)
    intervals, how = _intervals(indicator, found, members, draws, seed)
    rows = [
        Row(one, "own" if one is own else "comparator", place, intervals.get(one), limits.get(one))
        for one, place in zip(members, places, strict=True)
    ]
    rows.sort(key=lambda row: (row.kind != "own", _band_order(row, indicator), row.figure.name))
    wanted = (
        {own.region, "England"} if found.loaded else {one.region for one in members} | {one.name for one in found.rows}
    )
    reference = [Row(one, "reference") for one in found.rows if one.level != "council" and one.name in wanted]
    funnel_words = drawn_funnel.summary() if drawn_funnel else _no_funnel(indicator, found)
    method = f"{funnel_words}; {how}"
    caveat = " ".join([indicator.caveat, *found.caveats])
    return Benchmark(
        indicator,
        authority,
        found.year,
        group.label,
        (*rows, *reference),
        (),
        group.missing,
        method,
        found.source,
        caveat,
        drawn_funnel.target * indicator.per if drawn_funnel else None,
        drawn_funnel,
    )


def _band_order(row: Row, indicator: Indicator) -> int:
    """Bands from one end to the other; areas without a figure last."""
    if row.interval is None:
        return 0 if row.standing else 9
    middle = (row.interval.low + row.interval.high) / 2 / row.interval.of
    unclear = row.interval.band(indicator.good).startswith("not")
    return 2 if unclear else 1 if middle < 0.5 else 3


def _counted(indicator: Indicator, rows: tuple[Figure, ...]) -> list[Figure]:
    """The areas whose figure comes with the counts behind it."""
    if indicator.kind not in ("rate", "proportion"):
        return []
    return [one for one in rows if one.value is not None and one.numerator is not None and one.denominator]


def _limits(indicator: Indicator, found: Figures) -> tuple[dict[Figure, dict[str, tuple[float, float]]], Funnel | None]:
    """Funnel limits of every council with counts, drawn about the figure of all councils of the file."""
    counted = _counted(indicator, found.councils)
    if indicator.kind not in ("rate", "proportion") or not counted:
        return {}, None
    above, below = _counts(counted)
    drawn = funnel(indicator.kind, above, below)
    if drawn is None:
        return {}, None
    return {
        one: {
            name: (float(low[i]) * indicator.per, float(high[i]) * indicator.per)
            for name, (low, high) in drawn.limits.items()
        }
        for i, one in enumerate(counted)
    }, drawn


def _counts(rows: list[Figure]) -> tuple[uncertain.Floats, uncertain.Floats]:
    return (
        np.array([one.numerator for one in rows], dtype=np.float64),
        np.array([one.denominator for one in rows], dtype=np.float64),
    )


def _intervals(
    indicator: Indicator, found: Figures, members: tuple[Figure, ...], draws: int, seed: int
) -> tuple[dict[Figure, uncertain.RankInterval], str]:
    """Rank intervals among ``members``; what is learnt of the spread is learnt from all councils of the file."""
    generator = np.random.default_rng(seed)
    everyone = _counted(indicator, found.councils)
    if len(everyone) >= 10 and indicator.kind in ("rate", "proportion"):
        above, below = _counts(everyone)
        drawn = uncertain.draw_counts(indicator.kind, above, below, generator, draws)
        how = "rank interval: gamma-Poisson draws" if indicator.kind == "rate" else "rank interval: beta-binomial draws"
        return _ranked(everyone, drawn, members, indicator), how
    known = [one for one in found.councils if one.value is not None and one.error]
    if len(known) >= 10:
        values, errors = np.array([one.value for one in known]), np.array([one.error for one in known])
        drawn = uncertain.draw_normal(values.astype(float), errors.astype(float), generator, draws)
        return _ranked(
            known, drawn, members, indicator
        ), "rank interval: normal draws from the published margin of error"
    both = [one for one in found.councils if one.value and one.value > 0 and found.before.get(one.code, 0) > 0]
    pair = np.array([[found.before[one.code], float(one.value or 0)] for one in both]).reshape(-1, 2)
    error = uncertain.error_from_change(pair[:, 0], pair[:, 1])
    if error is None:
        return {}, "no rank interval: one year, without counts or margins, does not say how sure a figure is"
    now = [one for one in found.councils if one.value is not None and one.value > 0]
    logs = np.log(np.array([float(one.value or 0) for one in now]))
    drawn = uncertain.draw_normal(logs, np.full(len(now), error), generator, draws)
    return (
        _ranked(now, drawn, members, indicator),
        say(
            "rank interval: normal draws, error of a figure taken from its change on the year before ({error})",
            error=numeral(f"{error:.1%}"),
        ),
    )


def _ranked(
    everyone: list[Figure], drawn: uncertain.Floats, members: tuple[Figure, ...], indicator: Indicator
) -> dict[Figure, uncertain.RankInterval]:
    among = set(members)
    columns = [i for i, one in enumerate(everyone) if one in among]
    found = uncertain.rank_intervals(drawn[:, columns], indicator.good)
    return {everyone[i]: interval for i, interval in zip(columns, found, strict=True)}


def _no_funnel(indicator: Indicator, found: Figures) -> str:
    if not found.loaded:
        return "no funnel: only the figures of a few councils are known"
    if indicator.kind in ("rate", "proportion"):
        return "no funnel: fewer than ten councils have counts"
    return "no funnel: the publisher gives no counts behind these figures"
