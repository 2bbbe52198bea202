"""Pages of providers that fail: the drill, which changes nothing, and placing anew everybody whom one leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.models import Organisation
from careshape.accounts.times import moment
from careshape.audit.change import reading, tell
from careshape.policy.listing import Column, Listing, arrange, download, listed
from careshape.policy.views import does
from careshape.source.failing.act import ACT as FAIL
from careshape.source.failing.act import anew_soon, begin
from careshape.source.failing.drill import Drill, drill
from careshape.source.models import Affected, Failure
from careshape.source.models.brokerage import STEPS, Step
from careshape.source.together.weeks import week_of_day
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care import words as care_words
from careshape.work.care.forms import done
from careshape.work.care.round_forms import FailForm, WhoForm
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page
from careshape.work.told_list import list_download, list_page

HOME: Final = "/work/failures/"
SEE: Final = "source.failures"
BROKER: Final = "source.broker"
_BEFORE: Final = ("package__award__offer", "package__award__request")
_HERE: Final = "/work/packages/"
_CRUMBS: Final = (("Providers that fail", HOME),)


@does(SEE)
@reading
def failures(request: HttpRequest) -> HttpResponse:
    """The providers that failed."""
    return list_page(
        request, SEE, failures_of(request), here=HOME, crumbs=(_CRUMBS[0], ("Providers that fail", "")),
        intro="Providers that gave up, and how far everybody whom they left is placed anew.",
        add=("See what a failure would come to", f"{HOME}drill/"),
    )  # fmt: skip


@does(SEE)
@reading
def failures_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is filtered, as a file."""
    return list_download(request, SEE, failures_of(request), kind)


def failures_of(request: HttpRequest) -> Listing:
    """The providers that failed."""
    found = Failure.objects.reached(request.principal, SEE).select_related("organisation", "made_by")
    rows = [
        {**_told(one), "href": f"{HOME}{one.pk}/"}
        for one in found.prefetch_related("affected__package", "affected__request").order_by("-pk")
    ]
    columns = (
        Column("provider", "Provider", link="href"),
        Column("last_day", "Last day", text=day),
        Column("people", "People", numeric=True),
        Column("placed", "Placed anew", numeric=True),
        Column("because", "Why", wide=True),
        Column("made", "Said", text=moment),
        Column("by", "By"),
        Column("number", "Number", shown=False),
    )
    return listed(
        request.principal, SEE, "failure", columns, rows, id="failures", title="Providers that fail",
        empty="No provider has failed.",
    )  # fmt: skip


def _told(one: Failure) -> dict[str, Any]:
    affected = list(one.affected.all())
    return {
        "number": one.pk, "provider": one.organisation.name, "last_day": one.last_day, "because": one.because,
        "people": len({row.package.person_id for row in affected}),
        "placed": sum(1 for row in affected if row.request and row.request.state == Step.AWARDED.value),
        "made": one.made_at, "by": one.made_by.name,
    }  # fmt: skip


@does(SEE)
def drill_choice(request: HttpRequest) -> HttpResponse:
    """Choose the provider of a drill."""
    form = WhoForm(request.GET or None, principal=request.principal)
    if request.GET and form.is_valid():
        return HttpResponseRedirect(f"{HOME}drill/{form.cleaned_data['organisation'].pk}/")
    return page(
        request, "drill_choice.html", here=_HERE, form=form, crumbs=(*_CRUMBS, ("Drill", "")),
        status=422 if form.errors else 200,
    )  # fmt: skip


@does(SEE)
@reading
def drill_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the failure of a provider would come to today."""
    organisation = _organisation(request, SEE, pk)
    found = drill(organisation)
    arranged = arrange(hits_of(request, found), request.GET.dict())
    tell(request.principal, SEE, organisation, drill=True, rows=len(arranged.rows))
    ends = [
        (care_words.service(service), label_of("district", district), care_words.amount(service, units))
        for (service, district), units in found.units_by().items()
    ]
    return page(
        request, "drill.html", here=_HERE, crumbs=(*_CRUMBS, (organisation.name, "")), found=found, arranged=arranged,
        ends=ends, download=f"{HOME}drill/{pk}", may_fail=desk_of(request).may(FAIL),
    )  # fmt: skip


@does(SEE)
@reading
def drill_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The report of a drill as a file; that it was taken is told in the log."""
    organisation = _organisation(request, SEE, pk)
    arranged = arrange(hits_of(request, drill(organisation)), request.GET.dict())
    answer = download(arranged, kind, "drill")
    tell(request.principal, SEE, organisation, drill=True, rows=len(arranged.rows), file=kind)
    return answer


def _organisation(request: HttpRequest, act: str, pk: int) -> Organisation:
    found: Organisation = Organisation.objects.select_related("council").reach(request.principal, act, pk=pk)
    return found


_ABOUT: Final = (
    Column("number", "Package", numeric=True, link="href"),
    Column("who", "For"),
    Column("service", "Service", filtered=True),
    Column("amount", "How much"),
    Column("where", "Where", filtered=True),
    Column("since", "Since", text=day, shown=False),
    Column("price", "Price now", shown=False),
)


