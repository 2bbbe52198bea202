"""The course of one figure over years, where nobody knows how far off it may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from careshape.errors import CallError
from careshape.statement.charts import COLOURS, Chart, finish, told
from careshape.statement.formatting import unit_words, written

_WIDTH, _HEIGHT = 640, 260
_LABEL: Final = "format(datum.value, ',.2~f')"


def draw_course(id: str, title: str, unit: str, points: Sequence[tuple[int, float]]) -> Chart:
    """Draw it as one dashed line from nought, without a band.

    Args:
        id: its name on the page; unique there.
        title: what it shows.
        unit: unit of the values, by catalogue id.
        points: years and values, oldest first.

    Raises CallError where there is nothing to draw.
    """
    if not points:
        raise CallError(f"'{title}' has no year to draw.")
    (first, begin), (last, end) = points[0], points[-1]
    description = (
        f"Line chart in {unit_words(unit)}. {written(round(begin), unit)} in {first}, {written(round(end), unit)} in "
        f"{last}. No interval is known. The table holds every value."
    )
    return finish(_drawing(unit, points), id, title, description)


def _drawing(unit: str, points: Sequence[tuple[int, float]]) -> Any:
    import altair as alt

    words = unit_words(unit)
    values = [
        {
            "day": f"{year}-06-30T00:00:00",
            "value": value,
            "told": told(str(year), "", written(round(value), unit)),
        }
        for year, value in points
    ]
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", labelOverlap=True, grid=False))
    y = alt.Y(
        "value:Q",
        title=words[:1].upper() + words[1:],
        axis=alt.Axis(labelExpr=_LABEL, tickCount=6, titlePadding=12, labelPadding=6),
        scale=alt.Scale(zero=True, nice=True),
    )
    base = alt.Chart(alt.InlineData(values=values)).encode(x=x, y=y)
    line = base.mark_line(strokeWidth=2.5, strokeDash=[6, 4], color=COLOURS[0])
    # Nothing is seen of these: they are what the script walks along.
    walk = base.mark_point(size=60, opacity=0).encode(description=alt.Description("told:N"))
    return alt.layer(line, walk).properties(width=_WIDTH, height=_HEIGHT)
