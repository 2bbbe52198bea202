"""What the synthetic world is made of: people, providers, settings, and the spells of care that join them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Person:
    """A synthetic person. ``group`` is the client group; ``death`` the day of death, where there was one."""

    number: int
    birth: int
    gender: str
    group: str
    reason: str
    district: str
    zone: str
    postcode: str
    death: int | None = None
    spells: list[Spell] = field(default_factory=list)

    def age(self, day: int) -> float:
        """Age in years on a day."""
        return (day - self.birth) / 365.25

    def holds(self, service: str, start: int, end: int | None) -> bool:
        """Whether the person has this service on any day from ``start`` to ``end``."""
        return any(
            spell.service == service
            and (spell.end is None or spell.end >= start)
            and (end is None or spell.start <= end)
            for spell in self.spells
        )


@dataclass(frozen=True, slots=True)
class Provider:
    """A synthetic provider."""

    reference: str
    name: str
    type: str


@dataclass(slots=True, eq=False)
class Setting:
    """A synthetic home, house or scheme, run by one provider."""

    reference: str
    provider: Provider
    district: str
    zone: str = ""
    postcode: str = ""


@dataclass(slots=True)
class Step:
    """The terms of a spell from a day on: pence a week, hundredths of a unit a week, pence a unit.

    ``group`` replaces the person's client group where the record then had another one, or none.
    """

    start: int
    weekly: int
    quantity: int = 100
    price: int | None = None
    group: str | None = None


@dataclass(slots=True, eq=False)
class Spell:
    """One service for one person from a day to a day (None: still open), in steps of constant terms.

    The last day is the day on which the person leaves. ``weight`` is the raw price or intensity that a fit scales.
    """

    service: str
    group: str
    start: int
    end: int | None
    older: bool = False
    person: Person | None = None
    component: str = ""
    cost_centre: str = ""
    purchase: str = ""
    mechanism: str = "commissioned"
    booking: str = "planned"
    provider: Provider | None = None
    setting: Setting | None = None
    district: str = ""
    zone: str = ""
    locality: str = ""
    team: str = ""
    area: str = ""
    postcode: str = ""
    unit: str = "week"
    one_off: int = 0
    weight: float = 1.0
    hours: float = 0.0
    steps: list[Step] = field(default_factory=list)

    def open_on(self, day: int) -> bool:
        """Whether the person has the service on a day."""
        return self.start <= day and (self.end is None or self.end >= day)

    def open_in(self, first: int, last: int) -> bool:
        """Whether the person has the service on any day of a span."""
        return self.start <= last and (self.end is None or self.end >= first)

    def step_on(self, day: int) -> Step:
        """The terms that hold on a day."""
        return next(step for step in reversed(self.steps) if step.start <= day)
