"""The page of providers that came to a list that takes nobody."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from careshape.accounts.times import moment
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.source.models import Approach
from careshape.work.care.list_views import HOME, SEE
from careshape.work.pages import page

HERE: Final = "/work/approaches"


@does(SEE)
def approaches(request: HttpRequest) -> HttpResponse:
    """Who came to a list that takes nobody."""
    return page(
        request, "care_list.html", here=HOME, title="Who came to a closed list", download=HERE, add=None,
        crumbs=(("Lists we buy from", HOME), ("Who came to a closed list", "")),
        arranged=arrange(_listing(request), request.GET.dict()),
        intro="Providers that were refused because a list was closed on the day. It tells who would come to a new one.",
    )  # fmt: skip


@does(SEE)
def approaches_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return download(arrange(_listing(request), request.GET.dict()), kind, "approaches")


def _listing(request: HttpRequest) -> Listing:
    found = Approach.objects.reached(request.principal, SEE).select_related("vehicle", "organisation")
    rows = [
        {
            "at": one.at, "provider": one.organisation.name, "list": one.vehicle.title, "kind": one.vehicle.is_of.title,
            "words": one.words, "why": one.why, "by": "The provider" if one.itself else "The council",
        }
        for one in found.order_by("-pk")
    ]  # fmt: skip
    columns = (
        Column("at", "When", text=moment),
        Column("provider", "Provider"),
        Column("list", "List", filtered=True),
        Column("kind", "Kind", filtered=True, shown=False),
        Column("words", "What it would give", wide=True),
        Column("why", "Why it was refused", wide=True),
        Column("by", "Who came", filtered=True),
    )
    return Listing("approaches", "Who came to a closed list", columns, rows, "Nobody has come to a closed list.")
