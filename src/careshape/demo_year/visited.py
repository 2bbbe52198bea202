"""Files of visits of the year: what was planned of a week and what was delivered, and why not as planned."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from careshape.demo_year.acting import Acting
from careshape.source.models import Package
from careshape.source.money.visit_files import ALL, take_in
from careshape.source.packages.lines import standing

COMPONENT: Final = "visits"
PLANNED: Final = 30
AS_IT_WENT: Final = (
    (30, ""), (28, ""), (30, ""), (0, "missed"), (45, "extra-agreed"), (31, ""), (0, "no-answer"),
    (20, "short-of-staff"), (30, ""), (30, ""), (0, "cancelled-late"),
)  # fmt: skip
"""Minutes delivered of those planned, and why they differ, one visit after another."""
NOBODY: Final = "999999"
"""A package that there is not: its row is refused."""


def take_week(acting: Acting, monday: date) -> bool:
    """Take in a file of the visits of a week, of all packages that are paid by visits then; whether there are some."""
    days = [monday + timedelta(days=number) for number in range(7)]
    rows = [
        f"{package}-{day:%m%d},{package},{day.isoformat()},{PLANNED},{minutes},{reason},"
        for at, package in enumerate(_packages(acting.council, days[0], days[-1]))
        for number, day in enumerate(days)
        for minutes, reason in (AS_IT_WENT[(at * 3 + number) % len(AS_IT_WENT)],)
    ]
    if not rows:
        return False
    lost = f"unknown-1,{NOBODY},{monday.isoformat()},{PLANNED},{PLANNED},,"
    text = "\n".join([",".join(ALL), *rows, lost])
    take_in(acting.who("finance"), f"synthetic-visits-{monday.isoformat()}.csv", text.encode())
    return True


def _packages(council: str, first: date, last: date) -> list[int]:
    """Packages with a part that is paid by visits over the whole time."""
    rows = Package.objects.filter(person__council=council, lines__component=COMPONENT).distinct().order_by("pk")
    return [
        one.pk for one in rows
        if any(
            line.component == COMPONENT and line.starts_on <= first and (line.ends_on is None or line.ends_on >= last)
            for line in standing(one)
        )
    ]  # fmt: skip
