"""Change published figures, each with those that rest on it, and see whether a ledger made from them follows.

A figure seldom stands alone: a total holds its parts, a share its whole, a sentence repeats a table. What holds what is
read off the questions that the check asks: one with fewer filters holds those with more. A total moves by as much as
its parts where the published parts add up to it; where they do not (people with support of two kinds are counted
once) it is a figure of its own. What else is worked out from others is listed in ``_worcestershire`` and ``_thurrock``.

``python -m tests.demo.perturbing`` moves every checked figure of both councils and prints what came of it: some ten
minutes of work.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import floor
from pathlib import Path

from careshape.catalogue import catalogue
from careshape.demo import COUNCILS, generate_council
from careshape.evaluate.measure import measures
from careshape.evaluate.numbers import rounded
from careshape.evaluate.published import Comparison, check_published, mapping
from careshape.evaluate.published.mapping import Counted
from careshape.ledger import Ledger
from careshape.ledger.columns import CODED
from careshape.ledger.imports import import_file
from careshape.records import Observations, observations

Values = Mapping[str, Fraction]
"""Observation id -> value."""
DOWN, UP = ("over", "just-over", "range-low"), ("under", "up-to", "range-high", "nearly")
"""Figures whose change is seen only in one direction: more than 40 is more than 30 too."""


@dataclass(frozen=True)
class Figure:
    """One checked figure: its printed value, the decimals it is printed to, and the question behind it."""

    id: str
    value: Fraction
    places: int
    measure: str
    where: Mapping[str, frozenset[str]]
    when: tuple[object, ...]
    compute: str
    qualifier: str

    @property
    def question(self) -> tuple[object, ...]:
        """Equal for figures that ask the same of the ledger."""
        return self.measure, self.when, tuple(sorted((name, tuple(sorted(ids))) for name, ids in self.where.items()))

    def holds(self, other: Figure) -> bool:
        """Whether every line that the other figure counts counts here as well, and more may."""
        if (self.measure, self.when) != (other.measure, other.when) or self.question == other.question:
            return False
        return all(name in other.where and other.where[name] <= ids for name, ids in self.where.items())


@dataclass(frozen=True)
class Rule:
    """A figure worked out from others; ``exactly``, or it moves by as much as the value does."""

    figure: str
    of: tuple[str, ...]
    value: Callable[[Values], Fraction]
    exactly: bool = False


class Web:
    """The checked figures of a council, and what rests on what."""

    def __init__(self, authority: str, compared: Iterable[Comparison]) -> None:
        self.authority = authority
        self.figures = {one.id: _figure(authority, one) for one in compared}
        self.published = {one.id: one.value for one in self.figures.values()}
        own = {"worcestershire": _worcestershire, "thurrock": _thurrock}[authority](self)
        sums = [rule for one in self.figures.values() if (rule := self._sum(one)) is not None]
        self.rules = [*own[0], *sums, *self._repeats(), *own[1]]
        ruled = {rule.figure for rule in self.rules}
        self.free = [one for one in self.figures.values() if one.id not in ruled]
        """Figures that can be changed by themselves, and move the others."""
        self.limits = own[2]

    def find(self, measure: str, **where: str) -> list[Figure]:
        """Figures of a measure whose filters are no others, and have these values where given."""
        found = [one for one in self.figures.values() if one.measure == measure and one.compute == "value"]
        return [one for one in found if all(one.where.get(name) == _members(name, v) for name, v in where.items())]

    def _sum(self, total: Figure) -> Rule | None:
        """The rule of a figure to which the least figures that it holds add up, as far as rounding lets them."""
        entry = measures()[total.measure]
        inside = [one for one in self.figures.values() if total.holds(one) and one.compute == "value"]
        parts = [one for one in inside if not any(one.holds(other) for other in inside)]
        if total.compute != "value" or not parts or entry.kind in ("share", "mean_weekly_cost"):
            return None
        measured = entry.unit.startswith("gbp") or entry.kind == "hours"
        slack = Fraction(10) ** -total.places * (len(parts) + 1) / 2 if measured else 0
        if abs(sum(part.value for part in parts) - total.value) > slack:
            return None
        return _added(total, parts)

    def _repeats(self) -> list[Rule]:
        """Figures that ask what an earlier one asks."""
        first: dict[tuple[object, ...], Figure] = {}
        found = []
        for one in self.figures.values():
            other = first.setdefault(one.question, one) if one.compute == "value" else one
            if other is not one and one.qualifier not in (*DOWN, *UP):
                found.append(_added(one, [other]))
        return found

    def roots(self, name: str) -> list[Figure]:
        """The figures that can be changed by themselves and that a figure rests on."""
        inside = {one for rule in self.rules if rule.figure == name for one in rule.of}
        free = [one for one in self.free if one.id == name]
        return free + [root for one in sorted(inside) for root in self.roots(one)]

    def settled(self, changes: Values) -> dict[str, Fraction]:
        """``changes`` and every figure that they move."""
        before = self.published
        now = {**before, **changes}
        for rule in self.limits:
            if any(one in changes for one in (rule.figure, *rule.of)):
                most = Fraction(rounded(rule.value(now), self.figures[rule.figure].places))
                now[rule.figure] = min(now[rule.figure], most)
        for rule in self.rules:
            if any(now[one] != before[one] for one in rule.of):
                value = rule.value(now) if rule.exactly else before[rule.figure] + rule.value(now) - rule.value(before)
                now[rule.figure] = Fraction(rounded(value, self.figures[rule.figure].places))
        return {key: value for key, value in now.items() if value != before[key]}


def _added(total: Figure, parts: Sequence[Figure]) -> Rule:
    ids = tuple(part.id for part in parts)
    return Rule(total.id, ids, lambda now: sum((now[one] for one in ids), Fraction(0)))


def counted_by(authority: str, comparison: Comparison) -> Counted:
    """The entry of the mapping that counts a figure."""
    known, row = mapping(authority), observations(authority)[comparison.id]
    entries: list[Counted] = [figure for figure in known.figure if figure.row == row.id]
    for count in known.count:
        if f"{count.file}.csv" == comparison.file and all(row.get(n) == v for n, v in count.rows.items()):
            entries.append(count)
    (entry,) = entries
    return entry


def _figure(authority: str, one: Comparison) -> Figure:
    row, entry = observations(authority)[one.id], counted_by(authority, one)
    (period,) = one.ask.periods
    return Figure(
        one.id,
        Fraction(row.value),
        row.decimals if entry.round is None else entry.round,
        one.ask.measure,
        {name: _members(name, value) for name, value in one.ask.where.items()},
        (period.end,) if measures()[one.ask.measure].is_stock else (period.start, period.end),
        getattr(entry, "compute", "value"),
        row.qualifier,
    )


def _members(dimension: str, value: str) -> frozenset[str]:
    return frozenset(catalogue().members(CODED[dimension], value)) if dimension in CODED else frozenset([value])


Rules = tuple[list[Rule], list[Rule], list[Rule]]
"""Those that come before the totals, those that come after them, and what a figure cannot exceed."""


def _worcestershire(web: Web) -> Rules:
    living = partial(_cells, web)
    people, means, years = (
        living(f"supported_living_{name}") for name in ("placements_people", "mean_weekly_cost", "cost_of_open_lines")
    )
    everybody, over_march = people["all", "all"].id, "table-10/14"
    parts = [cell for cell in people if "all" not in cell]
    first, last, limits = [], [], []
    for cell in parts:
        limits.append(
            Rule(
                years[cell].id,
                (people[cell].id, means[cell].id),
                _year_at(people[cell].id, means[cell].id),
            )
        )
        if people[cell].value == 1:  # one price, held for whole days
            days = round(years[cell].value * 7 / means[cell].value)
            first.append(
                Rule(years[cell].id, (means[cell].id,), _times(means[cell].id, Fraction(days, 7)), exactly=True)
            )
    # Those who left in March were not there on its last day.
    last.append(Rule(everybody, (over_march,), lambda now: now[over_march]))
    for cell, share in living("supported_living_share").items():
        last.append(_share(share.id, people[cell].id, everybody))
    for cell, mean in means.items():
        if cell not in parts:
            inside = [part for part in parts if cell[0] in ("all", part[0])]
            weights = {means[part].id: people[part].id for part in inside}
            value = _mean(weights, people[cell].id)
            exactly = rounded(value(web.published), mean.places) == mean.value
            last.append(Rule(mean.id, (*weights, *weights.values(), people[cell].id), value, exactly))
    for one in web.find("care_home_people", working_age_band="18-64"):
        placed = [
            other
            for other in web.find("care_home_placements")
            if all(other.where[name] == one.where.get(name) for name in ("client_group", "service"))
        ]
        first += [_added(one, placed)] if placed else []
    last += [
        Rule("W-PF-055", ("W-PF-054",), lambda now: now["W-PF-054"]),
        Rule("W-PF-056", ("table-06/15", "table-06/16"), _growth("table-06/15", "table-06/16"), exactly=True),
        Rule("W-PF-077", ("table-20/2",), lambda now: now["table-20/2"], exactly=True),
        Rule("W-PF-098", ("table-13/8",), _times("table-13/8", Fraction(52)), exactly=True),
        Rule("W-PF-110", ("W-PF-076", "table-20/2"), _growth("W-PF-076", "table-20/2"), exactly=True),
        _share("W-PF-122", "table-29/5", "table-29/9"),
        Rule("W-PF-123", tuple(f"table-29/{n}" for n in (2, 4, 6, 8)), _whole_percent_below, exactly=True),
    ]
    return first, last, limits


def _cells(web: Web, measure: str) -> dict[tuple[str, str], Figure]:
    """Figures of supported living by component and cost centre."""

    def value(one: Figure, dimension: str) -> str:
        return "|".join(one.where.get(dimension, ["all"]))

    return {(value(one, "component"), value(one, "cost_centre")): one for one in web.find(measure)}


def _thurrock(web: Web) -> Rules:
    change = ("key-statistics/3", "key-statistics/4")
    last = [
        Rule(one, change, lambda now: now["key-statistics/4"] - now["key-statistics/3"], exactly=True)
        for one in ("key-statistics/5", "T-PF-001")
    ]
    last.append(Rule("T-PF-066", ("T-PF-067",), _times("T-PF-067", Fraction(1, 11)), exactly=True))
    return [], last, []


def _year_at(people: str, mean: str) -> Callable[[Values], Fraction]:
    """Nearly what people cost in a year at the last day's prices, which is all that they can have cost in it."""
    return lambda now: now[people] * now[mean] * 365 / 7 * Fraction(97, 100)


