"""The page of the one search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from careshape.policy.views import does
from careshape.work.desk import desk_of
from careshape.work.pages import page
from careshape.work.search import find, words_of


@does("work.search")
def search_page(request: HttpRequest) -> HttpResponse:
    """Find anything that one may see."""
    asked = request.GET.get("q", "").strip()[:200]
    groups = find(desk_of(request), asked)
    return page(
        request, "search.html", here="/work/search/", asked=asked, groups=groups, words=words_of(asked),
        many=sum(one.many for one in groups),
    )  # fmt: skip
