"""How values are written: numbers, money, shares and dates in British English, and what is not there said in words.

A value that is not known prints as "not known" and one that was withheld prints as "suppressed"; neither is ever 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from careshape.evaluate.numbers import MINUS, rounded, written_out
from careshape.language import current, day_of, month_of, say

NOT_KNOWN: Final = "not known"
SUPPRESSED: Final = "suppressed"


@dataclass(frozen=True)
class Withheld:
    """A value that an edition does not give, so that nobody can be recognised, with the reason as a reader sees it."""

    reason: str

    def __str__(self) -> str:
        return SUPPRESSED


Value = int | Decimal | Fraction | str | date | Withheld | None

_WHOLE_POUNDS: Final = 10_000
"""Pounds from which pence say nothing."""
_BILLION: Final = 1_000_000_000

_SMALL: Final = (
    *("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def plain(value: int | Decimal | Fraction, places: int | None = None) -> str:
    """A number without a unit: commas between thousands, ``places`` decimals, or as many as it needs (at most two)."""
    return written_out(value, _places(value) if places is None else places)


def number(value: int | Decimal | Fraction) -> str:
    """35,387, or 0.55 where it has a fraction."""
    return plain(value)


def whole(value: int | Decimal | Fraction) -> str:
    """A number rounded to a whole one: 4,190."""
    return plain(value, 0)


def decimal1(value: int | Decimal | Fraction) -> str:
    """A number with one decimal: 15.5."""
    return plain(value, 1)


def decimal2(value: int | Decimal | Fraction) -> str:
    """A number with two decimals: 0.55."""
    return plain(value, 2)


def money(value: int | Decimal | Fraction) -> str:
    """Pounds; pence are shown below £10,000 where there are any, and billions in words: £14,186,898, £16.24."""
    size = abs(Fraction(value))
    if size >= _BILLION:
        return _pounds(value, f"{plain(size / _BILLION)} billion")
    places = 0 if size >= _WHOLE_POUNDS or rounded(size, 2) == rounded(size, 0) else 2
    return _pounds(value, plain(size, places))


def _pounds(value: int | Decimal | Fraction, amount: str) -> str:
    return f"{MINUS}£{amount}" if value < 0 else f"£{amount}"


def money_about(value: int | Decimal | Fraction) -> str:
    """Pounds to three significant figures, for "about": £3.5 million, £958, £1.35 billion."""
    size = abs(about_value(value))
    for power, word in ((_BILLION, "billion"), (1_000_000, "million")):
        if size >= power:
            return _pounds(value, f"{plain(size / power)} {word}")
    return _pounds(value, plain(size))


def about(value: int | Decimal | Fraction) -> str:
    """A number to three significant figures, for "about": 35,400."""
    return plain(about_value(value))


def about_value(value: int | Decimal | Fraction) -> Fraction:
    """A value rounded to three significant figures."""
    if value == 0:
        return Fraction(0)
    size, exponent = abs(Fraction(value)), 0
    while size >= 1000:
        size, exponent = size / 10, exponent + 1
    while size < 100:
        size, exponent = size * 10, exponent - 1
    return Fraction(rounded(size, 0)) * Fraction(10) ** exponent * (-1 if value < 0 else 1)


def money_week(value: int | Decimal | Fraction) -> str:
    """Pounds a week: £958.33 a week."""
    return f"{money(value)} a week"


def money_hour(value: int | Decimal | Fraction) -> str:
    """Pounds an hour: £16.24 an hour."""
    return f"{money(value)} an hour"


def money_million(value: int | Decimal | Fraction) -> str:
    """Pounds in millions with one decimal: £41.7 million."""
    return f"£{plain(Fraction(value) / 1_000_000, 1)} million"


def percent(value: int | Decimal | Fraction) -> str:
    """A share or change in whole per cent: 25%."""
    return f"{plain(value, 0)}%"


def percent1(value: int | Decimal | Fraction) -> str:
    """A share or change with one decimal: 12.3%."""
    return f"{plain(value, 1)}%"


def percent2(value: int | Decimal | Fraction) -> str:
    """A share or change with two decimals: 0.55%."""
    return f"{plain(value, 2)}%"


def percent_as_given(value: int | Decimal | Fraction) -> str:
    """A percentage with the decimals it has: 24%, 4.9%, 0.55%."""
    return f"{plain(value)}%"


def percent_change(value: int | Decimal | Fraction) -> str:
    """A change or share worked out here: one decimal below ten, none from ten up."""
    return percent1(value) if -10 < value < 10 else percent(value)


def one_in(value: int | Decimal | Fraction) -> str:
    """A share said as one in so many: 1 in 4."""
    return f"1 in {plain(value)}"


def words(value: int | Decimal | Fraction) -> str:
    """A whole number below a hundred in words (twelve), any other in digits."""
    if value != int(value) or not 0 <= value < 100:
        return plain(value)
    n = int(value)
    if n < 20:
        return _SMALL[n]
    return _TENS[n // 10] + (f"-{_SMALL[n % 10]}" if n % 10 else "")


def month_name(ordinal_of_year: int) -> str:
    """January for 1."""
    return current().months[ordinal_of_year - 1]


def month(value: date) -> str:
    """The month of a day: March 2021."""
    return month_of(value)


def day(value: date) -> str:
    """31 March 2021."""
    return day_of(value)


FORMATS: Final[Mapping[str, Callable[[int | Decimal | Fraction], str]]] = {
    "number": number,
    "whole": whole,
    "decimal1": decimal1,
    "decimal2": decimal2,
    "money": money,
    "money_week": money_week,
    "money_hour": money_hour,
    "money_million": money_million,
    "money_about": money_about,
    "about": about,
    "percent": percent,
    "percent1": percent1,
    "percent2": percent2,
    "percent_as_given": percent_as_given,
    "percent_change": percent_change,
    "one_in": one_in,
    "words": words,
}
"""The formats that may stand after the bar of an expression."""

STYLES: Final = (*FORMATS, "unit")
"""Every format: those of FORMATS, and ``unit``, the number and what it counts."""

_BY_UNIT: Final[Mapping[str, str]] = {
    "gbp": "money",
    "gbp-per-week": "money_week",
    "gbp-per-hour": "money_hour",
    "gbp-per-year": "money",
    "percent": "percent_as_given",
    "percent-worked-out": "percent_change",
    "one-in-n": "one_in",
}


def format_of_unit(unit: str) -> str:
    """The format of a value that names none, by its unit."""
    return _BY_UNIT.get(unit, "number")


def written(value: Value, unit: str = "", style: str | None = None) -> str:
    """A value as text. ``style`` is a name in FORMATS; without one the unit decides.

    None gives "not known" and what is withheld "suppressed"; text is given back as it is; a date is written out.
    """
    if value is None:
        return say(NOT_KNOWN)
    if isinstance(value, Withheld):
        return say(SUPPRESSED)
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return day(value)
    if style == "unit" or (style is None and unit in _DURATIONS):
        return f"{plain(value)} {counted(unit, value)}"
    return FORMATS[style or format_of_unit(unit)](value)


def counted(unit: str, value: int | Decimal | Fraction) -> str:
    """The unit in words, for so many of it: 1 month, 6 months, 2 people."""
    text = unit_words(unit)
    if value != 1:
        return text
    noun, a, rest = text.partition(" a ")
    return {"people": "person"}.get(noun, noun.removesuffix("s")) + a + rest


def cell(value: Value, unit: str = "", places: int | None = None) -> str:
    """A value in a table, where the column heading already says the unit: £958.33, not £958.33 a week.

    ``places`` is the number of decimals, where the whole column has one; money has none or two.
    """
    style = {"gbp-per-week": "money", "gbp-per-hour": "money"}.get(unit)
    if places and isinstance(value, int | Decimal | Fraction):
        size = abs(Fraction(value))
        amount = plain(size, places)
        if format_of_unit(unit) in ("money", "money_week", "money_hour") and size < _BILLION:
            return _pounds(value, amount)
        if format_of_unit(unit) in ("percent_as_given", "percent_change", "number") and unit not in _DURATIONS:
            sign = MINUS if value < 0 else ""
            return f"{sign}{amount}{'' if format_of_unit(unit) == 'number' else '%'}"
    return written(value, unit, style)


def decimals(text: str) -> int:
    """How many decimals a written number has: 2 for £16.24, 1 for 24.5%."""
    match = re.search(r"\.(\d+)", text)
    return len(match[1]) if match else 0


def unit_once(text: str, heading: str) -> str:
    """A figure without the "an hour" or "a week" that its heading says already."""
    for said in (" an hour", " a week", " a year"):
        if text.endswith(said) and said in f" {heading.lower()}":
            return text.removesuffix(said)
    return text


_DURATIONS: Final = frozenset({"years", "months", "weeks", "days"})

UNIT_WORDS: Final[Mapping[str, str]] = {
    "gbp": "pounds",
    "gbp-per-week": "pounds a week",
    "gbp-per-hour": "pounds an hour",
    "gbp-per-year": "pounds a year",
    "percent": "per cent",
    "percent-worked-out": "per cent",
    "persons": "people",
    "one-in-n": "one in so many",
    "per-100000-population": "for every 100,000 people",
}


def unit_words(unit: str) -> str:
    """A unit as words: gbp-per-week is pounds a week."""
    return say(UNIT_WORDS.get(unit, unit.replace("-per-", " a ").replace("-", " ")))


def title_of(name: str) -> str:
    """An identifier as a label: home-care and home_care are Home care."""
    text = name.replace("_", " ").replace("-", " ").strip()
    return text[:1].upper() + text[1:]


def _places(value: int | Decimal | Fraction) -> int:
    if rounded(value, 0) == value:
        return 0
    if rounded(value, 1) == value:
        return 1
    return 2
