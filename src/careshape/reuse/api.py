"""The keyless API: released statements in the open form, list by list, with filters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    "intentions": ("service", "client_group", "area", "direction"), "opportunities": ("service", "segment"),
    "cards": (), "codes": ("list",),
}  # fmt: skip
"""List -> the fields by which it can be filtered; ``service`` finds it among several."""
DIMENSION: Final = "dimension"
"""Filter of figures by a dimension of their own: dimension=name=value."""
STATUSES: Final = ("value", "suppressed", "unknown")
"""What a figure may be."""
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
                found = [one for one in found if _has(one, name, wanted)]
        for name, value in _dimensions(request) if part == "figures" else ():
            found = [one for one in found if one.get("dimensions", {}).get(name) == value]
        return paged(request, found)

    answer.__name__, answer.__doc__ = part, f"The {part} of an edition."
    dimension = (DIMENSION,) if part == "figures" else ()
    return opened(*FILTERS[part], *dimension, *PAGING)(answer)


LISTED: Final = {part: _listed(part) for part in FILTERS}
"""List -> its view."""


def _need_code(name: str, wanted: str, found: list[Entry]) -> None:
    """Refuse a misspelt code: one that neither the open lists nor the edition itself have. Raises AskedWrong."""
    if name == "status":
        need_one_of(name, wanted, STATUSES)
    field = next((each for each in (name, f"{name}s") if each in CODED), "")
    if field:
        used = {code for one in found for each in (name, field) for code in _several(one.get(each)) if code}
        need_one_of(name, wanted, {*codes()[CODED[field]], *used})


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _has(one: Mapping[str, Any], name: str, wanted: str) -> bool:
    several = one.get(f"{name}s")
    return wanted in several if isinstance(several, list) else one.get(name) == wanted


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
