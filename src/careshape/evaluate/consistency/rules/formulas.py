"""One published figure against the value that a formula gives from others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from careshape.evaluate.consistency.declaration import Check, RuleSpec
from careshape.evaluate.consistency.finding import AGREES, Finding
from careshape.evaluate.consistency.group import Group, groups
from careshape.evaluate.consistency.precision import Verdict, common_step, judge, printed
from careshape.evaluate.consistency.wording import show, show_cell, show_near
from careshape.language import say
from careshape.records import Observation

Formula = Callable[[Group], tuple[Fraction, str] | None]
"""Gives the value and the sentence that says how it was computed; None where a figure that it needs is not there."""


def _text(group: Group, role: str) -> str:
    cells = group.get(role)
    return show(group.total(role), cells[0].unit, max(cell.decimals for cell in cells))


def _sum(group: Group) -> tuple[Fraction, str] | None:
    if not group.get("plus"):
        return None
    result = group.total("plus") - group.total("minus")
    taken = f", less {_text(group, 'minus')}" if group.get("minus") else ""
    parts = " + ".join(show_cell(cell) for cell in group.get("plus")[:6])
    dots = " + ..." if len(group.get("plus")) > 6 else ""
    return result, f"{parts}{dots}{taken} makes {show_near(result, group.get('plus'), result)}."


def _share(group: Group) -> tuple[Fraction, str] | None:
    if not group.get("part") or not group.total("whole"):
        return None
    result = 100 * group.total("part") / group.total("whole")
    return result, f"{_text(group, 'part')} is {show(result, 'percent', 2)} of {_text(group, 'whole')}."


def _growth(group: Group) -> tuple[Fraction, str] | None:
    later = group.total("to")
    before = later - group.total("change") if group.get("change") else group.total("from")
    if not before or not group.get("to"):
        return None
    result = 100 * (later - before) / before
    unit = group.get("to")[0].unit
    return result, f"From {show(before, unit)} to {show(later, unit)} is {show(result, 'percent', 2)}."


def _product(group: Group) -> tuple[Fraction, str] | None:
    if not all(group.get(role) for role in ("factor", "times", "one_in") if role in group.check.roles):
        return None
    times = Fraction(group.check.options.get("multiplier", 1))
    words = [_text(group, "factor")]
    result = group.total("factor") * times
    if times != 1:
        words.append(f"times {times}")
    for role, word in (("times", "times"), ("one_in", "divided by")):
        if group.get(role):
            result = result * group.total(role) if role == "times" else result / group.total(role)
            words.append(f"{word} {_text(group, role)}")
    return result, f"{' '.join(words)} makes {show(result, group.get('value')[0].unit)}."


def _rate(group: Group) -> tuple[Fraction, str] | None:
    per = re.fullmatch(r"per-(\d+)-.*", group.get("value")[0].unit)
    if not per or not group.get("count") or not group.total("base"):
        return None
    result = int(per[1]) * group.total("count") / group.total("base")
    return result, f"{_text(group, 'count')} of {_text(group, 'base')} is {show(result, '', 1)} per {int(per[1]):,}."


def _pooled_rate(group: Group) -> tuple[Fraction, str] | None:
    """The rate of a whole from the counts of its parts and the populations that their rates imply."""
    rates = {cell.dims.get(group.check.options["over"]): Fraction(cell.value) for cell in group.get("rate")}
    counts = {cell.dims.get(group.check.options["over"]): Fraction(cell.value) for cell in group.get("count")}
    if not counts or set(counts) != set(rates) or not all(rates.values()):
        return None
    base = sum((100 * counts[name] / rates[name] for name in counts), Fraction(0))
    result = 100 * sum(counts.values(), Fraction(0)) / base
    return (
        result,
        say(
            "The rates of the parts imply a population of {base}, and so {result}.",
            base=show(base, ""),
            result=show(result, "percent", 2),
        ),
    )


def _mix(group: Group) -> tuple[Fraction, str] | None:
    """The share of a group in a headcount, to set against the share that the mean of a whole and its parts implies."""
    if not group.get("part") or not group.total("whole"):
        return None
    result = 100 * group.total("part") / group.total("whole")
    return (
        result,
        say(
            "The headcount gives {part} of {whole}: {result}.",
            part=_text(group, "part"),
            whole=_text(group, "whole"),
            result=show(result, "percent", 1),
        ),
    )


def _weigh(group: Group, figure: Verdict, recomputed: Fraction) -> Verdict:
    """What the declaration adds to a verdict: parts not printed, other periods, a source that is copied."""
    options = group.check.options
    if figure.kind != "contradiction":
        return figure
    published = printed(group.get("value")).value
    if "residual" in options and recomputed < published:
        return Verdict(
            "ambiguity",
            say("The rest may be {residual}, which the statement does not print.", residual=options["residual"]),
        )
    if "allow" in options and abs(recomputed - published) * 100 <= Fraction(options["allow"]) * abs(published):
        return Verdict(
            "ambiguity",
            say("It is within {allow}%, which another period or method may explain.", allow=options["allow"]),
        )
    if "copies" in options:
        return Verdict(
            "error", say("The published figure is {copies}, so the difference is its error.", copies=options["copies"])
        )
    return figure


def _compare(formula: Formula, check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    for group in groups(check, rows):
        made = formula(group)
        if made is None:
            continue
        recomputed, how = made
        cells = list(group.get("value"))
        others = [cell for role, found in group.rows.items() if role != "value" for cell in found]
        figure = printed(cells)
        noise = _noise(check, [*cells, *others])
        if check.rule == "sum" and common_step([*cells, *others]) > 1:
            figure = replace(figure, roundable=True)
        verdict = judge(figure, recomputed, noise)
        if check.options.get("at_least") and recomputed <= figure.value:
            verdict = Verdict(AGREES, "The published figure is above the least that it can be.")
        verdict = _wider_base(group, _weigh(group, verdict, recomputed))
        yield group.finding(
            verdict,
            " + ".join(show_cell(cell) for cell in cells),
            show_near(recomputed, cells, figure.value),
            how,
            [*cells, *others],
            (figure.value, recomputed),
        )


def _noise(check: Check, cells: Sequence[Observation]) -> Fraction:
    """What rounding adds up to in a sum: half a unit of the last place for each figure.

    A whole unit for each, where a small part that is not printed comes on top.
    """
    if check.rule != "sum":
        return Fraction(0)
    return len(cells) * common_step(cells) / (1 if "residual" in check.options else 2)


def _wider_base(group: Group, verdict: Verdict) -> Verdict:
    """A rate of one age group applied to people of all ages: right arithmetic on a base that is too wide."""
    ages = {cell.dims.get("age_band") for cell in group.get("one_in")}
    base = {cell.dims.get("age_band") for cell in group.get("factor")}
    if verdict.kind != AGREES or not ages or ages <= base:
        return verdict
    stated = ", ".join(sorted(age or "all ages" for age in ages))
    return Verdict(
        "contradiction",
        say("The rate is stated for people of {stated}, but only people of all ages give this figure.", stated=stated),
    )


def _implied_mix(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """The share that a mean of a whole implies, between the means of its two parts, against a headcount."""
    for group in groups(check, rows):
        made = _mix(group)
        spread = group.total("young") - group.total("old")
        if made is None or not spread:
            continue
        implied = 100 * (group.total("value") - group.total("old")) / spread
        gap = abs(made[0] - implied)
        near = gap * 100 <= Fraction(check.options["allow"]) * implied
        reason = "The two mixes are alike." if near else "The two cannot describe the same people."
        cells = [cell for role in ("value", "young", "old", "part", "whole") for cell in group.get(role)]
        how = say(
            "The mean of all ({value}) lies between {old} and {young}",
            value=_text(group, "value"),
            old=_text(group, "old"),
            young=_text(group, "young"),
        )
        yield group.finding(
            Verdict(AGREES if near else "contradiction", reason),
            show(implied, "percent", 1),
            show(made[0], "percent", 1),
            say("{how}, which implies {implied}. {made}", how=how, implied=show(implied, "percent", 1), made=made[1]),
            cells,
            (implied, made[0]),
        )


def _rule(formula: Formula) -> Callable[[Check, Sequence[Observation]], Iterator[Finding]]:
    return lambda check, rows: _compare(formula, check, rows)


_COMMON = ("note", "allow", "copies", "residual")
RULES = {
    "sum": (RuleSpec(("value", "plus"), ("minus",), _COMMON), _rule(_sum)),
    "share": (RuleSpec(("value", "part", "whole"), (), _COMMON), _rule(_share)),
    "growth": (RuleSpec(("value", "to"), ("from", "change"), _COMMON), _rule(_growth)),
    "product": (RuleSpec(("value", "factor"), ("times", "one_in"), (*_COMMON, "multiplier")), _rule(_product)),
    "rate": (RuleSpec(("value", "count", "base"), (), (*_COMMON, "at_least")), _rule(_rate)),
    "pooled-rate": (RuleSpec(("value", "count", "rate"), (), (*_COMMON, "over")), _rule(_pooled_rate)),
    "implied-mix": (RuleSpec(("value", "young", "old", "part", "whole"), (), ("note", "allow")), _implied_mix),
}
