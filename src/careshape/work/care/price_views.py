"""Pages of the price list of a list: what is paid where from which day, a new price, and a file of them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.paying.words import pounds
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.source.lists.price_list import (
    COLUMNS,
    PriceRow,
    PricesRefusedError,
    keep_prices,
    read_prices,
    take_out,
    unit_of,
    units_of,
    without_price,
)
from careshape.source.models import Price, Vehicle
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.capped import TOO_LARGE
from careshape.work.care import words as care_words
from careshape.work.care.forms import done, hundredths
from careshape.work.care.list_forms import PriceForm
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

HOME: Final = "/work/lists/"
SEE: Final = "source.lists"
KEEP: Final = "source.vehicles"
LARGEST: Final = 1_000_000


def _crumbs(row: Vehicle, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return ("Lists we buy from", HOME), (row.title, f"{HOME}{row.pk}/"), *more


@does(SEE)
def prices(request: HttpRequest, pk: int) -> HttpResponse:
    """The prices of a list, those in force first."""
    row = Vehicle.objects.reach(request.principal, SEE, pk=pk)
    missing = without_price(row, uk_day(timezone.now()))
    intro = "What is paid for one unit, where, from which day to which. An award takes the price of the day."
    if missing:
        intro += f" There is no price today for {', '.join(missing)}: nobody is asked from this list there."
    may = desk_of(request).may(KEEP)
    return page(
        request, "care_list.html", here=HOME, crumbs=_crumbs(row, ("Prices", "")), title=f"Prices of {row.title}",
        intro=intro, arranged=arrange(_prices(request, row, keeps=may), request.GET.dict()),
        download=f"{HOME}{pk}/prices", add=("Add prices", f"{HOME}{pk}/prices/add/") if may else None,
    )  # fmt: skip


@does(SEE)
def prices_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The prices as a file, in the columns in which one is brought."""
    row = Vehicle.objects.reach(request.principal, SEE, pk=pk)
    return download(arrange(_prices(request, row), request.GET.dict()), kind, "prices")


def _prices(request: HttpRequest, row: Vehicle, *, keeps: bool = False) -> Listing:
    today = uk_day(timezone.now())
    found = Price.objects.reached(request.principal, SEE).filter(vehicle=row, member__isnull=True)
    rows: list[dict[str, Any]] = [
        {
            "service": care_words.service(one.service),
            "zone": label_of(row.priced_by, one.zone) if one.zone and row.priced_by else "Everywhere",
            "tier": one.tier, "unit": one.unit or units_of(one.service)[0], "price": pounds(one.pence),
            "first_day": one.begins_on, "last_day": one.ends_on, "state": _state(one, today), "source": one.source,
            "out": f"/work/prices/{one.pk}/take-out/" if keeps and one.begins_on > today else "",
        }
        for one in found.order_by("service", "zone", "tier", "-begins_on")
    ]  # fmt: skip
    columns = (
        Column("service", "Service", filtered=True),
        Column("zone", "Where", filtered=True),
        Column("tier", "Tier", filtered=True),
        Column("price", "Price"),
        Column("unit", "For one", filtered=True),
        Column("first_day", "From", text=day),
        Column("last_day", "Last day", text=lambda value: day(value) if value else "No end"),
        Column("state", "State", filtered=True, link="out"),
        Column("source", "Decided", wide=True),
    )
    empty = "It has no price list: each provider has the price at which it was admitted."
    return Listing("prices", f"Prices of {row.title}", columns, rows, empty)


def _state(one: Price, today: Any) -> str:
    if one.begins_on > today:
        return "To come"
    return "Past" if one.ends_on is not None and one.ends_on < today else "In force"


