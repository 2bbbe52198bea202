"""The same figure in several places, and the same value where it should differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from careshape.evaluate.consistency.declaration import Check, RuleSpec
from careshape.evaluate.consistency.finding import Finding
from careshape.evaluate.consistency.group import Group, groups
from careshape.evaluate.consistency.precision import Verdict, judge, printed
from careshape.evaluate.consistency.wording import readable, show, show_cell
from careshape.language import say
from careshape.records import Observation, slug


def _same(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """One figure printed in two places, or one that other figures add up to: compared at the coarser precision."""
    for group in groups(check, rows, ("value", "of") if check.options.get("complete") else ("value",)):
        value, of = group.get("value"), group.get("of")
        if not of and not check.options.get("complete"):
            continue
        if not value or not of:
            yield _one_side_only(group)
            continue
        ours, theirs = printed(value), printed(of)
        if theirs.step > ours.step and ours.qualifier == "exact":
            ours = replace(ours, step=theirs.step)
            verdict = judge(replace(theirs, roundable=ours.roundable), ours.value)
        else:
            verdict = judge(ours, theirs.value)
        if verdict.kind == "contradiction" and "copies" in check.options:
            slip = _slip(str(value[0].value), show(theirs.value, "", value[0].decimals))
            verdict = Verdict(
                "error",
                say(
                    "The published figure is {copies}, so the difference is its error.{slip}",
                    copies=check.options["copies"],
                    slip=slip,
                ),
            )
        published = show_cell(value[0]) if len(value) == 1 else show(ours.value, value[0].unit, value[0].decimals)
        shown = show(theirs.value, of[0].unit, max(cell.decimals for cell in of))
        how = f"{_place(of)} gives {shown}."
        yield group.finding(verdict, published, shown, how, [*value, *of], (ours.value, theirs.value))


def _one_side_only(group: Group) -> Finding:
    value, of = group.get("value"), group.get("of")
    cells = value or of
    shown = show(sum((Fraction(cell.value) for cell in cells), Fraction(0)), cells[0].unit, cells[0].decimals)
    where = _place(cells)
    verdict = Verdict("contradiction", "The two should hold the same figures.")
    if value:
        return group.finding(
            verdict,
            shown,
            "none",
            say("{where} prints {shown}, the other place nothing.", where=where, shown=shown),
            value,
        )
    return group.finding(
        verdict, "blank", shown, say("{where} prints {shown}, this place nothing.", where=where, shown=shown), of
    )


def _slip(published: str, source: str) -> str:
    """Say so where the two numbers differ in one digit only."""
    digits, others = published.replace(",", ""), source.replace(",", "")
    differing = [place for place in range(len(digits)) if len(digits) == len(others) and digits[place] != others[place]]
    return f" {say('They differ in one digit: a slip in copying.')}" if len(differing) == 1 else ""


def _place(cells: Sequence[Observation]) -> str:
    tables = sorted({readable(cell.table) for cell in cells})
    lines = sorted({cell.source_line for cell in cells if cell.source_line})
    where = f" (line {', '.join(map(str, lines))})" if lines else ""
    return "The " * (tables[0][0].islower()) + " and ".join(tables) + where


def _twins(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """The same mean, to the last digit, for two groups that have nothing to do with each other."""
    for group in groups(check, rows, ("value",)):
        seen: dict[str, list[Observation]] = {}
        for row in group.get("value"):
            seen.setdefault(str(row.value), []).append(row)
        for text, twins in seen.items():
            if len(twins) > 1 and len(text.replace(".", "").strip("0")) > 2:
                verdict = Verdict(
                    "implausible", "One price for both would explain it, and so would a figure copied over."
                )
                who = [_who(row, group.get("value")) for row in twins]
                how = say(
                    "{twins} is printed {many} times: for {who}.",
                    twins=show_cell(twins[0]),
                    many=len(twins),
                    who="; for ".join(who),
                )
                part = Group(check, (*group.key, text), group.rows)
                value = Fraction(twins[0].value)
                yield part.finding(verdict, show_cell(twins[0]), show_cell(twins[1]), how, twins, (value, value))


def _who(row: Observation, among: Sequence[Observation]) -> str:
    telling = [n for n in row.dims if n not in ("published_label", "area") and len({o.dims.get(n) for o in among}) > 1]
    return ", ".join(row.dims[name] for name in telling)


def _repeated(check: Check, rows: Sequence[Observation]) -> Iterator[Finding]:
    """Every figure printed more than once: same measure, unit and period, for the same area, group and service.

    "All" of a dimension is the same as not naming it. Where no period is given nothing says that the two are one.
    """
    ignore = set(check.options.get("ignore", ()))
    places: dict[tuple[str, ...], list[Observation]] = {}
    for row in rows:
        if row.period.start and not row.qualifier.startswith("range"):
            dims = sorted(
                f"{name}={slug(value)}" for name, value in row.dims.items() if name not in ignore and value != "all"
            )
            places.setdefault((row.measure, row.unit, row.period.text, *dims), []).append(row)
    for first, *others in places.values():
        for other in others:
            group = Group(check, (first.measure, first.period.text, first.id, other.id), {})
            ours, theirs = printed([first]), printed([other])
            coarse = replace(ours, step=max(ours.step, theirs.step))
            verdict = judge(coarse, theirs.value) if ours.step >= theirs.step else judge(theirs, ours.value)
            how = say("{place} prints {other} for the same.", place=_place([other]), other=show_cell(other))
            values = (ours.value, theirs.value)
            yield group.finding(verdict, show_cell(first), show_cell(other), how, [first, other], values)


RULES = {
    "repeated": (RuleSpec((), (), ("ignore", "note")), _repeated),
    "same": (RuleSpec(("value", "of"), (), ("complete", "copies", "note")), _same),
    "twins": (RuleSpec(("value",), (), ("note",)), _twins),
}
