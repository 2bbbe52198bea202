"""Fan charts: what was recorded, what is expected, and how far off that may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from typing import Any, Final

from careshape.errors import CallError
from careshape.language import say
from careshape.statement.charts import COLOURS, HELD, Chart, finish, told
from careshape.statement.formatting import month, unit_words, written

RECORDED, EXPECTED, INNER, OUTER = "Recorded", "Expected", "80% interval", "95% interval"
STOP: Final = "{value} expected, 80% interval {low} to {high}, 95% interval {lowest} to {highest}"
COMING: Final = "Expected in {month}: {value}, with an 80% interval from {low} to {high}."
_DARK, _MIDDLE, _LIGHT = COLOURS[0], "#8FA9C4", "#D3DEE9"
_WIDTH, _HEIGHT = 640, 320


@dataclass(frozen=True)
class FanPoint:
    """What is expected on a day: the mean, and the limits of its 80% and 95% intervals."""

    day: date
    value: float
    lower_95: float
    lower_80: float
    upper_80: float
    upper_95: float

    def __post_init__(self) -> None:
        limits = (self.lower_95, self.lower_80, self.upper_80, self.upper_95)
        if list(limits) != sorted(limits):
            raise CallError(f"The limits of {self.day} are not in order: {', '.join(f'{one:g}' for one in limits)}.")


@dataclass(frozen=True)
class Fan:
    """A forecast with the past it continues.

    Attributes:
        id: its name on the page; unique there.
        title: what it shows, for who cannot see it.
        unit: unit of the values, by catalogue id.
        recorded: past days and values, oldest first.
        expected: coming days, soonest first.
    """

    id: str
    title: str
    unit: str
    recorded: Sequence[tuple[date, float]]
    expected: Sequence[FanPoint]


def draw_fan(fan: Fan) -> Chart:
    """Draw it: a line for what is recorded, a dashed line for what is expected, two bands for the intervals.

    Raises CallError where nothing is expected: a fan needs a forecast.
    """
    if not fan.expected:
        raise CallError(f"'{fan.title}' has no forecast to draw.")
    description = _description(fan)
    return finish(_drawing(fan), fan.id, fan.title, description)


def _drawing(fan: Fan) -> Any:
    import altair as alt

    title = unit_words(fan.unit)
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", labelOverlap=True, grid=False))
    y_title = title[:1].upper() + title[1:]
    names = alt.Scale(domain=[say(INNER), say(OUTER)], range=[_MIDDLE, _LIGHT])
    legend = alt.Legend(title=None, orient="top", direction="horizontal", symbolType="square", symbolSize=200)
    colour = alt.Color("name:N", scale=names, legend=legend)
    bands = [
        alt.Chart(alt.InlineData(values=_band(fan, name, low, high)))
        .mark_area()
        .encode(x=x, y=alt.Y("low:Q", title=y_title, axis=_values_axis(fan)), y2="high:Q", color=colour)
        for name, low, high in ((OUTER, "lower_95", "upper_95"), (INNER, "lower_80", "upper_80"))
    ]
    line = alt.Chart(alt.InlineData(values=_line(fan))).mark_line(strokeWidth=2.5, color=_DARK)
    known = [(RECORDED, [1, 0])] if fan.recorded else []
    drawn = [*known, (EXPECTED, [6, 4])]
    dashes = alt.Scale(domain=[say(name) for name, _ in drawn], range=[dash for _, dash in drawn])
    lines = line.encode(
        x=x,
        detail="piece:N",
        y=alt.Y("value:Q", title=y_title, scale=alt.Scale(zero=True, nice=True)),
        strokeDash=alt.StrokeDash("name:N", scale=dashes, legend=_dash_legend()),
    )
    alone = alt.Chart(alt.InlineData(values=_alone(fan))).mark_circle(size=30, opacity=1, color=_DARK)
    dots = [alone.encode(x=x, y=alt.Y("value:Q", title=y_title))] if _alone(fan) else []
    # Nothing is seen of these: they are what the script walks along.
    stops = alt.Chart(alt.InlineData(values=_stops(fan))).mark_point(size=60, opacity=0)
    walk = stops.encode(x=x, y=alt.Y("value:Q", title=y_title), description=alt.Description("told:N"))
    return alt.layer(*bands, lines, *dots, walk).properties(width=_WIDTH, height=_HEIGHT)


def _dash_legend() -> Any:
    import altair as alt

    return alt.Legend(
        title=None, orient="top", direction="horizontal", symbolType="stroke", symbolSize=700, symbolStrokeColor=_DARK
    )


def _values_axis(fan: Fan) -> Any:
    import altair as alt

    sign = "£" if fan.unit.startswith("gbp") else ""
    big = max(point.upper_95 for point in fan.expected) >= 1_000_000
    label = f"'{sign}' + format(datum.value / {1_000_000 if big else 1}, ',.2~f')"
    ending = " + (datum.value == 0 ? '' : 'm')" if big else ""
    return alt.Axis(labelExpr=label + ending, tickCount=6, titlePadding=12, labelPadding=6)


def _band(fan: Fan, name: str, low: str, high: str) -> list[dict[str, Any]]:
    """The band opens from the last recorded value, so that it is seen to start there."""
    opening = [{"day": _text(day), "low": value, "high": value, "name": say(name)} for day, value in fan.recorded[-1:]]
    return opening + [
        {"day": _text(point.day), "low": getattr(point, low), "high": getattr(point, high), "name": say(name)}
        for point in fan.expected
    ]


def _line(fan: Fan) -> list[dict[str, Any]]:
    past = [
        {"day": _text(day), "value": value, "name": say(RECORDED), "piece": piece}
        for (day, value), piece in zip(fan.recorded, _pieces(fan), strict=True)
    ]
    joint = [{**past[-1], "name": say(EXPECTED), "piece": 0}] if past else []
    coming = [
        {"day": _text(point.day), "value": point.value, "name": say(EXPECTED), "piece": 0} for point in fan.expected
    ]
    return [*past, *joint, *coming]


def _pieces(fan: Fan) -> list[int]:
    """The number of the piece of line that each recorded day lies on: it breaks off where days are left out.

    Drawn through, it would tell about how large a value is that is withheld. How far apart days are is measured with
    those to come too: of what is recorded every second may be left out.
    """
    days = [day for day, _ in fan.recorded]
    steps = [(later - day).days for day, later in pairwise([*days, *(point.day for point in fan.expected)])]
    breaks = accumulate((step > 1.5 * min(steps) for step in steps[: len(days) - 1]), initial=0)
    return list(breaks) if days else []


def _alone(fan: Fan) -> list[dict[str, Any]]:
    """The recorded days between two that are left out: no line leads to them."""
    pieces = _pieces(fan)
    return [
        {"day": _text(day), "value": value}
        for (day, value), piece in zip(fan.recorded, pieces, strict=True)
        if pieces.count(piece) == 1
    ]


def _stops(fan: Fan) -> list[dict[str, Any]]:
    """Each day with what is recorded of it, or expected and how far off that may be, as the table has them."""

    def value(number: float) -> str:
        return written(round(number), fan.unit)

    past = [{"day": _text(day), "value": one, "told": told(_month(day), "", value(one))} for day, one in fan.recorded]
    return past + [
        {
            "day": _text(point.day),
            "value": point.value,
            "told": told(
                _month(point.day),
                "",
                say(
                    STOP,
                    value=value(point.value),
                    low=value(point.lower_80),
                    high=value(point.upper_80),
                    lowest=value(point.lower_95),
                    highest=value(point.upper_95),
                ),
            ),
        }
        for point in fan.expected
    ]


def _text(day: date) -> str:
    """With a time, or a reader west of Greenwich would see the day before."""
    return f"{day.isoformat()}T00:00:00"


def _description(fan: Fan) -> str:
    last = fan.expected[-1]
    number: Final = [written(round(value), fan.unit) for value in (last.value, last.lower_80, last.upper_80)]
    told = [say("Line chart in {unit}.", unit=unit_words(fan.unit))]
    if fan.recorded:
        day, value = fan.recorded[-1]
        past = written(round(value), fan.unit)
        told.append(say("Recorded up to {month}: {value}.", month=_month(day), value=past))
    coming = say(COMING, month=_month(last.day), value=number[0], low=number[1], high=number[2])
    return " ".join([*told, coming, say(HELD)])


def _month(day: date) -> str:
    return month(day)
