"""The page of the one search."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from careshape.policy.listing import PAGE
from careshape.policy.views import does
from careshape.work.desk import desk_of
from careshape.work.pages import page
from careshape.work.search import SOURCES, find, words_of


@does("work.search")
def search_page(request: HttpRequest) -> HttpResponse:
    """Find anything that one may see: the first of each group, or all of one group by pages."""
    asked, only = request.GET.get("q", "").strip()[:200], request.GET.get("in", "")
    only = only if only in {one.title for one in SOURCES} else ""
    groups = find(desk_of(request), asked, only)
    hits = [one for group in groups for one in group.hits] if only else []
    return page(
        request, "search.html", here="/work/search/", groups=groups, words=words_of(asked),
        asked=asked if "q" in request.GET else None,
        many=sum(one.many for one in groups), only=only,
        shown=Paginator(hits, PAGE).get_page(request.GET.get("page")),
    )  # fmt: skip
