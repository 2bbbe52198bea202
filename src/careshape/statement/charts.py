"""Charts as SVG, drawn on the server: the picture of a filled table, which always stands beside it.

Series differ in colour, and also in what is written at each bar or in the shape of each point, so that nobody needs
colour to read them. The colours are those of the Analysis Function's guidance for charts, each at least 3:1 on white.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from html import escape
from textwrap import wrap
from typing import Any, Final

from careshape.language import say
from careshape.statement.formatting import Withheld, unit_words
from careshape.statement.tables import Cell, Column, Row, Table

COLOURS: Final = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
DASHES: Final = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [10, 4])
FONT: Final = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, system-ui, sans-serif"
MOST_BARS: Final = 60
_WIDTH: Final = 640
_BARS: Final = 440
_LONGEST_LABEL: Final = 240
_LABEL_LETTERS: Final = 34
"""Letters of a label from which it goes on on the next line."""
_BETWEEN: Final = "\u00a6"
"""Stands between the words for a mark while it is drawn; no label holds it."""
_TOLD: Final = re.compile(f' aria-label="([^"{_BETWEEN}]*){_BETWEEN}([^"{_BETWEEN}]*){_BETWEEN}([^"{_BETWEEN}]*)"')
_OF_POINTS: Final = ("Line chart of {many} point", "Line chart of {many} points")
_OF_BARS: Final = ("Bar chart of {many} bar", "Bar chart of {many} bars")
_LINES_OF_POINTS: Final = (
    "Line chart of {series} lines of {many} point",
    "Line chart of {series} lines of {many} points",
)
_GROUPS_OF_BARS: Final = ("Bar chart of {many} group of {series} bars", "Bar chart of {many} groups of {series} bars")
_UNEVEN: Final = ("Line chart of {marks} points on {series} lines", "Bar chart of {marks} bars in {many} groups")
"""Of lines or groups that lack some of their marks."""
_OF_ALL: Final = "The largest value is {largest} ({largest_at}), the smallest {smallest} ({smallest_at})."
_OF_SHOWN: Final = (
    "Of those shown, the largest value is {largest} ({largest_at}), the smallest {smallest} ({smallest_at})."
)
_ONE_WITHHELD, _WITHHELD = "{many} value is suppressed.", "{many} values are suppressed."
HELD: Final = "The table holds every value."
_SIZES: Final = ((1_000_000_000, "bn"), (1_000_000, "m"))


@dataclass(frozen=True)
class Chart:
    """A drawn chart: the SVG, and the description that stands for it."""

    svg: str
    description: str


def draw(table: Table) -> Chart | None:
    """The chart of a table; None where the table asks for none, or has nothing that can be drawn."""
    if table.chart == "none" or table.problem:
        return None
    points, unit = _points(table)
    shown = [point for point in points if not point["withheld"]]
    if not shown:
        return None
    rows = list(dict.fromkeys(point["row"] for point in points))
    series = list(dict.fromkeys(point["series"] for point in points))
    if len(series) > len(COLOURS) or len(points) > MOST_BARS:
        return None
    for point in points:
        point["line"] = told("", point["series"], "")
        point["told"] = told(point["row"], point["series"] if len(series) > 1 else "", point["text"])
    drawing = _lines(points, rows, series, unit) if table.chart == "line" else _bars(points, rows, series, unit)
    description = _description(table, points, rows, series, unit)
    return finish(drawing, table.id, table.title, description)


def told(at: str, series: str, text: str) -> str:
    """What a mark stands for, as a drawing's description of it: `finish` makes attributes of it for the script."""
    return _BETWEEN.join((at, series, text))


def finish(drawing: Any, id: str, title: str, description: str) -> Chart:
    """Render an Altair drawing as one named image in the house's fonts and colours, without inline styles.

    Args:
        drawing: an Altair chart.
        id: the picture's name, unique on its page.
        title: what it shows.
        description: what can be seen in it, in words.
    """
    return Chart(_accessible(_svg(drawing), id, title, description), description)


