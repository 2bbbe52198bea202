"""The gap: what will be needed less what there is, by segment, area and year, with its interval and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.catalogue import catalogue
from careshape.evaluate.forecast.scores import quantiles
from careshape.evaluate.gap.directions import DIRECTIONS, THERE_ARE, Decision, Facts, Rules, Width, decide, in_force
from careshape.evaluate.gap.segments import Segment, unit_of
from careshape.evaluate.gap.supply import ALL, ORIGINS, WHOLE_MARKET, Available, Supply, by_origin
from careshape.evaluate.gap.taken import Room, Taken, room, taken_of
from careshape.evaluate.intervals import QUANTILES
from careshape.evaluate.need.payers import OTHERS as ALL_OTHERS
from careshape.evaluate.need.payers import PAYERS
from careshape.evaluate.need.shares import COUNCIL
from careshape.evaluate.numbers import written_out
from careshape.language import day_of, month_of, numeral, say
from careshape.records import Intention

Floats = NDArray[np.float64]
ARRANGED: Final = "arranged"
"""Basis of a supply that is not known: what the council arranges at the start of the forecast."""
OTHERS: Final = "others"
"""Basis where supply is everybody's and the demand of others is not known: the change from today."""
PART: Final = "part"
"""Basis where supply is everybody's and only the least that others need is known: the change from today."""
EVERYBODY: Final = "everybody"
"""Basis of a supply that is not known where the demand of others is: what everybody buys at the start."""
USE: Final = "use"
"""Basis where supply is everybody's and how much of it is in use is known only of England: the same."""
BASES: Final = {
    "operational": "places that can be used",
    "registered": "places on the regulator's register",
    "contracted": "places under contract",
    ARRANGED: "supply is not known, so it is taken as what the council arranged on the last day of its records",
    OTHERS: "what there is serves everybody and the demand of others is not estimated, so the gap is the change from "
    "what the council arranged on the last day of its records",
    EVERYBODY: "supply is not known, so it is taken as what everybody bought in the area on the last day of the "
    "council's records",
    USE: "how much of what there is stands empty is not known here, so the gap is the change from what everybody "
    "bought in the area on the last day of the council's records",
    PART: "what there is serves everybody and only part of the demand of others can be estimated, so the gap is the "
    "change from what the council arranged on the last day of its records",
}
UNDER_CONTRACT: Final = f"{THERE_ARE} under contract"
APART: Final = tuple(name for name in PAYERS if name not in (COUNCIL, ALL_OTHERS))
"""Those but the council who pay, as they are shown apart."""
FROM_TODAY: Final = (ARRANGED, OTHERS, PART)
"""Bases on which the gap is the change from what the council arranges today."""
_TODAYS_MARKET: Final = (EVERYBODY, USE)
"""Bases on which the gap is the change from what everybody buys today."""
_OF_EVERYBODY: Final = (*WHOLE_MARKET, *_TODAYS_MARKET)
"""Bases on which the gap is that of everybody in the area, not of the council alone."""


@dataclass(frozen=True)
class Expected:
    """Demand of one cell on a day: its mean, draws of what may happen, and the method's name.

    What is drawn is ``draws`` x ``scale`` + ``shift``. The draws stay as they are in another unit, or less what there
    is, because limits of small whole numbers are found as those of a forecast's own table. ``people`` is how many
    people it is about, where it counts something else, such as hours.
    """

    mean: float
    draws: Floats
    method: str
    scale: float = 1.0
    shift: float = 0.0
    people: float | None = None

    @property
    def values(self) -> Floats:
        """What is drawn."""
        return self.draws * self.scale + self.shift

    def limits(self) -> dict[str, float]:
        """Limits of the 80% and 95% intervals, by name."""
        found = quantiles(self.draws[:, None], list(QUANTILES.values()))[:, 0]
        return {name: float(value * self.scale + self.shift) for name, value in zip(QUANTILES, found, strict=True)}

    def plus(self, other: Expected) -> Expected:
        """Both together, the draws taken in pairs, so that they move together where they were drawn together."""
        size = min(len(self.draws), len(other.draws))
        both = self.values[:size] + other.values[:size]
        return Expected(self.mean + other.mean, both, f"{self.method}; {other.method}")

    def minus(self, other: Expected) -> Expected:
        """Less another demand, the draws taken in pairs: what both share falls out."""
        size = min(len(self.draws), len(other.draws))
        return Expected(self.mean - other.mean, self.values[:size] - other.values[:size], self.method)

    def times(self, factor: float) -> Expected:
        """In another unit. ``factor`` is above 0."""
        return replace(self, mean=self.mean * factor, scale=self.scale * factor, shift=self.shift * factor)

    def less(self, amount: float) -> Expected:
        """Less what there is."""
        return replace(self, mean=self.mean - amount, shift=self.shift - amount)