def _times(of: str, factor: Fraction) -> Callable[[Values], Fraction]:
    return lambda now: now[of] * factor


def _share(figure: str, part: str, whole: str) -> Rule:
    return Rule(figure, (part, whole), lambda now: 100 * now[part] / now[whole], exactly=True)


def _growth(before: str, after: str) -> Callable[[Values], Fraction]:
    return lambda now: 100 * (now[after] - now[before]) / now[before]


def _mean(weights: Mapping[str, str], people: str) -> Callable[[Values], Fraction]:
    return lambda now: sum((now[mean] * now[number] for mean, number in weights.items()), Fraction(0)) / now[people]


def _whole_percent_below(now: Values) -> Fraction:
    spend = [now[f"table-29/{n}"] for n in (2, 4, 6, 8)]
    return Fraction(floor(100 * spend[2] / sum(spend)) - 1)


def about(web: Web, name: str, rng: random.Random) -> dict[str, Fraction]:
    """Changes that move one figure: its own, or, where it is worked out, one of the largest figure that it rests on."""
    one = web.figures[name]
    if one in web.free:
        return {name: other_value(rng, one)}
    largest = max(web.roots(name), key=lambda root: root.value)
    for factor in FACTORS.get(one.qualifier, FACTORS["exact"]):
        changes = {largest.id: Fraction(rounded(largest.value * factor, largest.places))}
        if name in web.settled(changes):
            break
    return changes


