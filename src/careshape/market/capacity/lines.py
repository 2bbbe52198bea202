"""Lines of returns: what a location says of one type of beds, one zone and part of the day, or one group of staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from careshape.market.capacity.fields import Kind
from careshape.market.faults import Fault

Number = int | Decimal


@dataclass(frozen=True)
class Raw:
    """Cells of one row before they are read; ``named`` says under which heading each stands."""

    row: int
    cells: Mapping[str, str]
    named: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One line of a return.

    Attributes:
        day: the day on which the figures were true.
        part: what they are about: a bed type, a zone and a part of the day, or a group of staff.
        figures: field -> number (beds and people whole, hours with up to two decimals); what was left blank is missing.
        closed_reason: why beds are closed to admission; blank where none is.
        cells: the row as it came; empty where it came from no file.
        row: where it stands in the file; named: column -> heading, for what is said of it.
    """

    location: str
    day: date
    kind: Kind
    part: tuple[str, ...]
    figures: Mapping[str, Number]
    row: int
    named: Mapping[str, str]
    closed_reason: str = ""
    cells: Mapping[str, str] = field(default_factory=dict, compare=False)

    def get(self, name: str) -> Number | None:
        """A figure; None where it was left blank."""
        return self.figures.get(name)


@dataclass(frozen=True)
class Return:
    """What a file of returns held: the lines that can be counted, and what was wrong with the others.

    Attributes:
        unread: rows of which no line could be made, as they came, with their kind.
    """

    file: str
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    unread: tuple[tuple[Kind, Raw], ...] = ()