def _points(table: Table) -> tuple[list[dict[str, Any]], str]:
    """The values to draw: those in the unit of the first column that has numbers, without totals, and for each that is
    withheld a point that says so and nothing else.
    """
    rows = [row for row in table.rows if not row.total]
    numeric = [cell for row in rows for cell in row.cells if cell.numeric]
    if not numeric:
        return [], ""
    unit = numeric[0].unit
    # A line runs along the columns (its dates), a bar stands for a row.
    points = []
    for row in rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            drawn = cell.numeric or isinstance(cell.value, Withheld)
            if drawn and cell.unit == unit and column.title != "Total":
                points.append(_point(row, column, cell, along=table.chart == "line"))
    return points, unit


def _point(row: Row, column: Column, cell: Cell, along: bool) -> dict[str, Any]:
    head = ", ".join(say(one) for one in row.heads)
    withheld = isinstance(cell.value, Withheld)
    assert withheld or isinstance(cell.value, int | Decimal | Fraction)
    return {
        "row": say(column.title) if along else head,
        "series": head if along else say(column.title),
        "value": 0.0 if withheld else float(cell.value),  # type: ignore[arg-type]
        "text": cell.text,
        "withheld": withheld,
        "day": column.day.toordinal() if column.day else None,
    }


def _bars(points: list[dict[str, Any]], rows: list[str], series: list[str], unit: str) -> Any:
    import altair as alt

    bar = 18 if len(series) > 1 else 24
    # A long label goes on on a second line: cut off, it would not say what the bar is of.
    lines = {row: "\n".join(wrap(row, _LABEL_LETTERS)) for row in rows}
    shown = [{**point, "shown": lines[point["row"]]} for point in points]
    labels = alt.Axis(
        labelExpr=r"split(datum.label, '\n')", labelLimit=_LONGEST_LABEL, labelPadding=8, ticks=False, domain=False
    )
    base = alt.Chart(alt.InlineData(values=shown)).encode(
        y=alt.Y("shown:N", sort=list(lines.values()), title=None, axis=labels),
        x=alt.X("value:Q", title=_axis_title(unit), axis=_axis(points, unit, 4)),
        description=alt.Description("told:N"),
    )
    if len(series) > 1:
        colour = alt.Color(
            "series:N", sort=series, scale=alt.Scale(domain=series, range=list(COLOURS)), legend=_legend()
        )
        marks = base.mark_bar().encode(yOffset=alt.YOffset("series:N", sort=series), color=colour)
        offset = alt.YOffset("series:N", sort=series)
        values = base.mark_text(align="left", dx=4, fontSize=12).encode(text="text:N", yOffset=offset)
    else:
        marks = base.mark_bar(color=COLOURS[0])
        values = base.mark_text(align="left", dx=4, fontSize=12).encode(text="text:N")
    height = max(80, len(rows) * (bar * len(series) + 12))
    return (marks + values).properties(width=_BARS, height=height)


def _lines(points: list[dict[str, Any]], rows: list[str], series: list[str], unit: str) -> Any:
    import altair as alt

    # A line breaks off where a value is withheld: drawn through, it would say about how large it is.
    drawn = [{**point, "value": None if point["withheld"] else point["value"]} for point in points]
    x = _along(points, rows)
    y = alt.Y("value:Q", title=_axis_title(unit), axis=_axis(points, unit, 6), scale=alt.Scale(zero=True))
    base = alt.Chart(alt.InlineData(values=drawn)).encode(x=x, y=y, description=alt.Description("told:N"))
    along = alt.Description("line:N")
    kept_back = _withheld([point for point in points if point["withheld"]], x, y)
    if len(series) == 1:
        marks = base.mark_line(color=COLOURS[0], strokeWidth=3).encode(description=along)
        dots = base.mark_point(size=60, color=COLOURS[0], filled=True, opacity=1)
        values = base.mark_text(dy=-14, fontSize=12).encode(text="text:N")
        return alt.layer(marks, dots, values, *kept_back).properties(width=_WIDTH, height=300)
    names, legend = alt.Scale(domain=series, range=list(COLOURS)), _legend()
    colour = alt.Color("series:N", sort=series, scale=names, legend=legend)
    dash = alt.StrokeDash("series:N", sort=series, scale=alt.Scale(domain=series, range=list(DASHES)), legend=None)
    shape = alt.Shape("series:N", sort=series, scale=alt.Scale(domain=series, range=list(SHAPES)), legend=legend)
    lines = base.mark_line(strokeWidth=2.5).encode(color=colour, strokeDash=dash, description=along)
    dots = base.mark_point(size=70, filled=True, opacity=1).encode(color=colour, shape=shape)
    return alt.layer(lines, dots, *kept_back).properties(width=_WIDTH, height=320)