@dataclass(frozen=True)
class Outside:
    """What others than the council will arrange.

    Attributes:
        parts: by who pays (`careshape.evaluate.need.payers.PAYERS`); always with all of them together.
        least: whether that is only the least, since nothing is known of some of them.
        caveat: what to know of the shares that it rests on.
        here: the share of what the council arranges that lies in its area; the rest is no demand on what there is.
        placed: whether it rests on figures of the place, so that it may be set against what there is; where it rests on
            how much of it stands empty in England, the gap would be England's empty places.
        sources: by who pays, where the shares come from.
        lender: the council whose share was borrowed for this place, in words; empty where none was.
    """

    parts: Mapping[str, Expected]
    least: bool = False
    caveat: str = ""
    here: float = 1.0
    placed: bool = True
    sources: Mapping[str, str] = field(default_factory=dict)
    lender: str = ""

    @property
    def total(self) -> Expected:
        """All that others arrange, as far as it is known."""
        return self.parts[ALL_OTHERS]

    def with_council(self, demand: Expected) -> Expected:
        """What everybody arranges in the area: the council's part of it, and all others'."""
        return demand.times(self.here).plus(self.total)

    def times(self, factor: float) -> Outside:
        """In another unit."""
        return replace(self, parts={name: one.times(factor) for name, one in self.parts.items()})


@dataclass(frozen=True)
class Gap:
    """One cell: what is needed, what there is, and what it means. All amounts in ``unit``.

    Attributes:
        demand: what the council itself will arrange, in its area and outside it. outside: what others will
            (self-funders, NHS, other councils); None where that is not estimated, and not part of the gap where supply
            is the council's alone, or where only the least of it is known.
        available: what there is; its quantity is None where nothing is known.
        supply: the quantity the gap is measured against; where that of others is not known, what the council arranges.
        basis: what was counted as supply, in words.
        gap: places to be added (above 0) or not needed (below 0), with its interval.
        beside: what other sources say there is, where that differs from what is counted.
        since: the last day of the records that it starts from; None where it is today.
        room: how much of what there is was taken, where that is known.
        facts, rules: what the decision was taken by; None for the rules that come with careshape.
    """

    segment: Segment
    client_group: str
    area: str
    on: date
    unit: str
    demand: Expected
    outside: Outside | None
    available: Available
    supply: float
    basis: str
    gap: Expected
    decision: Decision
    beside: tuple[Available, ...] = ()
    since: date | None = None
    room: Room | None = None
    facts: Facts | None = None
    rules: Rules | None = None

    def decided(self) -> Gap:
        """The same with what follows from its gap and supply as they are now, where these were changed."""
        if self.facts is None:
            return self
        limits = self.gap.limits()
        facts = replace(self.facts, lower_80=limits["lower_80"], upper_80=limits["upper_80"], supply=self.supply)
        return replace(self, facts=facts, decision=decide(facts, self.rules))

    def sentence(self) -> str:
        """What it means for a provider, in one sentence."""
        group = "" if self.client_group == ALL else say(" for {group}", group=_label("client_group", self.client_group))
        where = "" if self.area == ALL else say(" in {area}", area=_area_label(self.area))
        what = f"{say(DIRECTIONS[self.decision.direction])}: {self.segment.name}{group}{where}"
        return f"{what}. {self.said}"

    @property
    def said(self) -> str:
        """How much by when, and why it follows: the sentence without direction and segment."""
        limits = self.gap.limits()
        low, high = (_whole(limits[name]) for name in ("lower_80", "upper_80"))
        size = f"{self._size()} {self.compared_with}"
        said = say(
            "Expected by {on}: {size} (80% interval {low} to {high}). {reason}",
            on=_month(self.on),
            size=size,
            low=low,
            high=high,
            reason=self.decision.reason,
        )
        return " ".join(one for one in (said, self.decision.narrow, self.room_said, self.borrowed_said) if one)

    @property
    def room_said(self) -> str:
        """How much of what there is was taken, and what that makes of the gap; empty where that is not known."""
        return self.room.said if self.room else ""

    @property
    def borrowed_said(self) -> str:
        """That what others buy rests on another council's share; empty where it does not, or is not counted."""
        if self.outside is None or not self.outside.lender or not self.counts_others:
            return ""
        return say("What others buy rests on a share borrowed from {lender}.", lender=self.outside.lender)

    @property
    def beside_said(self) -> list[str]:
        """What other sources say there is, a sentence each, with source and day."""
        return [
            say(
                "By {source} there are {quantity} {unit} ({where}).",
                source=say(ORIGINS[one.origin]),
                quantity=_whole(float(one.quantity)),
                unit=self.unit,
                where=_sourced(one),
            )
            for one in self.beside
            if one.origin is not None and one.quantity is not None
        ]

    @property
    def counts_others(self) -> bool:
        """Whether the gap is that of everybody in the area, not of the council alone."""
        return self.outside is not None and self.basis in [BASES[one] for one in _OF_EVERYBODY]

    @property
    def elsewhere(self) -> float:
        """What the council will arrange outside its area: no part of a gap that counts everybody in it."""
        return 0.0 if self.outside is None else self.demand.mean * (1 - self.outside.here)

    @property
    def compared_with(self) -> str:
        """What the gap is measured against, within a sentence."""
        return say(_than(self.basis, self.since))

    @property
    def outside_least(self) -> bool:
        """Whether only the least that others arrange is known."""
        return self.outside is not None and self.outside.least

    @property
    def by_register(self) -> bool:
        """Whether the register tells any of what there is."""
        return any(one.origin == "register" for one in (self.available, *self.beside))

    def _outside_is(self) -> str:
        if self.outside is None or not self.outside.parts:
            return "not estimated"
        return "at least" if self.outside_least else "borrowed" if self.outside.lender else "estimated"

    def _size(self) -> str:
        more = round(self.gap.mean)
        if more == 0:
            return say("about as many {unit} as", unit=self.unit)
        return say(
            "about {many} more {unit} than" if more > 0 else "about {many} fewer {unit} than",
            many=numeral(f"{abs(more):,}"),
            unit=unit_of(abs(more), self.unit),
        )

    def row(self) -> dict[str, Any]:
        """The cell as a row for a table or a download."""
        demand, gap = self.demand.limits(), self.gap.limits()
        others = {} if self.outside is None else self.outside.parts
        return {
            "segment": self.segment.id,
            "client_group": self.client_group,
            "area": self.area,
            "on": self.on.isoformat(),
            "unit": self.unit,
            "demand": round(self.demand.mean, 1),
            "demand_lower_80": round(demand["lower_80"], 1),
            "demand_upper_80": round(demand["upper_80"], 1),
            "demand_elsewhere": round(self.elsewhere, 1),
            **_part("outside", others.get(ALL_OTHERS)),
            "outside_is": self._outside_is(),
            "outside_in_gap": "yes" if self.counts_others else "no",
            **{key: value for name in APART for key, value in _part(name.replace("-", "_"), others.get(name)).items()},
            "supply": round(self.supply, 1),
            "there_are": float(self.available.quantity) if self.available.quantity is not None else None,
            "basis": self.basis,
            "supply_as_of": self.available.oldest.isoformat() if self.available.oldest else None,
            "supply_source": self.available.source,
            "beside": " ".join(self.beside_said),
            "void_rate": self.available.void_rate,
            "gap": round(self.gap.mean, 1),
            **{f"gap_{name}": round(value, 1) for name, value in gap.items()},
            "chance_of_growth": round(float((self.gap.values > 0).mean()), 3),
            "direction": self.decision.direction,
            "rule": self.decision.rule,
            "cites": self.decision.cites,
            "narrowed_by": self.decision.narrow,
            "sentence": self.sentence(),
            "method": self.gap.method,
        }


