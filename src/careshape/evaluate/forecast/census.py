"""Census days: the month ends, or days, on which people are counted, numbered from the origin (0)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from careshape.catalogue.periods import day_date, day_number, month_end, month_ordinal, month_start
from careshape.evaluate.forecast.settings import DAYS_A_MONTH, Step

Ints = NDArray[np.int64]

_MONTHS_BACK = 1_600
_MONTHS_ON = 1_200


@dataclass(frozen=True)
class Census:
    """Census day 0 is the origin; day k is k months, or days, after it.

    Months keep the day of the month of the origin; an origin on the last day of a month stays on last days.
    """

    origin: int
    step: Step

    @cached_property
    def _months(self) -> Ints:
        day = day_date(self.origin)
        last = (day + timedelta(days=1)).day == 1
        first = month_ordinal(day)
        days = []
        for k in range(-_MONTHS_BACK, _MONTHS_ON + 1):
            end = month_end(first + k)
            days.append(day_number(end if last or end.day <= day.day else month_start(first + k).replace(day=day.day)))
        return np.asarray(days, dtype=np.int64)

    def day(self, k: int) -> int:
        """Day number of census day ``k``."""
        return self.origin + k if self.step == "day" else int(self._months[k + _MONTHS_BACK])

    def first_from(self, days: NDArray[np.integer]) -> NDArray[np.int32]:
        """Number of the first census day on or after each day."""
        if self.step == "day":
            return (days - self.origin).astype(np.int32)
        return (np.searchsorted(self._months, days, side="left") - _MONTHS_BACK).astype(np.int32)

    def first_after(self, days: NDArray[np.integer]) -> NDArray[np.int32]:
        """Number of the first census day after each day."""
        return self.first_from(np.asarray(days) + 1)

    def length(self, k: int) -> int:
        """Days from census day ``k`` - 1 to census day ``k``."""
        return self.day(k) - self.day(k - 1)

    def label(self, k: int) -> str:
        """The month of a census day (2021-03) where it is a month's last day, else the day itself."""
        day = day_date(self.day(k))
        if self.step == "month" and (day + timedelta(days=1)).day == 1:
            return f"{day.year:04}-{day.month:02}"
        return day.isoformat()

    def month(self, k: int) -> int:
        """Month ordinal of census day ``k``."""
        return month_ordinal(day_date(self.day(k)))

    def steps(self, months: float) -> int:
        """So many months as a number of steps."""
        return round(months * DAYS_A_MONTH) if self.step == "day" else round(months)
