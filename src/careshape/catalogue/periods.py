"""Days, months, financial years and the periods that figures are for.

Days are counted from 1970-01-01; months are ordinals (year * 12 + month - 1). A financial year runs from 1 April
to 31 March and is named by both years, ``2020/21``; its ordinal is its first year. A period includes its last day.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from careshape.errors import CallError

Kind = Literal["day", "month", "year", "financial_year", "span"]

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199

MEANING: Final = (
    "A period is a financial year (2020/21), a month (2021-03), a day (2021-03-31), a calendar year (2021) "
    "or a span from one of these to another (2021-06-05/2021-06-11)."
)
LIST_MEANING: Final = (
    f"{MEANING} Join the first and the last of a run with a colon (2018/19:2020/21), others with commas."
)

_EPOCH: Final = date(1970, 1, 1).toordinal()
_FINANCIAL_YEAR: Final = re.compile(r"(\d{4})/(\d{2})", re.ASCII)
_PLAIN: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of days that a figure is for; one stretch has one label, whichever way it was written."""

    start: date
    """First day."""
    end: date
    """Last day, included."""
    label: str
    """The period as ``parse_period`` reads it: 2020/21, 2021-03, 2021-03-31, 2021 or 2021-06-05/2021-06-11."""
    kind: Kind

    @property
    def start_day(self) -> int:
        """Day number of the first day."""
        return day_number(self.start)

    @property
    def end_day(self) -> int:
        """Day number of the last day, which is included."""
        return day_number(self.end)

    @property
    def days(self) -> int:
        """Number of days, both ends included."""
        return self.end_day - self.start_day + 1

    @property
    def months(self) -> range:
        """Ordinals of the months that the period touches."""
        return range(month_ordinal(self.start), month_ordinal(self.end) + 1)

    @property
    def financial_years(self) -> range:
        """Ordinals of the financial years that the period touches."""
        return range(financial_year_of(self.start), financial_year_of(self.end) + 1)

    @property
    def title(self) -> str:
        """The period in words: 31 March 2021, March 2021, 2021, 2020/21, 5 June 2021 to 11 June 2021."""
        if self.kind == "day":
            return _long_date(self.start)
        if self.kind == "month":
            return f"{calendar.month_name[self.start.month]} {self.start.year}"
        return self.label if self.kind != "span" else f"{_long_date(self.start)} to {_long_date(self.end)}"

    def contains(self, day: date) -> bool:
        """Whether the day falls in the period."""
        return self.start <= day <= self.end


def parse_period(text: str) -> Period:
    """Read one period.

    A span of calendar years is written with all four digits (2018/2030); 2018/19 is a financial year.

    Raises CallError where the text is no period, the day does not exist, the span runs backwards, or several periods
    are given.
    """
    wanted = text.strip()
    if ":" in wanted or "," in wanted:
        raise CallError(f"'{text}' is a list of periods where one is needed. {MEANING}")
    if match := _FINANCIAL_YEAR.fullmatch(wanted):
        return financial_year_period(_first_year(wanted, match))
    first, slash, last = wanted.partition("/")
    start, end = _plain(first, text)
    if slash:
        end = _plain(last, text)[1]
    if end < start:
        raise CallError(f"The period '{text}' ends before it starts. Write the earlier end first.")
    return period_between(start, end)


def parse_periods(text: str) -> list[Period]:
    """Read a list of periods: runs such as 2018/19:2020/21 or 2021-01:2021-03, and single ones, with commas between.

    Raises CallError where a part is no period, or a run joins two kinds, spans or a later one to an earlier one.
    """
    return [period for part in text.split(",") for period in _run(part.strip())]


def period_between(start: date, end: date) -> Period:
    """Name the stretch from ``start`` to ``end``, both included, by the shortest kind that it fills exactly."""
    if start == end:
        return Period(start, end, start.isoformat(), "day")
    if start == month_start(month_ordinal(start)) and end == month_end(month_ordinal(start)):
        return month_period(month_ordinal(start))
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        return Period(start, end, f"{start.year:04}", "year")
    if (start.month, start.day, end.month, end.day) == (4, 1, 3, 31) and start.year + 1 == end.year:
        return financial_year_period(start.year)
    return Period(start, end, f"{start.isoformat()}/{end.isoformat()}", "span")


def day_number(day: date) -> int:
    """Days from 1970-01-01 to ``day``."""
    return day.toordinal() - _EPOCH