@dataclass(frozen=True)
class Market:
    """Everything that a gap is worked out from, beside demand."""

    supplies: Sequence[Supply]
    intentions: Sequence[Intention] = ()
    rules: Rules | None = None
    taken: Sequence[Taken] = ()


def gap(
    segment: Segment,
    client_group: str,
    area: str,
    on: date,
    *,
    needed: Expected,
    today: Expected,
    market: Market,
    outside: Outside | None = None,
    outside_today: Outside | None = None,
    since: date | None = None,
) -> Gap:
    """Work out one cell.

    Args:
        needed: what the council will arrange on the day, in the segment's unit before occupancy.
        today: the same on the day the forecast starts from; stands in for supply where that is not known.
        outside: what others will arrange beside it; outside_today: the same for today. Counted where all of it is known
            and supply is that of the whole market, or not known.
        since: the day that the forecast starts from, to be named in words; None to say "today".
    """
    service = segment.supply or segment.services[0]
    there, *others = by_origin(market.supplies, service, client_group, area, on=on, unit=segment.unit)
    demand = needed.times(1 / segment.occupancy)
    everybody = outside.times(1 / segment.occupancy) if outside else None
    before = outside_today.with_council(today).times(1 / segment.occupancy) if outside_today else None
    basis = _basis(there, everybody, before)
    total = everybody.with_council(demand) if everybody is not None and basis in _OF_EVERYBODY else demand
    doubt = width_from(demand, total)
    if before is not None and basis in _TODAYS_MARKET:
        # What others buy today and then is one draw: doubt about it only makes the change larger or smaller.
        supply, lacking, doubt = before.mean, total.minus(before), width_from(demand, demand)
    else:
        arranged = basis in FROM_TODAY
        supply = today.mean / segment.occupancy if arranged or there.quantity is None else float(there.quantity)
        lacking = total.less(supply)
    limits = lacking.limits()
    facts = Facts(
        limits["lower_80"],
        limits["upper_80"],
        supply,
        there.void_rate,
        tuple(one for id_ in segment.services for one in _intentions(market.intentions, id_, client_group, area)),
        doubt,
        segment.unit,
        _than(BASES[basis], since),
    )
    return Gap(
        segment, client_group, area, on, segment.unit, demand, everybody, there, supply, BASES[basis], lacking,
        decide(facts, market.rules), tuple(one for one in others if one.quantity not in (None, there.quantity)),
        since, _room(market, there, service, client_group, area, segment.occupancy, supply, lacking.mean),
        facts, market.rules,
    )  # fmt: skip


