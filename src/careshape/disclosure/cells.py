"""What is to be published, as one system: cells, the sums and the ratios that tie them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from careshape.errors import InputError

PEOPLE = "people"
"""The unit of a count of people: protected by whole people. Every other unit is protected by shares of its value."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure. It may stand in many tables: the same fact is one cell.

    Attributes:
        id: names it in every edition: measure, dimensions and period, not its place on a page.
        value: a count, pence, or hundredths of a unit; never negative.
        people: persons behind it; None where it is not about people, and then it is never protected for their sake.
        largest: for money, the largest contributions in the same unit, descending (by provider: for dominance).
        unit: ``people``, or another word for what is counted.
        known: a reader knows it exactly from elsewhere, so it cannot be hidden, and is printed.
        told: another document has printed it, so that a reader knows it too; this edition prints it by its own rule all
            the same. It is no target of the attack, and helps in all that is aimed at others.
        printed: whether the edition prints it. A rest that a reader can work out (a total less the parts that are
            shown) is a cell that is not printed: it needs protection all the same.
        weight: how much is lost by hiding it, beside 1 for other cells.
        room: the width of the range that other documents alone leave a reader: no edition can leave more, so no more is
            asked of one. None where they do not narrow it below what the rule asks for.
    """

    id: str
    value: int
    people: int | None = None
    largest: tuple[int, ...] = ()
    unit: str = PEOPLE
    known: bool = False
    printed: bool = True
    weight: int = 1
    told: bool = False
    room: int | None = None

    @property
    def outside(self) -> bool:
        """Whether a reader has it exactly without this edition."""
        return self.known or self.told


@dataclass(frozen=True, slots=True)
class Sum:
    """``total`` is the sum of ``parts``. ``table`` names the place where a reader finds it, for reports.

    People who may stand in several categories do not add up: such a total carries no Sum.
    """

    total: str
    parts: tuple[str, ...]
    table: str = ""


@dataclass(frozen=True, slots=True)
class AtMost:
    """``part`` is no more than the sum of ``whole``, as everybody knows without being told.

    People who may stand in several categories do not add up, and yet a group is no larger than what holds it, the
    people of a year are no fewer than those of any of its months, and whoever is in use serves somebody.
    """

    part: str
    whole: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A percentage, mean or rate: ``scale / per`` times numerator over denominator, rounded half up to ``decimals``.

    A percentage has scale 100. A mean of pence a person has scale 1 if it is printed in pence, and is per 100 if in
    whole pounds; a rate per 100,000 has scale 100,000. A growth is 100 times the later over the earlier figure ``less``
    100.
    """

    id: str
    numerator: str
    denominator: str
    scale: int = 100
    decimals: int = 0
    less: int = 0
    per: int = 1

    def printed(self, numerator: int, denominator: int) -> int | None:
        """What is printed, in units of its last decimal; None where the denominator is 0."""
        if denominator == 0:
            return None
        bottom = self.per * denominator
        top = 2 * self.scale * 10**self.decimals * numerator + bottom
        return top // (2 * bottom) - self.less * 10**self.decimals

    def whole(self, printed: int) -> int:
        """What is printed with what was taken from it put back: scale times numerator over denominator alone."""
        return printed + self.less * 10**self.decimals


@dataclass(frozen=True, slots=True)
class Told:
    """A percentage, mean or rate of the true figures that another document printed: an equation that every reader has.

    shown: in units of the last decimal of the ratio, as ``Ratio.printed`` gives it.
    """

    ratio: Ratio
    shown: int


@dataclass(frozen=True)
class Tables:
    """The figures of one edition, and ``told``, the ratios of them that other documents printed.

    Raises InputError where they contradict each other or name what is not there.
    """

    cells: tuple[Cell, ...]
    sums: tuple[Sum, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    limits: tuple[AtMost, ...] = ()
    told: tuple[Told, ...] = ()
    by_id: Mapping[str, Cell] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {cell.id: cell for cell in self.cells}
        object.__setattr__(self, "by_id", by_id)
        if len(by_id) < len(self.cells):
            twice = next(cell.id for cell in self.cells if by_id[cell.id] is not cell)
            raise InputError(f"The cell '{twice}' stands twice among the figures. A fact is one cell: name it once.")
        for cell in self.cells:
            _check_cell(cell)
        for one in self.sums:
            self._check_sum(one)
        for limit in self.limits:
            self._check_limit(limit)
        for one_told in self.told:
            self._check_told(one_told)
        for ratio in self.ratios:
            for id_ in (ratio.numerator, ratio.denominator):
                self._named(id_, f"the ratio '{ratio.id}'")

    def _named(self, id_: str, by: str) -> Cell:
        if id_ not in self.by_id:
            raise InputError(f"There is no cell '{id_}', which {by} names.")
        return self.by_id[id_]

    def _check_sum(self, one: Sum) -> None:
        total = self._named(one.total, "a sum")
        parts = sum(self._named(id_, f"the sum of '{one.total}'").value for id_ in one.parts)
        if total.value != parts:
            raise InputError(
                f"'{one.total}' is {total.value}, and its parts add up to {parts}"
                f"{f' ({one.table})' if one.table else ''}. Where people may stand in several parts, leave the sum out."
            )

    def _check_told(self, one: Told) -> None:
        ratio = one.ratio
        halves = [
            self._named(id_, f"the printed ratio '{ratio.id}'").value for id_ in (ratio.numerator, ratio.denominator)
        ]
        if ratio.printed(*halves) != one.shown:
            raise InputError(f"'{ratio.id}' was printed otherwise than these figures give it. Leave it out.")

    def _check_limit(self, one: AtMost) -> None:
        part = self._named(one.part, "a limit")
        whole = sum(self._named(id_, f"the limit of '{one.part}'").value for id_ in one.whole)
        if part.value > whole:
            raise InputError(f"'{one.part}' is {part.value}, and is said to be at most {whole}. Leave that limit out.")


def _check_cell(cell: Cell) -> None:
    if cell.value < 0:
        raise InputError(
            f"The cell '{cell.id}' is {cell.value}. Disclosure control takes counts and amounts from 0 up."
        )
    if cell.people is not None and cell.people < 0:
        raise InputError(f"The cell '{cell.id}' says {cell.people} people. There cannot be fewer than none.")
    if cell.weight < 1:
        raise InputError(f"The cell '{cell.id}' has weight {cell.weight}. Hiding a cell costs 1 or more.")
    if list(cell.largest) != sorted(cell.largest, reverse=True) or any(part < 0 for part in cell.largest):
        raise InputError(f"The largest contributions to '{cell.id}' must be from 0 up, the largest first.")
