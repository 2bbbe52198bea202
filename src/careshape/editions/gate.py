"""The gate: an edition's figures as one system, protected by the council's rule, and attacked before it is seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from careshape.disclosure import (
    PEOPLE,
    AtMost,
    Cell,
    Edition,
    Protected,
    Published,
    Ratio,
    Report,
    Rule,
    Sum,
    Tables,
    attack,
    protect,
)
from careshape.disclosure.published import Printed
from careshape.disclosure.suppress.choose import WORK
from careshape.editions.elsewhere import RatioElsewhere, also_told, told_of, with_given_away
from careshape.editions.equations import Equations, equations
from careshape.editions.questions import DIVIDED, Counted, Key, place_of
from careshape.errors import CareshapeError
from careshape.evaluate.measure import Measure, Result, measure
from careshape.evaluate.measure.evaluate import Context
from careshape.evaluate.measure.result import Cell as ResultCell
from careshape.statement.formatting import Value, Withheld

Shown = Fraction | Withheld

UNSEEN: Final = "the gate cannot judge how it is worked out"
"""The reason of a share or mean that is no whole number of its last decimal, so that no equation says what it tells."""
PARTS: Final = {"weekly_cost": 100, "cost": 700, "hours": 700}
"""Kind of counting -> parts of its unit: pence, and sevenths of what a week has of them."""
EMPTY: Final = "what it is divided by is rounded to none"


@dataclass(frozen=True)
class Passed:
    """What the gate came to: what may be shown at each place, the edition as a reader has it, and the attack on it."""

    shown: Mapping[str, Shown]
    protected: Protected
    report: Report

    @property
    def few(self) -> frozenset[str]:
        """The places of people whose print leaves it open that they are few: known from what is printed alone."""
        published = self.protected.published
        return frozenset(
            one.id for one in published.figures
            if one.unit == PEOPLE and not one.exact and one.least < published.rule.threshold
        )  # fmt: skip

    @property
    def printed_elsewhere(self) -> tuple[str, ...]:
        """Figures that this edition keeps back though another document has printed them."""
        by_id = self.protected.tables.by_id
        return tuple(id_ for id_ in self.protected.suppressed if by_id[id_].told)

    @property
    def found(self) -> list[tuple[str, str]]:
        """What stops a release: each figure with the sentence of it, and what is of no figure under an empty name."""
        faults = [(one.id, one.because) for one in self.report.findings if one.fault is not None]
        named = {id_ for id_, _ in faults}
        hopeless = [(id_, why) for id_, why in self.protected.unprotected.items() if id_ not in named]
        return [*faults, *hopeless, *(("", one) for one in self.report.contradictions)]

    @property
    def safe(self) -> bool:
        """Whether nothing protected could be recovered, and nothing was left without protection."""
        return self.report.failed and not self.protected.unprotected


def pass_gate(
    cells: Mapping[str, Counted], rule: Rule, before: Sequence[Edition] = (), number: int = 1, secret: str = "",
    say: Callable[[str], None] = lambda step: None, ratios: Sequence[RatioElsewhere] = (), work: int = WORK,
) -> Passed:  # fmt: skip
    """Protect the figures of an edition and attack what is left.

    Args:
        cells: every figure that the edition shows, and those that its shares and means are made of, by place.
        rule: the council's.
        before: the editions that readers have already, the oldest first.
        number: the edition's own.
        secret: the council's, which decides among equally good choices.
        say: told which step begins: protecting, or attacking.
        ratios: shares and means that other documents have printed, each an equation that the attacker has.
        work: how long to look for a pattern that hides less; what is safe does not depend on it.
    """
    say("protecting")
    tables, parts = system_of(cells)
    cut = {id_: parts[one.place.counting] for id_, one in cells.items() if one.place.counting in parts}
    otherwise = [one for one in before if one.published.rule != rule]
    tables = with_given_away(replace(tables, told=told_of(ratios, tables, cut)), rule, otherwise)
    before = [also_told(one, tables) for one in before]
    protected = protect(tables, rule, before=before, number=number, secret=secret, work=work)
    say("attacking")
    was = [one.truth for one in before]
    report = attack(protected.published, [one.published for one in before], truth=tables, was=was)
    return Passed(shown_of(cells, protected.published, parts), protected, report)


def _parts(cells: Mapping[str, Counted], known: Equations) -> dict[str, int]:
    """Way of counting -> into how many parts its unit is cut, so that every figure of it is a whole number of parts.

    No fewer than ``PARTS``, whatever this edition's own figures need: editions are set beside each other part by part.
    """
    found: dict[str, int] = {}
    exact = [(one.place.counting, one.exact) for one in cells.values() if one.place.kind not in DIVIDED]
    exact += [(one.total.place.counting, one.exact) for one in known.rests.values()]
    for counting, number in exact:
        least = PARTS.get(counting.partition(" ")[0], 1)
        found[counting] = math.lcm(found.get(counting, least), number.denominator)
    return found


def system_of(cells: Mapping[str, Counted]) -> tuple[Tables, dict[str, int]]:
    """The system of cells, sums and ratios that is protected and attacked, and the parts in which its values are."""
    known = equations(cells.values())
    parts = _parts(cells, known)
    return _tables(cells, known, parts), parts


def _tables(cells: Mapping[str, Counted], known: Equations, parts: Mapping[str, int]) -> Tables:
    plain = {id_: one for id_, one in cells.items() if one.place.kind not in DIVIDED}
    # Whoever is told a share or a mean, and one of its halves, can work out the other.
    told = {id_ for one in cells.values() if one.shown and one.over is not None for id_ in one.over}
    found = [
        Cell(
            id_, int(one.exact * parts[one.place.counting]), one.people,
            tuple(int(part * parts[one.place.counting]) for part in one.largest), one.unit, one.public,
            one.shown or id_ in told, told=one.told,
        )
        for id_, one in plain.items()
    ]  # fmt: skip
    found += [
        Cell(name, int(one.exact * parts[one.total.place.counting]), one.people, (), one.total.unit, printed=False)
        for name, one in known.rests.items()
    ]
    ratios = []
    for id_, one in cells.items():
        scale = _scale(one, cells, parts)
        if one.over is not None and scale is not None:
            ratios.append(Ratio(id_, *one.over, scale, 0))
    sums = tuple(Sum(total, names) for total, names in known.sums)
    limits = tuple(
        AtMost(part, whole) for part, whole in dict.fromkeys(known.limits)
        if all(parts[cells[id_].place.counting] == 1 for id_ in (part, *whole))
    )  # fmt: skip
    return Tables(tuple(found), sums, tuple(ratios), limits)


def _scale(one: Counted, cells: Mapping[str, Counted], parts: Mapping[str, int]) -> int | None:
    """By what a numerator is multiplied so that the ratio is in its last decimal; None where by no whole number."""
    if one.over is None:
        return None
    above, below = (cells[id_] for id_ in one.over)
    scale = Fraction(
        10**one.decimals * (100 if one.place.kind == "share" else 1) * parts[below.place.counting],
        parts[above.place.counting],
    )
    return int(scale) if scale.denominator == 1 and scale > 0 else None


def shown_of(cells: Mapping[str, Counted], published: Published, parts: Mapping[str, int]) -> dict[str, Shown]:
    """What may be shown at each place."""
    ratios = {one.ratio.id: one for one in published.ratios}
    shown: dict[str, Shown] = {}
    for id_, one in cells.items():
        if not one.shown:
            continue
        if one.place.kind in DIVIDED:
            shown[id_] = _ratio_shown(published, ratios.get(id_), one)
        else:
            figure = published.by_id[id_]
            why = Withheld(published.reason(id_) or "it is not shown")
            shown[id_] = why if figure.shown is None else Fraction(figure.shown, parts[one.place.counting])
    return shown


def _ratio_shown(published: Published, printed: Printed | None, one: Counted) -> Shown:
    """A ratio, or the reason that is told of ratios: it is withheld for the sake of what it is worked out from."""
    if printed is None:
        return Withheld(UNSEEN)
    if printed.empty:
        return Withheld(EMPTY)
    if printed.shown is None:
        return Withheld(published.reason_of_ratio(printed.ratio))
    return Fraction(printed.shown, 10**one.decimals)


@dataclass(frozen=True)
class _Answer(Result):
    """An answer whose cells are as they may be shown."""

    values: Mapping[Key, Value] | None = None

    def value_of(self, cell: ResultCell, places: int | None = None) -> Any:
        """What is shown of a cell."""
        return (self.values or {})[cell.key]


class Gated:
    """Answers questions to the ledger with what the gate lets be shown; what it has not seen, nobody sees."""

    def __init__(self, shown: Mapping[str, Shown]) -> None:
        self.shown = shown

    def shown_at(self, place: str) -> Shown:
        """What is shown at a place. Raises CareshapeError for one that the gate has not seen."""
        if place not in self.shown:
            raise CareshapeError(f"The gate has not seen {place}, so it is not shown.")
        return self.shown[place]

    def __call__(
        self, context: Context, name: str, *, by: Sequence[str] = (), where: Mapping[str, Any] | None = None,
        period: str | None = None,
    ) -> Result:  # fmt: skip
        """The answer, cell by cell as it may be shown."""
        result = measure(context, name, by=by, where=dict(where or {}), period=period)
        values: dict[Key, Value] = {}
        for cell in result.cells:
            place = place_of(result, cell.key, where or {})
            values[cell.key] = None if cell.exact is None else written_as(self.shown_at(place.id), result.measure)
        return _Answer(result.measure, result.dimensions, result.cells, result.posting, result.periods, values)


def written_as(shown: Shown, entry: Measure) -> Value:
    """A shown number with the decimals of its measure, as a result gives it."""
    if isinstance(shown, Withheld):
        return shown
    places = 10**entry.decimals
    whole = math.floor(shown * places + Fraction(1, 2))
    return whole if entry.decimals == 0 else Decimal(whole) / places
