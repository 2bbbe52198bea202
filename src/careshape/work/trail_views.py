"""The page on which a figure of the statement is followed back to the imports that caused it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from careshape.policy.views import does
from careshape.work.asking import MOST_KNOWN
from careshape.work.desk import desk_of
from careshape.work.pages import page
from careshape.work.trail import ways


@does("work.postings")
def figure_page(request: HttpRequest, key: str) -> HttpResponse:
    """A figure, the measures that it rests on, and the postings that moved each of them."""
    desk = desk_of(request)
    if desk.council is None:
        raise Http404("The council has no records yet.")
    found = desk.council.book.by_key(key)
    if found is None:
        desk.council.warm()  # after a restart nothing may have been computed yet
        found = desk.council.book.by_key(key)
    if found is None:
        raise Http404("No figure of the statement has this address.")
    return page(
        request, "figure.html", crumbs=((found.what, ""),), figure=found, ways=ways(desk.council, found),
        council=None, card=f"/{desk.principal.council}/figures/{key}/", most=MOST_KNOWN,
    )  # fmt: skip
