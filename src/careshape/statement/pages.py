"""How a page is put together: which council, which navigation, which way back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from careshape.statement.addresses import address
from careshape.statement.council import Council, open_council

_NAVIGATION = (
    ("Statement", "home"),
    ("Tables", "tables"),
    ("Intentions", "intentions"),
    ("Discrepancies", "discrepancies"),
    ("Check", "check"),
    ("About", "about"),
)


def the_council(slug: str) -> Council:
    """The council of an address. Raises Http404 where the data directory has none of that name."""
    council = open_council(settings.CARESHAPE_DIR, slug)
    if council is None:
        raise Http404(f"There is no council '{slug}' here.")
    return council


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
    last = ("A to Z", "index") if fixed else ("Search", "search")
    return [
        {"text": text, "href": address(council.slug, name), "active": name == here}
        for text, name in (*_NAVIGATION, last)
        if _has(council, name)
    ]


def _has(council: Council, page: str) -> bool:
    """Whether a council has anything to show on a page of the navigation."""
    if page == "intentions":
        return bool(council.sources.intentions)
    if page == "tables":
        return council.statement is not None
    if page == "check":
        return council.dataset is not None and not council.empty
    return page != "discrepancies" or council.dataset is not None


def _crumbs(council: Council, crumbs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    if not crumbs:
        return []
    first = {"text": "Statement", "href": address(council.slug, "home")}
    return [first, *({"text": text, "href": href} if href else {"text": text} for text, href in crumbs)]
