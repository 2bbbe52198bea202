"""Find a figure to quote: by words, then its dimensions and period, then how it reads now, with its card."""

from __future__ import annotations

import re
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from careshape.errors import CareshapeError
from careshape.policy.views import does
from careshape.statement.calls import Call
from careshape.statement.figures import Figure
from careshape.statement.formatting import STYLES
from careshape.statement.functions import GROUPS
from careshape.statement.in_browser import in_browser
from careshape.work.asking import choices, question
from careshape.work.desk import Desk, desk_of
from careshape.work.pages import page
from careshape.work.writing_views import CRUMB, HOME, paper_or_404
from careshape.writing.finder import figure_of, find
from careshape.writing.texts import drafting

ASKED: Final = ("measure", "where", "value", "where2", "value2", "where3", "value3", "period", "style", "expression")


@does("writing.see")
def find_page(request: HttpRequest) -> HttpResponse:
    """Search, choose, and see the figure as it is now, with what to write in the text."""
    desk = desk_of(request)
    asked = {name: request.GET.get(name, "").strip() for name in ASKED}
    errors: dict[str, str] = {}
    expression, figure = "", None
    try:
        expression = asked["expression"] or (_expression(request.GET) if asked["measure"] else "")
        figure = figure_of(desk.records, expression) if expression else None
    except CareshapeError as error:
        errors["measure"] = in_browser(str(error))
    if figure is not None and figure.problem:
        errors["measure"] = in_browser(figure.problem)
    context: dict[str, Any] = {
        "asked": asked, "words": request.GET.get("q", "").strip(),
        "found": find(desk.records, request.GET.get("q", "")),
        "figure": figure, "expression": expression, "errors": errors, "styles": STYLES, "groups": GROUPS,
        "slug": desk.principal.council, "back": _back(desk, request), "fragment": "fragment" in request.GET,
        "kept": {name: request.GET[name] for name in ("back", "slot", "fragment") if name in request.GET},
        **choices(),
    }  # fmt: skip
    if context["fragment"]:
        response = render(request, "work/writing_finder.html", context, status=400 if errors else 200)
        response["Cache-Control"] = "no-store"
        return response
    return page(
        request, "writing_find.html", here=HOME, crumbs=(CRUMB, ("Find a figure", "")), status=400 if errors else 200,
        **context,
    )  # fmt: skip


@does("writing.see")
def card_page(request: HttpRequest, key: str) -> HttpResponse:
    """The card of a figure that a draft quotes."""
    desk = desk_of(request)
    figure = drafting(desk.records).book.by_key(key) or _of_statement(desk, key)
    if figure is None:
        raise Http404("No draft that was looked at lately quotes this figure.")
    return page(
        request,
        "writing_card.html",
        here=HOME,
        crumbs=(CRUMB, ("Card", "")),
        figure=figure,
        slug=desk.principal.council,
    )


def _of_statement(desk: Desk, key: str) -> Figure | None:
    desk.records.warm()
    return desk.records.book.by_key(key)


def _expression(asked: Any) -> str:
    """What is written in a text for a measure with its dimensions and period. Raises CallError as a question does."""
    put = question(asked)
    named: list[tuple[str, str | tuple[str, ...]]] = [("period", put.period)] if put.period else []
    for name, value in put.where.items():
        several = tuple(value.split("|"))
        named.append((name, several if len(several) > 1 else value))
    style = asked.get("style", "")
    return str(Call("measure", (put.measure,), tuple(named), style if style in STYLES else None))


def _back(desk: Desk, request: HttpRequest) -> str:
    """Where somebody came from who writes without the script: the editor of a page or a slot."""
    name, slot = request.GET.get("back", ""), request.GET.get("slot", "")
    try:
        paper_or_404(desk, name)
    except Http404:
        return ""
    return f"{HOME}pages/{name}/edit/" + (f"?slot={slot}" if re.fullmatch(r"[a-z0-9_-]+", slot) else "")
