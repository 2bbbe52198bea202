"""How a page is put together: which council, which navigation, which way back."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import duckdb
from deltalake.exceptions import DeltaError
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from careshape.catalogue import catalogue
from careshape.errors import CareshapeError
from careshape.language import say
from careshape.policy import Principal
from careshape.policy.views import in_reach
from careshape.statement.addresses import address
from careshape.statement.council import Council, council_slugs, open_council
from careshape.statement.formatting import title_of

log = logging.getLogger("careshape")

FAULTS: Final = (CareshapeError, DeltaError, duckdb.Error)
"""What is raised where something of a council cannot be read."""

_NAVIGATION = (
    ("Statement", "home"),
    ("Outlook", "outlook"),
    ("Tables", "tables"),
    ("Intentions", "intentions"),
    ("What is wanted", "opportunities"),
    ("Discrepancies", "discrepancies"),
    ("Check", "check"),
    ("About", "about"),
)


_OF_TODAY: Final = ("outlook", "check", "search")
"""Pages that no edition has."""


@dataclass(frozen=True)
class Unreadable:
    """A council that cannot be shown, and what is wrong with it in a sentence."""

    slug: str
    name: str
    problem: str


class NotThereError(Http404):
    """A council that may be read has no such page: what it has not, and where to go on.

    Attributes:
        go_on: the title and the address of the page that leads on.

    Where a council or a row of somebody's may not be read, Http404 itself is raised: a refusal tells nothing.
    """

    def __init__(self, words: str, title: str, href: str) -> None:
        super().__init__(words)
        self.go_on = (title, href)


def the_council(request: HttpRequest, slug: str) -> Council:
    """The council of an address, in one state for the whole request.

    Raises Http404 where the data directory has none of that name, and CareshapeError where it cannot be read.
    """
    councils = _held(request)
    council = councils.get(slug)
    if council is None and not static_export(request):
        council = open_council(settings.CARESHAPE_DIR, slug)
    if council is None:
        raise Http404(f"There is no council '{slug}' here.")
    councils[slug] = council
    return council


def all_councils(request: HttpRequest) -> list[Council | Unreadable]:
    """Every council that the reader may see; one that cannot be read is told with its reason and does not keep the
    others away.
    """
    if static_export(request):
        return list(_held(request).values())
    found: list[Council | Unreadable] = []
    for slug in council_slugs(settings.CARESHAPE_DIR):
        if not in_reach(request.principal, "statement.read", slug):
            continue
        try:
            found.append(the_council(request, slug))
        except Http404:
            continue  # it went away in between
        except FAULTS as error:
            log.error("The council %s cannot be read: %s", slug, error)
            found.append(unreadable(request.principal, slug, error))
    return found


def other_councils(request: HttpRequest) -> list[tuple[str, str]]:
    """The councils whose draft the reader may not see, each with its name: what they released is open all the same."""
    if static_export(request):
        return []
    lists = catalogue().lists["authority"].by_id
    slugs = [
        slug
        for slug in council_slugs(settings.CARESHAPE_DIR)
        if not in_reach(request.principal, "statement.read", slug)
    ]
    return [(slug, lists[slug].label if slug in lists else title_of(slug)) for slug in slugs]


def hold_councils(request: HttpRequest, councils: Mapping[str, Council]) -> None:
    """Let a request see these councils, in this state, and no other."""
    request.councils = dict(councils)


def _held(request: HttpRequest) -> dict[str, Council]:
    if not hasattr(request, "councils"):
        hold_councils(request, {})
    held: dict[str, Council] = request.councils
    return held


def unreadable(principal: Principal, slug: str, error: Exception) -> Unreadable:
    """What is told of a council that cannot be read: to its own staff why, without where it stands on this machine; to
    everybody else that it is so, and who can put it right.
    """
    place = catalogue().lists["authority"].by_id.get(slug)
    if not _of_its_own(principal, slug):
        problem = "Its files have a fault. Whoever runs this installation can see which, and put it right."
    elif isinstance(error, CareshapeError):
        problem = str(error).replace(f"{settings.CARESHAPE_DIR}/", "")
    else:
        problem = "Its records cannot be read."
    return Unreadable(slug, place.label if place else title_of(slug), problem)


def why_no_text(request: HttpRequest, council: Council) -> str:
    """Why a council's pages have no text. Which fault it has is for its own staff: a file and a field tell a reader
    nothing.
    """
    if not council.faulty or (not static_export(request) and _of_its_own(request.principal, council.slug)):
        return council.content_problem
    return say(
        "The text of its statement has a fault and cannot be shown. Whoever writes it for the council can see which."
    )


def _of_its_own(principal: Principal, slug: str) -> bool:
    """Whether a principal is of a council's own staff."""
    return principal.signed_in and principal.council == slug and principal.organisation is None


def static_export(request: HttpRequest) -> bool:
    """Whether the page is made for the static export, where nothing can be asked of a server."""
    return bool(getattr(request, "static_export", False))


def page(
    request: HttpRequest,
    template: str,
    council: Council | None = None,
    *,
    here: str = "",
    crumbs: tuple[tuple[str, str], ...] = (),
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render a page in the frame of its council. ``here`` is the page in the navigation that it belongs to."""
    fixed = static_export(request)
    if council is not None:
        context |= {"navigation": _navigation(council, here, fixed), "crumbs": _crumbs(council, crumbs)}
    base = getattr(request, "base_url", "")
    canonical = f"{base.rstrip('/')}{request.path}" if base else ""
    context |= {"council": council, "static_export": fixed, "canonical": canonical}
    return render(request, template, context, status=status)


def _navigation(council: Council, here: str, fixed: bool) -> list[dict[str, Any]]:
    last = ("A to Z", "index") if fixed or council.edition else ("Search", "search")
    return [
        {"text": say(text), "href": address(council.slug, name), "active": name == here}
        for text, name in (*_NAVIGATION, last)
        if _has(council, name)
    ]


def _has(council: Council, page: str) -> bool:
    """Whether a council has anything to show on a page of the navigation."""
    if council.edition and page in _OF_TODAY:
        return False
    if page == "intentions":
        return bool(council.sources.intentions)
    if page in ("tables", "slots"):
        return council.statement is not None
    if page == "check":
        return council.dataset is not None and not council.empty
    return page != "discrepancies" or council.dataset is not None


def _crumbs(council: Council, crumbs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    if not crumbs:
        return []
    first = {"text": say("Statement"), "href": address(council.slug, "home")}
    return [first, *({"text": say(text), "href": href} if href else {"text": say(text)} for text, href in crumbs)]