def _withheld(points: list[dict[str, Any]], x: Any, y: Any) -> list[Any]:
    """What stands in the place of values that are withheld: an open mark on the line of nothing, and one word."""
    import altair as alt

    if not points:
        return []
    base = alt.Chart(alt.InlineData(values=points)).encode(x=x, y=y, description=alt.Description("told:N"))
    first = list({point["row"]: point for point in reversed(points)}.values())
    word = alt.Chart(alt.InlineData(values=first)).encode(x=x, y=y, text="text:N")
    return [
        base.mark_point(size=70, filled=False, color="#0b0c0c", strokeWidth=1.5),
        word.mark_text(angle=270, align="left", dx=10, fontSize=12),
    ]


def _along(points: list[dict[str, Any]], rows: list[str]) -> Any:
    """The axis along which a line runs: days as far apart as they are, and names at equal distances."""
    import altair as alt

    days = {point["row"]: point["day"] for point in points}
    if len(days) < 2 or None in days.values():
        return alt.X("row:O", sort=rows, title=None, axis=alt.Axis(labelAngle=0, labelLimit=110))
    names = json.dumps({str(day): row for row, day in days.items()})
    axis = alt.Axis(
        values=list(days.values()), labelExpr=f"({names})[datum.value]", labelLimit=110, labelOverlap=True, grid=False
    )
    return alt.X("day:Q", title=None, axis=axis, scale=alt.Scale(zero=False, nice=False, padding=40))


def _legend() -> Any:
    import altair as alt

    return alt.Legend(title=None, orient="top", direction="horizontal", columns=3, labelLimit=220, symbolSize=120)


def _axis(points: list[dict[str, Any]], unit: str, ticks: int) -> Any:
    """The axis of the values: about so many ticks, large amounts in thousands, millions or billions."""
    import altair as alt

    most = max(abs(point["value"]) for point in points)
    size, letters = next(((size, letters) for size, letters in _SIZES if most >= size), (1, ""))
    sign = "£" if unit.startswith("gbp") else ""
    # The sign stands before the pound: −£2m.
    label = (
        f"(datum.value < 0 ? '\u2212' : '') + '{sign}' + format(abs(datum.value) / {size}, ',.2~f')"
        f" + (datum.value == 0 ? '' : '{letters}')"
    )
    return alt.Axis(labelExpr=label, grid=True, tickCount=ticks, labelOverlap=True, titlePadding=12, labelPadding=6)


def _axis_title(unit: str) -> str:
    text = unit_words(unit)
    return text[:1].upper() + text[1:]


def _svg(drawing: Any) -> str:
    config = {
        "font": FONT,
        # Labels are measured in another font than the reader's may be; without room to spare a wider one is cut off.
        "padding": {"left": 28, "right": 44, "top": 5, "bottom": 5},
        "background": None,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": 13,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "labelColor": "#0b0c0c",
            "titleColor": "#0b0c0c",
            "gridColor": "#d8d8d8",
        },
        "legend": {
            "labelFontSize": 13,
            "labelColor": "#0b0c0c",
            "columnPadding": 36,
            "layout": {"top": {"anchor": "start", "margin": 36}},
        },
        "text": {"color": "#0b0c0c"},
    }
    # What is drawn is ours, and its parts were checked as they were put together.
    return _drawn(json.dumps({**drawing.to_dict(validate=False), "config": config}))