def hits_of(request: HttpRequest, found: Drill) -> Listing:
    """Whose care would end, and what could replace it."""
    rows = [
        {
            **_care(one.package, one.units, one.price, one.since), "could": len(one.could), "first": one.first,
            "proposed": one.proposed.organisation.name if one.proposed else "Nobody", "why": one.why,
            "href": f"/work/packages/{one.package.pk}/" if desk_of(request).may("source.packages") else "",
        }
        for one in found.hits
    ]  # fmt: skip
    columns = (
        *_ABOUT,
        Column("could", "Could take it", numeric=True),
        Column("first", "Best by itself"),
        Column("proposed", "All placed together", filtered=True),
        Column("why", "Why nobody", wide=True),
    )
    return listed(
        request.principal, SEE, "affected", columns, rows, id="drill", title="Whom it would leave",
        empty="It gives no care to anybody of the council that goes on.",
    )  # fmt: skip


def _care(package: Any, units: int, price: int, since: Any) -> dict[str, Any]:
    return {
        "number": package.pk, "who": package.person.name, "service": care_words.service(package.service),
        "amount": care_words.amount(package.service, units), "where": label_of("district", package.district),
        "since": since, "price": care_words.price(package.service, price),
    }  # fmt: skip


@does(FAIL, POST=FAIL)
@reading
def fail_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a provider fails."""
    organisation = _organisation(request, FAIL, pk)
    form, back = FailForm(request.POST or None), f"{HOME}drill/{pk}/"
    made = done(
        request, form,
        lambda given: begin(request.principal, organisation, given["last_day"], given["because"]),
    )  # fmt: skip
    if made is not None:
        notify(request, "It is suspended on every list, and care is asked for anew for everybody whom it leaves.")
        return HttpResponseRedirect(f"{HOME}{made.pk}/")
    tell(request.principal, FAIL, organisation)
    return page(
        request, "care_form.html", here=_HERE, form=form, back=back, status=422 if form.errors else 200, warning=True,
        crumbs=(*_CRUMBS, (organisation.name, back), ("It stops", "")), button="It stops giving care",
        title=f"{organisation.name} stops giving care",
        intro=(
            "It is suspended on every list, and a request is made for everybody whose care goes on beyond that day. "
            "A broker then ends its packages with that day and sends the requests.",
        ),
    )  # fmt: skip


@does(SEE)
@reading
def failure_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A provider that failed, and how far everybody whom it leaves is placed anew."""
    row = Failure.objects.select_related("organisation", "made_by").reach(request.principal, SEE, pk=pk)
    arranged = arrange(affected_of(request, row), request.GET.dict())
    tell(request.principal, SEE, row, rows=len(arranged.cells))
    states = [one.get("state") for one in arranged.listing.rows]
    week = week_of_day(row.last_day + timedelta(days=1))
    return page(
        request, "failure.html", here=_HERE, crumbs=(*_CRUMBS, (row.organisation.name, "")), row=row, day=day,
        arranged=arranged, told=_told(row), download=f"{HOME}{pk}/affected", week=week,
        may=desk_of(request).may(BROKER), without=sum(1 for one in states if one != STEPS[Step.AWARDED]),
        unsent=states.count(STEPS[Step.OPEN]),
    )  # fmt: skip


@does(SEE)
@reading
def affected_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Whom it leaves, as filtered, as a file."""
    row = Failure.objects.reach(request.principal, SEE, pk=pk)
    arranged = arrange(affected_of(request, row), request.GET.dict())
    answer = download(arranged, kind, "affected")
    tell(request.principal, SEE, row, rows=len(arranged.rows), file=kind)
    return answer


def affected_of(request: HttpRequest, row: Failure) -> Listing:
    """Whom a provider that failed leaves, and how far each is placed anew."""
    found = Affected.objects.reached(request.principal, SEE).filter(failure=row)
    found = found.select_related("package__person", "request__award__offer__organisation", *_BEFORE)
    rows = [
        {
            **_care(one.package, _units(one), one.package.award.offer.price or 0, one.package.award.request.starts_on),
            "request": one.request_id, "state": STEPS[Step(one.request.state)] if one.request else "No request",
            "proposed": _goes_to(one), "why": one.why,
            "href": f"/work/requests/{one.request_id}/" if one.request_id else "",
        }
        for one in found.order_by("pk")
    ]  # fmt: skip
    columns = (
        Column("request", "Request", numeric=True, link="href"),
        *(one for one in _ABOUT if one.name not in ("number", "since")),
        Column("state", "State", filtered=True),
        Column("proposed", "Goes to", filtered=True),
        Column("why", "What stops it", wide=True),
        Column("number", "Package", shown=False),
    )
    return listed(
        request.principal, SEE, "affected", columns, rows, id="affected", title="Whom it leaves",
        empty="It left nobody.",
    )  # fmt: skip


def _units(one: Affected) -> int:
    return int(one.request.units if one.request else one.package.award.request.units)


def _goes_to(one: Affected) -> str:
    made = getattr(one.request, "award", None) if one.request else None
    return made.offer.organisation.name if made else ""


@does(BROKER, POST=BROKER)
@reading
def anew_page(request: HttpRequest, pk: int) -> HttpResponse:
    """End the packages of a failed provider with its last day, and send the requests of those it leaves."""
    row = Failure.objects.reach(request.principal, BROKER, pk=pk)
    if request.method == "POST":
        anew_soon(request.principal, row)
        notify(request, "Its packages are ended with its last day, and the requests are sent. See how far it is below.")
    else:
        tell(request.principal, BROKER, row)
    return HttpResponseRedirect(f"{HOME}{pk}/")
