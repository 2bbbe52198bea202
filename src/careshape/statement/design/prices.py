"""What the council paid last for each part of the market, as an expression, so that an edition asks it too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.statement.calls import Call

PRICE: Final = "mean_weekly_cost"


def price_call(market: Segment, group: str, last_day: date) -> Call:
    """The expression of what the council pays a week for a person in a part of the market."""
    services = market.service_ids()
    named: list[tuple[str, Call | str | int | tuple[str, ...]]] = [
        ("period", last_day.isoformat()),
        ("service", services[0] if len(services) == 1 else services),
    ]
    if group != ALL:
        named.append(("client_group", group))
    return Call("measure", (PRICE,), tuple(named))


def price_calls(segments: Sequence[Segment], last_day: date | None) -> Iterator[Call]:
    """What every part of the market cost on the last day of the records; nothing where there are no records."""
    if last_day is not None:
        for one in segments:
            for group in one.client_groups or (ALL,):
                yield price_call(one, group, last_day)
