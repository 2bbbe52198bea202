"""Pages on which providers apply to lists and see where they stand, and on which the council considers them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from careshape.accounts.times import moment
from careshape.ledger.posting import uk_day
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.providers.evidence import kinds_of, states, wanting
from careshape.providers.models import Evidence
from careshape.source.lists import applying
from careshape.source.lists.application_course import applying as applying_course
from careshape.source.lists.applying import APPLY, CONSIDER, JOIN, may_move, why_not
from careshape.source.lists.kinds import title_of
from careshape.source.models import Application, ApplicationPart, Member, Vehicle
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care import words as care_words
from careshape.work.care.application_forms import ApplyForm, ComeForm, ConsiderForm
from careshape.work.care.forms import ReasonForm, done
from careshape.work.care.words import EVIDENCE_STATES
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

SEE: Final = "source.applications"
HOME: Final = "/work/applications/"
JOINING: Final = "/work/joining/"
_CRUMB: Final = ("Applications", HOME)


@does(JOIN)
def joining(request: HttpRequest) -> HttpResponse:
    """The lists of the council, and which of them take providers."""
    return page(
        request, "care_list.html", here="/work/standing/", title="Lists of the council", download="/work/joining",
        crumbs=(("Lists you are on", "/work/standing/"), ("Lists of the council", "")), add=None,
        arranged=arrange(_joining(request), request.GET.dict()), links=[("Your applications", HOME)],
        intro="From which lists the council buys, and which of them you can apply to. Where a list is closed, you can "
        "still tell the council that you would come: it is recorded.",
    )  # fmt: skip


@does(JOIN)
def joining_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return download(arrange(_joining(request), request.GET.dict()), kind, "joining")


def _joining(request: HttpRequest) -> Listing:
    today = uk_day(timezone.now())
    live = {
        one.vehicle_id: one for one in Application.objects.reached(request.principal, SEE).filter(ended_at__isnull=True)
    }
    rows = []
    for one in Vehicle.objects.reached(request.principal, JOIN).order_by("title"):
        if one.is_of.own or (one.ends_on is not None and one.ends_on < today):
            continue
        mine, why = live.get(one.pk), why_not(one)
        rows.append({
            "title": one.title, "kind": one.is_of.title, "open": "Closed" if why else "Takes applications",
            "why": why, "ends": one.ends_on or "",
            "mine": applying_course().state(mine.state).title if mine else "",
            "href": f"{HOME}{mine.pk}/" if mine else f"{JOINING}{one.pk}/",
        })  # fmt: skip
    columns = (
        Column("title", "List", link="href"),
        Column("kind", "Kind", filtered=True),
        Column("open", "Now", filtered=True),
        Column("mine", "Your application", filtered=True),
        Column("ends", "Last day", text=lambda value: day(value) if value else "No end"),
        Column("why", "Why it is closed", wide=True),
    )
    return Listing("joining", "Lists of the council", columns, rows, "The council buys from no list yet.", sort="title")


@does(JOIN, POST=JOIN)
def join_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an application to a list; or tell the council of a closed one that one would come."""
    row: Vehicle = Vehicle.objects.reach(request.principal, JOIN, pk=pk)
    why, form = why_not(row), ComeForm(request.POST or None)
    made = done(request, form, lambda given: applying.begin(request.principal, row, given["words"]))
    if made is not None:
        notify(request, "Your application is begun. It is with you until you send it.")
        return HttpResponseRedirect(f"{HOME}{made.pk}/edit/")
    intro = (why, "You can tell the council that you would come. It is refused, and recorded.") if why else (
        f"{row.is_of.title}. You say what you apply for on the next page, and send it when it is whole.",
    )  # fmt: skip
    return page(
        request, "care_form.html", here="/work/standing/", form=form, back=JOINING, title=row.title, intro=intro,
        crumbs=(("Lists of the council", JOINING), (row.title, "")), status=422 if form.errors else 200,
        button="Tell the council" if why else "Begin an application",
    )  # fmt: skip


@does(SEE)
def applications(request: HttpRequest) -> HttpResponse:
    """Applications to lists: one's own, or all that were sent to the council."""
    own = request.principal.organisation is not None
    links = [] if own else [("Who came to a closed list", "/work/approaches/")]
    return page(
        request, "care_list.html", here="/work/standing/" if own else "/work/lists/", title="Applications to lists",
        arranged=arrange(_listing(request), request.GET.dict()), download=HOME.rstrip("/"), links=links,
        add=("Apply to a list", JOINING) if own else None,
        crumbs=(("Lists", "/work/standing/" if own else "/work/lists/"), ("Applications", "")),
        intro="What you apply for, and where it stands." if own else
        "Providers that want to come onto a list, each with what it has shown.",
    )  # fmt: skip


