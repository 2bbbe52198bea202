"""What is to come for one council, as its pages ask for it: worked out now (`market.Outlook`) or kept (`kept.Kept`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from careshape.errors import CareshapeError
from careshape.evaluate.gap.council import years_passed
from careshape.evaluate.gap.gap import Gap
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.language import say
from careshape.statement.formatting import day, month

YEARS: Final = 3
"""Years after the records, at least, that the sentences, the maps and the tables by district speak of."""
LONG: Final = 366
"""Days between the end of the records and the day of the statement after which a page says when the records end."""


class NotWorkedOutError(CareshapeError):
    """What is to come has not been worked out yet: background work does it, and no reader waits for it."""

    def __init__(self) -> None:
        super().__init__("What is to come is being worked out. It will stand here in a minute or two.")


@dataclass(frozen=True)
class Point:
    """One day of a series; the limits are None for what was recorded.

    ``withheld`` is why an edition does not show what was recorded on it; its value says nothing then.
    """

    day: date
    value: float
    limits: dict[str, float] | None = None
    withheld: str = ""


class Ahead:
    """The forecast, the gaps and the series behind the pictures, at one state of a council."""

    if TYPE_CHECKING:
        # Results that are kept have these as fields; what works them out has them as properties.

        @property
        def problem(self) -> str:
            """Why there is no outlook; empty where there is one."""

        @property
        def origin(self) -> date:
            """The last day of the records that the forecast starts from."""

        @property
        def told_on(self) -> date:
            """The day of the statement that tells of it: that of the last posting, which an edition keeps."""

        @property
        def method(self) -> str:
            """The method of the forecast."""

        @property
        def cells(self) -> tuple[Gap, ...]:
            """The gaps, for the council as a whole and by district."""

        @property
        def segments(self) -> dict[str, Segment]:
            """The segments in which anybody is expected."""

        def series(self, segment: Segment, client_group: str) -> tuple[list[Point], list[Point]]:
            """What was, and what is expected, in people or hours a week, at the end of each quarter."""

        def steps(self, segment: str, client_group: str, area: str) -> list[dict[str, Any]]:
            """The arithmetic behind each service of a segment, for each year ahead: one row a step, a column a year.

            Raises CallError where the segment, group or area is not there.
            """

    @property
    def ahead(self) -> int:
        """For how many years after the records a segment is summed up: the first day still to come three years on.

        The last there is, where the forecast ends before.
        """
        coming = [one for one in self.years_ahead if one >= YEARS and self.still_comes(one)]
        return coming[0] if coming else self.years_ahead[-1]

    def still_comes(self, years: int) -> bool:
        """Whether the day so many years after the records lies after the day of the statement, or is that day."""
        return years > years_passed(self.origin, self.told_on)

    @property
    def ended(self) -> str:
        """That the records end long before the day of the statement, in a sentence or two; empty where they do not."""
        if not self.cells or (self.told_on - self.origin).days <= LONG:
            return ""
        said = say("Our records end on {day}: what is said of later days is expected from them.", day=day(self.origin))
        if self.still_comes(self.years_ahead[-1]):
            return said
        last = max(one.on for one in self.cells)
        return say(
            "{said} The forecast ends in {month}, so no day of it is still to come.", said=said, month=month(last)
        )

    def in_years(self, gap: Gap) -> int:
        """How many years ahead of the records a gap lies."""
        return gap.on.year - self.origin.year

    @property
    def years_ahead(self) -> tuple[int, ...]:
        """For how many years ahead gaps are shown."""
        return tuple(sorted({self.in_years(one) for one in self.cells}))

    def gaps_of(self, segment: str, client_group: str = "", area: str = "") -> list[Gap]:
        """The gaps of a segment; of one client group or area where one is given."""
        return [
            one
            for one in self.cells
            if one.segment.id == segment
            and (not client_group or one.client_group == client_group)
            and (not area or one.area == area)
        ]

    def groups_of(self, segment: str) -> list[str]:
        """The client groups that a segment is shown for."""
        return list(dict.fromkeys(one.client_group for one in self.gaps_of(segment)))

    def areas_of(self, segment: str, client_group: str) -> list[str]:
        """The districts that a segment is shown for, without the whole."""
        found = dict.fromkeys(one.area for one in self.gaps_of(segment, client_group))
        return [area for area in found if area != ALL]