def day_date(number: int) -> date:
    """The date of a day number."""
    return date.fromordinal(number + _EPOCH)


def month_ordinal(day: date) -> int:
    """Ordinal of the month that ``day`` is in: year * 12 + month - 1."""
    return day.year * 12 + day.month - 1


def month_start(ordinal: int) -> date:
    """First day of a month."""
    return date(ordinal // 12, ordinal % 12 + 1, 1)


def month_end(ordinal: int) -> date:
    """Last day of a month."""
    return month_start(ordinal + 1) - timedelta(days=1)


def month_label(ordinal: int) -> str:
    """A month as 2021-03."""
    return f"{ordinal // 12:04}-{ordinal % 12 + 1:02}"


def month_period(ordinal: int) -> Period:
    """A month as a period."""
    return Period(month_start(ordinal), month_end(ordinal), month_label(ordinal), "month")


def financial_year_of(day: date) -> int:
    """Ordinal of the financial year that ``day`` is in: the year of its April, so 2020 for 31 March 2021."""
    return financial_year_of_month(month_ordinal(day))


def financial_year_of_month(ordinal: int) -> int:
    """Ordinal of the financial year that a month is in."""
    return (ordinal - 3) // 12


def financial_year_label(ordinal: int) -> str:
    """A financial year as 2020/21."""
    return f"{ordinal:04}/{(ordinal + 1) % 100:02}"


def financial_year_start(ordinal: int) -> date:
    """First day of a financial year: 1 April."""
    return date(ordinal, 4, 1)


def financial_year_end(ordinal: int) -> date:
    """Last day of a financial year: 31 March of the next calendar year."""
    return date(ordinal + 1, 3, 31)


def financial_year_period(ordinal: int) -> Period:
    """A financial year as a period."""
    return Period(
        financial_year_start(ordinal), financial_year_end(ordinal), financial_year_label(ordinal), "financial_year"
    )


def parse_financial_year(text: str) -> int:
    """Ordinal of a financial year written as 2020/21. Raises CallError where the text is anything else."""
    match = _FINANCIAL_YEAR.fullmatch(text.strip())
    if not match:
        raise CallError(f"'{text}' is not a financial year. Write both years, such as 2020/21.")
    return _first_year(text, match)


def _first_year(text: str, match: re.Match[str]) -> int:
    year = int(match[1])
    if int(match[2]) != (year + 1) % 100:
        raise CallError(
            f"'{text}' is not a financial year: the second year follows the first, as in {financial_year_label(year)}."
        )
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CallError(f"The year of '{text}' is outside {FIRST_YEAR} to {LAST_YEAR}. Check how it is written.")
    return year


def _plain(part: str, text: str) -> tuple[date, date]:
    """First and last day of a calendar year, month or day."""
    match = _PLAIN.fullmatch(part.strip())
    if not match:
        raise CallError(f"'{text}' is not a period. {MEANING}")
    year, month, day = (int(piece) if piece else 0 for piece in match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CallError(f"The year of '{text}' is outside {FIRST_YEAR} to {LAST_YEAR}. Check how it is written.")
    try:
        start = date(year, month if match[2] else 1, day if match[3] else 1)
    except ValueError:
        raise CallError(f"'{part.strip()}' in the period '{text}' is a date that does not exist.") from None
    if match[3]:
        return start, start
    return start, month_end(month_ordinal(start)) if match[2] else date(year, 12, 31)


def _run(part: str) -> list[Period]:
    """The periods of one comma-free part: a single one, or every one from the first to the last of a run."""
    first, colon, last = part.partition(":")
    if not colon:
        return [parse_period(part)]
    start, end = parse_period(first), parse_period(last)
    if start.kind != end.kind or start.kind == "span":
        raise CallError(f"The run '{part}' must join two periods of one kind, neither of them a span. {LIST_MEANING}")
    if end < start:
        raise CallError(f"The run '{part}' ends before it starts. Write the earlier period first.")
    if start.kind == "day":
        return [period_between(day_date(n), day_date(n)) for n in range(start.start_day, end.start_day + 1)]
    if start.kind == "month":
        return [month_period(n) for n in range(month_ordinal(start.start), month_ordinal(end.start) + 1)]
    if start.kind == "year":
        return [parse_period(str(n)) for n in range(start.start.year, end.start.year + 1)]
    return [financial_year_period(n) for n in range(start.start.year, end.start.year + 1)]


def _long_date(day: date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"
