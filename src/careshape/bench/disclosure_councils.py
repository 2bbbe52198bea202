"""Random synthetic councils for the attack: people by service, district, client group and month, and what they cost.

Small services in many places, as councils have them: most cells of a cross-classified table are empty or small.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Final

import numpy as np

from careshape.bench.disclosure_facts import Fact, Person, facts_of
from careshape.disclosure import AtMost, Cell, Ratio, Rule, Tables, joined, part_of, tables_of

SERVICES: Final = {
    "care-home": ("residential", "nursing"),
    "at-home": ("home-care", "extra-care", "technology"),
    "day": ("day-services", "transport"),
    "with-others": ("shared-lives", "supported-living"),
}
DISTRICTS: Final = {"north": ("north-1", "north-2", "north-3"), "south": ("south-1", "south-2", "south-3")}
GROUPS: Final = {"working-age": ("learning-disability", "mental-health", "physical-disability")}
OLDER: Final = "older-people"
ALL: Final = "all"
_MONTH_ENDS: Final = (date(2021, 2, 28), date(2021, 3, 31), date(2021, 4, 30))


EDITIONS: Final = 3
MOST: Final = 2
"""Groups of services of a random council."""
LARGEST: Final = 150
"""Figures in an edition of one of many: two hundred of them are to take minutes."""


@dataclass(frozen=True)
class Council:
    """Editions of one council's figures, each of all its facts.

    only_added: whether each differs from the one before by people who were recorded late, and a reader knows that.
    """

    seed: int
    rule: Rule
    editions: tuple[list[Fact], ...]
    only_added: bool


def make_council(seed: int, editions: int = EDITIONS, months: int = 1) -> Council:
    """One council, whose editions follow each other with a few late corrections. The same seed gives the same.

    months: how many month ends are published; the corrections are of the first.
    """
    chance = np.random.default_rng([5, seed])
    services, districts = _some(chance, SERVICES, 2, most=MOST), _some(chance, DISTRICTS, 2)
    groups = [*GROUPS["working-age"], OLDER]
    ends = [_MONTH_ENDS[at] for at in range(months)]
    people = {day: _people(chance, services, districts, groups) for day in ends}
    only_added = bool(chance.random() < 0.5)
    by_three = bool(chance.random() < 0.1)
    known = bool(chance.random() < 0.4)
    rule = _rule(chance, seed)
    levels = {"service": _sets(services), "district": _sets(districts), "client_group": _sets(GROUPS, OLDER)}
    found = []
    for _ in range(editions):
        found.append(facts_of(people, levels, by_three, known))
        changes = int(chance.choice([1, 1, 2, 3, 5, 25]))
        people = {**people, ends[0]: _changed(chance, people[ends[0]], changes, only_added)}
    return Council(seed, rule, tuple(found), only_added)


def random_councils(seed: int) -> Iterator[Council]:
    """Councils without end, none of more than ``LARGEST`` figures in an edition. The same seed gives the same ones."""
    councils = (make_council(seed * 100_000 + number) for number in count())
    return (one for one in councils if len(one.editions[0]) <= LARGEST)


def large_tables(seed: int, months: int, fine: bool) -> Tables:
    """Linked tables of one large edition, as one system: every service and district, at several month ends.

    fine: whether counts are published by service, district and client group at once.
    """
    chance = np.random.default_rng([5, seed])
    groups = [*GROUPS["working-age"], OLDER]
    ends = [f"2021-{month:02}" for month in range(2, 2 + months)]
    people = {month: _people(chance, SERVICES, DISTRICTS, groups) for month in ends}
    return _tables(people, SERVICES, DISTRICTS, groups, fine)


def _sets(groups: Mapping[str, Sequence[str]], *more: str) -> list[tuple[str, ...]]:
    """What tables show of a dimension: each id by itself, and each group that holds several."""
    single = [(one,) for some in groups.values() for one in some]
    single += [(one,) for one in more]
    return [*single, *(tuple(sorted(some)) for some in groups.values() if 1 < len(some) < len(single))]


def two_way(seed: int) -> Tables:
    """People by service and district in one month of one council, without levels between."""
    chance = np.random.default_rng([8, seed])
    dimensions = {
        "service": [one for some in SERVICES.values() for one in some],
        "district": [one for some in DISTRICTS.values() for one in some],
    }
    counts = Counter(person[:2] for person in _people(chance, SERVICES, DISTRICTS, [*GROUPS["working-age"], OLDER]))
    rows = [({"service": service, "district": place}, n, n) for (service, place), n in counts.items()]
    return tables_of(rows, dimensions, name="table")


def _rule(chance: np.random.Generator, seed: int) -> Rule:
    """Every second council rounds; thresholds, widths and what becomes of ratios vary."""
    threshold = int(chance.choice([5, 5, 6]))
    return Rule(
        method="round" if seed % 2 else "suppress", threshold=threshold, width=threshold, base=max(5, threshold),
        ratios="where safe" if chance.random() < 0.2 else "with cells",
    )  # fmt: skip


def _some(
    chance: np.random.Generator, groups: Mapping[str, Sequence[str]], least: int, most: int | None = None
) -> dict[str, tuple[str, ...]]:  # fmt: skip
    """Some of the groups, with some of the members of each."""
    names = [name for name in groups if chance.random() < 0.8]
    if len(names) < least:
        names = list(groups)
    if most is not None:
        names = sorted(map(str, chance.choice(names, min(most, len(names)), replace=False)))
    return {name: tuple(groups[name][: 1 + int(chance.integers(len(groups[name])))]) for name in names}


def _people(
    chance: np.random.Generator,
    services: Mapping[str, Sequence[str]],
    districts: Mapping[str, Sequence[str]],
    groups: Sequence[str],
) -> list[Person]:
    """Everybody in a month: each service has its size, its places and its groups."""
    found = []
    places = [district for some in districts.values() for district in some]
    for service in (one for some in services.values() for one in some):
        size = int(chance.lognormal(4.0, 1.2))
        where = chance.dirichlet(np.full(len(places), 0.6))
        who = chance.dirichlet(np.full(len(groups), 0.4))
        providers = [f"{service}-{number}" for number in range(1, 2 + int(chance.integers(6)))]
        shares = chance.dirichlet(np.full(len(providers), 0.8))
        drawn = zip(
            chance.choice(places, size, p=where),
            chance.choice(groups, size, p=who),
            chance.choice(providers, size, p=shares),
            strict=True,
        )
        found += [(service, str(place), str(group), str(provider)) for place, group, provider in drawn]
    return found


def _changed(chance: np.random.Generator, people: list[Person], changes: int, only_added: bool) -> list[Person]:
    """The same month as known later: people recorded late; unless only those, people moved and taken out too."""
    later = list(people)
    for _ in range(changes if later else 0):
        like = later[int(chance.integers(len(later)))]
        other = later[int(chance.integers(len(later)))]
        later.append((like[0], other[1], like[2], like[3]))
        if not only_added and chance.random() < 0.6:
            later.pop(int(chance.integers(len(later))))
    return later


def _tables(
    people: Mapping[str, Sequence[Person]], services: Mapping[str, Sequence[str]],
    districts: Mapping[str, Sequence[str]], groups: Sequence[str], fine: bool,
) -> Tables:  # fmt: skip
    """Counts by two of service, district and group (all three where ``fine``), costs by two, and ratios."""
    dimensions = {
        "service": [one for some in services.values() for one in some],
        "district": [one for some in districts.values() for one in some],
        "group": list(groups),
        "month": list(people),
    }
    levels = {"service": services, "district": districts, "group": GROUPS}
    counted = [
        ({"service": s, "district": d, "group": g, "month": month}, n, n)
        for month, some in people.items()
        for (s, d, g), n in Counter(person[:3] for person in some).items()
    ]
    counts = tables_of(counted, dimensions, levels, "people", apart=("month",))
    if not fine:
        counts = part_of(counts, lambda id_: f"={ALL}" in id_)
    costs = _costs(people, dimensions, levels)
    both = joined(counts, costs, _providers(people, costs, levels))
    limits = tuple(
        AtMost(cell.id, (_heads(cell.id),)) for cell in both.cells if cell.id.startswith("providers[")
    )  # fmt: skip
    return Tables(both.cells, both.sums, tuple(_ratios(both)), limits)


def _heads(id_: str) -> str:
    """The people at the place of a cost or of providers."""
    return f"people[{id_.partition('[')[2]}".replace(", month", f", group={ALL}, month")


def _providers(
    people: Mapping[str, Sequence[Person]], costs: Tables, levels: Mapping[str, Mapping[str, Sequence[str]]]
) -> Tables:
    """How many providers are in use at each place that has a cost: each serves somebody there, as everybody knows."""
    found = []
    for cell in costs.cells:
        at = dict(part.split("=") for part in cell.id[len("cost[") : -1].split(", "))
        there = {
            provider for service, district, _, provider in people[at["month"]]
            if all(
                at[name] in (ALL, one) or one in levels[name].get(at[name], ())
                for name, one in (("service", service), ("district", district))
            )
        }  # fmt: skip
        found.append(Cell(f"providers{cell.id[len('cost') :]}", len(there), unit="providers"))
    return Tables(tuple(found))


def _costs(
    people: Mapping[str, Sequence[Person]],
    dimensions: Mapping[str, Sequence[str]],
    levels: Mapping[str, Mapping[str, Sequence[str]]],
) -> Tables:
    """Weekly cost in pence by service and district, with what each provider has of it."""
    placed = {name: dimensions[name] for name in ("service", "district", "month")}
    hierarchies = {name: levels[name] for name in ("service", "district")}
    spent: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    number: Counter[tuple[str, str, str]] = Counter()
    for month, some in people.items():
        for at, (service, district, _, provider) in enumerate(some):
            place = (service, district, month)
            spent[place][provider] += 20_000 + 37 * (at % 997)
            number[place] += 1
    rows = [
        ({"service": s, "district": d, "month": m}, sum(spent[s, d, m].values()), number[s, d, m]) for s, d, m in spent
    ]
    costs = tables_of(rows, placed, hierarchies, "cost", "pence", ("month",))
    return replace(costs, cells=tuple(_with_largest(cell, spent, levels) for cell in costs.cells))


def _with_largest(
    cell: Cell, spent: Mapping[tuple[str, str, str], Counter[str]], levels: Mapping[str, Mapping[str, Sequence[str]]]
) -> Cell:
    at = dict(part.split("=") for part in cell.id[len("cost[") : -1].split(", "))
    providers: Counter[str] = Counter()
    for (service, district, month), some in spent.items():
        inside = all(
            at[name] in (ALL, one) or one in levels[name].get(at[name], ())
            for name, one in (("service", service), ("district", district))
        )
        if inside and month == at["month"]:
            providers.update(some)
    return replace(cell, largest=tuple(sorted(providers.values(), reverse=True)[:3]))


def _ratios(both: Tables) -> list[Ratio]:
    """Each district's share of a service's people, and the mean weekly cost of a person in pence."""
    found = []
    for cell in both.cells:
        if cell.id.startswith("cost["):
            count = _heads(cell.id)
            found.append(Ratio(f"mean {cell.id}", cell.id, count, 1))
            whole = (
                "people"
                + cell.id[len("cost") : cell.id.index("district=")]
                + f"district={ALL}, group={ALL}, month={cell.id[-8:]}"
            )
            if whole != count:
                found.append(Ratio(f"share {count}", count, whole, 100, 1))
    return found
