"""The page on which somebody who has not signed in learns how to follow a statement or comment on it."""

from __future__ import annotations

import tomllib
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.editions.folders import INPUTS, edition_path
from careshape.editions.models import Edition
from careshape.editions.released import released
from careshape.errors import CareshapeError
from careshape.home import Home
from careshape.policy import Principal, policy
from careshape.policy.views import does, in_reach
from careshape.readers.released import what_it_says
from careshape.statement.contact import Contact, read_contact
from careshape.statement.labels import label_of
from careshape.statement.pages import page, the_council
from careshape.statement.slots import SLOTS

LISTED: Final = "editions.list"
ACTS: Final = {"follow": "readers.follow", "comment": "readers.comment"}
"""What somebody may wish to do, each with the act that they need."""


@does(LISTED)
def take_part(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody wished to do, who gives a provider an account, the feed that needs none, and the way to sign in.

    Who has signed in already is sent on to where they can do it.
    """
    wish = request.GET.get("do", "")
    wish = wish if wish in ACTS else "follow"
    segment, _, slot = request.GET.get("section", request.GET.get("segment", ""))[:200].partition("/")
    there = _there(wish, segment, slot, request.GET.get("edition", ""))
    if _may(request.principal, wish, slug):
        return HttpResponseRedirect(there)
    latest = next(iter(released(request.principal, LISTED, slug)), None)
    title = _title(request, slug, segment, latest)
    return page(
        request, "readers/take_part.html", None, slug=slug, wish=wish, title=title, section=SLOTS.get(slot, ""),
        name=label_of("authority", slug), contact=contact_of(request, slug, latest), latest=latest,
        segment=segment if title else "", sign_in=f"{settings.LOGIN_URL}?{urlencode({'next': there})}",
        signed_in=request.principal.signed_in,
    )  # fmt: skip


def _may(principal: Principal, wish: str, slug: str) -> bool:
    return principal.signed_in and principal.council == slug and policy().permits(principal, ACTS[wish])


def _there(wish: str, segment: str, slot: str, edition: str) -> str:
    """Where it is done."""
    if wish == "comment":
        given = {"edition": edition if edition.isascii() and edition.isdigit() else "", "section": f"{segment}/{slot}"}
        asked = {name: value for name, value in given.items() if value.strip("/")}
        return f"/work/comments/new/{'?' if asked else ''}{urlencode(asked)}"
    given = {"what": "segment", "segment": segment} if segment else {"what": "statement"}
    return f"/work/following/add/?{urlencode(given)}"


def _title(request: HttpRequest, slug: str, segment: str, latest: Edition | None) -> str:
    """What a section is called; empty for one that readers do not have."""
    try:
        if latest is not None and (one := what_it_says(latest).segments.get(segment)):
            return str(one["title"])
        if segment and in_reach(request.principal, "statement.read", slug):
            statement = the_council(request, slug).statement
            return statement.segments[segment].title if statement and segment in statement.segments else ""
    except (Http404, CareshapeError):
        pass
    return ""


def contact_of(request: HttpRequest, slug: str, latest: Edition | None) -> Contact | None:
    """Whom a reader asks: as the latest edition states it, else as the text that they may read does."""
    home = Home(settings.CARESHAPE_DIR)
    try:
        if latest is not None:
            file = edition_path(home, slug, latest.number) / INPUTS / "statement" / "statement.toml"
            about: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
            return read_contact(about.get("contact"), "contact")
        if in_reach(request.principal, "statement.read", slug):
            statement = the_council(request, slug).statement
            return statement.contact if statement else None
    except (OSError, ValueError, Http404, CareshapeError):
        pass
    return None