@does(KEEP, POST=KEEP)
def add_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Add one price, or a file of them."""
    row = Vehicle.objects.reach(request.principal, KEEP, pk=pk)
    form = PriceForm(request.POST or None, vehicle=row)

    def kept(given: dict[str, Any]) -> bool:
        tier = given["tier"].strip().lower().replace(" ", "-")
        new = PriceRow(
            given["service"], given.get("zone") or "", tier, unit_of(given["service"], given["unit"]),
            hundredths(given["price"]), given["first_day"],
            given["last_day"], given["source"],
        )  # fmt: skip
        if new.ends_on is not None and new.ends_on < new.begins_on:
            raise CallError("The last day comes before the first. Look at the two.")
        keep_prices(request.principal, row, [new])
        return True

    if done(request, form, kept):
        notify(request, "The price is kept. It counts from its first day.")
        return HttpResponseRedirect(f"{HOME}{pk}/prices/")
    return page(
        request, "care_form.html", here=HOME, form=form, back=f"{HOME}{pk}/prices/",
        crumbs=_crumbs(row, ("Prices", f"{HOME}{pk}/prices/"), ("Add", "")), title=f"Add a price to {row.title}",
        button="Keep it", intro=(), status=422 if form.errors else 200,
        aside=("Bring a file of prices instead", f"{HOME}{pk}/prices/file/"),
    )  # fmt: skip


@does(KEEP, POST=KEEP)
def file_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a file of prices, or paste its rows: all are kept, or none, with a sentence for each fault."""
    row = Vehicle.objects.reach(request.principal, KEEP, pk=pk)
    if request.method != "POST":
        return _file_page(request, row, "")
    text, problem = _text_of(request)
    faults: list[str] = [problem] if problem else []
    if not faults:
        try:
            made = keep_prices(request.principal, row, read_prices(row, text))
        except PricesRefusedError as error:
            faults = [str(one) for one in error.faults]
        else:
            notify(request, f"{len(made)} price{'' if len(made) == 1 else 's'} kept.")
            return HttpResponseRedirect(f"{HOME}{pk}/prices/")
    return _file_page(request, row, text, faults)


def _text_of(request: HttpRequest) -> tuple[str, str]:
    """What was sent, and what is wrong with it as a whole."""
    sent = request.FILES.get("file")
    if request.META.get(TOO_LARGE) or (sent is not None and (sent.size or 0) > LARGEST):
        return "", f"The file is larger than {LARGEST // 1_000_000} MB. Bring it in parts."
    pasted = str(request.POST.get("rows") or "")
    if sent is None:
        return pasted, "" if pasted.strip() else "Choose a file, or paste its rows."
    try:
        return sent.read().decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return pasted, "The file is not written as UTF-8. Save it as CSV UTF-8, and bring it again."


def _file_page(request: HttpRequest, row: Vehicle, text: str, faults: list[str] | None = None) -> HttpResponse:
    return page(
        request, "price_file.html", here=HOME, row=row, text=text, faults=(faults or [])[:50], columns=COLUMNS,
        more=max(0, len(faults or []) - 50), back=f"{HOME}{row.pk}/prices/", status=422 if faults else 200,
        crumbs=_crumbs(row, ("Prices", f"{HOME}{row.pk}/prices/"), ("Bring a file", "")),
    )  # fmt: skip


@does(KEEP, POST=KEEP)
def take_out_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out a price that has not begun, after a question."""
    price = Price.objects.select_related("vehicle").reach(request.principal, KEEP, pk=pk)
    row, problem = price.vehicle, ""
    back = f"{HOME}{row.pk}/prices/"
    if request.method == "POST":
        try:
            take_out(request.principal, price)
        except CallError as error:
            problem = str(error)
        else:
            notify(request, "The price is taken out. The one before it goes on.")
            return HttpResponseRedirect(back)
    paid = f"{pounds(price.pence)} for one {price.unit or units_of(price.service)[0]}"
    what = f"{care_words.service(price.service)}, {paid}, from {day(price.begins_on)}."
    return page(
        request, "care_form.html", here=HOME, form=(), back=back, warning=True, button="Take it out",
        crumbs=_crumbs(row, ("Prices", back), ("Take out", "")), title="Take this price out?",
        intro=tuple(one for one in (problem, what, "The one before it then goes on.") if one),
        status=409 if problem else 200,
    )  # fmt: skip
