"""A history read from JSON as a person writes it: pounds, units a week, percentages, days; read without a float."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from careshape.declared import field_at, rule_of
from careshape.errors import CallError, InputError
from careshape.paying.history import History, told
from careshape.paying.terms import SLUG, WHOLE, Book, Terms
from careshape.paying.told import (
    FUNDERS,
    Absence,
    Change,
    Death,
    Ending,
    Funding,
    HandBack,
    Line,
    Rate,
    Telling,
    Uplift,
    Withdrawal,
)
from careshape.paying.visits import Visit

MOST: Final = 1_000
"""Tellings of one package; and visits of one file a hundred times as many."""
TWO_PLACES: Final = re.compile(r"-?\d{1,9}(\.\d{1,2})?")
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
NAME: Final = re.compile(r"[^\x00-\x1f]{1,100}")


@dataclass(frozen=True)
class Case:
    """A package as read: its terms, its history and its visits."""

    terms: Terms
    history: History
    visits: tuple[Visit, ...]


def read(text: str, book: Book) -> Case:
    """A package from JSON.

    Args:
        text: an object with ``package``, ``contract``, ``told``, and where they are wanted ``terms``, ``visits``.
        book: the contracts that it may name.

    Raises:
        InputError: it is not JSON, a field is not what it should be, or what is told does not hold together.
    """
    try:
        raw = json.loads(text, parse_float=str, parse_constant=str, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise InputError(f"It is not JSON: {error}.") from None
    where = "the package"
    fields = _only(raw, ("package", "contract", "terms", "told", "visits"), ("package", "contract", "told"), where)
    terms = _terms(fields, book)
    listed = [_telling(one, place) for place, one in enumerate(_list(fields, "told", MOST), 1)]
    visits = [_visit(one, place) for place, one in enumerate(_list(fields, "visits", 100 * MOST), 1)]
    return Case(terms, told(_name(fields["package"], f"{where}, 'package'"), terms, listed), tuple(visits))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"'{twice}' stands twice in one object. Keep one of them.")
    return found


def _terms(fields: Mapping[str, Any], book: Book) -> Terms:
    try:
        terms = book.contract(_name(fields["contract"], "the package, 'contract'"))
    except CallError as error:
        raise InputError(str(error)) from None
    other = fields.get("terms") or {}
    if not isinstance(other, Mapping):
        raise InputError('\'terms\' holds terms that differ, such as {"day_count": "days"}.')
    try:
        return Terms.model_validate(terms.model_dump() | dict(other))
    except ValidationError as error:
        first = error.errors()[0]
        at = field_at(first["loc"]) or "terms"
        raise InputError(f"'terms', field '{at}': {rule_of(first, Terms)}") from None


def _list(fields: Mapping[str, Any], name: str, most: int) -> list[Any]:
    listed = fields.get(name, [])
    if not isinstance(listed, list) or len(listed) > most:
        raise InputError(f"'{name}' is a list in square brackets, of at most {most} entries.")
    return listed


def _only(raw: Any, allowed: tuple[str, ...], required: tuple[str, ...], where: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise InputError(f"{where[0].upper()}{where[1:]} is an object in curly brackets.")
    if other := next((name for name in raw if name not in allowed), None):
        raise InputError(f"{where[0].upper()}{where[1:]} has no field '{other}'. Its fields are {', '.join(allowed)}.")
    if missing := next((name for name in required if raw.get(name) is None), None):
        raise InputError(f"{where[0].upper()}{where[1:]} needs the field '{missing}'.")
    return {name: value for name, value in raw.items() if value is not None}


def _name(value: Any, where: str) -> str:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise InputError(f"{where}: {value!r} must be a text of at most 100 characters, on one line.")
    return value


def _slug(value: Any, where: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(SLUG, value):
        raise InputError(f"{where}: {value!r} must be small letters, digits and hyphens, such as one-to-one.")
    return value


def _day(value: Any, where: str) -> date:
    try:
        if isinstance(value, str) and DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise InputError(f"{where}: {value!r} is not a day. Write it as YYYY-MM-DD, such as 2024-04-01.")


def _hundredths(value: Any, where: str) -> int:
    """A number of at most two decimals as whole hundredths: pounds as pence, percent as hundredths of one."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not TWO_PLACES.fullmatch(text):
        raise InputError(f"{where}: {value!r} must be a number of at most two decimals, such as 812.50.")
    whole, _, places = text.partition(".")
    found = abs(int(whole)) * 100 + int(f"{places:0<2}")
    return -found if text.startswith("-") else found