EXACTLY, MORE, LESS = (Fraction(3, 4), Fraction(8, 5)), (Fraction(3),), (Fraction(1, 2),)
FACTORS = {"exact": EXACTLY, **dict.fromkeys(UP, MORE), **dict.fromkeys(DOWN, LESS)}
"""How far the largest root of a figure is moved, so that the figure itself moves by more than it was rounded."""


def everything(web: Web, rng: random.Random) -> dict[str, Fraction]:
    """Changes of all figures that can be changed by themselves, at once."""
    return {one.id: other_value(rng, one) for one in web.free}


def other_value(rng: random.Random, one: Figure) -> Fraction:
    """Another value for a figure: a few in a hundred more or less, and at least one of the least that is printed.

    One that is printed as "over" or "up to" goes down or up by a third, so that the one printed cannot stand for it.
    """
    step, near = Fraction(10) ** -one.places, one.qualifier in (*DOWN, *UP)
    size = abs(one.value) * Fraction(rng.uniform(0.3, 0.4) if near else rng.uniform(0.02, 0.05))
    by = max(step, Fraction(rounded(size, one.places)))
    down = one.qualifier in DOWN or (one.qualifier not in UP and one.value > 5 * step and rng.random() < 0.5)
    return one.value - by if down else one.value + by


