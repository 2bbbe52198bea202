"""Differences with their intervals: a point and a line for each thing that is compared, about nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final

from careshape.errors import CallError
from careshape.statement.charts import COLOURS, Chart, finish, told
from careshape.statement.formatting import unit_words

_WIDTH: Final = 400
_ROW: Final = 46
_LETTERS: Final = 34


@dataclass(frozen=True)
class Difference:
    """One thing that is compared: its name, the difference, its 80% limits, and how they are written."""

    name: str
    value: float
    lower_80: float
    upper_80: float
    text: str


def draw_differences(id: str, title: str, unit: str, rows: Sequence[Difference]) -> Chart:
    """Draw them one below another, each with its 80% interval as a line, and a line where nothing changes.

    Args:
        id: its name on the page; unique there.
        title: what it shows.
        unit: unit of the values, by catalogue id.
        rows: what is compared, in the order in which it is drawn.

    Raises CallError where there is nothing to compare.
    """
    if not rows:
        raise CallError(f"'{title}' has nothing to compare.")
    return finish(_drawing(unit, rows), id, title, _description(unit, rows))


def _drawing(unit: str, rows: Sequence[Difference]) -> Any:
    import altair as alt

    data = alt.InlineData(
        values=[
            {"name": "\n".join(wrap(one.name, _LETTERS)), "value": one.value, "low": one.lower_80, "high": one.upper_80,
             "text": one.text, "told": told(one.name, "", one.text)}
            for one in rows
        ]
    )  # fmt: skip
    order = ["\n".join(wrap(one.name, _LETTERS)) for one in rows]
    labels = alt.Axis(labelExpr=r"split(datum.label, '\n')", labelLimit=260, ticks=False, domain=False, labelPadding=8)
    y = alt.Y("name:N", sort=order, title=None, axis=labels)
    words = unit_words(unit)
    big = max(abs(limit) for one in rows for limit in (one.lower_80, one.upper_80)) >= 1_000_000
    sign, size, letters = ("£" if unit.startswith("gbp") else ""), (1_000_000 if big else 1), ("m" if big else "")
    label = f"(datum.value < 0 ? '\u2212' : '') + '{sign}' + format(abs(datum.value) / {size}, ',.2~f') + '{letters}'"
    axis = alt.Axis(labelExpr=label, tickCount=5, labelOverlap=True, titlePadding=12)
    title = words[:1].upper() + words[1:]
    base = alt.Chart(data).encode(y=y)
    lines = base.mark_rule(strokeWidth=3, color=COLOURS[0]).encode(
        x=alt.X("low:Q", title=title, axis=axis), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=90, opacity=1, color=COLOURS[0]).encode(
        x=alt.X("value:Q", title=title), description=alt.Description("told:N")
    )
    texts = base.mark_text(dy=-14, fontSize=12).encode(x=alt.X("value:Q", title=title), text="text:N")
    none = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(color="#3D3D3D", strokeDash=[4, 4]).encode(x="at:Q")
    return alt.layer(none, lines, points, texts).properties(width=_WIDTH, height=_ROW * len(rows))


def _description(unit: str, rows: Sequence[Difference]) -> str:
    most, least = max(rows, key=lambda one: one.value), min(rows, key=lambda one: one.value)
    text = f"Chart of {len(rows)} differences with their 80% intervals, in {unit_words(unit)}. "
    if len(rows) > 1:
        text += f"The greatest is {most.text} ({most.name}), the least {least.text} ({least.name}). "
    return text + "The table holds every value."
