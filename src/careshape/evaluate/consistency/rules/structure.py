"""Totals of tables, found from the tables' own structure: no figure and no table need be named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from careshape.evaluate.consistency.declaration import Check, RuleSpec
from careshape.evaluate.consistency.finding import AGREES, Finding
from careshape.evaluate.consistency.group import Group, groups
from careshape.evaluate.consistency.precision import Verdict, can_be_rounded, common_step, judge, printed
from careshape.evaluate.consistency.wording import show, show_cell
from careshape.language import say
from careshape.records import Observation

_WHOLE_KINDS = ("total", "subtotal")


def is_all(value: str) -> bool:
    """Whether a dimension's value stands for the whole: "all", or the whole of one kind ("supported-living-all")."""
    return value == "all" or value.endswith("-all")


def _is_additive(row: Observation) -> bool:
    return not row.unit.startswith(("percent", "per-", "rank", "one-in", "times"))


def _table_totals(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """Every total and subtotal of counts and amounts, against its parts and, if there are any, its subtotals."""
    except_for = check.roles.get("except", ())
    exempt = {row.measure for row in rows if any(selector.admits(row) for selector in except_for)}
    rows = [row for row in rows if _is_additive(row) and not any(selector.admits(row) for selector in except_for)]
    names = set(check.options.get("ignore", ()))
    for whole in rows:
        if whole.row_kind not in _WHOLE_KINDS:
            continue
        for kind in ("part", "subtotal", "total"):
            below = [row for row in rows if row.row_kind == kind and _is_below(row, whole, names, kind)]
            if below:
                yield _compare(check, whole, below, kind)
    yield from _missing_totals(check, rows, names, exempt)


def _is_below(row: Observation, whole: Observation, ignore: set[str], kind: str) -> bool:
    """Whether the row is one of those that the whole adds up: the same but where the whole says "all"."""
    if row is whole or not _alike(row, whole):
        return False
    opened = 0
    for name, value in whole.dims.items():
        if name in ignore:
            continue
        own = row.dims.get(name)
        if own is None or (own != value and not is_all(value)):
            return False
        opened += is_all(value) and not is_all(own)
    alls = sum(is_all(value) for name, value in whole.dims.items() if name not in ignore)
    # Parts are split in every dimension that the whole leaves open; subtotals in one of them, the others still open.
    if kind == "part":
        return opened == alls > 0
    return opened == 1 and kind == _level_below(whole)


def _level_below(whole: Observation) -> str:
    return "subtotal" if whole.row_kind == "total" else ""


def _alike(row: Observation, whole: Observation) -> bool:
    return (row.table, row.measure, row.unit, row.period.text) == (
        whole.table, whole.measure, whole.unit, whole.period.text,
    )  # fmt: skip


_ADDED: Final = {
    "part": "The {many} parts add up to {shown}.",
    "subtotal": "The {many} subtotals add up to {shown}.",
    "total": "The {many} totals add up to {shown}.",
}


def _compare(check: Check, whole: Observation, below: Sequence[Observation], kind: str) -> Finding:
    cells = [whole, *below]
    step = common_step(cells)
    figure = replace(printed([whole]), roundable=can_be_rounded(cells))
    recomputed = sum((Fraction(row.value) for row in below), Fraction(0))
    verdict = judge(figure, recomputed, step * len(cells) / 2)
    decimals = max(row.decimals for row in cells)
    where = [whole.measure, *(v for n, v in whole.dims.items() if n not in ("area", "published_label", "area_type"))]
    key = tuple(dict.fromkeys([whole.table, *where, str(whole.period), "" if kind == "part" else f"of {kind}s"]))
    shown = show(recomputed, whole.unit, decimals)
    how = say(_ADDED[kind], many=len(below), shown=shown)
    values = (Fraction(whole.value), recomputed)
    return Group(check, key, {}).finding(verdict, show_cell(whole), shown, how, cells, values)


def _missing_totals(check: Check, rows: Sequence[Observation], ignore: set[str], exempt: set[str]) -> Iterator[Finding]:
    """Measures without a total in a table that prints one for another measure in the very same split."""
    for table in dict.fromkeys(row.table for row in rows):
        own = [row for row in rows if row.table == table]
        with_total = {row.measure for row in own if row.row_kind == "total"}
        for measure in dict.fromkeys(
            row.measure for row in own if row.row_kind == "part" and row.measure not in exempt
        ):
            parts = [row for row in own if row.measure == measure and row.row_kind == "part"]
            twins = [_split(row, ignore) for row in own if row.row_kind == "part" and row.measure in with_total]
            if measure not in with_total and with_total and {_split(row, ignore) for row in parts} == set(twins):
                total = sum((Fraction(row.value) for row in parts), Fraction(0))
                unit, decimals = parts[0].unit, max(row.decimals for row in parts)
                shown = show(total, unit, decimals)
                verdict = Verdict(
                    "missing",
                    say(
                        "The table prints a total of {with_total} and none of {measure}.",
                        with_total=min(with_total),
                        measure=measure,
                    ),
                )
                how = say("The {many} parts add up to {shown}.", many=len(parts), shown=shown)
                group = Group(check, (table, measure, str(parts[0].period)), {})
                yield group.finding(verdict, "blank", shown, how, parts, (None, total))


def _split(row: Observation, ignore: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in row.dims.items() if name not in ignore))


def _hundred(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """Shares that together are everything."""
    for group in groups(check, rows, ("value",)):
        cells = list(group.get("value"))
        total, step = group.total("value"), common_step(cells)
        gap = abs(total - 100)
        decimals = max(cell.decimals for cell in cells)
        if gap == 0:
            verdict = Verdict(AGREES, "The shares are complete.")
        elif gap <= max(step, Fraction(1, 2) * len(cells) * step):
            verdict = Verdict("rounding", "Each share is rounded, which is enough to explain the difference.")
        else:
            verdict = Verdict("contradiction", "Rounding does not explain the difference.")
        shown = show(total, "percent", decimals)
        how = say("The {many} shares add up to {shown}.", many=len(cells), shown=shown)
        yield group.finding(verdict, "100% (implied)", shown, how, cells, (Fraction(100), total))


RULES = {
    "table-totals": (RuleSpec((), ("except",), ("ignore", "note")), _table_totals),
    "hundred": (RuleSpec(("value",), (), ("note",)), _hundred),
}
