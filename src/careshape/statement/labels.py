"""The words for ids: catalogue labels, periods and age bands as a reader says them."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from careshape.catalogue import catalogue
from careshape.catalogue.periods import month_period, parse_period
from careshape.errors import CallError
from careshape.evaluate.measure.dimensions import LISTS
from careshape.statement.formatting import title_of

TIME: Final = ("period", "month", "financial_year")
NAMELESS: Final = frozenset({"unknown", "not-applicable"})
"""Parts that are no place, group or service of their own, so that no ranking names them."""

_DIMENSIONS: Final = {
    "client_group": "Client group",
    "support_reason": "Primary support reason",
    "age_band": "Age",
    "working_age_band": "Age",
    "financial_year": "Financial year",
    "cqc_overall_rating": "CQC overall rating",
    "placement_area": "Where the home is",
    "mdt": "Multidisciplinary team",
}


_COMMON: Final = frozenset(
    {"service", "client_group", "support_reason", "component", "cost_centre", "purchase_type", "delivery_mechanism"}
    | {"booking_type", "provider_type", "placement_area"}
)
"""Dimensions whose values are common nouns; those of others are names."""


def in_sentence(dimension: str, label: str) -> str:
    """A label as it stands inside a sentence: nursing care; names keep their capitals: Shared Lives, NHS, Covid-19."""
    named = re.search(r"\d", label) or re.search(r"[A-Z]", label[1:])
    return label if dimension not in _COMMON or named else label[:1].lower() + label[1:]


def dimension_title(name: str) -> str:
    """A dimension as the heading of a column: Client group, District."""
    return _DIMENSIONS.get(name, title_of(name))


def period_title(text: str) -> str:
    """A period in words: March 2021, 31 March 2021, 2020/21; text that is no period comes back as it is."""
    try:
        period = parse_period(text)
    except CallError:
        return text
    if period.kind != "span":
        return period.title
    first, last = month_period(period.months[0]), month_period(period.months[-1])
    if (first.start, last.end) != (period.start, period.end):
        return period.title
    # A span of whole months or calendar years is named by them, not by its days.
    years = first.start.month == 1 and last.end.month == 12
    ends = (str(first.start.year), str(last.end.year)) if years else (first.title, last.title)
    return " to ".join(ends)


def day_of(period: str) -> date | None:
    """The last day of a period, on which a stock is counted; None for what is no period."""
    try:
        return parse_period(period).end
    except CallError:
        return None


def age_title(text: str) -> str:
    """An age band in words: 18 to 64, 65 and over."""
    if match := re.fullmatch(r"(\d+)\+", text):
        return f"{match[1]} and over"
    return re.sub(r"^(\d+)-(\d+)$", r"\1 to \2", text)


def label_of(dimension: str, value: str) -> str:
    """A dimension's value as a reader says it: the catalogue's label where it is an entry or a group."""
    if dimension in TIME:
        return period_title(value)
    if "age_band" in dimension:
        return "All ages" if value == "all" else age_title(value)
    if value == "all":
        return "All"
    if dimension == "district" and value == "not-applicable":
        # Care given elsewhere is in no district of the council's, which "Not applicable" would not tell.
        return "Outside the area"
    listing = LISTS.get(dimension, "")
    if listing:
        lists = catalogue().lists[listing]
        if value in lists.by_id or value in lists.groups:
            return lists.label(value)
    return title_of(value) if re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", value) else value
