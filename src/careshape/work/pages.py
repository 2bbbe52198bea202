"""How a page of the place to work is put together: its frame, its navigation, and its way back."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from careshape.accounts.pages import frame, notify
from careshape.jobs.kinds import kinds
from careshape.policy import policy, roles
from careshape.policy.later import page_later
from careshape.work.desk import Desk, desk_of

__all__ = ("navigation", "navigation_of", "notify", "page", "steers")

NAVIGATION: Final = (
    ("Home", "/work/", "work.home"),
    ("Supported", "/work/supported/", "people.see"),
    ("Requests", "/work/requests/", "source.see"),
    ("Rules", "/work/kept/", "source.kept"),
    ("Requests", "/work/asked/", "source.answer"),
    ("Packages", "/work/packages/", "source.packages"),
    ("Owed", "/work/owed/", "source.owed"),
    ("Payments", "/work/payments/", "source.owed"),
    ("Visits", "/work/visits/", "source.owed"),
    ("Providers", "/work/providers/", "providers.register"),
    ("Lists", "/work/lists/", "source.lists"),
    ("Lists", "/work/standing/", "source.standing"),
    ("Capacity", "/work/capacity/beds/", "providers.capacity"),
    ("Your capacity", "/work/returns/", "providers.send_capacity"),
    ("Statement", "/{council}/", "work.figures"),
    ("Writing", "/work/writing/", "writing.see"),
    ("Editions", "/work/editions/", "editions.see"),
    ("Readers", "/work/answers/", "readers.answer"),
    ("Following", "/work/following/", "readers.follow"),
    ("Regional", "/work/regional/", "reuse.bring"),
    ("Imports", "/work/imports/", "work.import"),
    ("Postings", "/work/postings/", "work.postings"),
    ("Registers", "/work/registers/providers/", "work.registers"),
    ("Measures", "/work/measures/", "work.measures"),
    ("People", "/work/people/", "accounts.read"),
    ("Your organisation", "/work/organisation/", "work.organisation"),
    ("Audit log", "/work/audit/", "audit.verify"),
    ("Privacy", "/work/privacy/", "privacy.access"),
    ("Background work", "/work/jobs/", "jobs.read"),
    ("Search", "/work/search/", "work.search"),
)
"""What stands in the navigation, in this order, for those who may do the act."""


def page(
    request: HttpRequest,
    template: str,
    *,
    here: str = "",
    crumbs: tuple[tuple[str, str], ...] = (),
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page in the frame of who works. It is written when the view has ended, and not within its transaction.

    here: address of the entry of the navigation that it belongs to. crumbs: titles and addresses of the way back.
    """
    desk = desk_of(request)
    context |= {
        "desk": desk,
        "role": roles()[desk.principal.role].title,
        **frame(request, here, _leading(desk, crumbs)),
    }
    response = page_later(request, f"work/{template}", context, status)
    response["Cache-Control"] = "no-store"
    return response


def _leading(desk: Desk, crumbs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The way back, without a link to a section that would refuse who stands here."""
    acts = {href: act for _, href, act in NAVIGATION}
    return tuple((text, href if href not in acts or desk.may(acts[href]) else "") for text, href in crumbs)


def navigation(desk: Desk, here: str) -> list[dict[str, Any]]:
    """The navigation of a role: what it may do, and nothing else."""
    council = desk.principal.council
    return [
        {"text": text, "href": href.replace("{council}", council), "active": href == here}
        for text, href, act in NAVIGATION
        if desk.may(act) and (act != "jobs.read" or steers(desk))
    ]


def steers(desk: Desk) -> bool:
    """Whether somebody has to do with background work: starts some, or looks after that of the council."""
    starts = any(one.act and desk.may(one.act) for one in kinds().values())
    return starts or "council" in policy().scopes(desk.principal, "jobs.read")


def navigation_of(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """The navigation of who makes a request, for pages of rooms below this one."""
    return navigation(desk_of(request), here)
