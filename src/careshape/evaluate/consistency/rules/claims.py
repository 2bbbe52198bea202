"""What a statement says in words about its figures: higher, lower, largest, most, fell, doubled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from careshape.evaluate.consistency.declaration import Check, RuleSpec
from careshape.evaluate.consistency.finding import AGREES, Finding
from careshape.evaluate.consistency.group import Group, groups
from careshape.evaluate.consistency.precision import Printed, Verdict, judge
from careshape.evaluate.consistency.wording import show, show_cell
from careshape.language import say
from careshape.records import Observation, slug

_HOLDS = Verdict(AGREES, "The words hold.")
_FAILS = Verdict("contradiction", "The words do not hold.")
_MULTIPLES = {"double": Fraction(2), "treble": Fraction(3), "half": Fraction(1, 2)}


def _compares(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """`says` higher or lower: the value against every figure that it is compared with."""
    for group in groups(check, rows):
        value = group.get("value")[0]
        for other in group.get("than"):
            holds = value.value > other.value if check.options["says"] == "higher" else value.value < other.value
            label = other.dims.get("comparator_group") or other.dims.get("area") or other.id
            how = say(
                "{value} is said to be {says} than {other}.",
                value=show_cell(value),
                says=say(str(check.options["says"])),
                other=show_cell(other),
            )
            part = Group(check, (*group.key, label), group.rows)
            values = (Fraction(value.value), Fraction(other.value))
            verdict = _HOLDS if holds else _FAILS
            shown = f"{show_cell(value)} against {show_cell(other)}"
            yield part.finding(verdict, str(check.options["says"]), shown, how, [value, other], values)


def _largest(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """`named` is said to be the largest of its dimension; with `from`, to have grown the most."""
    over = check.options["over"]
    for group in groups(check, rows, ("value",)):
        before = {row.dims.get(over): Fraction(row.value) for row in group.get("from")}
        sizes: dict[str, tuple[Fraction, Observation]] = {}
        for row in group.get("value"):
            name = row.dims.get(over, "")
            if not group.check.roles.get("from") or name in before:
                sizes[name] = (Fraction(row.value) - before.get(name, Fraction(0)), row)
        if not sizes:
            continue
        top = max(sizes, key=lambda name: sizes[name][0])
        size, cell = sizes[top]
        said = str(check.options["named"])
        verdict = _HOLDS if slug(top) == slug(said) else _FAILS
        how = say(
            "{top} has the largest: {size} of {many} compared.",
            top=top,
            size=show(size, cell.unit, cell.decimals),
            many=len(sizes),
        )
        cells = [cell, *(row for _, row in sizes.values())]
        yield group.finding(verdict, said, top, how, cells, (None, size))


def _most(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """A part is said to be most of a whole (which may be a change: `whole` less `less`)."""
    for group in groups(check, rows):
        whole = group.total("whole") - group.total("less")
        if not whole:
            continue
        value = group.get("value")[0]
        share = 100 * Fraction(value.value) / whole
        how = f"{show_cell(value)} is {show(share, 'percent', 1)} of {show(whole, value.unit)}."
        cells = [value, *group.get("whole"), *group.get("less")]
        verdict = _HOLDS if share > 50 else _FAILS
        yield group.finding(verdict, "most", show(share, "percent", 1), how, cells, (None, share))


def _fell(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """A figure is said to have fallen, or to have risen (`says`)."""
    for group in groups(check, rows):
        before, after = group.total("from"), group.total("value")
        if not before:
            continue
        change = 100 * (after - before) / before
        holds = change < 0 if check.options["says"] == "fell" else change > 0
        cells = [*group.get("value"), *group.get("from")]
        how = f"From {show(before, '')} to {show(after, '')} is {show(change, 'percent', 1)}."
        said, shown = str(check.options["says"]), show(change, "percent", 1)
        yield group.finding(_HOLDS if holds else _FAILS, said, shown, how, cells, (None, change))


def _multiple(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """A figure is said to be, or nearly to be, a multiple of another: "almost double"."""
    for group in groups(check, rows):
        if not group.total("than"):
            continue
        word = str(check.options["word"])
        claim = Printed(_MULTIPLES[word], Fraction(1), str(check.options.get("qualifier", "exact")))
        ratio = group.total("value") / group.total("than")
        verdict = judge(claim, ratio)
        if verdict.kind == AGREES and claim.qualifier == "nearly" and abs(ratio - claim.value) > claim.value / 10:
            verdict = Verdict("rounding", "It is more than a tenth short of the multiple, a generous 'nearly'.")
        cells = [*group.get("value"), *group.get("than")]
        how = f"{show_cell(cells[0])} is {show(ratio, '', 2)} times {show_cell(group.get('than')[0])}."
        shown = f"{show(ratio, '', 2)} times"
        yield group.finding(verdict, f"{claim.qualifier} {word}", shown, how, cells, (claim.value, ratio))


RULES = {
    "compares": (RuleSpec(("value", "than"), (), ("says", "note")), _compares),
    "largest": (RuleSpec(("value",), ("from",), ("named", "over", "note")), _largest),
    "most": (RuleSpec(("value", "whole"), ("less",), ("note",)), _most),
    "moved": (RuleSpec(("value", "from"), (), ("says", "note")), _fell),
    "multiple": (RuleSpec(("value", "than"), (), ("word", "qualifier", "note")), _multiple),
}