@does(SEE)
def applications_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return download(arrange(_listing(request), request.GET.dict()), kind, "applications")


def _listing(request: HttpRequest) -> Listing:
    found = Application.objects.reached(request.principal, SEE).select_related("vehicle", "organisation")
    rows = [
        {
            "number": one.pk, "provider": one.organisation.name, "list": one.vehicle.title,
            "state": applying_course().state(one.state).title, "sent": one.sent_at or "",
            "parts": "; ".join(_part(part) for part in one.parts.all()), "href": f"{HOME}{one.pk}/",
            "ended": one.ended_at or "",
        }
        for one in found.prefetch_related("parts__lot").order_by("-pk")
    ]  # fmt: skip
    columns = (
        Column("number", "Number", numeric=True, link="href"),
        Column("provider", "Provider"),
        Column("list", "List", filtered=True),
        Column("parts", "For", wide=True),
        Column("state", "Stands", filtered=True),
        Column("sent", "Sent", text=lambda value: moment(value) if value else "Not yet"),
        Column("ended", "Decided", text=lambda value: moment(value) if value else ""),
    )
    return Listing("applications", "Applications to lists", columns, rows, "Nobody has applied yet.")


@does(SEE)
def one_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: for what, with which evidence, and where it stands."""
    row = _one(request, SEE, pk)
    own = request.principal.organisation is not None
    state, moves = applying_course().state(row.state), {one.id for one in may_move(request.principal, row)}
    desk, home = desk_of(request), f"{HOME}{pk}/"
    acts = []
    if own and desk.may(APPLY) and "send" in moves:
        acts.append(("Change it or send it", f"{home}edit/", ""))
    if own and desk.may(APPLY) and "withdraw" in moves:
        acts.append(("Take it back", f"{home}withdraw/", "govuk-button--secondary"))
    if desk.may(CONSIDER) and "admit" in moves:
        acts.append(("Ask for more, admit it or turn it away", f"{home}consider/", ""))
    parts, stands = list(row.parts.select_related("lot")), _stands(request, row)
    return page(
        request, "application.html", here="/work/standing/" if own else "/work/lists/", row=row, state=state, acts=acts,
        title=f"{row.organisation.name}: {row.vehicle.title}", crumbs=(_CRUMB, (row.vehicle.title, "")), back=HOME,
        parts=[_shown(row, one, stands) for one in parts], evidence=_evidence(request, row), steps=_steps(row),
        wanting=wanting(row.vehicle.council, row.organisation_id, {one.service for one in parts}, _today()),
    )  # fmt: skip


@does(APPLY, POST=APPLY)
def edit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say for what one applies; keep it for later, or send it."""
    row = _one(request, APPLY, pk)
    mine = list(_shown_by(request, row).filter(withdrawn_at__isnull=True).order_by("-pk"))
    kinds, stand = kinds_of(row.vehicle.council), states(mine, _today())
    named = [(str(one.pk), f"{_kind(kinds, one)}. {EVIDENCE_STATES[stand[one.pk]]}.") for one in mine]
    attached = [str(one) for one in row.attached.values_list("evidence", flat=True)]
    form = ApplyForm(
        request.POST or None, vehicle=row.vehicle, evidence=named, parts=list(row.parts.all()),
        initial={"evidence": attached, "words": row.words},
    )  # fmt: skip

    def kept(given: dict[str, Any]) -> bool:
        chosen = [one for one in mine if str(one.pk) in given.get("evidence", ())]
        applying.keep(request.principal, row, form.wanted(), chosen, given["words"])
        if "send" in request.POST:
            applying.send(request.principal, row)
        return True

    if done(request, form, kept):
        sent = "It is with the council. You see here where it stands."
        notify(request, sent if "send" in request.POST else "It is kept. Send it when it is whole.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    asked = row.steps.filter(move="ask").order_by("-pk").first() if row.state == "asked" else None
    return page(
        request, "application_edit.html", here="/work/standing/", form=form, back=f"{HOME}{pk}/", row=row, asked=asked,
        crumbs=(_CRUMB, (row.vehicle.title, f"{HOME}{pk}/"), ("Change it", "")), title=f"Apply to {row.vehicle.title}",
        status=422 if form.errors else 200,
    )  # fmt: skip


@does(APPLY, POST=APPLY)
def withdraw_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an application back."""
    row = _one(request, APPLY, pk)
    form = ReasonForm(request.POST or None)

    def taken(given: dict[str, Any]) -> bool:
        applying.withdraw(request.principal, row, given["reason"])
        return True

    if done(request, form, taken):
        notify(request, "Your application is taken back. You may apply again.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    return page(
        request, "care_form.html", here="/work/standing/", form=form, back=f"{HOME}{pk}/", warning=True,
        crumbs=(_CRUMB, (row.vehicle.title, f"{HOME}{pk}/"), ("Take it back", "")), button="Take it back",
        title=f"Take back your application to {row.vehicle.title}", intro=("The council reads why.",),
        status=422 if form.errors else 200,
    )  # fmt: skip


@does(CONSIDER, POST=CONSIDER)
def consider_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a provider for more, admit it, or turn it away."""
    row = _one(request, CONSIDER, pk)
    parts = {one.pk: _part(one) for one in row.parts.select_related("lot")}
    moves = may_move(request.principal, row)
    form = ConsiderForm(request.POST or None, moves=moves, parts=parts)

    def decided(given: dict[str, Any]) -> bool:
        act = {"ask": applying.ask, "turn-away": applying.turn_away}.get(given["move"])
        if act is not None:
            act(request.principal, row, given["words"])
        else:
            applying.admit(request.principal, row, {int(one) for one in given["parts"]}, given["words"])
        return True

    if done(request, form, decided):
        row.refresh_from_db()
        notify(request, f"{row.organisation.name}: {applying_course().state(row.state).title.lower()}.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    return page(
        request, "application_consider.html", here="/work/lists/", form=form, back=f"{HOME}{pk}/", row=row,
        crumbs=(_CRUMB, (row.organisation.name, f"{HOME}{pk}/"), ("Consider it", "")),
        title=f"{row.organisation.name} applies to {row.vehicle.title}", status=422 if form.errors else 200,
    )  # fmt: skip


def _one(request: HttpRequest, act: str, pk: int) -> Application:
    rows = Application.objects.select_related("vehicle", "organisation")
    found: Application = rows.reach(request.principal, act, pk=pk)
    return found


def _today() -> Any:
    return uk_day(timezone.now())


def _part(one: ApplicationPart) -> str:
    """What is applied for, in words."""
    if one.lot is not None:
        return f"{one.lot.number}. {one.lot.title}"
    named = (("client_group", one.client_group), ("zone", one.zone), ("district", one.district))
    return ", ".join([care_words.service(one.service), *(label_of(name, entry) for name, entry in named if entry)])


def _shown(
    row: Application, one: ApplicationPart, stands: dict[tuple[str, str, str, str], str]
) -> tuple[str, str, str]:
    """A part, its price, and how the provider stands on the list for it."""
    price = care_words.price(one.service, one.price) if one.price else "By the price list"
    state = stands.get((one.service, one.client_group, one.zone, one.district), "")
    return _part(one), price, title_of(row.vehicle.kind, state) if state else "Not sent yet"


def _stands(request: HttpRequest, row: Application) -> dict[tuple[str, str, str, str], str]:
    """How the provider stands on the list, by service, client group, zone and district."""
    rows = Member.objects.reached(request.principal, SEE).filter(
        vehicle=row.vehicle_id, organisation=row.organisation_id
    )
    found = rows.values_list("service", "client_group", "zone", "district", "state")
    return {(service, group, zone, district): state for service, group, zone, district, state in found}


def _evidence(request: HttpRequest, row: Application) -> list[tuple[str, str, str, str]]:
    """What was attached: its address, what it is, its last day, and whether it counts."""
    found = [one.evidence for one in row.attached.select_related("evidence__location__place").order_by("pk")]
    near = list(_shown_by(request, row).select_related("location__place"))
    stand, kinds = states(near, _today()), kinds_of(row.vehicle.council)
    return [
        (f"/work/shown/{one.pk}/", _kind(kinds, one), day(one.last_on) if one.last_on else "Does not lapse",
         EVIDENCE_STATES[stand[one.pk]])
        for one in found
    ]  # fmt: skip


def _shown_by(request: HttpRequest, row: Application) -> Any:
    """What the provider has shown."""
    return Evidence.objects.reached(request.principal, "providers.see").filter(organisation=row.organisation_id)


def _kind(kinds: Any, one: Evidence) -> str:
    return str(kinds[one.kind].title if one.kind in kinds else one.kind)


def _steps(row: Application) -> list[tuple[str, str, str]]:
    """What happened to an application, the latest first."""
    course = applying_course()
    return [(moment(one.at), course.state(one.state).title, one.words) for one in row.steps.order_by("-pk")]
