"""Alerts: figures of the market by area that lie beyond a line, each as a sentence for somebody.

The lines are data (``data/alerts.toml``, or a file of the council's own). From figures to alerts nothing else is asked:
where the figures come from (returns, offers, packages, the register) is the caller's.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.declared import declared, read_toml
from careshape.errors import CallError, InputError
from careshape.evaluate.numbers import rounded
from careshape.market.cells import read_day
from careshape.market.tables import table_rows

COLUMNS: Final = ("level", "area", "alert", "value", "line", "base", "day", "days_old", "sentence", "advice")
HEADINGS: Final = ("figure", "area", "value", "base", "day")


class Line(BaseModel):
    """A figure and the lines beyond which it is a matter for somebody; see the notes in ``data/alerts.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    figure: str
    title: str
    side: Literal["above", "below"]
    watch: Decimal
    act: Decimal
    least_base: int = Field(ge=1)
    of: str
    unit: Literal["percent", "points"]
    advice: str
    source: str = ""

    @model_validator(mode="after")
    def _act_lies_beyond_watch(self) -> Line:
        if (self.act > self.watch) != (self.side == "above") or self.act == self.watch:
            raise ValueError("act must lie further on the bad side than watch.")
        return self

    def beyond(self, value: Decimal) -> Literal["watch", "act", ""]:
        """Which line a value lies beyond; a value on a line does not."""
        for level, line in (("act", self.act), ("watch", self.watch)):
            if (value > line) if self.side == "above" else (value < line):
                return "act" if level == "act" else "watch"
        return ""


class Lines(BaseModel):
    """All lines."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    alert: tuple[Line, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> Lines:
        names = [one.id for one in self.alert]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"The alert {twice[0]} stands twice.")
        return self


@cache
def packaged_lines() -> Lines:
    """The lines that are packaged."""
    name = "market/data/alerts.toml"
    text = files("careshape.market").joinpath("data", "alerts.toml").read_text("utf-8")
    return declared(Lines, read_toml(text, name), name)


def read_lines(path: Path) -> Lines:
    """The lines of a council's own file. Raises CatalogueError where it breaks the schema."""
    return declared(Lines, read_toml(path.read_text(encoding="utf-8"), path.name), path.name)


@dataclass(frozen=True)
class Figure:
    """One figure of one area.

    Attributes:
        value: in the unit of its line; None where it is not known.
        base: of how many (offers, packages, beds, posts, providers) it is.
        day: the day on which it was true; rural: whether the area is, since those come first.
    """

    figure: str
    area: str
    value: Decimal | None
    base: int
    day: date
    rural: bool = False


@dataclass(frozen=True)
class Alert:
    """A figure beyond a line, as a sentence."""

    level: Literal["watch", "act"]
    line: Line
    figure: Figure
    value: Decimal
    days_old: int

    @property
    def sentence(self) -> str:
        """What lies beyond which line, of how many, and how old the figure is."""
        one, sign = self.line, "%" if self.line.unit == "percent" else " points"
        crossed = one.act if self.level == "act" else one.watch
        place = 1 if one.unit == "percent" else 0
        old = "today" if self.days_old == 0 else f"{self.days_old} day{'s' if self.days_old != 1 else ''} ago"
        return (
            f"{self.figure.area}: {one.title[0].lower()}{one.title[1:]}, {rounded(self.value, place):,}{sign} of "
            f"{_counted(self.figure.base, one.of)}, {one.side} the line of {crossed.normalize():,f}{sign} ({old})."
        )

    def as_row(self) -> dict[str, Any]:
        """As a row for a table or a download."""
        return {
            "level": self.level,
            "area": self.figure.area,
            "alert": self.line.id,
            "value": rounded(self.value, 1),
            "line": self.line.act if self.level == "act" else self.line.watch,
            "base": self.figure.base,
            "day": self.figure.day.isoformat(),
            "days_old": self.days_old,
            "sentence": self.sentence,
            "advice": self.line.advice,
        }


