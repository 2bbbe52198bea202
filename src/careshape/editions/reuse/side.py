"""The figures by which councils are laid side by side: of each part of the market what is used, needed, missing, paid.

They are asked as every other figure is, so that the gate sees them. What is to come is told only of what the edition
itself tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from careshape.evaluate.gap.gap import Expected
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.evaluate.measure import measures
from careshape.statement.cards import how_counted
from careshape.statement.council import Council
from careshape.statement.formatting import Value, Withheld
from careshape.statement.outlook.expected import expected
from careshape.statement.outlook.kept import Kept
from careshape.statement.outlook.market import group_label

ASKED: Final = {"supply": "people_supported", "price": "mean_weekly_cost"}
"""Topic -> the measure that is asked of each part of the market."""
UNITS: Final = {"people": "persons", "places": "places", "hours a week": "hours-per-week"}
SAID: Final = {"need": "needed", "gap": "to be added, or not needed where below nothing"}
"""Topic of what is to come -> what it is of a segment."""
COMING: Final = "what-is-to-come"
"""The card of what is to come."""
LEVEL: Final = 80
"""Percent of the intervals."""


@dataclass(frozen=True)
class Side:
    """One such figure: of which part of the market, on which day, and its interval where it is expected."""

    topic: str
    segment: Segment
    group: str
    """The client group, or all."""
    label: str
    value: Value
    unit: str
    on: str
    method: str
    source: str
    card: str
    measure: str = ""
    interval: tuple[float, float] | None = None

    @property
    def id(self) -> str:
        """Its id in the edition."""
        return "-".join(["side", self.segment.id, *([] if self.group == ALL else [self.group]), self.topic])[:100]


def sides(council: Council) -> list[Side]:
    """The figures of an edition, in the order of the segments, those of the past before those of what is to come."""
    made = council.ahead
    if made.problem:
        return []
    found: list[Side] = []
    for segment, group in sorted({*made.fans, *made.kept_back}):
        one = made.segments[segment]
        found += [_asked(council, made, one, group, topic) for topic in ASKED]
        found += _to_come(made, one, group)
    return found


def _asked(council: Council, made: Kept, one: Segment, group: str, topic: str) -> Side:
    """What a measure of today says of a segment and client group."""
    entry = measures()[ASKED[topic]]
    where: dict[str, Any] = {"service": tuple(one.service_ids())}
    if group != ALL:
        where["client_group"] = group
    on = made.origin.isoformat()
    rows = council.book.result(entry.id, (), where, on).rows
    value: Value = rows[0]["value"] if rows else None
    return Side(
        topic, one, group, f"{_name(one, group)}: {entry.label.lower()}", value, entry.unit, on,
        how_counted(council.rounded), entry.card.source, f"measure-{entry.id}", entry.id,
    )  # fmt: skip


def _to_come(made: Kept, one: Segment, group: str) -> list[Side]:
    """What is needed and what is missing some years ahead, as far as the edition tells it."""
    withheld = made.withheld(one.id, group)
    source = f"The council's records as known on {made.known}"
    unit, name = UNITS[one.unit], _name(one, group)
    if withheld:
        on = made.origin.isoformat()
        return [
            Side(topic, one, group, f"{name}: {said}", Withheld(withheld), unit, on, made.method, source, COMING)
            for topic, said in SAID.items()
        ]
    gap = expected(made, one, group).gap
    amounts = {"need": gap.demand, "gap": gap.gap}
    return [
        Side(
            topic, one, group, f"{name}: {said}", Decimal(round(amounts[topic].mean)), unit, gap.on.isoformat(),
            made.method, source, COMING, "", _limits(amounts[topic]),
        )
        for topic, said in SAID.items()
    ]  # fmt: skip


def _name(one: Segment, group: str) -> str:
    return one.label if group == ALL else f"{one.label}, {group_label(group)}"


def _limits(there: Expected) -> tuple[float, float]:
    limits = there.limits()
    return float(round(limits[f"lower_{LEVEL}"])), float(round(limits[f"upper_{LEVEL}"]))