def _minutes(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InputError(f"{where}: {value!r} must be whole minutes.")
    return value


def _funding(value: Any, where: str) -> Funding:
    parts = _only(value, FUNDERS, (), where)
    found = {name: _hundredths(parts.get(name, 0), f"{where}, '{name}'") for name in FUNDERS}
    if sum(found.values()) != WHOLE:
        raise InputError(f"{where}: the parts must come to 100 percent. Give council, nhs and person in percent.")
    return Funding(**found)


def _lines(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise InputError(f'{where}: it must be a list of names, such as ["core"]; leave it out for all lines.')
    return tuple(_slug(one, where) for one in value)


Reader = Callable[[Any, str], Any]
COMMON: Final[dict[str, tuple[str, Reader]]] = {
    "id": ("id", _name), "known": ("known", _day), "corrects": ("replaces", _name),
}  # fmt: skip
PRICED: Final[dict[str, tuple[str, Reader]]] = {
    "line": ("line", _slug), "from": ("first", _day), "units_per_week": ("units", _hundredths),
    "price": ("price", _hundredths), "rate": ("rate", _slug), "funding": ("funding", _funding),
}  # fmt: skip
SPAN: Final[dict[str, tuple[str, Reader]]] = {"from": ("first", _day), "to": ("last", _day)}
ENDED: Final[dict[str, tuple[str, Reader]]] = {"on": ("on", _day), "given": ("given", _day), "lines": ("lines", _lines)}
KINDS: Final[dict[str, tuple[type[Telling], dict[str, tuple[str, Reader]], tuple[str, ...]]]] = {
    "line": (
        Line, PRICED | {"to": ("last", _day), "component": ("component", _slug)},
        ("line", "component", "from", "units_per_week"),
    ),
    "change": (Change, PRICED, ("line", "from")),
    "rate": (Rate, SPAN | {"rate": ("rate", _slug), "price": ("price", _hundredths)}, ("rate", "from", "price")),
    "uplift": (
        Uplift,
        {
            "from": ("first", _day), "percent": ("percent", _hundredths), "price": ("price", _hundredths),
            "lines": ("lines", _lines),
        },
        ("from",),
    ),
    "absence": (Absence, SPAN | {"reason": ("reason", _slug), "lines": ("lines", _lines)}, ("from", "reason")),
    "ending": (Ending, ENDED, ("on",)),
    "hand-back": (HandBack, ENDED, ("given",)),
    "death": (Death, {"on": ("on", _day)}, ("on",)),
    "withdrawal": (Withdrawal, {}, ("corrects",)),
}  # fmt: skip
"""Kind of telling -> how it is kept, its fields beside id, known and corrects, and those that it needs."""
VISIT: Final[dict[str, tuple[str, Reader]]] = {
    "reference": ("reference", _name), "line": ("line", _slug), "day": ("day", _day),
    "planned_minutes": ("planned", _minutes), "delivered_minutes": ("delivered", _minutes), "reason": ("reason", _slug),
}  # fmt: skip


def _telling(raw: Any, place: int) -> Telling:
    return telling(raw, f"no. {place} of 'told'")


def telling(raw: Any, where: str) -> Telling:
    """One thing told, from an object as a file of a package holds it. Raises InputError, naming ``where`` it stands."""
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise InputError(f"{where}: there is no kind {kind!r}. Kinds are {', '.join(KINDS)}.")
    made, shape, needed = KINDS[kind]
    fields = COMMON | shape
    given = _only(raw, ("kind", *fields), ("id", "known", *needed), where)
    return made(**_read(given, fields, where))


def _visit(raw: Any, place: int) -> Visit:
    where = f"no. {place} of 'visits'"
    given = _only(raw, tuple(VISIT), ("reference", "line", "day", "planned_minutes"), where)
    return Visit(**{"delivered": None} | _read(given, VISIT, where))


def _read(given: Mapping[str, Any], fields: Mapping[str, tuple[str, Reader]], where: str) -> dict[str, Any]:
    return {
        fields[name][0]: fields[name][1](value, f"{where}, '{name}'") for name, value in given.items() if name in fields
    }