@dataclass(frozen=True)
class Outcome:
    """What a ledger made from changed figures gives: beside these, and beside those that were really published."""

    changed: Mapping[str, Fraction]
    missed: Mapping[str, Comparison]
    """Figures, of all, that did not come back as they were changed (or left)."""
    noticed: frozenset[str]
    """Figures of which the check says, beside the published ones, that they differ."""


def follow(web: Web, changes: Values, folder: Path, seed: int = 1) -> Outcome:
    """Make a council from the changed figures, import its files, and check it twice."""
    changed = web.settled(changes)
    rows = Observations(
        replace(row, value=_decimal(changed[row.id], row.value)) if row.id in changed else row
        for row in observations(web.authority)
    )
    ledger = import_council(web.authority, folder, rows, seed)
    beside_changed = check_published(web.authority, ledger, rows=rows)
    beside_printed = check_published(web.authority, ledger)
    return Outcome(
        changed,
        {one.id: one for one in beside_changed if one.status == "differs"},
        frozenset(one.id for one in beside_printed if one.status == "differs"),
    )


def import_council(authority: str, folder: Path, rows: Observations | None = None, seed: int = 1) -> Ledger:
    """A ledger of a synthetic council, imported from its files; ``rows`` are the figures that it is made from."""
    files = generate_council(authority, folder / "files", seed=seed, observations=rows)
    ledger = Ledger.create(folder / authority, authority=authority, demonstration=True)
    for file in (files.packages, files.deliveries):
        import_file(ledger, file)
    return ledger


def _decimal(value: Fraction, like: Decimal) -> Decimal:
    return rounded(value, max(0, -int(like.as_tuple().exponent)))


def batches(web: Web, names: Iterable[str], size: int, seed: object = "") -> list[dict[str, dict[str, Fraction]]]:
    """Changes about figures, those of one batch so that none moves what another moves: figure -> its changes."""
    found: list[dict[str, dict[str, Fraction]]] = []
    moved: list[set[str]] = []
    for name in names:
        changes = about(web, name, random.Random(f"{seed} {name}"))
        touched = set(web.settled(changes)) | set(changes)
        for batch, taken in zip(found, moved, strict=True):
            if len(batch) < size and not touched & taken:
                break
        else:
            batch, taken = {}, set()
            found.append(batch)
            moved.append(taken)
        batch[name] = changes
        taken |= touched
    return found


def problems(outcome: Outcome, meant: Iterable[str] = ()) -> list[str]:
    """What is wrong with what came of changes that were ``meant`` to move some figures; empty where nothing is."""
    found = [f"{key} did not come back: {one.reason}" for key, one in outcome.missed.items()]
    found += [f"{key} moved as well" for key in sorted(outcome.noticed - set(outcome.changed))]
    found += [f"{key} was not moved" for key in meant if key not in outcome.changed]
    return found + [f"{key} moved and was not noticed" for key in meant if key not in outcome.noticed]


def main() -> None:
    """Move every checked figure of both councils, a few at a time, then all at once, and print what came of it."""
    for authority in COUNCILS:
        with tempfile.TemporaryDirectory() as folder:
            web = Web(authority, check_published(authority, import_council(authority, Path(folder))))
        names = list(web.figures)
        random.Random(1).shuffle(names)
        wrong: list[str] = []
        for batch in batches(web, names, size=8):
            changes = {key: value for one in batch.values() for key, value in one.items()}
            with tempfile.TemporaryDirectory() as folder:
                found = problems(follow(web, changes, Path(folder)), batch)
            wrong += found
            print(f"{authority}: {', '.join(batch)}: {'; '.join(found) or 'followed'}", flush=True)
        for seed in range(3):
            with tempfile.TemporaryDirectory() as folder:
                outcome = follow(web, everything(web, random.Random(seed)), Path(folder))
            found = problems(outcome)
            wrong += found
            print(f"{authority}: {len(outcome.changed)} figures at once: {'; '.join(found) or 'followed'}", flush=True)
        print(f"{authority}: {len(names)} figures, {len(wrong)} faults", flush=True)


if __name__ == "__main__":
    main()
