"""One figure from elsewhere, with everything needed to quote it: source, period, unit and kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from careshape.records.period import Period

ROW_KINDS = ("part", "subtotal", "total", "derived", "observation", "comparator", "baseline", "current")
"""What a row is in its table; `derived` is a figure that the source worked out from others."""

KINDS = ("observed", "target", "projection", "estimate", "capacity", "budget")
"""How the figure came to be."""

QUALIFIERS = ("exact", "approx", "nearly", "over", "just-over", "under", "up-to", "range-low", "range-high")
"""How firmly the source states it: "about 30" is `approx`, "more than 30" is `over`."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure that careshape did not compute from line items.

    Attributes:
        id: stable name. Rows with an id of their own keep it ("W-PF-009"); the others are called after their table and
            their place in its file, counted from 1 below the header ("table-06/3").
        authority: the council whose collection it stands in, as a slug.
        source: the document, and the statistic that the document quotes where it says so.
        table: the file's short name ("table-06", "key-statistics", "prose-figures").
        row_kind: one of ROW_KINDS.
        measure, unit: what is counted and in what.
        value: the number, with the decimals that were printed (19.00 stays 19.00); a percentage stays one.
        period: see Period.
        kind: one of KINDS.
        dims: the other columns that say what the figure is for (district, service, client_group ...), blanks left out.
        qualifier: one of QUALIFIERS.
        as_published: the few words the value was read from, where it stands in prose.
        section, note: where in the document, and what a reader should know.
        source_line: line of the document's text, counted from 1; None where there is no such text.
    """

    id: str
    authority: str
    source: str
    table: str
    row_kind: str
    measure: str
    unit: str
    value: Decimal
    period: Period
    kind: str
    dims: Mapping[str, str] = field(default_factory=dict, hash=False)
    qualifier: str = "exact"
    as_published: str = ""
    section: str = ""
    note: str = ""
    source_line: int | None = None

    @property
    def decimals(self) -> int:
        """Decimal places that were printed."""
        return max(0, -int(self.value.as_tuple().exponent))

    def get(self, name: str) -> str | None:
        """The value of a dimension or of a text field; None where the observation has none."""
        if name in TEXT_FIELDS:
            return str(getattr(self, name))
        return self.dims.get(name)


TEXT_FIELDS = ("id", "authority", "table", "row_kind", "measure", "unit", "kind", "qualifier", "section")
"""The fields, beside the dimensions and the period, by which observations can be asked for."""


def slug(text: object) -> str:
    """Fold case and punctuation, so that "Malvern Hills" and "malvern-hills" are one value; "65+" keeps its sign."""
    return _folded(str(text))


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    """The same of a text, kept: tables hold the same few thousand words, and are compared row by row."""
    return re.sub(r"[^a-z0-9+<>]+", "-", text.lower()).strip("-")
