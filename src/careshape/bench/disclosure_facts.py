"""What a random council's edition would show, fact by fact: counts, costs, providers, shares and means, by place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Final

HEADS: Final = "people_on_date planned"
PROVIDERS: Final = "people_on_date planned provider"
COST: Final = "weekly_cost planned"
MEAN: Final = "mean_weekly_cost planned per person"
SHARE: Final = "share of the service"
"""Ways of counting, as an edition calls them."""
Person = tuple[str, str, str, str]
Where = tuple[tuple[str, tuple[str, ...]], ...]
"""Dimension -> the ids that are taken of it; what is not named is not looked at."""
Key = tuple[str, Where, date]


@dataclass(frozen=True)
class Fact:
    """One figure of an edition, counted: how, where and when; people behind it, and its two largest providers' parts.

    over: the two figures that a share or mean divides. told: whether another document has printed it.
    """

    counting: str
    where: Where
    day: date
    value: Fraction
    unit: str
    people: int | None
    decimals: int = 0
    largest: tuple[Fraction, ...] = ()
    over: tuple[Key, Key] | None = None
    told: bool = False

    @property
    def key(self) -> Key:
        """What names it in every edition."""
        return self.counting, self.where, self.day


def facts_of(
    people: Mapping[date, Sequence[Person]], levels: Mapping[str, Sequence[tuple[str, ...]]], fine: bool, known: bool
) -> list[Fact]:
    """The facts of an edition.

    Args:
        people: everybody on each day: service, district, client group, provider.
        levels: for service, district and group the sets of ids that tables show: single ones, groups of them.
        fine: whether counts are shown by all three at once, not by two.
        known: whether other documents print how many people there are in all.
    """
    return [fact for day, some in people.items() for fact in _on(day, some, levels, fine, known)]


def _on(
    day: date, people: Sequence[Person], levels: Mapping[str, Sequence[tuple[str, ...]]], fine: bool, known: bool
) -> Iterator[Fact]:
    heads = Counter(one[:3] for one in people)
    spent: Counter[tuple[str, str, str]] = Counter()
    for at, (service, district, _, provider) in enumerate(people):
        spent[service, district, provider] += 20_000 + 37 * (at % 997)
    choices = {name: [(), *sets] for name, sets in levels.items()}
    found: dict[Where, int] = {}
    for some in product(*choices.values()):
        where = tuple(sorted((name, ids) for name, ids in zip(choices, some, strict=True) if ids))
        if len(where) == len(choices) and not fine:
            continue
        count = sum(many for one, many in heads.items() if _in(one, some))
        found[where] = count
        yield Fact(HEADS, where, day, Fraction(count), "people", count, told=known and not where)
    for services, districts in product(choices["service"], choices["district"]):
        where = tuple((name, ids) for name, ids in (("district", districts), ("service", services)) if ids)
        yield from _of_money(day, where, (services, districts), spent, found)


def _of_money(
    day: date, where: Where, at: tuple[tuple[str, ...], tuple[str, ...]],
    spent: Mapping[tuple[str, str, str], int], heads: Mapping[Where, int],
) -> Iterator[Fact]:  # fmt: skip
    """What a place costs, how many providers are in use there, its mean, and its share of a service's people."""
    parts: Counter[str] = Counter()
    for (service, district, provider), pence in spent.items():
        if _in((service, district), at):
            parts[provider] += pence
    pounds = sorted((Fraction(pence, 100) for pence in parts.values()), reverse=True)
    people = heads[where]
    yield Fact(COST, where, day, sum(pounds, Fraction(0)), "gbp", people, 2, tuple(pounds[:2]))
    yield Fact(PROVIDERS, where, day, Fraction(len(parts)), "providers", None)
    if people:
        over = (COST, where, day), (HEADS, where, day)
        yield Fact(MEAN, where, day, sum(pounds, Fraction(0)) / people, "gbp", people, 2, over=over)
    whole = tuple((name, ids) for name, ids in where if name != "district")
    if whole != where and heads[whole]:
        over = (HEADS, where, day), (HEADS, whole, day)
        yield Fact(SHARE, where, day, Fraction(100 * people, heads[whole]), "percent", people, 1, over=over)


def _in(one: Sequence[str], sets: Sequence[tuple[str, ...]]) -> bool:
    """Whether something lies within the ids that are taken of each dimension; an empty set takes all."""
    return all(not ids or value in ids for value, ids in zip(one, sets, strict=False))
