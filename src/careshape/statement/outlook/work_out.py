"""Work out what is to come for a council, all of it, and keep it: done in the background, and by exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from careshape.catalogue.outlines import outlines
from careshape.errors import CareshapeError
from careshape.evaluate.gap.gap import Expected
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.language import say
from careshape.statement.charts import Chart
from careshape.statement.council import Council
from careshape.statement.formatting import plain
from careshape.statement.functions.ahead import quoted_cell
from careshape.statement.outlook import store
from careshape.statement.outlook.expected import expected
from careshape.statement.outlook.kept import Kept
from careshape.statement.outlook.market import Outlook, group_label
from careshape.statement.outlook.reports import KINDS, verdict
from careshape.statement.pictures import AreaValue, draw_fan, draw_map

Say = Callable[[int, int, str], None]
"""Told how many steps are done, of how many, and what is being done."""
STEPS: Final = 3 + len(KINDS)


def look_ahead(council: Council, say: Say = lambda done, total, words: None) -> Kept:
    """What is to come for a council as it is now: read where it is kept, else worked out and kept."""
    data, slug, key = council.outlook.home.path, council.slug, council.outlook_key
    found = store.load(data, slug, key)
    if found is None or found.older:
        found = worked_out(council, say)
        store.keep(data, slug, key, found)
    council.look(found)
    return found


def worked_out(council: Council, say: Say = lambda done, total, words: None, reports: bool = True) -> Kept:
    """All that the pages of what is to come show. Takes up to a minute.

    Without ``reports`` neither these nor pictures nor the arithmetic by district are made, but figures alone.
    """
    outlook = council.outlook
    say(0, STEPS, "forecasting")
    problem = outlook.problem
    common: dict[str, Any] = {"authority": council.slug, "known": council.known, "made_at": datetime.now(UTC)}
    if not problem:
        common |= _forecast(council, outlook, say, behind=reports)
    made = {}
    for number, kind in enumerate(KINDS.values() if reports else ()):
        say(3 + number, STEPS, kind.title)
        made[kind.id] = kind.made(council)
    said = verdict(council) if reports and not problem else ""
    found = Kept(problem=problem, reports=made, verdict=said, **common)
    say(STEPS, STEPS, "")
    if not reports:
        return found
    shown = {(name, group): expected(found, found.segments[name], group) for name, group in found.fans}
    return replace(found, charts={key: draw_fan(one.fan) for key, one in shown.items()})


def _forecast(council: Council, outlook: Outlook, say: Say, behind: bool) -> dict[str, Any]:
    made = outlook.made
    say(1, STEPS, "series of each segment")
    cells = [(one, group) for one in outlook.segments.values() for group in outlook.groups_of(one.id)]
    fans = {(one.id, group): outlook.series(one, group) for one, group in cells}
    say(2, STEPS, "the arithmetic of each figure")
    arithmetic = {
        (one.id, group, area): outlook.steps(one.id, group, area)
        for one, group in (cells if behind else ())
        for area in (ALL, *outlook.areas_of(one.id, group))
    }
    return {
        "origin": made.origin,
        "told_on": outlook.told_on,
        "method": made.forecast.method,
        "notices": made.notices,
        "notes": tuple(made.forecast.notes),
        "months": made.forecast.months,
        "cells": outlook.cells,
        "segments": outlook.segments,
        "fans": fans,
        "today": {
            (one.id, group, area): outlook.demand.today(one, group, area)
            for one, group in cells
            for area in outlook.areas_of(one.id, group)
        },
        "arithmetic": arithmetic,
        "expectations": dict(_expectations(council, outlook, behind)),
        "maps": {(one.id, group): _map(outlook, one, group) for one, group in (cells if behind else ())},
    }


def _expectations(
    council: Council, outlook: Outlook, more: bool
) -> Iterator[tuple[tuple[str, str, str, int], Expected]]:
    """What the text quotes; with ``more`` also what a writer may quote next: each segment and group, year by year."""
    asked = set(_quoted(council))
    # A text may quote a segment in which nobody is recorded yet: none of these has a gap.
    known = {one.id: one for one in outlook.known_segments} | outlook.segments
    for one in outlook.segments.values() if more else ():
        for group in outlook.groups_of(one.id):
            asked |= {(one.id, group, ALL, month) for month in range(12, outlook.made.forecast.months + 1, 12)}
    for segment, group, area, month in sorted(asked):
        if 0 < month <= outlook.made.forecast.months:
            yield (segment, group, area, month), outlook.demand.expected(known[segment], group, area, month)


def _quoted(council: Council) -> Iterator[tuple[str, str, str, int]]:
    """Segment, client group, area and month after the origin of each forecast that the text quotes."""
    for call in (each for whole in council.calls() for each in whole.calls() if each.name == "forecast"):
        try:
            segment, year, group, area = quoted_cell(council.book, call)
        except CareshapeError:
            continue  # the text says what is wrong with it where it stands
        years = council.outlook.ahead if year is None else year - council.outlook.origin.year
        yield segment.id, group, area, 12 * years


def _map(outlook: Outlook, one: Segment, group: str) -> Chart | None:
    """People or hours expected by district some years ahead; None for a council of one district, or none drawn."""
    areas = outlines(outlook.authority)
    if len(areas) < 2:
        return None
    values = {}
    for outline in areas:
        there = outlook.expected(one, group, outline.district, 12 * outlook.ahead)
        values[outline.code] = AreaValue(there.mean, plain(round(there.mean)))
    year = outlook.origin.year + outlook.ahead
    unit = "hours-per-week" if one.unit == "hours a week" else "persons"
    name = one.label if group == ALL else f"{one.label}, {group_label(group)}"
    title = say("{name}: expected by district in {year}", name=name, year=year)
    return draw_map(f"outlook-map-{one.id}-{group}", title, unit, areas, values)
