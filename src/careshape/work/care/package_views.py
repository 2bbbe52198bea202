"""Pages of packages of care: their lines, what was told of them, and where each line is in the records."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from careshape.audit.change import reading, tell
from careshape.ledger.posting import uk_day
from careshape.paying.words import pounds
from careshape.policy.fields import seen
from careshape.policy.listing import Column, Listing, listed
from careshape.policy.views import does
from careshape.source.judged.admission import HOMES
from careshape.source.models import Line, Package
from careshape.source.packages.components import components
from careshape.source.packages.package import weekly_cost
from careshape.statement.formatting import day
from careshape.work.care import words as care_words
from careshape.work.care.package_forms import ACTS
from careshape.work.care.tell_views import known_history, title_of
from careshape.work.desk import desk_of
from careshape.work.pages import page
from careshape.work.told_list import list_download, list_page

HOME: Final = "/work/packages/"
SEE: Final = "source.packages"
CHANGE: Final = "source.package"
_CRUMB: Final = ("Packages of care", HOME)
_WITH: Final = ("person", "organisation")


@does(SEE)
@reading
def packages(request: HttpRequest) -> HttpResponse:
    """The packages of care of the council."""
    return list_page(
        request, SEE, _listing(request), here=HOME,
        intro="Care that was arranged here. Each line goes into the council's records as it is made or changed.",
        add=("Raise prices", f"{HOME}uplift/") if desk_of(request).may("source.uplift") else None,
    )  # fmt: skip


@does(SEE)
@reading
def packages_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is filtered, as a file."""
    return list_download(request, SEE, _listing(request), kind)


def _listing(request: HttpRequest) -> Listing:
    found = Package.objects.reached(request.principal, SEE).select_related(*_WITH).prefetch_related("lines__handovers")
    rows = [{**said_of_package(one), "href": f"{HOME}{one.pk}/"} for one in found.order_by("-pk")]
    columns = (
        Column("number", "Package", numeric=True, link="href"),
        Column("who", "For"),
        Column("provider", "Provider", filtered=True),
        Column("service", "Service", filtered=True),
        Column("amount", "How much"),
        Column("week", "A week", numeric=True),
        Column("starts", "From", text=day),
        Column("state", "State", filtered=True),
        Column("price", "Price", shown=False),
        Column("ends", "Last day", shown=False),
        Column("because", "Why it ended", shown=False, wide=True),
        Column("posting", "In the records", shown=False),
    )
    return listed(
        request.principal, SEE, "package", columns, rows, id="packages", title="Packages of care",
        empty="No care has been arranged here yet.",
    )  # fmt: skip


def said_of_package(one: Package) -> dict[str, Any]:
    """A package as lists and programs show it, from what was fetched with it."""
    lines = _lines(one)
    if not lines:
        return _taken_back(one)
    first, last = lines[0], lines[-1]
    week = sum(weekly_cost(line.units, line.price) for line in lines if _runs_beside(line, last))
    return {
        "number": one.pk, "who": one.person.name, "provider": one.organisation.name,
        "service": care_words.service(one.service), "amount": care_words.amount(one.service, last.units),
        "price": care_words.price(one.service, last.price), "week": pounds(week),
        "starts": first.starts_on, "ends": day(last.ends_on) if last.ends_on else "", "because": one.ended_because,
        "state": _state(lines), "posting": _posting(last),
    }  # fmt: skip


def _taken_back(one: Package) -> dict[str, Any]:
    return {
        "number": one.pk, "who": one.person.name, "provider": one.organisation.name,
        "service": care_words.service(one.service), "amount": "", "price": "", "week": "", "starts": None, "ends": "",
        "because": one.ended_because, "state": "Taken back", "posting": "",
    }  # fmt: skip


def _runs_beside(line: Line, other: Line) -> bool:
    """Whether a line runs on the first day of another."""
    return line.starts_on <= other.starts_on and (line.ends_on is None or line.ends_on >= other.starts_on)


def _lines(one: Package) -> list[Line]:
    """The lines that were not taken back, in order, from what was fetched with the package."""
    return sorted(
        (line for line in one.lines.all() if not line.withdrawn), key=lambda line: (line.starts_on, line.number)
    )


def _state(lines: list[Line]) -> str:
    """How a package is: it is suspended where nothing of it runs today and something will."""
    today = uk_day(timezone.now())
    if not any(one.ends_on is None or one.ends_on >= today for one in lines):
        return "Ended"
    began = [one for one in lines if one.starts_on <= today]
    if began and all(one.ends_on is not None and one.ends_on < today for one in began):
        return "Suspended"
    return "Open" if any(one.ends_on is None for one in lines) else "Ends"


def _posting(line: Line) -> str:
    last = max(line.handovers.all(), key=lambda one: one.pk, default=None)
    if last is None:  # of the year that a demonstration is given
        return "Not for the records"
    if last.problem:
        return f"The records did not take it: {last.problem}"
    return f"Posting {last.posting}" if last.posting else "On its way"


@does(SEE)
@reading
def package_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One package: each line from a day to a day, and where it is in the records."""
    row = (
        Package.objects.select_related(*_WITH, "award").prefetch_related("lines__handovers")
        .reach(request.principal, SEE, pk=pk)
    )  # fmt: skip
    lines = [
        (title_of(one.name, one.component), day(one.starts_on), day(one.ends_on) if one.ends_on else "No end",
         amount_of(row, one), price_of(row, one), care_words.week(one.units, one.price), _posting(one))
        for one in _lines(row)
    ]  # fmt: skip
    found = seen(request.principal, SEE, "package", said_of_package(row))
    tell(request.principal, SEE, row)
    return page(
        request, "package.html", here=HOME, crumbs=(_CRUMB, (f"Package {pk}", "")), row=row, found=found, lines=lines,
        told=known_history(row), acts=[(name, title) for name, (_, title, _, _) in ACTS.items()],
        may_change=desk_of(request).may(CHANGE), may_owe=desk_of(request).may("source.owed"),
        may_see=desk_of(request).may("source.see"),
        may_admit=row.service in HOMES and desk_of(request).may("source.admit"),
    )  # fmt: skip


def amount_of(package: Package, line: Line) -> str:
    """How much a week of its part."""
    part = components().get(line.component)
    return care_words.amount_in(part.unit_of(package.service) if part else "", package.service, line.units)


def price_of(package: Package, line: Line) -> str:
    """The price of its part."""
    part = components().get(line.component)
    return care_words.price_in(part.unit_of(package.service) if part else "", package.service, line.price)