def _than(basis: str, since: date | None) -> str:
    """What a gap on a basis is measured against, within a sentence."""
    if basis in [BASES[one] for one in _TODAYS_MARKET]:
        return say("everybody bought in {since}", since=_month(since)) if since else "everybody buys today"
    if basis in [BASES[one] for one in FROM_TODAY]:
        return say("the council arranged in {since}", since=_month(since)) if since else "the council arranges today"
    return UNDER_CONTRACT if basis == BASES["contracted"] else THERE_ARE


def _room(
    market: Market, there: Available, service: str, client_group: str, area: str, planned: float, supply: float,
    more: float,
) -> Room | None:  # fmt: skip
    """How much of what there is was taken: by what is counted as supply, else by what is known beside it."""
    counted = there.quantity is not None and there.whole_market
    if there.void_rate is not None and there.oldest is not None:
        found: Taken | None = Taken(service, 1 - there.void_rate, there.oldest, there.source, client_group, area)
    else:
        found = taken_of(market.taken, service, client_group, area)
    if found is None or not supply:
        return None
    return room(found, area, bought=supply, planned=planned, more=more, counted=counted)


def _basis(there: Available, everybody: Outside | None, before: Expected | None) -> str:
    """What is counted as supply: what there is, or what is arranged or bought today."""
    if everybody is None or everybody.least:
        nothing = OTHERS if everybody is None else PART
        return nothing if there.whole_market else there.basis or ARRANGED
    if there.whole_market:
        return there.basis if before is None or everybody.placed else USE
    return EVERYBODY if there.quantity is None and before is not None else there.basis or ARRANGED


def width_from(demand: Expected, total: Expected) -> Width:
    """What most of the variance of a demand comes from.

    By chance alone a number of people varies by no more than itself (as arrivals at random do), and what is counted of
    them by its square over their number. What the total varies by more than the council's demand, enlarged to it, is
    doubt about what others buy; the rest is doubt about rates.

    Args:
        demand: the council's own; total: everybody's, or the same.
    """
    if demand.mean <= 0 or total.mean <= 0:
        return "rates"
    people = (demand.mean / demand.scale if demand.scale else 0.0) if demand.people is None else demand.people
    known = float(demand.values.var()) * (total.mean / demand.mean) ** 2
    shares: dict[Width, float] = {"others": float(total.values.var()) - known}
    shares["chance"] = min(known, total.mean**2 / people) if people > 0 else 0.0
    shares["rates"] = known - shares["chance"]
    return max(shares, key=lambda name: shares[name])


def _intentions(intentions: Iterable[Intention], service: str, client_group: str, area: str) -> list[Intention]:
    """Those about the service, or about one service of the group that the segment names."""
    names = dict.fromkeys((service, *catalogue().members("service", service)))
    return [one for name in names for one in in_force(list(intentions), name, client_group, area)]


def _part(name: str, part: Expected | None) -> dict[str, float | None]:
    """A part of demand and its 80% interval, as columns."""
    limits = {} if part is None else part.limits()
    ends = {f"{name}_{end}": round(limits[end], 1) if limits else None for end in ("lower_80", "upper_80")}
    return {name: None if part is None else round(part.mean, 1), **ends}


def _label(list_name: str, id_: str) -> str:
    found = catalogue().lists[list_name]
    label = found.groups[id_].label if id_ in found.groups else found.label(id_)
    return label[:1].lower() + label[1:]


def _area_label(id_: str) -> str:
    lists = catalogue().lists
    return lists["authority"].label(id_) if id_ in lists["authority"].by_id else lists["district"].label(id_)


def _whole(value: float) -> str:
    return written_out(round(value))


def _sourced(there: Available) -> str:
    day = "" if there.oldest is None else f", {day_of(there.oldest)}"
    return there.source if there.origin == "register" else f"{there.source}{day}"


def _month(day: date) -> str:
    return month_of(day)
