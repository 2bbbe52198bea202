"""Closures of care homes by year, as the register counts ends and as homes are followed through new registrations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from careshape.errors import InputError
from careshape.market.alike import Verdict
from careshape.market.following import Decisions, Followed
from careshape.market.tables import table_rows

Years = Literal["calendar", "financial"]
COLUMNS: Final = (
    "year", "ended", "ended_beds", "went_on", "perhaps", "perhaps_beds", "closed", "closed_beds", "beds_unknown",
)  # fmt: skip
HEADINGS: Final = ("ended", "goes_on_as", "verdict", "reason")


@dataclass(frozen=True)
class Closures:
    """Care homes whose registration ended in a year.

    Attributes:
        year: 2021, or 2020/21.
        ended: registrations that ended: closures without following.
        went_on: those that go on under another id; closed: those that do not; perhaps: those that a person must settle.
            The true number of closures lies from ``closed`` to ``closed + perhaps``.
        ended_beds, perhaps_beds, closed_beds: beds of those homes whose beds are known.
        beds_unknown: homes that ended, of which the file does not say the beds.
    """

    year: str
    ended: int
    ended_beds: int
    went_on: int
    perhaps: int
    perhaps_beds: int
    closed: int
    closed_beds: int
    beds_unknown: int

    def as_row(self) -> dict[str, Any]:
        """As a row for a table or a download."""
        return {name: getattr(self, name) for name in COLUMNS}


def closures(followed: Iterable[Followed], years: Years = "calendar") -> list[Closures]:
    """Closures of every year in which a registration ended, the first year first."""
    by_year: dict[str, list[Followed]] = {}
    for one in followed:
        if one.ended.end is not None:
            by_year.setdefault(year_of(one.ended.end, years), []).append(one)
    return [_of_year(year, found) for year, found in sorted(by_year.items())]


def year_of(day: date, years: Years) -> str:
    """The calendar year (2021) or the financial year from April (2020/21) of a day."""
    if years == "calendar":
        return str(day.year)
    first = day.year - (day.month < 4)
    return f"{first}/{(first + 1) % 100:02d}"


def _of_year(year: str, found: list[Followed]) -> Closures:
    def beds(verdicts: tuple[Verdict, ...]) -> int:
        return sum(one.ended.beds or 0 for one in found if one.verdict in verdicts)

    count = {verdict: sum(one.verdict == verdict for one in found) for verdict in ("same", "perhaps", "no")}
    return Closures(
        year, len(found), beds(("same", "perhaps", "no")), count["same"], count["perhaps"], beds(("perhaps",)),
        count["no"], beds(("no",)), sum(one.ended.beds is None for one in found),
    )  # fmt: skip


def read_decisions(path: Path) -> Decisions:
    """What people decided of homes that may go on: a CSV with ``ended``, ``goes_on_as``, ``verdict``, ``reason``.

    A verdict is ``same`` or ``no``; ``no`` with ``goes_on_as`` blank says that the home closed. A reason is required:
    whoever reads the figure later must see on what it rests.

    Raises:
        InputError: a column is missing, or a row breaks these rules; the message says which.
    """
    found: dict[tuple[str, str], Verdict] = {}
    for at, cells in table_rows(path, HEADINGS):
        old, new, verdict, reason = (cells[name] for name in HEADINGS)
        if verdict not in ("same", "no") or not old or (verdict == "same" and not new):
            raise InputError(f"{at}: give an id that ended, and 'same' with an id that goes on from it, or 'no'.")
        if not reason:
            raise InputError(f"{at}: the reason is blank. Say on what the decision about {old} rests.")
        if found.setdefault((old, new), _verdict(verdict)) != verdict:
            raise InputError(f"{at}: {old} and {new} are decided twice, each time another way. Keep one of the rows.")
    return found


def _verdict(text: str) -> Verdict:
    return "same" if text == "same" else "no"
