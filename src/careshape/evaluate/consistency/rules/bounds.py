"""What a figure can at most or at least be, given others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from careshape.evaluate.consistency.declaration import Check, RuleSpec
from careshape.evaluate.consistency.finding import AGREES, Finding
from careshape.evaluate.consistency.group import groups
from careshape.evaluate.consistency.precision import Verdict, step
from careshape.evaluate.consistency.wording import show, show_cell
from careshape.language import say
from careshape.records import Observation
from careshape.rounding import round_to

_AGREES = Verdict(AGREES, "The figures allow it.")
_LIMIT = 10_000_000
"""People in no council: where to stop looking for a number of whom a share could be that of."""


def _between(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """A value that must lie between the least and the greatest of others: a mean, or one of a ranked group."""
    for group in groups(check, rows, ("value", "bounds")):
        bounds = list(group.get("bounds"))
        if len(bounds) < 2:
            continue
        low, high = min(bounds, key=lambda row: row.value), max(bounds, key=lambda row: row.value)
        for value in group.get("value"):
            inside = low.value <= value.value <= high.value
            verdict = _AGREES if inside else Verdict("contradiction", "It lies outside.")
            shown = f"{show_cell(low)} to {show_cell(high)}"
            how = say(
                "{value} must lie between {low} and {high}.",
                value=show_cell(value),
                low=show_cell(low),
                high=show_cell(high),
            )
            values = (Fraction(value.value), Fraction(min(max(value.value, low.value), high.value)))
            yield group.finding(verdict, show_cell(value), shown, how, [value, *bounds], values)


def _at_most(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """A part, which cannot be more than the whole."""
    for group in groups(check, rows):
        if not group.get("whole"):
            continue
        value, whole = group.total("value"), group.total("whole")
        cells = [*group.get("value"), *group.get("whole")]
        unit = cells[0].unit
        verdict = _AGREES if value <= whole else Verdict("contradiction", "It does exceed it.")
        how = say(
            "{value} is one of {whole} or a part of them, and cannot exceed that.",
            value=show(value, unit),
            whole=show(whole, unit),
        )
        yield group.finding(
            verdict, show(value, unit), say("at most {whole}", whole=show(whole, unit)), how, cells, (value, whole)
        )


def _union(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """People counted once, of groups that may share people: at least the largest group, at most all groups added up."""
    for group in groups(check, rows):
        parts = [Fraction(row.value) for row in group.get("parts")]
        if not parts:
            continue
        whole, low, high = group.total("value"), max(parts), sum(parts, Fraction(0))
        if low <= whole <= high:
            verdict = _AGREES
        else:
            few = say("The published number is fewer than one group alone holds, so the two count differently.")
            many = say("The published number is more than all groups together hold, so the two count differently.")
            verdict = Verdict("contradiction", few if whole < low else many)
        shown = f"{show(low, '')} to {show(high, '')}" if low != high else show(low, "")
        how = say(
            "The largest of the groups holds {low}, all of them together {high}.",
            low=show(low, ""),
            high=show(high, ""),
        )
        cells = [*group.get("value"), *group.get("parts")]
        nearest = min(max(whole, low), high)
        yield group.finding(verdict, show(whole, ""), shown, how, cells, (whole, nearest))


def _number_of(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """A published number of things, against how many of them the statement lists."""
    for group in groups(check, rows):
        listed = {row.get(check.options["distinct"]) for row in group.get("of")}
        if not listed:
            continue
        for value in group.get("value"):
            same = len(listed) == value.value
            verdict = _AGREES if same else Verdict("contradiction", "The list is not the group that was counted.")
            how = say(
                "The tables list {many}, of the {value} that are counted.", many=len(listed), value=show_cell(value)
            )
            values = (Fraction(value.value), Fraction(len(listed)))
            cells = [value, *group.get("of")]
            yield group.finding(verdict, show_cell(value), str(len(listed)), how, cells, values)


def _whole_people(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """A share of a small number of people must be a share that a whole number of them can make.

    With `part` in place of `whole` the number of all people is not printed: some number of them must make the share.
    """
    for group in groups(check, rows):
        for value in group.get("value"):
            printed_step, share = step(value), Fraction(value.value)
            if group.get("whole"):
                whole = group.total("whole")
                near = min(max(int(round_to(share * whole / 100, Fraction(1))), 0), int(whole))
                pairs = [(Fraction(part), whole) for part in range(int(whole) + 1) if abs(part - near) < 3]
            elif group.get("part") and share:
                part = group.total("part")
                near = max(1, int(round_to(100 * part / share, Fraction(1))))
                pairs = [(part, Fraction(base)) for base in range(max(near - 50, 1), min(near + 51, _LIMIT))]
            else:
                continue
            hit = next((pair for pair in pairs if round_to(100 * pair[0] / pair[1], printed_step) == share), None)
            best = min(pairs, key=lambda pair: abs(100 * pair[0] / pair[1] - share))
            part, whole = hit or best
            verdict = (
                _AGREES if hit else Verdict("contradiction", "No whole number of people makes the published share.")
            )
            shown = f"{part}/{whole} = {show(100 * part / whole, 'percent', value.decimals + 1)}"
            how = say("The nearest that whole people can make is {part} of {whole}.", part=part, whole=whole)
            cells = [value, *group.get("whole"), *group.get("part")]
            yield group.finding(verdict, show_cell(value), shown, how, cells, (share, 100 * part / whole))


RULES = {
    "between": (RuleSpec(("value", "bounds"), (), ("note",)), _between),
    "at-most": (RuleSpec(("value", "whole"), (), ("note",)), _at_most),
    "union": (RuleSpec(("value", "parts"), (), ("note",)), _union),
    "number-of": (RuleSpec(("value", "of"), (), ("distinct", "note")), _number_of),
    "whole-people": (RuleSpec(("value",), ("whole", "part"), ("note",)), _whole_people),
}
