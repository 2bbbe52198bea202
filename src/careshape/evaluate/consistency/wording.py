"""Numbers as a reader would write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from careshape.language import numeral
from careshape.records import Observation
from careshape.rounding import round_to

_AROUND = {
    "over": "over ", "just-over": "just over ", "approx": "about ", "nearly": "nearly ", "under": "under ",
    "up-to": "up to ",
}  # fmt: skip


def show(value: Fraction, unit: str, decimals: int = 0) -> str:
    """A number with thousands separated, its decimals and its sign of unit: "£1,016.83", "24.7%", "-485"."""
    digits = numeral(f"{float(round_to(abs(value), Fraction(1, 10**decimals))):,.{decimals}f}")
    sign = "-" if value < 0 else ""
    if unit.startswith("gbp"):
        return f"{sign}£{digits}"
    return f"{sign}{digits}%" if unit == "percent" else f"{sign}{digits}"


def show_cell(cell: Observation) -> str:
    """A published figure as printed, with the words that weaken it."""
    return _AROUND.get(cell.qualifier, "") + show(Fraction(cell.value), cell.unit, cell.decimals)


def show_near(value: Fraction, cells: Sequence[Observation], published: Fraction) -> str:
    """A recomputed value, with as many decimals as are needed to tell it from the published one (at most three more).

    A percentage that is not the published one is shown with a decimal more than was printed.
    """
    unit, decimals = cells[0].unit, max(cell.decimals for cell in cells)
    if unit == "percent" and round_to(value, Fraction(1, 10**decimals)) not in (published, value):
        return show(value, unit, decimals + 1)
    for more in range(4):
        if round_to(value, Fraction(1, 10 ** (decimals + more))) != published or value == published:
            return show(value, unit, decimals + more)
    return show(value, unit, decimals + 3)


def readable(text: str) -> str:
    """An id in words: "Table 6", "home care", "2020-03" (which stays)."""
    if re.fullmatch(r"table-\d+", text):
        return f"Table {int(text[6:])}"
    if re.fullmatch(r"[\d/+<.-]+", text):
        return text
    return {"prose-figures": "text"}.get(text, text.replace("-", " ").replace("asc fr t52", "ASC-FR table 52"))


def listing(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "nothing"
