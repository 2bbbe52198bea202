"""Funnel charts: each council's figure against its size, and how far off one of that size falls by chance and usage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from careshape.errors import CallError
from careshape.statement.charts import COLOURS, Chart, finish, told
from careshape.statement.formatting import plain, unit_words

INNER, OUTER = "95% limits", "99.8% limits"
OWN, OTHER = "The council", "Other councils"
_WIDTH, _HEIGHT = 640, 340
_GREY: Final = "#6E7479"


@dataclass(frozen=True)
class FunnelLimits:
    """The limits for one size of council: few would fall beyond them, were all alike but for chance and usage."""

    size: float
    lower_998: float
    lower_95: float
    upper_95: float
    upper_998: float

    def __post_init__(self) -> None:
        limits = (self.lower_998, self.lower_95, self.upper_95, self.upper_998)
        if list(limits) != sorted(limits):
            said = ", ".join(f"{one:g}" for one in limits)
            raise CallError(f"The limits of a council of {self.size:g} are not in order: {said}.")


@dataclass(frozen=True)
class FunnelPoint:
    """One council: the figure, how it is written, and the limits for its size."""

    name: str
    value: float
    text: str
    limits: FunnelLimits
    own: bool = False

    @property
    def size(self) -> float:
        """How many people the figure is about."""
        return self.limits.size

    @property
    def outside(self) -> bool:
        """Whether the figure lies beyond the 99.8% limits."""
        return not self.limits.lower_998 <= self.value <= self.limits.upper_998


@dataclass(frozen=True)
class FunnelPicture:
    """What is drawn.

    Attributes:
        id: its name on the page; unique there.
        title: what it shows.
        unit: unit of the figures, by catalogue id.
        target: the figure about which the limits stand.
        points: the councils, in any order.
        curve: the limits from the smallest council to the largest, for lines without corners.
    """

    id: str
    title: str
    unit: str
    target: float
    points: Sequence[FunnelPoint]
    curve: Sequence[FunnelLimits]


def draw_funnel(picture: FunnelPicture) -> Chart:
    """Draw it: a point for each council by size, the council's own one marked, lines of the limits about the target.

    Raises CallError where no council has limits: a funnel needs some.
    """
    if not picture.points or not picture.curve:
        raise CallError(f"'{picture.title}' has no council with limits to draw.")
    return finish(_drawing(picture), picture.id, picture.title, _description(picture))


def _drawing(picture: FunnelPicture) -> Any:
    import altair as alt

    points, target, words = picture.points, picture.target, unit_words(picture.unit)
    label = "format(datum.value, ',.2~f')"
    x_axis = alt.Axis(labelExpr="format(datum.value, ',.0f')", tickCount=6, grid=False, labelOverlap="greedy")
    y_axis = alt.Axis(labelExpr=label, tickCount=6, titlePadding=12, labelPadding=6)
    # by the root of the size, for limits narrow by it: small councils would lie on one another
    x = alt.X("size:Q", title="People the figure is about", scale=alt.Scale(type="sqrt", zero=True), axis=x_axis)
    title = words[:1].upper() + words[1:]

    def y(name: str) -> Any:
        return alt.Y(f"{name}:Q", title=title, axis=y_axis, scale=alt.Scale(zero=False, nice=True))

    limits = alt.Chart(alt.InlineData(values=_limits(picture.curve))).mark_line(color=COLOURS[0], strokeWidth=1.5)
    dashes = alt.Scale(domain=[INNER, OUTER], range=[[6, 4], [1, 0]])
    legend = alt.Legend(title=None, orient="none", legendX=0, legendY=-44, direction="horizontal",
                        symbolType="stroke", symbolSize=700, symbolStrokeColor=COLOURS[0])  # fmt: skip
    # The limits tell that it is walked from left to right, and say nothing themselves.
    lines = limits.encode(
        x=x,
        y=y("value"),
        detail="line:N",
        description=alt.value(told("", "", "")),
        strokeDash=alt.StrokeDash("name:N", scale=dashes, legend=legend),
    )
    middle = alt.Chart(alt.InlineData(values=[{"value": target}])).mark_rule(color="#3D3D3D", strokeWidth=1)
    values = [
        {
            "size": one.size,
            "value": one.value,
            "who": OWN if one.own else OTHER,
            "text": f"{one.name}: {one.text}",
            "told": told(one.name, "", f"{one.text}, {'outside' if one.outside else 'inside'} the 99.8% limits"),
        }
        for one in sorted(points, key=lambda one: one.own)
    ]
    shapes = alt.Shape("who:N", scale=alt.Scale(domain=[OWN, OTHER], range=["diamond", "circle"]), legend=_who())
    colours = alt.Color("who:N", scale=alt.Scale(domain=[OWN, OTHER], range=[COLOURS[2], _GREY]), legend=_who())
    sizes = alt.Size("who:N", scale=alt.Scale(domain=[OWN, OTHER], range=[180, 26]), legend=None)
    marks = alt.Chart(alt.InlineData(values=values)).mark_point(filled=True, opacity=1)
    walk = alt.Description("told:N")
    dots = marks.encode(x=x, y=y("value"), shape=shapes, color=colours, size=sizes, description=walk)
    own = [one for one in values if one["who"] == OWN]
    words_at = alt.Chart(alt.InlineData(values=own)).encode(x=x, y=y("value"), text="text:N")
    ground = words_at.mark_text(
        dy=-18, fontSize=13, fontWeight="bold", color="#FFFFFF", stroke="#FFFFFF", strokeWidth=4, strokeJoin="round"
    )
    named = words_at.mark_text(dy=-18, fontSize=13, fontWeight="bold", color=COLOURS[2])
    layers = [middle.encode(y=y("value")), lines, dots, ground, named]
    return alt.layer(*layers).properties(width=_WIDTH, height=_HEIGHT)


def _who() -> Any:
    import altair as alt

    # placed by hand: side by side by themselves, the two legends stand at different heights
    return alt.Legend(title=None, orient="none", legendX=252, legendY=-36, direction="horizontal", symbolSize=120)


def _limits(curve: Sequence[FunnelLimits]) -> list[dict[str, Any]]:
    names = (("lower_95", INNER), ("upper_95", INNER), ("lower_998", OUTER), ("upper_998", OUTER))
    return [
        {"size": one.size, "value": getattr(one, line), "name": name, "line": line}
        for line, name in names
        for one in sorted(curve, key=lambda one: one.size)
    ]


def _description(picture: FunnelPicture) -> str:
    outside = sum(one.outside for one in picture.points)
    text = (
        f"Funnel chart of {len(picture.points)} councils: the figure ({unit_words(picture.unit)}) by how many people "
        f"it is about. All of them together have {plain(Decimal(f'{picture.target:.1f}'), 1)}. {outside} lie outside "
        "the 99.8% limits. "
    )
    for one in picture.points:
        if one.own:
            text += f"{one.name} has {one.text}, {'outside' if one.outside else 'inside'} them. "
    return text + "The table holds every value."
