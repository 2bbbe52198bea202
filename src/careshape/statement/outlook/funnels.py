"""Funnels on the page of costs: each figure with counts behind it, against the size of the councils."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np

from careshape.evaluate.cost import Benchmark
from careshape.evaluate.cost.benchmark import Row, number
from careshape.evaluate.cost.funnel import Funnel
from careshape.language import say
from careshape.statement.downloads import PUBLISHED
from careshape.statement.formatting import Value, written
from careshape.statement.outlook.report import Section, numeric
from careshape.statement.pictures import FunnelLimits, FunnelPicture, FunnelPoint, draw_funnel
from careshape.statement.tables import Column, simple

CORNERS: Final = 60
"""At how many sizes the lines of the limits are worked out."""


def funnels(found: Sequence[Benchmark]) -> list[Section]:
    """A section for each figure that has limits: its picture, and beside it the table, the council first."""
    return [section for one in found if (section := _funnel(one)) is not None]


def price(value: Any, unit: str) -> str:
    """A figure in its unit; "not known" where there is none."""
    return "not known" if value in (None, "") else written(Decimal(str(value)), unit).removesuffix(" a week")


def _funnel(one: Benchmark) -> Section | None:
    drawn = [(row, point) for row in one.areas if (point := _point(one, row)) is not None]
    if one.target is None or one.funnel is None or not any(point.own for _, point in drawn):
        return None
    drawn.sort(key=lambda pair: (not pair[1].own, pair[1].name))
    columns = (
        Column("Area", "area"),
        numeric("People it is about", "people"),
        numeric("Figure", "value"),
        Column("95% limits", "limits_95"),
        Column("99.8% limits", "limits_998"),
        Column("Against the limits", "position"),
    )
    unit, points = one.indicator.unit, [point for _, point in drawn]
    name = f"funnel-{one.indicator.id}"
    title = say("{figure}, {year}, by size of council", figure=one.indicator.label, year=one.year)
    rows = [_cells(one, row, point) for row, point in drawn]
    outside = sum(point.outside for point in points)
    curve = _curve(one.funnel, one.indicator.per, points)
    chart = draw_funnel(FunnelPicture(name, title, unit, one.target, points, curve))
    said = say(
        "Of {points} councils {outside} lie outside the 99.8% limits, which allow for chance and for "
        "how far councils usually differ. The council lies {position}.",
        points=len(points),
        outside=outside,
        position=_where(one.own.position),
    )
    return Section(
        name, "By size of council", (said,), chart,
        simple(name, title, columns, rows, [_record(one, row, point) for row, point in drawn]),
        folded=True, records=PUBLISHED, page=one.indicator.id,
    )  # fmt: skip


def _where(position: str) -> str:
    return "inside the 95% limits" if position == "inside" else position


def _curve(funnel: Funnel, per: int, points: Sequence[FunnelPoint]) -> list[FunnelLimits]:
    """The limits from the smallest council to the largest, closest together where they turn."""
    least, most = min(one.size for one in points), max(one.size for one in points)
    sizes = np.geomspace(least, most, CORNERS) if most > least else np.array([least])
    (low95, high95), (low998, high998) = (funnel.at(sizes)[name] for name in ("95", "99.8"))
    found = np.stack([low998, low95, high95, high998], axis=1) * per
    return [FunnelLimits(float(size), *map(float, row)) for size, row in zip(sizes, found, strict=True)]


def _point(one: Benchmark, row: Row) -> FunnelPoint | None:
    """A council with its limits; None for an area without."""
    figure = row.figure
    if row.limits is None or figure.value is None or not figure.denominator:
        return None
    (low95, high95), (low998, high998) = row.limits["95"], row.limits["99.8"]
    said = price(number(figure.value, one.indicator.decimals), one.indicator.unit)
    limits = FunnelLimits(figure.denominator, low998, low95, high95, high998)
    return FunnelPoint(figure.name, figure.value, said, limits, row.kind == "own")


def _cells(one: Benchmark, row: Row, point: FunnelPoint) -> tuple[Value, ...]:
    places, unit, limits = one.indicator.decimals, one.indicator.unit, point.limits
    inner, outer = (
        f"{price(number(low, places), unit)} to {price(number(high, places), unit)}"
        for low, high in ((limits.lower_95, limits.upper_95), (limits.lower_998, limits.upper_998))
    )
    return point.name, round(point.size), point.text, inner, outer, row.position


def _record(one: Benchmark, row: Row, point: FunnelPoint) -> dict[str, Any]:
    names = ("lower_998", "lower_95", "upper_95", "upper_998")
    return (
        {"area": point.name, "people": round(point.size), "value": number(point.value, one.indicator.decimals)}
        | {name: number(getattr(point.limits, name), one.indicator.decimals) for name in names}
        | {"position": row.position, "target": number(one.target, one.indicator.decimals)}
        | {"indicator": one.indicator.id, "year": one.year, "unit": one.indicator.unit}
        | {"method": one.method, "source": one.source, "caveat": one.caveat}
    )
