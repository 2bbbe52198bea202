"""The keyless API: released statements in the open form, list by list, with filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.http import Http404, HttpRequest
from django.utils.timezone import localdate

from careshape.editions.models import Edition
from careshape.editions.released import released
from careshape.editions.reuse.files import FOLDER
from careshape.errors import CareshapeError
from careshape.exchange.form import LISTED as CODED
from careshape.exchange.form import LISTS, codes
from careshape.reuse.answers import PAGING, AskedWrong, need_one_of, opened, paged, word
from careshape.reuse.released import ACT, edition_of, latest, statement_of

FILTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "segments": ("service",), "slots": ("segment", "slot"),
    "figures": ("measure", "period", "topic", "segment", "slot", "service", "client_group", "area", "status", "unit"),
    "intentions": ("service", "client_group", "area", "direction"),
    "opportunities": ("service", "client_group", "area", "segment", "direction", "answer", "unit"),
    "cards": (), "codes": ("list",),
}  # fmt: skip
"""List -> the fields by which it can be filtered; ``service`` finds it among several."""
DIMENSION: Final = "dimension"
"""Filter of figures by a dimension of their own: dimension=name=value."""
BOUNDS: Final[Mapping[str, tuple[str, ...]]] = {"opportunities": ("size", "open_on")}
"""List -> what it can be asked besides: a least size, and a day on which it is open."""
FOR_ALL: Final = {"opportunities": ("service", "client_group", "area")}
"""List -> the filters that find what leaves the field out too, as it is for all of them."""
_AREA: Final = re.compile(r"[ENSWJ][0-9]{8}")
STATUSES: Final = ("value", "suppressed", "unknown")
"""What a figure may be."""
ANSWERS: Final = ("yes", "conditions", "not-now", "ask")
"""What a council may say to more of something that is open."""
Entry = dict[str, Any]


@opened(*PAGING)
def councils(request: HttpRequest) -> Entry:
    """The councils that have released a statement."""
    return paged(request, [_council(row) for row in latest(request.principal).values()])


@opened(*PAGING)
def editions(request: HttpRequest, slug: str) -> Entry:
    """The released editions of a council, the latest first."""
    return paged(request, [_edition(row) for row in released(request.principal, ACT, slug)])


@opened()
def statement(request: HttpRequest, slug: str, edition: str) -> Entry:
    """What stands once in an edition: council, title, period, licence, contact, and how many of each list there are."""
    row = edition_of(request.principal, slug, edition)
    whole = statement_of(row)
    once = {name: value for name, value in whole.items() if name not in LISTS}
    return {**_edition(row), "statement": once, "counts": {name: len(whole.get(name, ())) for name in LISTS}}


@opened(*PAGING)
def tables(request: HttpRequest, slug: str, edition: str) -> Entry:
    """The tables of an edition, without their rows."""
    found = statement_of(edition_of(request.principal, slug, edition)).get("tables", [])
    return paged(request, [{name: one[name] for name in one if name != "rows"} for one in found])


@opened()
def table(request: HttpRequest, slug: str, edition: str, name: str) -> Entry:
    """One table with its rows."""
    for one in statement_of(edition_of(request.principal, slug, edition)).get("tables", []):
        if one["id"] == name:
            found: Entry = one
            return found
    raise Http404("The edition has no such table.")


def _listed(part: str) -> Callable[..., Any]:
    """The view of a list of a statement."""

    def answer(request: HttpRequest, slug: str, edition: str) -> Entry:
        found = statement_of(edition_of(request.principal, slug, edition)).get(part, [])
        for name in FILTERS[part]:
            wanted = word(request, name)
            if wanted:
                _need_code(name, wanted, found)
                for_all = name in FOR_ALL.get(part, ())
                found = [one for one in found if _has(one, name, wanted) or (for_all and not _says(one, name))]
        found = _within(request, found) if part in BOUNDS else found
        for name, value in _dimensions(request) if part == "figures" else ():
            found = [one for one in found if one.get("dimensions", {}).get(name) == value]
        return paged(request, found)

    answer.__name__, answer.__doc__ = part, f"The {part} of an edition."
    dimension = (DIMENSION,) if part == "figures" else ()
    return opened(*FILTERS[part], *BOUNDS.get(part, ()), *dimension, *PAGING)(answer)


LISTED: Final = {part: _listed(part) for part in FILTERS}
"""List -> its view."""


def _need_code(name: str, wanted: str, found: list[Entry]) -> None:
    """Refuse a misspelt code: one that neither the open lists nor the edition itself have. Raises AskedWrong."""
    if name == "status":
        need_one_of(name, wanted, STATUSES)
    if name == "answer":
        need_one_of(name, wanted, ANSWERS)
    if name == "area" and not _AREA.fullmatch(wanted):
        raise AskedWrong("'area' must be the ONS code of a place, such as E07000234.")
    field = next((each for each in (name, f"{name}s") if each in CODED), "")
    if field:
        used = {code for one in found for each in (name, field) for code in _several(one.get(each)) if code}
        need_one_of(name, wanted, {*codes()[CODED[field]], *used})


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _has(one: Mapping[str, Any], name: str, wanted: str) -> bool:
    several = one.get(f"{name}s")
    return wanted in several if isinstance(several, list) else one.get(name) == wanted


def _says(one: Mapping[str, Any], name: str) -> bool:
    return bool(one.get(name) or one.get(f"{name}s"))


def _within(request: HttpRequest, found: list[Entry]) -> list[Entry]:
    """Those of at least a size, and those that are open on a day; what names no day is open. Raises AskedWrong."""
    size, on = word(request, "size"), word(request, "open_on")
    if size:
        if not (size.isascii() and size.isdigit() and len(size) < 10):
            raise AskedWrong("'size' must be a whole number: the least that an opportunity asks for.")
        found = [one for one in found if isinstance(one.get("size"), int | float) and one["size"] >= int(size)]
    if on:
        day = _day(on)
        found = [one for one in found if one.get("opens", day) <= day <= one.get("closes", day)]
    return found


def _day(text: str) -> str:
    """A day as it is written in the form. Raises AskedWrong."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise AskedWrong("'open_on' must be a day, such as 2027-03-31.") from None


def _dimensions(request: HttpRequest) -> list[tuple[str, str]]:
    found = []
    for text in request.GET.getlist(DIMENSION)[:20]:
        name, sign, value = text.partition("=")
        if not name or not sign:
            raise AskedWrong("Write a dimension as name=value, such as dimension=age_band=65-74.")
        found.append((name, value))
    return found


def _council(row: Edition) -> Entry:
    found = statement_of(row) if has_data(row) else {}
    return {
        "slug": row.council, **(found.get("council") or {"code": "", "name": row.council}),
        "latest": row.number, "synthetic": bool(found.get("synthetic")), "editions": f"councils/{row.council}/editions",
    }  # fmt: skip


def has_data(row: Edition) -> bool:
    """Whether an edition was made with its data, and they are as they were made.

    Those of another council that are not must not take away what all councils are listed on; who asks for that one
    edition is told.
    """
    try:
        return bool(statement_of(row))
    except (Http404, CareshapeError, ValueError, KeyError):
        return False


def _edition(row: Edition) -> Entry:
    where = f"/{row.council}/editions/{row.number}/"
    return {
        "council": row.council, "number": row.number, "known_on": row.known_on.isoformat(),
        "released_on": localdate(row.released_at).isoformat() if row.released_at else "",
        "address": where, "data": f"{where}{FOLDER}/statement.zip", "manifest": row.manifest,
    }  # fmt: skip
