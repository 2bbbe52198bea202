"""The page of what providers quote, from quarter to quarter, beside what the council pays and what its lists say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from careshape.audit.change import reading
from careshape.policy.listing import Column, Listing, arrange, listed
from careshape.policy.views import does
from careshape.source.models import Request
from careshape.source.taught.quoted import Quoted, quoted
from careshape.statement.charts import Chart, draw
from careshape.statement.labels import period_title
from careshape.statement.tables import Column as TableColumn
from careshape.statement.tables import Row, Table, valued
from careshape.work.care import words as care_words
from careshape.work.told_list import list_download, list_page

TAUGHT: Final = "source.taught"
QUOTES: Final = "/work/quotes/"
TITLE: Final = "What is quoted"
PICTURE: Final = "Quotes, as a percentage of what was paid before, by the month in which the quarter begins"
_CRUMBS: Final = (("Requests for care", "/work/requests/"), ("How care is found", "/work/finding/"), (TITLE, ""))


@does(TAUGHT)
@reading
def quotes_page(request: HttpRequest) -> HttpResponse:
    """What is quoted, by quarter and service, with a picture of how it goes."""
    listing = quotes_of(request)
    # The picture is of the rows that the reader asked for, on whichever page of them.
    return list_page(
        request, TAUGHT, listing, here=QUOTES, crumbs=_CRUMBS, template="quotes.html",
        chart=chart_of(arrange(listing, request.GET.dict()).rows), chart_title=PICTURE,
        intro="The prices at which providers said yes, by the quarter of their answer: the middle one of each service, "
        "beside the middle one of what the council paid for the service when the quarter began, and of the lists' "
        "prices for the same care.",
    )  # fmt: skip


@does(TAUGHT)
@reading
def quotes_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return list_download(request, TAUGHT, quotes_of(request), kind)


def quotes_of(request: HttpRequest) -> Listing:
    """What is quoted, by quarter and service."""
    rows = [_row(one) for one in quoted(Request.objects.reached(request.principal, TAUGHT))]
    columns = (
        Column("begins", "Quarter", text=quarter_title),
        Column("service", "Service", filtered=True),
        Column("quotes", "Quotes", numeric=True),
        Column("quoted", "Quoted", numeric=True),
        Column("paid", "Paid before", numeric=True),
        Column("to_paid", "Of what was paid", numeric=True, text=_percent),
        Column("listed", "On the lists", numeric=True),
        Column("to_list", "Of the lists", numeric=True, text=_percent),
    )
    return listed(
        request.principal, TAUGHT, "quoted", columns, rows, id="quotes", title=TITLE,
        empty="No provider has said at which price it would give care.",
    )  # fmt: skip


def quarter_title(begins: date) -> str:
    """A quarter by its first day: July 2026 to September 2026."""
    return f"{period_title(f'{begins:%Y-%m}')} to {period_title(f'{begins.replace(month=begins.month + 2):%Y-%m}')}"


def chart_of(rows: Sequence[Any]) -> Chart | None:
    """Quotes as a percentage of what was paid, a line for each service; None where nothing can be drawn."""
    drawn = {(one["service"], one["begins"]): one["to_paid"] for one in rows if one.get("to_paid") is not None}
    quarters = sorted({begins for _, begins in drawn})
    lines = tuple(
        Row((service,), tuple(valued(drawn.get((service, at)), "percent") for at in quarters))
        for service in sorted({service for service, _ in drawn})
    )
    columns = tuple(
        TableColumn(period_title(f"{at:%Y-%m}"), at.isoformat(), numeric=True, day=at) for at in quarters
    )  # fmt: skip
    return draw(Table("quotes", PICTURE, ("Service",), columns, lines, (), chart="line"))


def _row(one: Quoted) -> dict[str, Any]:
    return {
        "begins": one.begins, "service": care_words.service(one.service), "quotes": one.quotes,
        "quoted": care_words.price(one.service, one.quoted),
        "paid": care_words.price(one.service, one.paid) if one.paid else "",
        "to_paid": _of_hundred(one.to_paid), "listed": care_words.price(one.service, one.listed),
        "to_list": _of_hundred(one.to_list),
    }  # fmt: skip


def _of_hundred(share: float | None) -> Decimal | None:
    return None if share is None else Decimal(round(1000 * share)) / 10


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.1f}%"
