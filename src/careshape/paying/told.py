"""What can be told of a package of care: lines, changes, prices, absences, its end; each with the day it was known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, NoReturn

from careshape.errors import InputError
from careshape.paying.terms import EARLIEST, LATEST, WHOLE

FUNDERS: Final = ("council", "nhs", "person")
"""Who pays. Odd pence fall first on who stands first, so that they reach the person last."""
MOST_UNITS: Final = 100_000
"""Hundredths of a unit a week: 1,000 units."""
MOST_PENCE: Final = 10_000_000
"""Pence a unit: £100,000."""
MOST_UPLIFT: Final = 100_000
"""Hundredths of a percent: ten times as much again."""


@dataclass(frozen=True)
class Funding:
    """Who pays which part, in hundredths of a percent; together a whole."""

    council: int = WHOLE
    nhs: int = 0
    person: int = 0

    def __post_init__(self) -> None:
        parts = self.parts()
        amiss = any(type(part) is not int or not 0 <= part <= WHOLE for part in parts.values())
        if amiss or sum(parts.values()) != WHOLE:
            raise InputError(
                "The parts of council, NHS and person must be from 0 to 100 percent and come to 100 percent; these are "
                + ", ".join(f"{name} {part}" for name, part in parts.items())
                + " hundredths of a percent."
            )

    def parts(self) -> dict[str, int]:
        """Funder -> part, in the order of FUNDERS."""
        return {name: getattr(self, name) for name in FUNDERS}


@dataclass(frozen=True, kw_only=True)
class Telling:
    """One thing told of a package.

    ``known`` is the day on which the council came to know it, which may be long after the
    day on which it was true. ``replaces`` is the id of an earlier telling that this one corrects.
    """

    id: str
    known: date
    replaces: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            raise InputError("A telling has no id, by which a correction could name it.")
        for name, value in vars(self).items():
            if isinstance(value, date) and not EARLIEST <= value <= LATEST:
                self.fault(f"'{name}' is {value}; days are from {EARLIEST} to {LATEST}.")

    def fault(self, text: str) -> NoReturn:
        """Raise InputError, naming this telling."""
        raise InputError(f"'{self.id}': {text}")

    def _whole_number(self, name: str, least: int, most: int, unit: str) -> None:
        value = getattr(self, name)
        if value is not None and (type(value) is not int or not least <= value <= most):
            self.fault(f"'{name}' is {value!r}; it must be a whole number of {unit} from {least} to {most}.")

    def _in_order(self, first: date, last: date | None) -> None:
        if last is not None and last < first:
            self.fault(f"it ends on {last}, before it begins on {first}.")


@dataclass(frozen=True, kw_only=True)
class Priced(Telling):
    """A quantity, a price and who pays, each of which may be left out where it stays as it was.

    ``units`` are hundredths of a unit a week, ``price`` is pence a unit; or ``rate`` names a list of prices.
    """

    line: str
    first: date
    units: int | None = None
    price: int | None = None
    rate: str = ""
    funding: Funding | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.line:
            self.fault("it does not say which line it is about.")
        self._whole_number("units", 0, MOST_UNITS, "hundredths of a unit a week")
        self._whole_number("price", 0, MOST_PENCE, "pence a unit")
        if self.price is not None and self.rate:
            self.fault("it has a price of its own and a list of prices too; give one of them.")


@dataclass(frozen=True, kw_only=True)
class Line(Priced):
    """A line of the package: a component, from a first to a last day of care, or open."""

    component: str
    last: date | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._in_order(self.first, self.last)
        if not self.component:
            self.fault(f"line '{self.line}' does not say which component it is.")
        if self.units is None:
            self.fault(f"line '{self.line}' does not say how many units a week it has.")
        if self.price is None and not self.rate:
            self.fault(f"line '{self.line}' has no price, and no list that it takes its price from.")


@dataclass(frozen=True, kw_only=True)
class Change(Priced):
    """From a day on a line has other units, another price or is paid by others."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.units is None and self.price is None and not self.rate and self.funding is None:
            self.fault(f"it changes nothing of line '{self.line}': give units, a price, a rate or who pays.")


@dataclass(frozen=True, kw_only=True)
class Rate(Telling):
    """A price of a list, pence a unit, on all days from ``first`` to ``last``, both in it; or from then on."""

    rate: str
    first: date
    last: date | None = None
    price: int

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.rate:
            self.fault("it does not say which list of prices it belongs to.")
        self._whole_number("price", 0, MOST_PENCE, "pence a unit")
        self._in_order(self.first, self.last)


@dataclass(frozen=True, kw_only=True)
class Uplift(Telling):
    """From a day on lines cost a percentage more, or have a new price.

    ``percent`` is in hundredths of a percent; below nought it lowers the price. Without ``lines`` it is for every line
    that runs on that day.
    """

    first: date
    percent: int | None = None
    price: int | None = None
    lines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self._whole_number("percent", -WHOLE, MOST_UPLIFT, "hundredths of a percent")
        self._whole_number("price", 0, MOST_PENCE, "pence a unit")
        if (self.percent is None) == (self.price is None):
            self.fault("an uplift is either a percentage or a new price.")
        if self.price is not None and not self.lines:
            self.fault("a new price is for the lines that it names, and it names none.")


@dataclass(frozen=True, kw_only=True)
class Absence(Telling):
    """Care is suspended: the person leaves on ``first`` and is back on ``last``, or is still away.

    Both are days of care as the last and the first day of two stays would be: away are the days between, and by
    nights the night of ``first`` too. Without ``lines`` it is for all.
    """

    first: date
    last: date | None = None
    reason: str
    lines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self._in_order(self.first, self.last)
        if not self.reason:
            self.fault("it does not say why care is suspended.")


@dataclass(frozen=True, kw_only=True)
class Ending(Telling):
    """Care ends: ``on`` is the last day of it. ``given`` is the day on which the council gave notice, if it did."""

    on: date
    given: date | None = None
    lines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.given is not None:
            self._in_order(self.given, self.on)


@dataclass(frozen=True, kw_only=True)
class HandBack(Telling):
    """The provider hands lines back: it said so on ``given``; ``on`` is its last day, else that of its notice."""

    given: date
    on: date | None = None
    lines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self._in_order(self.given, self.on)


@dataclass(frozen=True, kw_only=True)
class Death(Telling):
    """The person died."""

    on: date


@dataclass(frozen=True, kw_only=True)
class Withdrawal(Telling):
    """What an earlier telling said was not so, and nothing takes its place."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.replaces:
            self.fault("a withdrawal names what it withdraws.")
