"""What an edition prints, and what stands behind it: the only thing a reader, and the attacker, has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from careshape.disclosure.cells import PEOPLE, AtMost, Cell, Ratio, Sum, Tables
from careshape.disclosure.rule import Rule
from careshape.errors import InputError

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed cell.

    Attributes:
        id: the cell's.
        shown: what is printed; None where it is suppressed, or never printed.
        least, greatest: the range of the true value that the print itself tells: both the value where it is exact, a
            base either side where it is rounded, from 0 without end (None) where it is suppressed.
        unit: of the value.
        printed: False for a rest that stands on no page, but that a reader can name.
        known: a reader knows it exactly from elsewhere.
    """

    id: str
    shown: int | None
    least: int
    greatest: int | None
    unit: str = PEOPLE
    printed: bool = True
    known: bool = False

    @property
    def exact(self) -> bool:
        """Whether the print tells the true value."""
        return self.least == self.greatest

    @property
    def suppressed(self) -> bool:
        """Whether it stands on a page as a word in place of a number."""
        return self.printed and self.shown is None


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed ratio: ``shown`` in units of its last decimal; None where hidden, or where the denominator is 0.

    of_counts: whether it was worked out from the true counts, and so tells of them; else from what is printed.
    empty: whether there is nothing to divide by, which is said in place of a value.
    """

    ratio: Ratio
    shown: int | None
    of_counts: bool = True
    empty: bool = False


@dataclass(frozen=True)
class Published:
    """One edition as a reader has it: figures, ratios, and how they add up; its number, and the council's rule."""

    number: int
    rule: Rule
    figures: tuple[Figure, ...]
    sums: tuple[Sum, ...] = ()
    ratios: tuple[Printed, ...] = ()
    limits: tuple[AtMost, ...] = ()
    """What everybody knows to be no more than what, without its being printed."""

    @cached_property
    def by_id(self) -> Mapping[str, Figure]:
        """The figures by the ids of their cells."""
        return {figure.id: figure for figure in self.figures}

    def reason(self, id_: str) -> str | None:
        """What stands beside the word "suppressed"; None where the figure is printed.

        It does not say whether the cell itself is small, or hidden for another's sake, or was corrected: each of these
        would tell a reader something about it.
        """
        figure = self.by_id[id_]
        if not figure.suppressed:
            return None
        few = f"it could tell of fewer than {self.rule.threshold} people"
        return few if figure.unit == PEOPLE else f"{few}, or of one provider's business"

    def reason_of_ratio(self, ratio: Ratio) -> str:
        """What stands beside the word "suppressed" of a percentage, mean or rate.

        It is withheld for the sake of the two figures that it is worked out from, and not because it counts few itself.
        """
        halves = [self.by_id[id_] for id_ in (ratio.numerator, ratio.denominator) if id_ in self.by_id]
        few = f"what it is worked out from could tell of fewer than {self.rule.threshold} people"
        return few if all(one.unit == PEOPLE for one in halves) else f"{few}, or of one provider's business"

    def to_json(self) -> str:
        """The edition as a file: JSON, one line a figure, the same bytes for the same edition."""
        lines = ",\n  ".join(json.dumps(asdict(figure), sort_keys=True) for figure in self.figures)
        sums = ",\n  ".join(json.dumps(asdict(one), sort_keys=True) for one in self.sums)
        ratios = ",\n  ".join(json.dumps(asdict(one), sort_keys=True) for one in self.ratios)
        limits = ",\n  ".join(json.dumps(asdict(one), sort_keys=True) for one in self.limits)
        rule = json.dumps(self.rule.model_dump(), sort_keys=True)
        head = f'"format": {FORMAT}, "number": {self.number}, "rule": {rule}'
        parts = {"figures": lines, "sums": sums, "ratios": ratios, "limits": limits}
        return f"{{{head},\n " + ",\n ".join(f'"{name}": [\n  {some}]' for name, some in parts.items()) + "}\n"

    @classmethod
    def from_json(cls, text: str) -> Published:
        """The edition that a file holds. Raises InputError where it is none."""
        try:
            raw = json.loads(text)
            if raw["format"] != FORMAT:
                raise InputError(f"The edition is in format {raw['format']!r}; this version reads format {FORMAT}.")
            return cls(
                raw["number"],
                Rule(**raw["rule"]),
                tuple(Figure(**one) for one in raw["figures"]),
                tuple(_sum(one) for one in raw["sums"]),
                tuple(Printed(**{**one, "ratio": Ratio(**one["ratio"])}) for one in raw["ratios"]),
                tuple(AtMost(one["part"], tuple(one["whole"])) for one in raw.get("limits", ())),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"This is no published edition: {error}.") from None


def _sum(raw: Mapping[str, Any]) -> Sum:
    return Sum(raw["total"], tuple(raw["parts"]), raw["table"])


@dataclass(frozen=True)
class Edition:
    """An earlier edition, for one that comes after it: what was printed, and what was true of it then.

    truth: its tables as they were counted then. Where they are gone (None), a figure that was hidden is taken as
        unchanged.
    """

    published: Published
    truth: Tables | None = None


@dataclass(frozen=True)
class Protected:
    """What protection came to. Only ``published`` may leave the house.

    Attributes:
        published: what may be printed.
        tables: the true figures.
        why: for each hidden cell, the reason for those who release: "fewer than 5 people", "would give another figure
            away", "one provider makes up most of it", "would show what changed since edition 3", "hidden in edition 3".
        unprotected: cells that no choice could protect, each with a sentence. The release must be refused.
        cost, bound: the weight of cells hidden beyond those that are protected themselves, and the least that it could
            have been; they are equal where the choice is proven to be the best.
    """

    published: Published
    tables: Tables
    why: Mapping[str, str]
    unprotected: Mapping[str, str] = field(default_factory=dict)
    cost: int = 0
    bound: int = 0

    @property
    def suppressed(self) -> tuple[str, ...]:
        """The cells that read "suppressed"."""
        return tuple(figure.id for figure in self.published.figures if figure.suppressed)

    @property
    def edition(self) -> Edition:
        """This edition, as the next one needs it."""
        return Edition(self.published, self.tables)


def exact(cell: Cell) -> Figure:
    """The cell printed as it is."""
    return Figure(cell.id, cell.value, cell.value, cell.value, cell.unit, cell.printed, cell.known)


def hidden(cell: Cell) -> Figure:
    """The cell with no word about its value."""
    return Figure(cell.id, None, 0, None, cell.unit, cell.printed, cell.known)
