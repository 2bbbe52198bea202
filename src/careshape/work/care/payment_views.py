"""Pages of runs of payments: what a run would pay, the run, and what each paid and recovered."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.audit.change import reading, tell
from careshape.errors import CareshapeError
from careshape.paying.told import FUNDERS
from careshape.paying.words import pounds
from careshape.policy.listing import Column, Listing, listed
from careshape.policy.views import does
from careshape.source.models import Payment, PaymentRun
from careshape.source.money.payments import Draft, draft, pay
from careshape.statement.formatting import day
from careshape.work.care.tell_views import signed
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page
from careshape.work.told_list import list_download, list_page

HOME: Final = "/work/payments/"
OWED: Final = "source.owed"
PAY: Final = "source.pay"
_CRUMB: Final = ("Payments", HOME)


@does(OWED)
@reading
def payments(request: HttpRequest) -> HttpResponse:
    """The runs of payments of the council."""
    return list_page(
        request, OWED, _runs(request), here=HOME,
        intro="Each run paid what was owed on its day for payment periods that had ended, less what was paid before. "
        "What became known since is paid or recovered by the next.",
        add=("Make a run", f"{HOME}make/") if desk_of(request).may(PAY) else None,
    )  # fmt: skip


@does(OWED)
@reading
def payments_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return list_download(request, OWED, _runs(request), kind)


@does(PAY, POST=PAY)
@reading
def make_page(request: HttpRequest) -> HttpResponse:
    """What a run would pay now; and the run."""
    problem = ""
    if request.method == "POST":
        try:
            run = pay(request.principal, request.POST.get("read", ""))
        except CareshapeError as error:
            problem = str(error)
        else:
            notify(request, f"Run {run.number} is made.")
            return HttpResponseRedirect(f"{HOME}{run.pk}/")
    found = draft(request.principal.council)
    tell(request.principal, PAY, "payments", rows=len(found.payments))
    return page(
        request, "payment_make.html", here=HOME, crumbs=(_CRUMB, ("Make a run", "")), problem=problem, read=found.read,
        rows=_totals(found), day=day(found.day), pence=pounds(found.pence), any=bool(found.payments),
        status=409 if problem else 200,
    )  # fmt: skip


@does(OWED)
@reading
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a run paid and recovered."""
    run = PaymentRun.objects.reach(request.principal, OWED, pk=pk)
    kept = run.pence
    gone = kept - sum(run.payments.values_list("pence", flat=True))
    said = f" {pounds(gone)} of it was for people whose records were erased since." if gone else ""
    return list_page(
        request, OWED, _paid(request, run), here=f"{HOME}{pk}/", crumbs=(_CRUMB, (f"Run {run.number}", "")),
        intro=f"Made on {day(run.day)}. It paid {pounds(kept)} in all.{said}",
    )  # fmt: skip


@does(OWED)
@reading
def run_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The same as a file."""
    run = PaymentRun.objects.reach(request.principal, OWED, pk=pk)
    return list_download(request, OWED, _paid(request, run), kind)


def _runs(request: HttpRequest) -> Listing:
    rows = []
    for one in PaymentRun.objects.reached(request.principal, OWED).select_related("by").order_by("-number"):
        parts = one.parts
        rows.append({"run": one.number, "href": f"{HOME}{one.pk}/", "day": one.day, "by": one.by.name,
                     "owed": parts.total(), **{name: parts[name] for name in FUNDERS}})  # fmt: skip
    columns = (
        Column("run", "Run", numeric=True, link="href"),
        Column("day", "Day", text=day),
        Column("by", "Made by"),
        Column("owed", "In all", numeric=True, text=pounds),
        Column("council", "Council", numeric=True, text=pounds),
        Column("nhs", "NHS", numeric=True, text=pounds),
        Column("person", "Person", numeric=True, text=pounds),
    )
    return listed(
        request.principal, OWED, "owed", columns, rows, id="payments", title="Payments",
        empty="No run of payments has been made yet.",
    )  # fmt: skip


def _paid(request: HttpRequest, run: PaymentRun) -> Listing:
    found = Payment.objects.reached(request.principal, OWED).filter(run=run)
    rows = [
        {
            "number": one.package_id, "href": f"/work/packages/{one.package_id}/owed/", "who": one.package.person.name,
            "provider": one.package.organisation.name, "part": one.line,
            "period": f"{day(one.first)} to {day(one.last)}", "funder": _FUNDERS[one.funder], "paid": one.pence,
            "kind": "Recovered" if one.pence < 0 else "Paid",
        }
        for one in found.select_related("package__person", "package__organisation").order_by("package", "first", "pk")
    ]  # fmt: skip
    columns = (
        Column("number", "Package", numeric=True, link="href"),
        Column("who", "For", shown=False),
        Column("provider", "Provider", filtered=True),
        Column("part", "Part"),
        Column("period", "Payment period"),
        Column("funder", "Who pays", filtered=True),
        Column("kind", "Paid or recovered", filtered=True),
        Column("paid", "Amount", numeric=True, text=signed),
    )
    return listed(
        request.principal, OWED, "owed", columns, rows, id="payments", title=f"Run {run.number}",
        empty="What it paid was for people whose records were erased.",
    )  # fmt: skip


_FUNDERS: Final = {"council": "Council", "nhs": "NHS", "person": "Person"}


def _totals(found: Draft) -> list[tuple[Any, ...]]:
    names = {package.organisation_id: package.organisation.name for package, _ in found.payments}
    return [
        (names[key], *(pounds(by[name]) for name in FUNDERS), pounds(sum(by.values())))
        for key, by in sorted(found.totals.items(), key=lambda pair: names[pair[0]])
    ]
