"""What a figure can be split or filtered by, and how catalogue ids become conditions on integer columns."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import narwhals as nw

from careshape.catalogue import UNKNOWN, catalogue
from careshape.catalogue.periods import Period, month_ordinal
from careshape.errors import CallError
from careshape.ledger.columns import CODED
from careshape.ledger.postcodes import postcode_number, postcode_text
from careshape.records.unmet_need import LISTS as UNMET

BANDS: Final = {
    "age_band": ((0, 17), (18, 24), (25, 44), (45, 64), (65, 74), (75, 84), (85, 94), (95, 150)),
    "working_age_band": ((0, 17), (18, 64), (65, 150)),
}
"""Age bands of the national client level data, and the two that the published tables use."""

LISTS: Final = {**CODED, **UNMET}
"""Dimension -> list of the catalogue that its ids come from, for lines of care and for needs that were not met."""

TIME: Final = ("financial_year", "month", "period")
NAMED: Final = ("provider", "setting")
DIMENSIONS: Final = (*sorted(LISTS), *BANDS, *NAMED, "postcode_district", "financial_year", "month")
OLDEST: Final = 150

Where = Mapping[str, str | Sequence[str]]


def check_dimension(name: str, what: str = "dimension") -> str:
    """Return ``name`` if figures can be split by it. Raises CallError with near matches."""
    if name in DIMENSIONS or name == "period":
        return name
    near = difflib.get_close_matches(name, DIMENSIONS, n=3, cutoff=0.5)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    raise CallError(f"No {what} is called '{name}'.{hint} Choose from {', '.join(DIMENSIONS)}.")


def values_of(value: str | Sequence[str]) -> tuple[str, ...]:
    """One value or several as a tuple; ``a|b`` written in one string is two."""
    return tuple(value.split("|")) if isinstance(value, str) else tuple(value)


def condition(name: str, value: str | Sequence[str], period: Period) -> nw.Expr:
    """The rows whose dimension ``name`` is one of ``value``: ids, groups of ids, or age bands such as 65+.

    ``period`` gives the day on which ages are taken: its last. Raises CallError for unknown dimensions and ids.
    Providers and settings are known by the register of a ledger: see ``named.numbers_of``.
    """
    if name in BANDS:
        return _age_condition(values_of(value), period)
    if name == "postcode_district":
        return nw.col(name).is_in([0 if one == UNKNOWN else postcode_number(one) for one in values_of(value)])
    check_dimension(name)
    if name not in LISTS:
        raise CallError(f"Lines cannot be filtered by '{name}'. Ask for the period you need instead.")
    cat, listing = catalogue(), LISTS[name]
    codes = sorted({cat.code(listing, member) for one in values_of(value) for member in cat.members(listing, one)})
    return one_of(name, codes)


def one_of(name: str, codes: Sequence[int]) -> nw.Expr:
    """The rows whose column ``name`` holds one of ``codes``; engines skip more where a single code is compared."""
    return nw.col(name) == codes[0] if len(codes) == 1 else nw.col(name).is_in(codes)


def parse_band(text: str) -> tuple[int, int]:
    """Read an age band: 18-64, 65+ or 95+. Returns first and last age in years. Raises CallError."""
    match = re.fullmatch(r"(\d{1,3})(?:-(\d{1,3})|\+)", text.strip(), re.ASCII)
    if not match:
        raise CallError(f"'{text}' is not an age band. Write it as 18-64 or 65+.")
    return int(match[1]), int(match[2]) if match[2] else OLDEST


def _age(period: Period) -> nw.Expr:
    """Age in whole years on the last day of the period, as if everybody were born on the first of their month."""
    return (nw.lit(month_ordinal(period.end)) - nw.col("birth_month").cast(nw.Int64)) // 12


def _age_condition(bands: Sequence[str], period: Period) -> nw.Expr:
    found: nw.Expr | None = None
    for band in bands:
        low, high = parse_band(band)
        one = (nw.col("birth_month") > 0) & (_age(period) >= low) & (_age(period) <= high)
        found = one if found is None else found | one
    if found is None:
        raise CallError("An age filter needs at least one band, such as 65+.")
    return found


def add_key(frame: nw.LazyFrame[Any], name: str, period: Period) -> nw.LazyFrame[Any]:
    """Add the column that a derived dimension groups by; coded dimensions group by their own column."""
    if name not in BANDS:
        return frame
    expression: nw.Expr = nw.lit(-1)
    for number, (low, high) in enumerate(BANDS[name]):
        inside = (nw.col("birth_month") > 0) & (_age(period) >= low) & (_age(period) <= high)
        expression = nw.when(inside).then(nw.lit(number)).otherwise(expression)
    return frame.with_columns(expression.alias(name))


def band_label(name: str, number: int) -> str:
    """Name of an age band: 18-64, 65+ or unknown."""
    if number < 0:
        return UNKNOWN
    low, high = BANDS[name][number]
    return f"{low}+" if high == OLDEST else f"{low}-{high}"


def labeller(name: str, names: Mapping[int, str]) -> Callable[[int], str]:
    """Return the function from the integer of a cell to the id that people read; ``names`` serves providers and
    settings."""
    if name in BANDS:
        return lambda number: band_label(name, number)
    if name in NAMED:
        return lambda number: names.get(number, UNKNOWN)
    if name == "postcode_district":
        return lambda number: postcode_text(number) or UNKNOWN
    cat = catalogue()
    return lambda number: cat.id(LISTS[name], number)
