"""Councils side by side, by the open form alone: a row for each part of the market and what is said of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from careshape.exchange.form import codes
from careshape.statement.formatting import day, unit_words

TOPICS: Final = ("need", "supply", "gap", "price", "quality")
OF_WORDS: Final = "intentions"
"""The topic of rows that count what councils mean to do."""
OPEN: Final = "opportunities"
"""The topic of rows that tell how much is open to providers."""


@dataclass(frozen=True)
class Source:
    """One statement that is laid beside others."""

    key: str
    name: str
    edition: str
    known_on: str
    address: str
    synthetic: bool
    statement: Mapping[str, Any]
    brought: bool = False
    """Whether an administrator brought it; else it was released here."""


@dataclass(frozen=True)
class Said:
    """What one council says: the figure as a reader sees it, when it is of, and from which edition."""

    source: Source
    text: str
    value: float | None
    status: str
    unit: str
    period: str
    reason: str = ""
    interval: str = ""
    label: str = ""


@dataclass(frozen=True)
class Beside:
    """One row: a part of the market, a topic, and what each council says of it, by its key."""

    services: tuple[str, ...]
    client_group: str
    topic: str
    service_label: str
    group_label: str
    cells: Mapping[str, tuple[Said, ...]]

    @property
    def units(self) -> tuple[str, ...]:
        """The units in which the councils' numbers are."""
        return tuple(sorted({one.unit for cell in self.cells.values() for one in cell}))

    @property
    def numbers(self) -> list[Said]:
        """The numbers of the councils that give one."""
        return [cell[0] for cell in self.cells.values() if len(cell) == 1 and cell[0].status == "value"]

    @property
    def alike(self) -> bool:
        """Whether two councils or more give a number, each one, in the same unit, of whichever days."""
        return len(self.numbers) > 1 and len(self.units) == 1

    @property
    def days(self) -> tuple[str, ...]:
        """The days or periods of the councils' numbers."""
        return tuple(sorted({one.period for one in self.numbers}))

    @property
    def comparable(self) -> bool:
        """Whether two councils or more give a number, each one, in the same unit, of the same day."""
        return self.alike and len(self.days) == 1

    @property
    def why_not(self) -> str:
        """Why its numbers are not compared; empty where they are."""
        if self.comparable:
            return ""
        if len(self.cells) < 2:
            return "Only one council says it"
        if len(self.units) > 1:
            return "Units differ"
        if any(len(cell) > 1 for cell in self.cells.values()):
            return "A council says it more than once"
        if self.alike:
            return "Of different days"
        return "Kept back or not known"


Key = tuple[tuple[str, ...], str, str]


def beside(sources: Sequence[Source]) -> list[Beside]:
    """Every row on which some council says something, by service, client group and topic."""
    cells: dict[Key, dict[str, list[Said]]] = {}
    labels: dict[tuple[str, str], str] = {}
    for source in sources:
        labels |= _own_labels(source.statement)
        for key, said in (*_figures(source), *_intentions(source), *_opportunities(source)):
            cells.setdefault(key, {}).setdefault(source.key, []).append(said)
    made = [
        Beside(
            services, group, topic, ", ".join(_label(labels, "service", one) for one in services),
            ", ".join(_label(labels, "client_group", one) for one in group.split()) if group else "Everybody",
            {name: tuple(said) for name, said in several.items()},
        )
        for (services, group, topic), several in cells.items()
    ]  # fmt: skip
    order = {name: number for number, name in enumerate((*TOPICS, OF_WORDS, OPEN))}
    return sorted(
        made, key=lambda one: (_rank(one), one.service_label, one.group_label, order.get(one.topic, len(order)))
    )


def _rank(one: Beside) -> int:
    """Where a row stands by itself: what is compared first, then what several say, then what has a common name."""
    if one.comparable:
        return 0
    if len(one.cells) > 1:
        return 1 if one.alike else 2
    return 3 if all(service in codes()["service"] for service in one.services) else 4


def _figures(source: Source) -> Iterable[tuple[Key, Said]]:
    for one in source.statement.get("figures", ()):
        services = tuple(sorted(one.get("services", ())))
        if not one.get("topic") or not services or one.get("area") or one.get("dimensions"):
            continue
        interval = one.get("interval") or {}
        limits = f"{interval['level']:g}% interval {interval['low']:,g} to {interval['high']:,g}" if interval else ""
        yield (services, one.get("client_group", ""), one["topic"]), Said(
            source, _written(one), one.get("value"), one["status"], one["unit"], one["period"],
            one.get("reason", ""), limits, one["label"],
        )  # fmt: skip


def _written(one: Mapping[str, Any]) -> str:
    """A figure as a reader sees it: suppressed and unknown as such, never 0."""
    if one["status"] != "value":
        return str(one["status"])
    return str(one.get("text") or f"{one['value']:,}")


def _intentions(source: Source) -> Iterable[tuple[Key, Said]]:
    """How many intentions a council has for a service, by direction."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for one in source.statement.get("intentions", ()):
        if one.get("service"):
            counts = found.setdefault((one["service"], one.get("client_group", "")), {})
            counts[one["direction"]] = counts.get(one["direction"], 0) + 1
    for (service, group), counts in found.items():
        text = ", ".join(f"{name.replace('-', ' ')}: {many}" for name, many in sorted(counts.items()))
        yield ((service,), group, OF_WORDS), Said(source, text, None, "words", "intentions", source.known_on)


def _opportunities(source: Source) -> Iterable[tuple[Key, Said]]:
    """What is open for services and groups, each size with the day by which it is wanted; where, if not everywhere."""
    found: dict[tuple[tuple[str, ...], str], list[Mapping[str, Any]]] = {}
    for one in source.statement.get("opportunities", ()):
        services = tuple(sorted(one.get("services", ())))
        if services and one.get("size"):
            found.setdefault((services, " ".join(sorted(one.get("client_groups", ())))), []).append(one)
    for (services, group), several in found.items():
        whole = [one for one in several if not one.get("areas")]
        places = {place for one in several for place in one.get("areas", ())}
        text = "; ".join(map(_amount, whole)) or f"in {_places(places)} of its area alone"
        if whole and places:
            text += f"; also by place, for {_places(places)}"
        yield (services, group, OPEN), Said(source, text, None, "words", "opportunities", source.known_on)


def _places(places: Collection[str]) -> str:
    return "1 place" if len(places) == 1 else f"{len(places)} places"


def _amount(one: Mapping[str, Any]) -> str:
    unit = unit_words(one["unit"]) if one.get("unit") else ""
    until = f" until {day(date.fromisoformat(one['closes']))}" if one.get("closes") else ""
    return f"{one['size']:,g} {unit}".strip() + until


def _own_labels(statement: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    return {(one["list"], one["code"]): one["label"] for one in statement.get("codes", ())}


def _label(own: Mapping[tuple[str, str], str], name: str, code: str) -> str:
    return codes()[name].get(code) or own.get((name, code)) or code.replace("-", " ").capitalize()
