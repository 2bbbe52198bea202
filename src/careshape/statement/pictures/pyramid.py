"""Population pyramids: women and men by age, in two years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from careshape.errors import CallError
from careshape.statement.charts import COLOURS, Chart, finish, told

_WIDTH = 270
_ROW = 18


@dataclass(frozen=True)
class Band:
    """People of one age band, by sex, in an earlier and a later year."""

    age: str
    women: float
    men: float
    women_later: float
    men_later: float


def draw_pyramid(id: str, title: str, years: tuple[str, str], bands: Sequence[Band]) -> Chart:
    """Draw it: bars for the earlier year, a line at the end of each bar for the later one.

    Args:
        id: its name on the page; unique there.
        title: what it shows.
        years: the labels of the earlier and the later year.
        bands: the age bands, youngest first.

    Raises CallError where there are no bands.
    """
    if not bands:
        raise CallError(f"'{title}' has no age bands to draw.")
    return finish(_drawing(years, bands), id, title, _description(years, bands))


def _drawing(years: tuple[str, str], bands: Sequence[Band]) -> Any:
    import altair as alt

    most = max(max(band.women, band.men, band.women_later, band.men_later) for band in bands)
    order = [band.age for band in reversed(bands)]
    left = _half(bands, years, "Women", most, order, ages=True)
    right = _half(bands, years, "Men", most, order, ages=False)
    return alt.hconcat(left, right, spacing=6).resolve_scale(color="shared")


def _half(bands: Sequence[Band], years: tuple[str, str], sex: str, most: float, order: list[str], *, ages: bool) -> Any:
    import altair as alt

    women = sex == "Women"
    rows = [
        {"age": band.age, "value": value, "year": year,
         "told": told(band.age, f"{sex} {year}", f"{round(value):,}")}
        for band in bands
        for year, value in zip(
            years, (band.women, band.women_later) if women else (band.men, band.men_later), strict=True
        )
    ]  # fmt: skip
    axis = alt.Axis(labels=ages, title=None, ticks=False, domain=False, labelPadding=6)
    y = alt.Y("age:N", sort=order, axis=axis)
    x = alt.X(
        "value:Q",
        title=sex,
        scale=alt.Scale(domain=[0, most], reverse=women, nice=True),
        axis=alt.Axis(format=",.0f", tickCount=4, labelOverlap=True),
    )
    legend = alt.Legend(title=None, orient="top", direction="horizontal", symbolType="square", symbolSize=160)
    colour = alt.Color(
        "year:N", sort=list(years), scale=alt.Scale(domain=list(years), range=["#A9BED3", COLOURS[2]]), legend=legend
    )
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=y, x=x, color=colour, description=alt.Description("told:N"))
    bars = base.transform_filter(alt.datum.year == years[0]).mark_bar()
    ends = base.transform_filter(alt.datum.year == years[1]).mark_tick(thickness=3, size=_ROW - 2, opacity=1)
    return (bars + ends).properties(width=_WIDTH, height=_ROW * len(bands))


def _description(years: tuple[str, str], bands: Sequence[Band]) -> str:
    def change(band: Band) -> float:
        return band.women_later + band.men_later - band.women - band.men

    most = max(bands, key=change)
    total = sum(map(change, bands))
    direction = "more" if total >= 0 else "fewer"
    text = (
        f"Population pyramid of {len(bands)} age bands: bars for {years[0]}, lines for {years[1]}. "
        f"{abs(round(total)):,} {direction} people in all. "
    )
    if change(most) > 0:
        text += f"The age band that grows most is {most.age}, by {round(change(most)):,} people. "
    return text + "The table holds every value."
