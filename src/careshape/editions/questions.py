"""What a statement asks of the ledger, cell by cell: which cells its figures are, and how many people stand behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.catalogue.periods import Period
from careshape.evaluate.measure import Measure, Result, measure, measures
from careshape.evaluate.measure.dimensions import LISTS, TIME, values_of
from careshape.evaluate.measure.evaluate import Context

Conditions = tuple[tuple[str, tuple[str, ...]], ...]
"""Dimension -> the ids that a cell takes of it, in order; a dimension that is not named is not looked at."""
Key = tuple[str, ...]

PEOPLE: Final = "people"
HEADS: Final = ("people_on_date", "people_over_period")
OF_PERSONS: Final = (*HEADS, "lines", "lines_over_period", "times", "starts", "ends")
"""Kinds of counting whose number is itself one of persons, or of things that each belong to one."""
DIVIDED: Final = ("share", "mean_weekly_cost")
"""Kinds of counting that divide one figure by another."""


@dataclass(frozen=True)
class Place:
    """Where a figure stands: how it is counted, its conditions, and its period. Measures that count the same cell in
    the same way give one place.
    """

    counting: str
    where: Conditions
    period: Period

    @property
    def id(self) -> str:
        """The place as one text: nights[district=wychavon;service=nursing]@2020/21."""
        named = ";".join(f"{name}={'+'.join(ids)}" for name, ids in self.where)
        return f"{self.counting}[{named}]@{self.period.label}"

    @property
    def kind(self) -> str:
        """The kind of counting."""
        return self.counting.partition(" ")[0]

    def ids(self, dimension: str) -> tuple[str, ...] | None:
        """The ids that it takes of a dimension; None where it does not look at it."""
        return dict(self.where).get(dimension)

    def without(self, dimension: str) -> Conditions:
        """Its conditions but for one dimension."""
        return tuple((name, ids) for name, ids in self.where if name != dimension)


@dataclass(frozen=True)
class Counted:
    """A cell as it was counted.

    ``people`` is how many persons stand behind it (None: it is not of persons); ``largest`` the parts of the two
    largest providers in an amount of money; ``over`` the places that a share or mean divides, the numerator
    first; ``public`` whether everybody knows it from elsewhere, as a population; ``told`` whether another document has
    printed this very number.
    """

    place: Place
    exact: Fraction
    unit: str
    people: int | None
    decimals: int = 0
    largest: tuple[Fraction, ...] = ()
    over: tuple[str, str] | None = None
    shown: bool = True
    public: bool = False
    told: bool = False


class Asked:
    """Answers questions to the ledger as ``measure`` does, and keeps every cell that it gave and what is behind it."""

    def __init__(self) -> None:
        self.cells: dict[str, Counted] = {}

    def __call__(
        self, context: Context, name: str, *, by: Sequence[str] = (), where: Mapping[str, Any] | None = None,
        period: str | None = None,
    ) -> Result:  # fmt: skip
        """The answer, kept cell by cell."""
        result = measure(context, name, by=by, where=dict(where or {}), period=period)
        self._keep(context, result, by, where or {})
        return result

    def _keep(
        self, context: Context, result: Result, by: Sequence[str], where: Mapping[str, Any], shown: bool = True
    ) -> None:
        entry = result.measure
        found = {cell.key: (place_of(result, cell.key, where), cell.exact) for cell in result.cells}
        wanted = {
            key: (place, exact) for key, (place, exact) in found.items()
            if exact is not None and not (place.id in self.cells and (self.cells[place.id].shown or not shown))
        }  # fmt: skip
        if not wanted:
            return
        behind = self._behind(context, result, by, where)
        largest = self._largest(context, result, by, where)
        over = self._halves(context, result, by, where) if entry.kind in DIVIDED else {}
        for key, (place, exact) in wanted.items():
            self.cells[place.id] = Counted(
                place, exact, unit_of(entry), _people(entry, exact, behind, key), entry.decimals,
                largest.get(key, ()), over.get(key), shown,
            )  # fmt: skip

    def _behind(
        self, context: Context, result: Result, by: Sequence[str], where: Mapping[str, Any]
    ) -> dict[Key, int] | None:
        """The people behind each cell of an answer; None where a measure counts no people, but homes or providers."""
        entry = result.measure
        counted = measures()[entry.numerator] if entry.numerator else entry
        if counted.of != "person":
            return None
        kind = HEADS[0] if counted.is_stock or counted.open_at_end else HEADS[1]
        heads = counted.model_copy(
            update={"kind": kind, "unit": "persons", "decimals": 0, "weekly": False, "open_at_end": False}
        )
        asked = merged(entry.where, where) if entry.numerator else dict(where)
        answer = measure(context, heads, by=by, where=asked, period=result.periods)
        return {_key(answer, cell.key, result): int(cell.exact or 0) for cell in answer.cells}

    def _largest(
        self, context: Context, result: Result, by: Sequence[str], where: Mapping[str, Any]
    ) -> dict[Key, tuple[Fraction, ...]]:
        """The parts of the two largest providers in each amount of money."""
        if result.measure.kind not in ("cost", "weekly_cost") or "provider" in (*by, *where):
            return {}
        answer = measure(context, result.measure, by=("provider", *by), where=dict(where), period=result.periods)
        found: dict[Key, list[Fraction]] = {}
        for cell in answer.cells:
            found.setdefault(cell.key[1:], []).append(cell.exact or Fraction(0))
        return {key: tuple(sorted(parts, reverse=True)[:2]) for key, parts in found.items()}

    def _halves(
        self, context: Context, result: Result, by: Sequence[str], where: Mapping[str, Any]
    ) -> dict[Key, tuple[str, str]]:
        """What a share or mean divides by what, each kept as a cell that is not shown for that."""
        entry = result.measure
        above, below = halves_of(entry)
        top = self._half(context, above, by, merged(entry.where, where) if entry.numerator else dict(where), result)
        if below is None:
            return {cell.key: (top[cell.key], self._public(entry, result, cell.key, top)) for cell in result.cells
                    if cell.key in top and cell.exact}  # fmt: skip
        whole = entry.kind == "share" and entry.within == "all"
        asked = merged(entry.denominator_where, {} if whole else where)
        bottom = self._half(context, below, () if whole else by, asked, result)
        return {
            key: (id_, bottom[_time_of(result, key) if whole else key]) for key, id_ in top.items()
            if (_time_of(result, key) if whole else key) in bottom
        }  # fmt: skip

    def _half(
        self, context: Context, entry: Measure, by: Sequence[str], where: Mapping[str, Any], result: Result
    ) -> dict[Key, str]:
        """The places of one half of each cell of an answer; where nothing was counted it is a cell of nothing."""
        answer = measure(context, entry, by=by, where=dict(where), period=result.periods)
        self._keep(context, answer, by, where, shown=False)
        found = {_key(answer, cell.key, result): place_of(answer, cell.key, where).id for cell in answer.cells}
        alike = replace(answer, dimensions=result.dimensions)
        for cell in result.cells if by or not result.dimensions else ():
            if cell.exact is not None and cell.key not in found:
                place = place_of(alike, cell.key, where)
                self.cells.setdefault(place.id, Counted(place, Fraction(0), unit_of(entry), 0, shown=False))
                found[cell.key] = place.id
        return found

    def _public(self, entry: Measure, result: Result, key: Key, top: Mapping[Key, str]) -> str:
        """The population that a rate divides by, which everybody knows."""
        place = place_of(result, key, {})
        above = self.cells[top[key]]
        share = next(cell.exact for cell in result.cells if cell.key == key)
        assert share
        known = Place(f"population {entry.population}", (), place.period)
        self.cells[known.id] = Counted(known, above.exact * 100 / share, PEOPLE, None, shown=False, public=True)
        return known.id


def place_of(result: Result, key: Key, where: Mapping[str, Any]) -> Place:
    """The place of one cell of an answer."""
    entry = result.measure
    named = dict(zip(result.dimensions, key, strict=True))
    labels = [named.pop(name) for name in TIME if name in named]
    known = {period.label: period for period in result.periods}
    period = known[labels[0]] if labels else result.periods[0]
    return place_for(entry, where, period, named)


def place_for(
    entry: Measure, where: Mapping[str, Any], period: Period, named: Mapping[str, str] | None = None
) -> Place:
    """The place of what a measure counts under some filters, with one value of each of some dimensions."""
    if entry.is_stock and period.start != period.end:
        # A stock is of the last day, whichever period ends on it.
        period = Period(period.end, period.end, period.end.isoformat(), "day")
    asked = dict(where) if entry.kind == "share" else merged(entry.where, where)
    conditions = {name: leaves(name, ids) for name, ids in asked.items()}
    conditions |= {name: (one,) for name, one in (named or {}).items()}
    return Place(counting_of(entry), tuple(sorted(conditions.items())), period)


def halves_at(entry: Measure, where: Mapping[str, Any], period: Period) -> tuple[str, str]:
    """The ids of the two places that a share or mean divides, the numerator first, without asking for them."""
    above, below = halves_of(entry)
    top = place_for(above, merged(entry.where, where) if entry.numerator else dict(where), period)
    if below is None:
        return top.id, Place(f"population {entry.population}", (), place_for(entry, {}, period).period).id
    whole = entry.kind == "share" and entry.within == "all"
    return top.id, place_for(below, merged(entry.denominator_where, {} if whole else where), period).id


def counting_of(entry: Measure) -> str:
    """How a measure counts, apart from what it takes: the same words for measures that differ in their filter only."""
    if entry.kind == "share":
        return f"share {entry.id}"
    said = [entry.kind, *entry.record, "" if entry.of == "person" else entry.of]
    said += ["a week" if entry.weekly else "", "of open lines" if entry.open_at_end else ""]
    said += [f"per {entry.per}" if entry.kind == "mean_weekly_cost" else ""]
    return " ".join(word for word in said if word)


def halves_of(entry: Measure) -> tuple[Measure, Measure | None]:
    """What a share or mean divides by what; None for a population."""
    if entry.kind == "share":
        below = measures()[entry.denominator] if entry.denominator else None
        return measures()[str(entry.numerator)], below
    heads = {"kind": "lines" if entry.per == "line" else HEADS[0], "unit": "persons", "decimals": 0, "per": "person"}
    money = {"kind": "weekly_cost", "unit": "gbp-per-week", "decimals": 2, "per": "person"}
    return entry.model_copy(update=money), entry.model_copy(update=heads)


def unit_of(entry: Measure) -> str:
    """The unit in which figures are protected: people, pounds, or what else is counted."""
    if entry.kind in OF_PERSONS and entry.of == "person":
        return PEOPLE
    return "gbp" if entry.unit.startswith("gbp") else entry.unit


def leaves(dimension: str, wanted: str | Sequence[str]) -> tuple[str, ...]:
    """The ids that a filter takes, with its groups written out."""
    given = values_of(wanted)
    if dimension not in LISTS:
        return tuple(sorted(map(str, given)))
    members = catalogue().members
    return tuple(sorted({leaf for one in given for leaf in members(LISTS[dimension], one)}))


def merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Two filters as one that takes what passes both."""
    both = {**first, **second}
    for name in first.keys() & second.keys():
        both[name] = tuple(sorted(set(leaves(name, first[name])) & set(leaves(name, second[name]))))
    return both


def _people(entry: Measure, exact: Fraction, behind: Mapping[Key, int] | None, key: Key) -> int | None:
    if behind is None:
        return None
    people = behind.get(key, 0)
    return min(people, int(exact)) if entry.kind in OF_PERSONS else people


def _key(answer: Result, key: Key, like: Result) -> Key:
    """A cell's key in one answer as another of the same question has it, whatever they call their only period."""
    if answer.dimensions == like.dimensions:
        return key
    named = dict(zip(answer.dimensions, key, strict=True))
    return tuple(named[name] for name in like.dimensions if name in named)


def _time_of(result: Result, key: Key) -> Key:
    named = zip(result.dimensions, key, strict=True)
    return tuple(one for name, one in named if name in TIME)
