"""Every checked figure follows when it is published otherwise, and differs when lines behind it are lost.

Here all figures move at once, and a few alone; ``python -m tests.demo.perturbing`` moves each of them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import narwhals as nw
import pytest
from tests.demo.perturbing import Web, batches, counted_by, everything, follow, import_council, problems

from careshape.demo import COUNCILS
from careshape.evaluate.measure.dimensions import condition
from careshape.evaluate.measure.entry import find_measure
from careshape.evaluate.measure.evaluate import RECORDS, Context, open_context
from careshape.evaluate.published import Comparison, Mapping, check_published, mapping
from careshape.evaluate.published.mapping import Figure
from careshape.records import Observations, observations

SAMPLE = {"worcestershire": 6, "thurrock": 4}
BY_ONE_LINE = {"worcestershire": 291, "thurrock": 11}
"""Figures that differ when one line is lost; the others are rounded, or shares, or printed as "over" something."""


@pytest.fixture(scope="module", params=COUNCILS)
def council(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Web, Context]:
    """The checked figures of a council, and its ledger."""
    context = open_context(import_council(request.param, tmp_path_factory.mktemp("council")))
    return Web(request.param, check_published(request.param, context)), context


def test_every_figure_is_reached(council):
    web, _ = council
    assert len(web.figures) == {"worcestershire": 276 + 34, "thurrock": 23}[web.authority]
    moved = web.settled(everything(web, random.Random(1)))
    # A sum can stay by chance, and a share by rounding; each such figure moves when its largest root does.
    assert len(moved) > 0.95 * len(web.figures)
    for batch in batches(web, sorted(set(web.figures) - set(moved)), size=1):
        for name, changes in batch.items():
            assert name in web.settled(changes)


def test_all_figures_follow_at_once(council, tmp_path):
    web, _ = council
    outcome = follow(web, everything(web, random.Random(1)), tmp_path)
    assert problems(outcome) == []
    assert len(outcome.noticed) > 0.95 * len(web.figures)


def test_a_few_figures_follow_alone_and_move_no_others(council, tmp_path):
    web, _ = council
    names = list(web.figures)
    random.Random(2).shuffle(names)
    batch = max(batches(web, names[:20], size=SAMPLE[web.authority]), key=len)
    changes = {name: value for one in batch.values() for name, value in one.items()}
    assert problems(follow(web, changes, tmp_path), batch) == []


def test_a_total_cannot_move_without_its_parts(council, tmp_path):
    """The comparison can fail: a total alone, published otherwise, does not come back."""
    web, _ = council
    total = {"worcestershire": "table-06/15", "thurrock": "key-statistics/5"}[web.authority]
    loose = replace_rules(web, total)
    outcome = follow(loose, {total: web.figures[total].value + 100}, tmp_path)
    assert set(outcome.missed) == {total}


def replace_rules(web: Web, total: str) -> Web:
    """The same figures, as if ``total`` rested on nothing."""
    loose = Web.__new__(Web)
    loose.__dict__.update(web.__dict__)
    loose.rules = [rule for rule in web.rules if rule.figure != total]
    return loose


def test_every_figure_differs_when_lines_behind_it_are_lost(council):
    web, context = council
    how: Counter[str] = Counter()
    for one in check_published(web.authority, context):
        rows, known = alone(web.authority, one)
        assert (
            [row.status for row in check_published(web.authority, context, rows, known)] == [one.status] != ["differs"]
        )
        how[next((what for what, kept in losses(context, one) if lost(web, kept, rows, known)), one.id)] += 1
    assert set(how) <= {"one line", "one person's lines", "all lines"}
    assert how["one line"] == BY_ONE_LINE[web.authority]


def alone(authority: str, one: Comparison) -> tuple[Observations, Mapping]:
    """A figure with those that its explanation needs, and the part of the mapping that counts it."""
    entry, printed = counted_by(authority, one), observations(authority)
    if isinstance(entry, Figure):
        return Observations(printed[name] for name in (entry.row, *entry.instead)), Mapping(figure=(entry,))
    return Observations([printed[one.id]]), Mapping(count=(entry,), translate=mapping(authority).translate)


def lost(web: Web, kept: Context, rows: Observations, known: Mapping) -> bool:
    """Whether the check says of a figure that it differs, in the lines that are kept."""
    (one,) = check_published(web.authority, kept, rows, known)
    return one.status == "differs"


def losses(context: Context, one: Comparison) -> Iterator[tuple[str, Context]]:
    """The ledger without a line that a figure counts, without those of a person, and without any of them."""
    lines = counted_lines(context, one)
    several = Counter(line["person"] for line in lines)
    by_weight = sorted(lines, key=lambda line: (several[line["person"]], -line["weight"], line["line"]))
    first = by_weight[0]
    for what, taken in (
        ("one line", [first]),
        ("one person's lines", [line for line in lines if line["person"] == first["person"]]),
        ("all lines", lines),
    ):
        away = nw.col("line").is_in([line["line"] for line in taken])
        yield what, replace(context, frame=context.frame.filter(~away))


def counted_lines(context: Context, one: Comparison) -> list[dict[str, Any]]:
    """The lines that a figure counts: those that pass its filters and touch its period."""
    entry, (period,) = find_measure(one.ask.measure), one.ask.periods
    if entry.numerator is not None:
        entry = entry.model_copy(update={"where": {**find_measure(entry.numerator).where, **entry.where}})
    filters = [
        condition(name, value, period) for where in (entry.where, one.ask.where) for name, value in where.items()
    ]
    records = find_measure(entry.numerator or entry.id).record
    since = period.end_day if entry.is_stock else period.start_day
    touching = (nw.col("start_day") <= period.end_day) & (nw.col("end_day") >= since)
    frame = context.frame.filter(nw.col("record").is_in([RECORDS[name] for name in records]), touching, *filters)
    weight = (nw.col("weekly_cost") + nw.col("quantity") + nw.col("one_off_cost")).alias("weight")
    return frame.select("line", "person", weight).collect().to_arrow().to_pylist()
