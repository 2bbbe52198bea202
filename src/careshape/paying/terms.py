"""The terms of a contract as data: how days are counted, what is paid while the person is away, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.declared import declared, read_toml
from careshape.errors import CallError, CatalogueError

FILE: Final = "terms.toml"
FOLDER: Final = "paying"
"""A council's own contracts stand in ``councils/<authority>/paying/terms.toml``."""
SLUG: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PERIODS: Final = {"weekly": 7, "four-weekly": 28}
"""Payment period -> its days."""
WHOLE: Final = 10_000
"""A whole in hundredths of a percent."""
MOST_DAYS: Final = 3_660
EARLIEST: Final = date(1950, 1, 1)
LATEST: Final = date(2100, 12, 31)
"""Days that can be told of, and paid for."""

Slug = Annotated[str, Field(pattern=SLUG)]
Words = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(strict=True, ge=0, le=MOST_DAYS)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Retainer(_Table):
    """What is paid while a person is away for a reason: days in full, then days at a percentage, then nothing."""

    reason: Slug
    full_days: Count
    then_percent: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]
    then_days: Count

    def paid(self, day: int) -> int:
        """The part that is paid of the ``day``-th day of an absence (the first is 1), in hundredths of a percent."""
        if day <= self.full_days:
            return WHOLE
        return int(self.then_percent * 100) if day <= self.full_days + self.then_days else 0


class Visits(_Table):
    """Which minutes of a visit are paid, and how many minutes off its plan still count as planned."""

    pay: Literal["planned", "delivered"]
    tolerance_minutes: Annotated[int, Field(strict=True, ge=0, le=60)]


class Reason(_Table):
    """Why a visit was not as planned, and which minutes are then paid."""

    id: Slug
    title: Words
    pays: Literal["planned", "delivered", "nothing"]


class Term(_Table):
    """One thing that a contract settles, with the default that careshape takes where a contract says nothing."""

    id: str
    title: Words
    meaning: Words
    default: Any


class Terms(_Table):
    """The terms of one contract. ``data/terms.toml`` says what each means."""

    id: Slug
    title: Words
    words: Words
    day_count: Literal["nights", "days"]
    pay_day_of_death: Annotated[bool, Field(strict=True)]
    days_after_death: Count
    retainers: tuple[Retainer, ...]
    notice_days: Count
    week_begins: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    payment_period: Literal["weekly", "four-weekly"]
    first_period: Annotated[date, Field(ge=EARLIEST, le=LATEST)]
    rounding: Literal["line-and-period"]
    visits: Visits

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if WEEKDAYS[self.first_period.weekday()] != self.week_begins:
            day = WEEKDAYS[self.first_period.weekday()].title()
            raise ValueError(f"{self.first_period} is a {day}, and weeks begin on a {self.week_begins.title()}.")
        if self.days_after_death and not self.pay_day_of_death:
            raise ValueError("Days after a death are paid only where the day of death is paid too.")
        reasons = [one.reason for one in self.retainers]
        if twice := [name for name in reasons if reasons.count(name) > 1]:
            raise ValueError(f"There are two retainers for '{twice[0]}'.")
        return self

    @property
    def days(self) -> int:
        """Days of a payment period."""
        return PERIODS[self.payment_period]

    def retained(self, reason: str, day: int) -> int:
        """What is paid of the ``day``-th day away for a reason, in hundredths of a percent; nought if none is named."""
        return next((one.paid(day) for one in self.retainers if one.reason == reason), 0)


class Book(_Table):
    """The contracts and reasons of a council, and what each term means."""

    terms: Mapping[str, Term]
    contracts: Mapping[str, Terms]
    reasons: Mapping[str, Reason]

    @property
    def defaults(self) -> dict[str, Any]:
        """Term -> what careshape takes where a contract says nothing, as JSON has it."""
        some = next(iter(self.contracts.values())).model_dump()
        filled = Terms.model_validate(some | {name: term.default for name, term in self.terms.items()})
        return filled.model_dump(mode="json")

    def contract(self, name: str) -> Terms:
        """The terms of a contract. Raises CallError for one that there is not."""
        if name not in self.contracts:
            raise CallError(f"There is no contract '{name}'. Contracts are {', '.join(self.contracts)}.")
        return self.contracts[name]


def book(folder: Path | None = None) -> Book:
    """The contracts of a council: those packaged, and over them its own.

    Args:
        folder: the council's folder, which may hold ``paying/terms.toml``; without it only those packaged.

    Raises:
        CatalogueError: a file breaks its schema; the message names entry, field, value and what it must be.
    """
    path = folder.joinpath(FOLDER, FILE) if folder is not None else None
    if path is None or not path.is_file():
        return _packaged()
    stat = path.stat()
    return _laid_over(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=1)
def _raw() -> dict[str, dict[str, dict[str, Any]]]:
    text = resources.files("careshape.paying").joinpath("data", FILE).read_text(encoding="utf-8")
    return _entries(text, ("term", "contract", "reason"))


@lru_cache(maxsize=1)
def _packaged() -> Book:
    return _book(_raw())


@lru_cache(maxsize=64)
def _laid_over(path: Path, _changed: int, _size: int) -> Book:
    try:
        own = _entries(path.read_text(encoding="utf-8"), ("contract", "reason"))
    except UnicodeDecodeError:
        raise CatalogueError(FILE, "-", "entry", None, "It must be a file of TOML, written as UTF-8.") from None
    raw = dict(_raw())
    for kind, entries in own.items():
        raw[kind] = raw[kind] | {name: {**raw[kind].get(name, {}), **entry} for name, entry in entries.items()}
    return _book(raw)


def _book(raw: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Book:
    terms = {name: declared(Term, entry, FILE) for name, entry in raw["term"].items()}
    defaults = {name: term.default for name, term in terms.items()}
    contracts = {name: declared(Terms, defaults | dict(entry), FILE) for name, entry in raw["contract"].items()}
    return Book(
        terms=terms,
        contracts=contracts,
        reasons={name: declared(Reason, entry, FILE) for name, entry in raw["reason"].items()},
    )


def _entries(text: str, kinds: tuple[str, ...]) -> dict[str, dict[str, dict[str, Any]]]:
    """The raw entries of a file, by kind and id."""
    raw = read_toml(text, FILE, parse_float=Decimal)
    if other := sorted(set(raw) - set(kinds)):
        raise CatalogueError(FILE, "-", other[0], "", f"The file holds entries under [[{']], [['.join(kinds)}]].")
    found: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in kinds}
    for kind, listed in raw.items():
        if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
            raise CatalogueError(FILE, "-", kind, "", f"Entries stand under [[{kind}]], in two pairs of brackets.")
        for entry in listed:
            name = str(entry.get("id", "-"))
            if name in found[kind]:
                raise CatalogueError(FILE, name, "id", name, "An entry is stated once.")
            found[kind][name] = dict(entry)
    return found
