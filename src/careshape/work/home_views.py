"""The home page of a role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from careshape.policy import roles
from careshape.policy.views import does
from careshape.work.cards import cards_of, tasks_of
from careshape.work.desk import desk_of
from careshape.work.pages import page


@does("work.home")
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the role, and what else it may want to know."""
    desk = desk_of(request)
    shown = cards_of(desk)
    return page(
        request, "home.html", here="/work/", waiting=[one for one in shown if one.waits],
        told=[one for one in shown if not one.waits], tasks=tasks_of(desk),
        does=roles()[desk.principal.role].does, council=None,
    )  # fmt: skip
