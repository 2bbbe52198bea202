"""Pages of packages of care: their lines, and how they are changed and ended."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from careshape.audit.change import reading, tell
from careshape.ledger.posting import uk_day
from careshape.policy.fields import seen
from careshape.policy.listing import Column, Listing, listed
from careshape.policy.views import does
from careshape.source.models import Line, Package
from careshape.source.package import change_of, end
from careshape.statement.formatting import day
from careshape.work.care import words as care_words
from careshape.work.care.forms import ChangeForm, EndForm, done, hundredths
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page
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
    )  # fmt: skip


@does(SEE)
@reading
def packages_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is filtered, as a file."""
    return list_download(request, SEE, _listing(request), kind)


def _listing(request: HttpRequest) -> Listing:
    found = Package.objects.reached(request.principal, SEE).select_related(*_WITH).prefetch_related("lines__handovers")
    rows = [{**_said(one), "href": f"{HOME}{one.pk}/"} for one in found.order_by("-pk")]
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


def _said(one: Package) -> dict[str, Any]:
    lines = _lines(one)
    first, last = lines[0], lines[-1]
    return {
        "number": one.pk, "who": one.person.name, "provider": one.organisation.name,
        "service": care_words.service(one.service), "amount": care_words.amount(one.service, last.units),
        "price": care_words.price(one.service, last.price), "week": care_words.week(last.units, last.price),
        "starts": first.starts_on, "ends": day(last.ends_on) if last.ends_on else "", "because": one.ended_because,
        "state": _state(last), "posting": _posting(last),
    }  # fmt: skip


def _lines(one: Package) -> list[Line]:
    """The lines that were not taken back, in order, from what was fetched with the package."""
    return sorted((line for line in one.lines.all() if not line.withdrawn), key=lambda line: line.number)


def _state(last: Line) -> str:
    if last.ends_on is None:
        return "Open"
    return "Ended" if last.ends_on < uk_day(timezone.now()) else "Ends"


def _posting(line: Line) -> str:
    last = max(line.handovers.all(), key=lambda one: one.pk)
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
        (day(one.starts_on), day(one.ends_on) if one.ends_on else "No end", care_words.amount(row.service, one.units),
         care_words.price(row.service, one.price), care_words.week(one.units, one.price), _posting(one))
        for one in _lines(row)
    ]  # fmt: skip
    found = seen(request.principal, SEE, "package", _said(row))
    tell(request.principal, SEE, row)
    return page(
        request, "package.html", here=HOME, crumbs=(_CRUMB, (f"Package {pk}", "")), row=row, found=found, lines=lines,
        may_change=desk_of(request).may(CHANGE),
        may_see=desk_of(request).may("source.see"),
    )  # fmt: skip


@does(CHANGE, POST=CHANGE)
@reading
def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how much a week, or the price."""
    row = Package.objects.select_related(*_WITH).reach(request.principal, CHANGE, pk=pk)
    form = ChangeForm(request.POST or None)

    def changed(given: dict[str, Any]) -> Line:
        return change_of(
            request.principal, row, given["on"], units=hundredths(given["amount"]), price=hundredths(given["price"])
        )

    return _form(request, row, form, changed, "Change the package", "Change it", "It is changed from that day.")


@does(CHANGE, POST=CHANGE)
@reading
def end_page(request: HttpRequest, pk: int) -> HttpResponse:
    """End a package."""
    row = Package.objects.select_related(*_WITH).reach(request.principal, CHANGE, pk=pk)

    def ended(given: dict[str, Any]) -> bool:
        end(request.principal, row, given["on"], given["because"])
        return True

    return _form(
        request, row, EndForm(request.POST or None), ended, "End the package", "End it", "Its end is recorded."
    )


def _form(
    request: HttpRequest, row: Package, form: Any, act: Any, title: str, button: str, said: str
) -> HttpResponse:  # fmt: skip
    if done(request, form, act):
        notify(request, said)
        return HttpResponseRedirect(f"{HOME}{row.pk}/")
    tell(request.principal, CHANGE, row)
    return page(
        request, "care_form.html", here=HOME, form=form, back=f"{HOME}{row.pk}/", title=title, button=button,
        crumbs=(_CRUMB, (f"Package {row.pk}", f"{HOME}{row.pk}/"), (title, "")), status=422 if form.errors else 200,
        intro=(f"{care_words.service(row.service)} by {row.organisation.name}.",),
    )  # fmt: skip