@lru_cache(maxsize=256)
def _drawn(spec: str) -> str:
    """The picture of a specification, kept: to draw one takes longer than all else on a page."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, format_locale="en-GB", time_format_locale="en-GB"))


def _accessible(svg: str, id: str, title: str, description: str) -> str:
    """Name the picture as one image, with title and description, and turn inline styles (forbidden) into attributes."""
    svg = re.sub(r' style="([^"]*)"', lambda match: _attributes(match[1]), svg)
    # What each mark stands for is kept for the script, and what nobody needs is left out.
    svg = _TOLD.sub(r' data-at="\1" data-series="\2" data-text="\3"', svg)
    # What stands inside an image is not announced part by part: the table beside it holds every value.
    svg = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", svg)
    svg = re.sub(r' class="[^"]*"', "", svg)
    svg = re.sub(r"<title>.*?</title>|<desc>.*?</desc>", "", svg)
    name = f"chart-{id}"
    opening = f'<svg role="img" aria-labelledby="{name}-title {name}-desc"'
    titles = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    svg = svg.replace("<svg", opening, 1)
    end = svg.index(">") + 1
    # Vega numbers its clip paths from 0 in every chart; ids must be unique on a page.
    body = re.sub(r'(id="|url\(#)(clip\d+|gradient\d+)', rf"\g<1>{name}-\g<2>", svg[end:])
    return svg[:end] + titles + body


def _attributes(style: str) -> str:
    kept = []
    for part in style.split(";"):
        name, colon, value = part.partition(":")
        if colon and name.strip() not in ("white-space", "pointer-events", "cursor"):
            kept.append(f' {name.strip()}="{escape(value.strip(), quote=True)}"')
    return "".join(kept)


def _description(table: Table, drawn: list[dict[str, Any]], rows: list[str], series: list[str], unit: str) -> str:
    """What the chart shows, in a sentence or two, for who does not see it."""
    points = [point for point in drawn if not point["withheld"]]
    withheld = len(drawn) - len(points)
    largest = max(points, key=lambda point: point["value"])
    smallest = min(points, key=lambda point: point["value"])
    what = _counted(table.chart == "line", len(drawn), len(rows), len(series))
    if 1 < len(series) <= 6:
        text = say("{what} for {series}, in {unit}.", what=what, series=", ".join(series), unit=unit_words(unit))
    else:
        text = say("{what}, in {unit}.", what=what, unit=unit_words(unit))
    if withheld:
        text += " " + say(_ONE_WITHHELD if withheld == 1 else _WITHHELD, many=withheld)
    if len(points) < 2:
        return f"{text} {say('The table holds the value.')}"
    extremes = say(
        _OF_SHOWN if withheld else _OF_ALL, largest=largest["text"], smallest=smallest["text"],
        largest_at=_at(largest, series), smallest_at=_at(smallest, series),
    )  # fmt: skip
    return f"{text} {extremes} {say(HELD)}"


def _counted(lines: bool, marks: int, rows: int, series: int) -> str:
    """How many bars or points there are, and how they stand together. One that is suppressed has its place too."""
    if series == 1:
        one, several = _OF_POINTS if lines else _OF_BARS
    elif marks == rows * series:
        one, several = _LINES_OF_POINTS if lines else _GROUPS_OF_BARS
    else:
        one = several = _UNEVEN[0 if lines else 1]
    return say(one if rows == 1 else several, many=rows, series=series, marks=marks)


def _at(point: dict[str, Any], series: list[str]) -> str:
    return f"{point['row']}, {point['series']}" if len(series) > 1 else str(point["row"])
