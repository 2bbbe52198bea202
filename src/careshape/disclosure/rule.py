"""A council's rule of disclosure control: a data file, and which cells it protects."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.declared import declared, read_toml
from careshape.disclosure.cells import PEOPLE, Cell, Tables

FILE = "disclosure.toml"
Percent = Annotated[int, Field(ge=0, le=100)]


class Rule(BaseModel):
    """What is protected, how, and how well. The comments of ``data/disclosure.toml`` explain each field."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    method: Literal["suppress", "round"] = "round"
    threshold: Annotated[int, Field(ge=2, le=100)] = 5
    zeros: bool = False
    width: Annotated[int, Field(ge=1, le=1000)] = 5
    base: Annotated[int, Field(ge=2, le=1000)] = 5
    few: Annotated[int, Field(ge=0, le=100)] = 2
    money_width: Annotated[int, Field(ge=1, le=200)] = 20
    dominance_providers: Annotated[int, Field(ge=0, le=10)] = 2
    dominance_percent: Percent = 90
    near_percent: Percent = 10
    ratios: Literal["with cells", "where safe"] = "with cells"

    @model_validator(mode="after")
    def _wide_enough(self) -> Rule:
        if self.method == "round" and self.base < self.width:
            raise ValueError(
                f"Rounding to {self.base} cannot leave a reader a range of {self.width}. "
                "Take a base no less than the width."
            )
        return self

    def sensitive(self, cell: Cell) -> str | None:
        """Why a cell must be protected, in words; None where it need not be. What is known from elsewhere is not."""
        return None if cell.outside else self.small(cell)

    def small(self, cell: Cell) -> str | None:
        """Why a cell would be protected if nobody knew it."""
        if cell.people is not None and (0 < cell.people < self.threshold or (self.zeros and cell.people == 0)):
            return f"fewer than {self.threshold} people"
        return self._dominated(cell)

    def _dominated(self, cell: Cell) -> str | None:
        """The (n, k) rule and the p% rule, on the contributions of providers."""
        if not cell.largest or cell.value == 0:
            return None
        top = sum(cell.largest[: self.dominance_providers])
        if self.dominance_providers and top * 100 > self.dominance_percent * cell.value:
            return (
                _MOST if self.dominance_providers == 1 else f"{self.dominance_providers} providers make up most of it"
            )
        rest = cell.value - sum(cell.largest[:2])
        if rest * 100 < self.near_percent * cell.largest[0]:
            return _MOST
        return None

    def need(self, cell: Cell) -> int:
        """The least width of the range that a reader may be left with: greatest less least value.

        Where other documents alone leave less, it is what they leave: this edition may take nothing of that.
        """
        width = self.width if cell.unit == PEOPLE else max(1, -(-cell.value * self.money_width // 100))
        return width if cell.room is None else min(width, cell.room)

    def protected(self, tables: Tables) -> dict[str, Need]:
        """The cells of an edition that must be protected."""
        found = {}
        for cell in tables.cells:
            why = self.sensitive(cell)
            if why is not None:
                found[cell.id] = Need(self.need(cell), why)
        return found


_MOST = "one provider makes up most of it"


@dataclass(frozen=True, slots=True)
class Need:
    """What a protected cell needs: the least ``width`` of a reader's range, and ``why``."""

    width: int
    why: str


def read_rule(text: str, file: str = FILE) -> Rule:
    """A council's rule. Raises CatalogueError that names the field at fault; ``file`` names the file in it."""
    return declared(Rule, read_toml(text, file), file, "rule")


def default_rule() -> Rule:
    """The rule of a council that declares none: the packaged data file."""
    return read_rule(resources.files("careshape.disclosure").joinpath("data", FILE).read_text("utf-8"))