def alerts(figures: Iterable[Figure], on: date, lines: Lines | None = None) -> list[Alert]:
    """The figures that lie beyond a line: those to act on first, of these the rural areas, then the furthest beyond.

    A figure that is not known, or of too few, raises nothing: ``not_judged`` says so.

    Raises:
        CallError: no line is about a figure, or it is of a day after ``on``.
    """
    found = []
    for one in figures:
        for line in _lines_of(one, lines or packaged_lines()):
            days = (on - one.day).days
            if days < 0:
                raise CallError(f"{one.figure} of {one.area} is of {one.day:%d/%m/%Y}, which has not come yet.")
            if one.value is None or one.base < line.least_base:
                continue
            if level := line.beyond(one.value):
                found.append(Alert(level, line, one, one.value, days))
    return sorted(found, key=_first)


def _first(one: Alert) -> tuple[Any, ...]:
    line = one.line.act if one.level == "act" else one.line.watch
    beyond = abs(one.value - line) / max(abs(line), Decimal(1))
    return (one.level != "act", not one.figure.rural, -beyond, one.figure.area, one.line.id)


def not_judged(figures: Iterable[Figure], lines: Lines | None = None) -> list[str]:
    """Sentences on the figures that no line could be held to, so that silence is not taken for calm."""
    said = []
    for one in figures:
        for line in _lines_of(one, lines or packaged_lines()):
            if one.value is None:
                said.append(f"{one.area}: {line.title[0].lower()}{line.title[1:]} is not known.")
            elif one.base < line.least_base:
                few = f"of {_counted(one.base, line.of)}, and fewer than {line.least_base:,} say nothing"
                said.append(f"{one.area}: {line.title[0].lower()}{line.title[1:]} is {few}.")
    return said


def _counted(number: int, of: str) -> str:
    return f"{number:,} {of.removesuffix('s') if number == 1 else of}"


def _lines_of(one: Figure, lines: Lines) -> list[Line]:
    found = [line for line in lines.alert if line.figure == one.figure]
    if not found:
        known = sorted({line.figure for line in lines.alert})
        near = difflib.get_close_matches(one.figure, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Lines are about {', '.join(known)}."
        raise CallError(f"No line is about the figure '{one.figure}'. {hint}")
    return found


def read_figures(path: Path) -> list[Figure]:
    """Figures from a CSV with ``figure``, ``area``, ``value``, ``base`` and ``day``, and ``rural`` where it is known.

    A blank value is not known. Raises InputError where a column is missing or a cell cannot be read.
    """
    found = []
    for at, cells in table_rows(path, HEADINGS):
        try:
            value = Decimal(cells["value"]) if cells["value"] else None
            if value is not None and not value.is_finite():
                raise InvalidOperation
            base, day = int(cells["base"]), read_day(cells["day"])
        except InvalidOperation:
            raise InputError(
                f"{at}: '{cells['value']}' is no number. Leave the value blank where it is not known."
            ) from None
        except ValueError:
            said = f"base '{cells['base']}' and day '{cells['day']}'"
            raise InputError(f"{at}: {said} must be a whole number and a day such as 31/03/2021.") from None
        rural = cells.get("rural", "").casefold() in ("y", "yes", "true")
        found.append(Figure(cells["figure"], cells["area"], value, base, day, rural))
    return found


def capacity_figures(rows: Iterable[Mapping[str, Any]], by: Sequence[str], on: date) -> list[Figure]:
    """Figures from rows of ``capacity_by``: vacancies and voids of beds, free hours, vacant posts.

    Each is of the day of the oldest return in its row, and its base is of the returns by which it is known.
    """
    found = []
    for row in rows:
        area = ", ".join(str(row[name]) for name in by) or "all"
        day = date.fromordinal(on.toordinal() - row["oldest_days"])
        if "maximum" in row:
            found.append(Figure("void_rate", area, row["void_rate"], row["maximum"], day))
            found.append(Figure("admittable_rate", area, row["admittable_rate"], row["fresh_maximum"], day))
        elif "held" in row:
            share = None if row["in_use_share"] is None else 100 - row["in_use_share"]
            found.append(Figure("free_hours_share", area, share, int(row["fresh_held"] + (row["free"] or 0)), day))
        else:
            posts = row["employed"] + (row["vacant_posts"] or 0)
            found.append(Figure("staff_vacancy_rate", area, row["vacancy_rate"], posts, day))
    return found
