"""A mean against the figures that it must be the mean of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from careshape.evaluate.consistency.declaration import Check, RuleSpec, key_of
from careshape.evaluate.consistency.finding import AGREES, Finding
from careshape.evaluate.consistency.group import Group, groups
from careshape.evaluate.consistency.precision import Verdict, judge, printed
from careshape.evaluate.consistency.wording import show, show_cell, show_near
from careshape.language import say
from careshape.records import Observation


def _mean(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """The mean weighted by numbers of people or placements.

    Where several means are printed for one weight, the mean of all is known only to lie between the one computed with
    the lowest of them and the one with the highest.
    """
    for group in groups(check, rows):
        bounds = _weighted(group)
        if bounds is None:
            continue
        low, high = bounds
        value = group.get("value")[0]
        cells = [value, *group.get("of"), *group.get("weight"), *group.get("over")]
        weight = group.total("over") if group.get("over") else group.total("weight")
        counted = show(weight, "")
        if low == high:
            verdict = judge(printed([value]), low)
            shown = show_near(low, [value], Fraction(value.value))
            how = say(
                "The means weighted by their numbers, over {counted}, make {low}.",
                counted=counted,
                low=show(low, value.unit, value.decimals),
            )
        else:
            verdict = _between(group, Fraction(value.value), low, high)
            shown = f"{show(low, value.unit, 2)} to {show(high, value.unit, 2)}"
            how = say(
                "Over {counted} the printed means allow {shown}, since some stand for an unknown part of their group.",
                counted=counted,
                shown=shown,
            )
        nearest = min(max(Fraction(value.value), low), high)
        yield group.finding(verdict, show_cell(value), shown, how, cells, (Fraction(value.value), nearest))


def _weighted(group: Group) -> tuple[Fraction, Fraction] | None:
    """The lowest and the highest weighted mean that the printed means allow."""
    joined = group.check.options.get("join", ())
    low = high = weights = Fraction(0)
    for weight in group.get("weight"):
        own = [row for row in group.get("of") if all(key_of(row, name) == key_of(weight, name) for name in joined)]
        if not own:
            return None
        number = Fraction(weight.value)
        low += number * min(Fraction(row.value) for row in own)
        high += number * max(Fraction(row.value) for row in own)
        weights += number
    over = group.total("over") if "over" in group.check.roles else weights
    return (low / over, high / over) if over else None


def _between(group: Group, value: Fraction, low: Fraction, high: Fraction) -> Verdict:
    if low <= value <= high:
        return Verdict(AGREES, "The published mean is within that range.")
    nearest = low if value < low else high
    allow = Fraction(group.check.options.get("allow", 0))
    if abs(value - nearest) * 100 <= allow * value:
        return Verdict(
            "ambiguity", say("It is within {allow}% of the range, which another period may explain.", allow=allow)
        )
    side = say("below") if value < low else say("above")
    return Verdict(
        "contradiction",
        say(
            "The published mean is at least {nearest} {side} it.",
            nearest=show(abs(value - nearest), "gbp", 2),
            side=side,
        ),
    )


RULES = {
    "mean": (RuleSpec(("value", "of", "weight"), ("over",), ("join", "allow", "note")), _mean),
}
