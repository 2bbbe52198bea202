"""The page on which a figure of the statement is followed back to the imports that caused it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from careshape.policy.listing import arrange, download
from careshape.policy.views import does
from careshape.statement.council import Council
from careshape.statement.figures import Figure
from careshape.work.asking import MOST_KNOWN
from careshape.work.desk import Desk, desk_of
from careshape.work.pages import page
from careshape.work.tables import trail
from careshape.work.trail import ways


@does("work.postings")
def figure_page(request: HttpRequest, key: str) -> HttpResponse:
    """A figure, the measures that it rests on, and the postings that moved each of them."""
    desk = desk_of(request)
    council, found = _figure(desk, key)
    return page(
        request, "figure.html", crumbs=((found.what, ""),), figure=found, ways=ways(council, found),
        council=None, card=f"/{desk.principal.council}/figures/{key}/", most=MOST_KNOWN,
    )  # fmt: skip


@does("work.postings")
def figure_download(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """The postings that moved a figure, as a file."""
    council, found = _figure(desk_of(request), key)
    steps = [(way.measure, step) for way in ways(council, found) for step in way.steps]
    return download(arrange(trail([step for _, step in steps], [name for name, _ in steps]), {}), kind, key)


def _figure(desk: Desk, key: str) -> tuple[Council, Figure]:
    """A figure of the statement, with its council. Raises Http404 where there is none of that key."""
    if desk.council is None:
        raise Http404("The council has no records yet.")
    found = desk.council.book.by_key(key)
    if found is None:
        desk.council.warm()  # after a restart nothing may have been computed yet
        found = desk.council.book.by_key(key)
    if found is None:
        raise Http404("No figure of the statement has this address.")
    return desk.council, found
