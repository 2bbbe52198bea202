"""Maps: one value an area, drawn on the outlines of districts or neighbourhoods."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from careshape.catalogue.outlines import Outline
from careshape.errors import CallError
from careshape.language import say
from careshape.statement.charts import Chart, finish, told
from careshape.statement.formatting import Withheld, format_of_unit, unit_words

SHADES: Final = ("#E6EEF5", "#B4CADF", "#7CA0C4", "#41729F", "#12436D")
"""From little to much; each is told from its neighbours without colour."""
UNKNOWN, SUPPRESSED = "Not known", "Suppressed"
WITHOUT: Final = ((UNKNOWN, "#FFFFFF"), (SUPPRESSED, "#D8D8D8"))
"""What the legend says of areas without a number, and their shades, in which there is no blue."""
OF_AREAS: Final = "Map of {many} areas, shaded by {unit}."
LACKING: Final = ("{many} area has no value to show.", "{many} areas have no value to show.")
HELD_BACK: Final = ("{many} area is suppressed.", "{many} areas are suppressed.")
OF_ALL: Final = "The most is in {at} ({most}), the least in {low} ({least})."
OF_SHOWN: Final = "Of those shown, the most is in {at} ({most}), the least in {low} ({least})."
LIST_HELD: Final = "The list holds every value."
LABELLED: Final = 12
"""Up to so many areas the value is written on the map itself."""
_WIDTH, _HEIGHT = 640, 520


@dataclass(frozen=True)
class AreaValue:
    """The value of one area: a number, None where it is not known, or why it is withheld; and how it is written."""

    value: float | Withheld | None
    text: str

    @property
    def number(self) -> float | None:
        """The number; None where there is none to show."""
        return None if isinstance(self.value, Withheld) else self.value


def draw_map(id: str, title: str, unit: str, outlines: Sequence[Outline], values: Mapping[str, AreaValue]) -> Chart:
    """Draw it in at most five shades, each with about as many areas; an area without a value stays white.

    Args:
        id: its name on the page; unique there.
        title: what it shows.
        unit: unit of the values, by catalogue id.
        outlines: the areas to draw.
        values: ONS code of an area -> its value.

    Raises CallError where there are no outlines, or no area has a value.
    """
    drawn = {outline.code for outline in outlines}
    known = [one.number for code, one in values.items() if one.number is not None and code in drawn]
    if not outlines or not known:
        raise CallError(f"'{title}' has no area with a value to draw.")
    breaks = _breaks(known)
    return finish(
        _drawing(outlines, values, breaks, "%" if format_of_unit(unit).startswith("percent") else ""),
        id,
        title,
        _description(unit, outlines, values),
    )


def _breaks(known: Sequence[float]) -> list[float]:
    """Where one shade ends and the next begins: quintiles, each once; whole numbers where all values are."""
    steps = min(len(SHADES), len(set(known)))
    marks = np.quantile(np.asarray(known), [step / steps for step in range(1, steps)])
    whole = all(value == int(value) for value in known)
    return sorted({float(math.ceil(mark)) if whole else float(mark) for mark in marks})


def _drawing(outlines: Sequence[Outline], values: Mapping[str, AreaValue], breaks: list[float], sign: str) -> Any:
    """``sign`` follows each number of the legend: % for shares."""
    import altair as alt

    names = _names(breaks, sign)
    features = [_feature(outline, values.get(outline.code), breaks, names) for outline in outlines]
    shades = [SHADES[round(step * (len(SHADES) - 1) / max(1, len(names) - 1))] for step in range(len(names))]
    bands = {feature["properties"]["band"] for feature in features}
    without = [(say(name), shade) for name, shade in WITHOUT if say(name) in bands]
    scale = alt.Scale(
        domain=[*names, *(name for name, _ in without)], range=[*shades, *(shade for _, shade in without)]
    )
    legend = alt.Legend(title=None, orient="top", symbolType="square", symbolSize=200, columns=3, labelLimit=220)
    data = alt.Data(values=features)
    thin = len(outlines) > LABELLED
    shapes = (
        alt.Chart(data)
        .mark_geoshape(stroke="#0b0c0c", strokeWidth=0.3 if thin else 1)
        .encode(
            color=alt.Color("properties.band:N", scale=scale, legend=legend),
            description=alt.Description("properties.told:N"),
        )
        .project(type="mercator")
    )
    if thin:
        return shapes.properties(width=_WIDTH, height=_HEIGHT)
    return alt.layer(shapes, *_labels(outlines, values, breaks)).properties(width=_WIDTH, height=_HEIGHT)


def _labels(outlines: Sequence[Outline], values: Mapping[str, AreaValue], breaks: list[float]) -> list[Any]:
    """Name and value on each area, dark on light shades and light on dark ones."""
    import altair as alt

    rows = []
    for outline in outlines:
        given = values.get(outline.code)
        x, y = _middle(outline)
        number = given.number if given else None
        dark = number is not None and _step(number, breaks) >= len(breaks) - 1 > 0
        rows.append({"x": x, "y": y, "name": outline.name, "text": given.text if given else "", "light": dark})
    drawn = []
    for light, colour in ((False, "#0b0c0c"), (True, "#ffffff")):
        some = [row for row in rows if row["light"] is light]
        base = alt.Chart(alt.Data(values=some)).encode(longitude="x:Q", latitude="y:Q")
        halo = {"stroke": SHADES[-1] if light else SHADES[0], "strokeWidth": 3, "strokeJoin": "round"}
        # The halo keeps a name readable where it runs over a border.
        for style in (halo, {"fill": colour}):
            name = base.mark_text(dy=-8, fontSize=13, fontWeight="bold", **style).encode(text="name:N")
            drawn += [name, base.mark_text(dy=9, fontSize=13, **style).encode(text="text:N")]
    return drawn


def _feature(outline: Outline, given: AreaValue | None, breaks: list[float], names: list[str]) -> dict[str, Any]:
    said = told(outline.name, "", given.text if given else say("not known"))
    return {
        "type": "Feature",
        "properties": {"band": _band(given, breaks, names), "told": said},
        "geometry": outline.geometry,
    }


def _band(given: AreaValue | None, breaks: list[float], names: list[str]) -> str:
    """The entry of the legend that an area belongs to."""
    if given is not None and isinstance(given.value, Withheld):
        return say(SUPPRESSED)
    number = given.number if given else None
    return say(UNKNOWN) if number is None else names[_step(number, breaks)]


def _step(value: float, breaks: list[float]) -> int:
    return sum(value >= mark for mark in breaks)


def _names(breaks: list[float], sign: str) -> list[str]:
    if not breaks:
        return ["All areas"]
    marks = [f"{mark:,.0f}{sign}" if abs(mark) >= 20 else f"{mark:,.3g}{sign}" for mark in breaks]
    middle = [f"{low} to under {high}" for low, high in pairwise(marks)]
    return [f"Under {marks[0]}", *middle, f"{marks[-1]} or more"]


def _middle(outline: Outline) -> tuple[float, float]:
    """A point within the largest part of the area: the middle of its widest stretch at the height of its centroid."""
    ring = np.asarray(max((polygon[0] for polygon in outline.geometry["coordinates"]), key=len))
    x, y = ring[:-1].T
    x2, y2 = ring[1:].T
    cross = x * y2 - x2 * y
    height = float(((y + y2) * cross).sum() / (3 * cross.sum()))
    crossing = (y > height) != (y2 > height)
    cuts = np.sort((x + (height - y) / np.where(y2 == y, 1, y2 - y) * (x2 - x))[crossing])
    widths = cuts[1::2] - cuts[::2]
    widest = int(np.argmax(widths))
    return float((cuts[2 * widest] + cuts[2 * widest + 1]) / 2), height


def _description(unit: str, outlines: Sequence[Outline], values: Mapping[str, AreaValue]) -> str:
    pairs = [(one.number, one.text, o.name) for o in outlines if (one := values.get(o.code)) and one.number is not None]
    most, least = max(pairs), min(pairs)
    withheld = sum(1 for o in outlines if (one := values.get(o.code)) and isinstance(one.value, Withheld))
    said = [say(OF_AREAS, many=len(outlines), unit=unit_words(unit))]
    for (single, several), many in ((LACKING, len(outlines) - len(pairs) - withheld), (HELD_BACK, withheld)):
        said += [say(single if many == 1 else several, many=many)] if many else []
    extremes = say(
        OF_ALL if len(pairs) == len(outlines) else OF_SHOWN, at=most[2], most=most[1], low=least[2], least=least[1]
    )
    return " ".join((*said, extremes, say(LIST_HELD)))
