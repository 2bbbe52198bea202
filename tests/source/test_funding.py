"""What reaches the records of a package's parts: each part by its name, and what each pays of it, to the penny."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from careshape.evaluate.measure import measure
from careshape.ledger import Ledger
from careshape.paying.terms import WHOLE
from careshape.paying.told import MOST_PENCE, MOST_UNITS, Funding
from careshape.source.models import Handover
from careshape.source.packages.handover import hand_over
from careshape.source.packages.lines import weekly_cost, weekly_parts
from careshape.source.packages.tellings import tell_of
from tests.source.arranged import arranged
from tests.source.place import today

COUNCIL = "worcestershire"
OTHERS = "weekly_cost_paid_by_others"
COUNTED = ("people_supported", "line_items")


@pytest.mark.parametrize("seed", range(3))
def test_parts_of_any_line_come_to_the_line(seed):
    draw = random.Random(seed)
    for _ in range(2_000):
        nhs = draw.choice([0, 1, 3_333, draw.randint(0, WHOLE)])
        own = draw.choice([0, WHOLE - nhs, draw.randint(0, WHOLE - nhs)])
        units, price = draw.randint(1, MOST_UNITS), draw.randint(1, draw.choice([99, MOST_PENCE]))
        funding = Funding(WHOLE - nhs - own, nhs, own)
        parts = weekly_parts(units, price, funding)
        assert sum(parts.values()) == weekly_cost(units, price)
        for name, part in funding.parts().items():
            # Within a penny of the exact share, in whole numbers: units x price x part, over 100 x 10,000.
            assert abs(parts[name] * 100 * WHOLE - units * price * part) < 100 * WHOLE
            assert part or not parts[name], "who pays no part pays no odd penny"


@pytest.mark.django_db(transaction=True)
def test_records_say_who_pays_what_of_a_line(place, data):
    package, before = arranged(place), _figures(data)
    hand_over(COUNCIL)
    alone = {"weekly_cost": before["weekly_cost"] + 950, **{name: before[name] + 1 for name in COUNTED}}
    assert _figures(data) == alone
    assert _others(data) == {}
    _funding(place, package, "33.33", "33.33", "33.34")
    hand_over(COUNCIL)
    # 31,663.5 pence each of council and NHS, 31,673 of the person: the odd penny falls on the council.
    assert _others(data) == {"nhs": Decimal("316.63"), "person": Decimal("316.73")}
    assert _figures(data) == alone, "nobody is counted twice, and the cost is gross as it was"
    _funding(place, package, "100", "0", "0")
    hand_over(COUNCIL)
    assert not any(_others(data).values())
    _take_all_back(place, package)
    hand_over(COUNCIL)
    assert _figures(data) == before
    assert not Handover.objects.exclude(problem="").exists()


@pytest.mark.django_db(transaction=True)
def test_what_others_pay_is_taken_back_with_its_line_though_it_was_never_handed_over(place, data):
    package, before = arranged(place), _figures(data)
    hand_over(COUNCIL)
    _funding(place, package, "50", "0", "50")
    _take_all_back(place, package)
    hand_over(COUNCIL)
    assert _figures(data) == before
    assert not any(_others(data).values())
    assert not Handover.objects.exclude(problem="").exists()


@pytest.mark.django_db(transaction=True)
def test_each_part_of_a_package_is_known_by_its_name(place, data):
    package = arranged(place)
    for name in ("one-to-one", "double-up"):
        raw = {"line": name, "component": name, "from": _day(7), "units_per_week": "3.5", "price": "20.02"}
        tell_of(place.who("broker"), package, "line", raw)
    hand_over(COUNCIL)
    assert [_on(data, "weekly_cost", component=name) for name in ("one-to-one", "double-up")] == [Decimal("70.07")] * 2


def _day(after: int) -> str:
    """So many days from today; what is arranged begins on the seventh."""
    return (today() + timedelta(days=after)).isoformat()


def _funding(place, package, council: str, nhs: str, person: str) -> None:
    """Say who pays from the first day on."""
    funding = {"council": council, "nhs": nhs, "person": person}
    tell_of(place.who("broker"), package, "change", {"line": "core", "from": _day(7), "funding": funding})


def _take_all_back(place, package) -> None:
    for one in package.tellings.order_by("-number"):
        tell_of(place.who("broker"), package, "withdrawal", {}, replaces=one.number)


def _on(data: Path, name: str, **where: str) -> Decimal | int:
    """A measure of a day on which the care runs, as the records have it."""
    return measure(Ledger.open(data / "councils" / COUNCIL), name, where=where, period=_day(10)).value or 0


def _figures(data: Path) -> dict[str, Decimal | int]:
    return {name: _on(data, name) for name in ("weekly_cost", *COUNTED)}


def _others(data: Path) -> dict[str, Decimal | int]:
    """What others pay a week, by who they are, where the records say it of them."""
    found = {name: _on(data, OTHERS, cost_centre=name) for name in ("nhs", "person")}
    assert sum(found.values()) == _on(data, OTHERS)
    return {name: value for name, value in found.items() if value}
