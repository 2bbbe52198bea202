"""The page of what lies beyond a line in the market, by area, and what nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from careshape.home import Home
from careshape.ledger.posting import uk_day
from careshape.market.alerts import Alert, Figure, alerts, not_judged
from careshape.policy import Principal
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.providers.alerts import ACT, concentration_of, lines_of, returned_figures
from careshape.source.market_figures import BETWEEN, figures
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.pages import page

HOME: Final = "/work/alerts/"
LEVELS: Final = {"act": "Act", "watch": "Look"}


@does(ACT)
def alerts_page(request: HttpRequest) -> HttpResponse:
    """The figures beyond a line, those to act on first."""
    today = uk_day(timezone.now())
    known = figures_of(request.principal, today)
    found = raised(request.principal, known, today)
    return page(
        request, "alerts.html", here="/work/capacity/beds/", arranged=arrange(_listing(found), request.GET.dict()),
        title="Alerts of the market", download="/work/alerts",
        crumbs=(("Capacity", "/work/capacity/beds/"), ("Alerts", "")),
        silent=not_judged(known, lines_of(_folder(request.principal))),
    )  # fmt: skip


@does(ACT)
def alerts_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    today = uk_day(timezone.now())
    found = raised(request.principal, figures_of(request.principal, today), today)
    return download(arrange(_listing(found), request.GET.dict()), kind, "alerts")


def figures_of(principal: Principal, on: date) -> list[Figure]:
    """Every figure of a council's market that a line may be about, its areas in words."""
    found = [*returned_figures(principal, on), *concentration_of(principal, on), *figures(principal.council, on)]
    return [replace(one, area=_area(one.area)) for one in found]


def raised(principal: Principal, known: list[Figure], on: date) -> list[Alert]:
    """Those of the figures that lie beyond a line of the council."""
    return alerts(known, on, lines_of(_folder(principal)))


def _folder(principal: Principal) -> Path:
    return Home(settings.CARESHAPE_DIR).council_path(principal.council)


def _area(area: str) -> str:
    """An area in words: a district, a zone, or a district with a service."""
    place, _, service = area.partition(BETWEEN)
    dimension = "zone" if place.endswith("-zone") else "district"
    return label_of(dimension, place) + (f", {label_of('service', service).lower()}" if service else "")


def _listing(found: list[Alert]) -> Listing:
    rows = [
        {
            **one.as_row(), "level": LEVELS[one.level], "title": one.line.title, "day": one.figure.day,
            "source": one.line.source or "The project's own choice",
        }
        for one in found
    ]  # fmt: skip
    columns = (
        Column("sentence", "What lies beyond a line", wide=True),
        Column("level", "What to do", filtered=True),
        Column("title", "Figure", filtered=True),
        Column("area", "Area", filtered=True),
        Column("value", "Value", numeric=True),
        Column("line", "Line", numeric=True),
        Column("advice", "Advice", wide=True),
        Column("base", "Of how many", numeric=True, shown=False),
        Column("day", "Figure of", text=day, shown=False),
        Column("source", "Where the line comes from", shown=False),
    )
    return Listing("alerts", "Alerts of the market", columns, rows, "Nothing that is known lies beyond a line.")
