"""What a measure gives back: cells with exact numbers, printed with the measure's own precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from careshape.catalogue.periods import Period
from careshape.evaluate.layout import as_text
from careshape.evaluate.measure.entry import Measure
from careshape.evaluate.numbers import rounded


@dataclass(frozen=True)
class Cell:
    """One number: where it stands and its exact value; None where nothing can be said (a share of nothing)."""

    key: tuple[str, ...]
    exact: Fraction | None


@dataclass(frozen=True)
class Result:
    """Cells of one measure. ``dimensions`` names the parts of every cell's key, in order."""

    measure: Measure
    dimensions: tuple[str, ...]
    cells: tuple[Cell, ...]
    posting: dict[str, int]
    """Authority -> number of the last posting counted: what the figure was known by."""
    periods: tuple[Period, ...] = ()
    """The periods that were counted, asked for or taken by default."""

    def value_of(self, cell: Cell, places: int | None = None) -> int | Decimal | None:
        """The cell's number, rounded to the measure's decimals or to ``places``; an int where there are none."""
        if cell.exact is None:
            return None
        places = self.measure.decimals if places is None else places
        number = rounded(cell.exact, places)
        return int(number) if places <= 0 else number

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One dictionary a cell: dimension -> id, and ``value``."""
        named = ((dict(zip(self.dimensions, cell.key, strict=True)), cell) for cell in self.cells)
        return [{**names, "value": self.value_of(cell)} for names, cell in named]

    @property
    def value(self) -> int | Decimal | None:
        """The number of a result of one cell; None where no line fits a mean or a share."""
        if len(self.cells) != 1:
            raise ValueError(f"{self.measure.id} has {len(self.cells)} cells; read .rows")
        return self.value_of(self.cells[0])

    @property
    def exact(self) -> Fraction | None:
        """The exact number of a result of one cell."""
        if len(self.cells) != 1:
            raise ValueError(f"{self.measure.id} has {len(self.cells)} cells; read .cells")
        return self.cells[0].exact

    def get(self, *key: str) -> Fraction | None:
        """The exact number at a key; a cell that holds nothing gives 0, as every count of no lines does."""
        for cell in self.cells:
            if cell.key == key:
                return cell.exact
        return None if self.measure.kind in ("share", "mean_weekly_cost") else Fraction(0)

    def summary(self) -> str:
        """The result as a small table for a terminal."""
        return as_text(self.rows, (*self.dimensions, "value"))


@dataclass(frozen=True)
class Change:
    """How one cell moved between two states of knowledge, and the recorded reasons for it."""

    key: tuple[str, ...]
    before: Fraction | None
    after: Fraction | None
    reasons: Sequence[tuple[int, str, Fraction]]
    """Posting number, reason (late entry, correction, ...) and how much rows of that kind moved the number."""
