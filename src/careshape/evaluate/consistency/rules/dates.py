"""Dates and spans of time that must fit the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from careshape.evaluate.consistency.declaration import Check, RuleSpec
from careshape.evaluate.consistency.finding import AGREES, Finding
from careshape.evaluate.consistency.group import Group, groups
from careshape.evaluate.consistency.precision import Verdict
from careshape.evaluate.consistency.wording import show_cell
from careshape.language import day_of, month_of, say
from careshape.records import Observation


def _week_begins(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """A week of seven days must begin on a Monday; one finding for each table and week."""
    weeks: dict[tuple[str, str], list[Observation]] = {}
    for row in rows:
        start, end = row.period.start, row.period.end
        if start and end and (end - start).days == 6:
            weeks.setdefault((row.table, row.period.text), []).append(row)
    for (table, text), cells in weeks.items():
        start = cells[0].period.start
        assert start is not None
        day = start.strftime("%A")
        monday = day == "Monday"
        reason = "It does." if monday else say("That day was a {day}.", day=day)
        how = say("The week beginning {day} should begin on a Monday.", day=day_of(start))
        verdict = Verdict(AGREES if monday else "date", reason)
        yield Group(check, (table, text), {}).finding(verdict, day, "Monday", how, cells)


def _months(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """A number of months against the months of its own period, counted with or without the first."""
    for group in groups(check, rows):
        for value in group.get("value"):
            start, end = value.period.start, value.period.end
            if not start or not end:
                continue
            months = (end.year - start.year) * 12 + end.month - start.month
            fits = value.value in (months, months + 1)
            verdict = Verdict(AGREES if fits else "contradiction", "It does." if fits else "It does not.")
            how = say(
                "From {start} to {end} is {months} months ({more} with both ends counted).",
                start=month_of(start),
                end=month_of(end),
                months=months,
                more=months + 1,
            )
            values = (Fraction(value.value), Fraction(months))
            yield group.finding(verdict, show_cell(value), str(months), how, [value], values)


RULES = {
    "week-begins": (RuleSpec((), (), ("note",)), _week_begins),
    "months": (RuleSpec(("value",), (), ("note",)), _months),
}
