"""The published figures that the borough's line items give back, read from the observations and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from careshape.catalogue.periods import day_number
from careshape.demo.days import Span, last_day, span
from careshape.demo.world import World
from careshape.records import Observation


@dataclass(frozen=True)
class Figures:
    """What was published, by day or by financial year.

    Attributes:
        hours: weekly hours of home care, in hundredths.
        home_care_people: people with home care in a month are more than this.
        contract_providers: providers of home care under contract.
        one_in: of so many people in the community one has a direct payment.
        instances, assistants, spend: direct payments, personal assistants among them, and what all of them cost.
        carers: carers with a direct payment over a year.
        older: older people in residential homes of outside providers; ``own_homes`` are the council's.
        external: cost of homes of outside providers, at least; ``gross`` is the cost of everything.
        not_for_profit: percentage of the cost of community services that goes to such providers.
        listed: providers on the list for day opportunities.
    """

    hours: dict[int, int]
    home_care_people: tuple[int, int]
    contract_providers: tuple[int, int]
    one_in: dict[int, Decimal]
    instances: dict[Span, int]
    assistants: dict[Span, int]
    spend: dict[Span, Decimal]
    carers: tuple[Span, int]
    older: dict[int, int]
    own_homes: int
    external: tuple[Span, Decimal]
    gross: tuple[Span, Decimal]
    not_for_profit: tuple[Span, Decimal]
    listed: tuple[int, int]

    @classmethod
    def read(cls, world: World) -> Figures:
        """Read the figures of a world's targets. Raises CallError where one is missing."""

        def rows(measure: str) -> list[Observation]:
            return world.targets.rows(measure=measure, area="Thurrock")

        def one(measure: str, **wanted: str) -> Observation:
            return world.targets.observations.one(measure=measure, area="Thurrock", **wanted)

        def by_year(measure: str) -> dict[Span, Observation]:
            return {_span(row): row for row in rows(measure)}

        def of_day(row: Observation) -> tuple[int, int]:
            return _day(world, row), int(row.value)

        def of_year(row: Observation) -> tuple[Span, Decimal]:
            return _span(row), row.value

        carers = one("carers-with-direct-payment")
        return cls(
            hours=_hours(world, rows("hours-commissioned-per-week")),
            home_care_people=of_day(one("home-care-users")),
            contract_providers=of_day(one("home-care-contract-providers")),
            one_in={_day(world, row): row.value for row in rows("service-users-with-direct-payment")},
            instances={when: int(row.value) for when, row in by_year("direct-payment-instances").items()},
            assistants={when: int(row.value) for when, row in by_year("personal-assistant-instances").items()},
            spend={when: row.value for when, row in by_year("direct-payment-spend").items()},
            carers=(_span(carers), int(carers.value)),
            older=dict(of_day(row) for row in rows("externally-placed-older-people-in-residential-care")),
            own_homes=int(one("in-house-residential-homes-for-older-people").value),
            external=of_year(one("external-residential-gross-spend")),
            gross=of_year(one("gross-expenditure")),
            not_for_profit=of_year(one("share-of-non-residential-gross-spend-with-not-for-profit")),
            listed=of_day(one("accredited-list-providers")),
        )


def _span(row: Observation) -> Span:
    start, end = row.period.start, row.period.end
    if start is None or end is None:
        raise ValueError(f"Figure {row.id} has no period.")
    return Span(day_number(start), day_number(end))


def _day(world: World, row: Observation) -> int:
    """The day that a figure is for: a month's last; of a year, the day that stands for it."""
    text = row.period.text
    if text.isdecimal():
        text += "-" + world.flows["council"]["year-day"]
    return last_day(text).last


def _hours(world: World, printed: list[Observation]) -> dict[int, int]:
    """Hours by day. Where the change between the two is printed as "nearly" the round number, it stays below it.

    The earlier count then lies a quarter of an hour above what is printed, so that all three figures hold together.
    """
    found = {_day(world, row): round(row.value * 100) for row in printed}
    change = world.targets.observations.one(measure="home-care-hours-change-per-week")
    if change.qualifier == "nearly":
        found[min(found)] += round(100 * world.flows["council"]["quarter-hour"])
    return found


def day_of(text: str) -> int:
    """Day number of a date in a rates file."""
    return span(text).first
