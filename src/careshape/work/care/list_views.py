"""Pages of the lists by which a council buys: what each is, its rounds and lots, and who is on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from careshape.ledger.posting import uk_day
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.source.lists.kinds import title_of
from careshape.source.lists.prices import prices_on
from careshape.source.lists.vehicles import add_lot, admit, begin, close_round, contracts_of, end, open_round
from careshape.source.models import Lot, Member, Vehicle
from careshape.source.models.vehicles import ZONES, Standing
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care import words as care_words
from careshape.work.care.forms import done, hundredths
from careshape.work.care.list_forms import AdmitForm, DayForm, ListForm, PartForm
from careshape.work.care.list_words import stands
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

HOME: Final = "/work/lists/"
SEE: Final = "source.lists"
KEEP: Final = "source.vehicles"
_CRUMB: Final = ("Lists we buy from", HOME)
SOON: Final = timedelta(days=180)
"""How long before its last day a list says that it ends."""
JOINS: Final = {
    "always": "Providers may join at any time.",
    "rounds": "Providers join in rounds.",
    "never": "Closed: nobody joins after it began. Who asks all the same is recorded.",
}
AWARDS: Final = {
    "competition": "All who are admitted for a lot are asked, at once.",
    "direct": "One provider may be asked alone.",
    "either": "By competition, or one provider alone.",
}


@does(SEE)
def lists(request: HttpRequest) -> HttpResponse:
    """The lists by which the council buys."""
    return page(
        request, "care_list.html", here=HOME, arranged=arrange(_lists(request), request.GET.dict()),
        title="Lists we buy from", download="/work/lists",
        intro="Frameworks, dynamic markets and other lists: a request for care goes to the providers on them.",
        aside=("What would be lost by buying from gold and silver providers alone", "/work/grades/"),
        links=_links(request),
        add=("Begin a list", f"{HOME}add/") if desk_of(request).may(KEEP) else None,
    )  # fmt: skip


def _links(request: HttpRequest) -> list[tuple[str, str]]:
    more = [("Applications of providers", "/work/applications/")] if desk_of(request).may("source.applications") else []
    return [*more, ("Who came to a closed list", "/work/approaches/")]


@does(SEE)
def lists_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The lists as a file."""
    return download(arrange(_lists(request), request.GET.dict()), kind, "lists")


def _lists(request: HttpRequest) -> Listing:
    today = uk_day(timezone.now())
    admitted = Count("members__organisation", filter=Q(members__state=Standing.ADMITTED.value), distinct=True)
    suspended = Count("members__organisation", filter=Q(members__state=Standing.SUSPENDED.value), distinct=True)
    found = Vehicle.objects.reached(request.principal, SEE).annotate(admitted=admitted, suspended=suspended)
    rows = [
        {
            "title": one.title, "kind": one.is_of.title, "state": _in_force(one, today), "begins": one.begins_on,
            "ends": one.ends_on, "admitted": one.admitted, "suspended": one.suspended, "href": f"{HOME}{one.pk}/",
        }
        for one in found.order_by("title")
    ]  # fmt: skip
    columns = (
        Column("title", "List", link="href"),
        Column("kind", "Kind", filtered=True),
        Column("state", "State", filtered=True),
        Column("begins", "First day", text=day),
        Column("ends", "Last day", text=lambda value: day(value) if value else "No end"),
        Column("admitted", "Admitted", numeric=True),
        Column("suspended", "Suspended", numeric=True),
    )
    return Listing("lists", "Lists we buy from", columns, rows, "The council buys from no list yet.", sort="title")


def _in_force(one: Vehicle, today: Any) -> str:
    if one.begins_on > today:
        return "To come"
    if one.ends_on is None:
        return "In force"
    return "Ended" if one.ends_on < today else "Ends soon" if one.ends_on < today + SOON else "In force"


@does(KEEP, POST=KEEP)
def begin_page(request: HttpRequest) -> HttpResponse:
    """Begin a list."""
    contracts = [(one.id, one.title) for one in contracts_of(request.principal.council).contracts.values()]
    form = ListForm(request.POST or None, contracts=contracts)
    made = done(request, form, lambda given: begin(request.principal, **form.given()))
    if made is not None:
        notify(request, f"{made.title} is begun. Admit providers to it.")
        return HttpResponseRedirect(f"{HOME}{made.pk}/")
    return page(
        request, "care_form.html", here=HOME, crumbs=(_CRUMB, ("Begin a list", "")), form=form, back=HOME,
        title="Begin a list", button="Begin it", intro=(), status=422 if form.errors else 200,
    )  # fmt: skip


@does(SEE)
def list_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One list, and who is on it."""
    row = Vehicle.objects.reach(request.principal, SEE, pk=pk)
    may = desk_of(request).may(KEEP)
    today = uk_day(timezone.now())
    state = _in_force(row, today)
    return page(
        request, "list.html", here=HOME, crumbs=(_CRUMB, (row.title, "")), title=row.title,
        summary=_about(row, ended=state == "Ended", keeps=may), warning=_warning(row, state),
        arranged=arrange(_members(request, row), request.GET.dict()), download=f"{HOME}{pk}/members",
        add=("Admit a provider", f"{HOME}{pk}/admit/") if may and state != "Ended" else None,
    )  # fmt: skip


def _warning(row: Vehicle, state: str) -> str:
    """What is said of a list that has ended or ends soon."""
    if state == "Ended":
        return f"It ended on {day(row.ends_on)}. Packages go on; new work comes from other lists."
    if state == "Ends soon":
        return f"It ends on {day(row.ends_on)}. Packages go on; new work needs another list."
    return ""


def _about(row: Vehicle, *, ended: bool, keeps: bool) -> list[tuple[str, str, str, str]]:
    """What a list is, each with where it leads."""
    kind, home = row.is_of, f"{HOME}{row.pk}/"
    until = f" to {day(row.ends_on)}." if row.ends_on else f". No last day. {kind.ends}"
    lots, priced = row.lots.count(), row.prices.filter(member__isnull=True).count()
    found = [
        ("Kind", f"{kind.title}. {kind.course.title}.", "", ""),
        ("Joining", "Nobody joins it any more." if ended else _joining(row),
         f"{home}round/" if keeps and not ended and kind.joins == "rounds" else "", "Change"),
        ("How work comes", "In the order of its providers." if kind.ranked else AWARDS[kind.awards], "", ""),
        ("In force", f"From {day(row.begins_on)}{until}", f"{home}end/" if keeps else "", "Change"),
        ("Lots", f"{lots}" if lots else "None: each provider says for what it is on it.", f"{home}lots/", "See"),
        ("Prices", f"{priced} on its price list. {ZONES[row.priced_by]}." if priced else
         "Each provider has its own.", f"{home}prices/", "See"),
        ("Grades", stands(row), f"{home}grades/", "See"),
    ]  # fmt: skip
    return found


def _joining(row: Vehicle) -> str:
    if row.is_of.joins != "rounds":
        return JOINS[row.is_of.joins]
    last = row.rounds.order_by("-opens_on").first()
    if last is None:
        return f"{JOINS['rounds']} None was opened."
    if last.closes_on is None:
        return f"{JOINS['rounds']} One is open since {day(last.opens_on)}."
    return f"{JOINS['rounds']} The last was from {day(last.opens_on)} to {day(last.closes_on)}."


@does(SEE)
def members_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Who is on a list, as a file."""
    row = Vehicle.objects.reach(request.principal, SEE, pk=pk)
    return download(arrange(_members(request, row), request.GET.dict()), kind, "members")


def _members(request: HttpRequest, row: Vehicle) -> Listing:
    found = list(
        Member.objects.reached(request.principal, SEE).filter(vehicle=row)
        .select_related("organisation", "vehicle", "lot")
        .order_by("service", "zone", "rank", "organisation__name", "pk")
    )  # fmt: skip
    rows: list[dict[str, Any]] = [{**said_of(one), "href": f"/work/members/{one.pk}/"} for one in found]
    priced = prices_on(found, on=uk_day(timezone.now()))
    for one, said in zip(found, rows, strict=True):
        now = one.price if priced[one.pk] is None else priced[one.pk]
        said["price"] = care_words.price(one.service, now) if now else "By the price list"
    columns = (
        Column("provider", "Provider", link="href"),
        Column("lot", "Lot", filtered=True, shown=any(one.lot_id for one in found)),
        Column("service", "Service", filtered=True),
        Column("group", "For", filtered=True, shown=any(one.client_group for one in found)),
        Column("where", "Where", filtered=True),
        Column("rank", "Order", shown=row.is_of.ranked),
        Column("places", "Places", numeric=True, shown=row.is_of.places),
        Column("price", "Price"),
        Column("state", "Stands", filtered=True),
        Column("since", "Since", text=day),
        Column("reason", "Why", wide=True),
    )
    return Listing("members", f"Who is on {row.title}", columns, rows, "Nobody is on it yet.")


def said_of(one: Member) -> dict[str, Any]:
    """A provider on a list as it is shown."""
    group = label_of("client_group", one.client_group) if one.client_group else ""
    return {
        "provider": one.organisation.name, "list": one.vehicle.title, "kind": one.vehicle.is_of.title,
        "lot": one.lot.title if one.lot else "", "service": care_words.service(one.service),
        "group": group or "Everybody", "where": where_of(one), "rank": rank_of(one), "places": one.places,
        "state": title_of(one.vehicle.kind, one.state), "since": one.since, "reason": one.reason,
    }  # fmt: skip


def where_of(one: Member) -> str:
    """Where a provider is on a list for."""
    parts = [label_of(name, entry) for name, entry in (("zone", one.zone), ("district", one.district)) if entry]
    return ", ".join(parts) or "Everywhere"


def rank_of(one: Member) -> str:
    """The place of a provider in the order of a ranked list, in words."""
    if one.rank is None:
        return ""
    return "Primary" if one.rank == 1 else f"Backup {one.rank - 1}"


@does(KEEP, POST=KEEP)
def admit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a provider onto a list."""
    row = Vehicle.objects.reach(request.principal, KEEP, pk=pk)
    form = AdmitForm(request.POST or None, principal=request.principal, vehicle=row)

    def admitted(given: dict[str, Any]) -> Member:
        part = {name: given.get(name) or "" for name in ("district", "zone", "client_group")}
        return admit(
            request.principal, row, given["organisation"], given.get("service") or "",
            hundredths(given["price"]) or None, lot=form.lot(), places=given.get("places"),
            by=given.get("by") or "admit", reason=given.get("reason") or "", **part,
        )  # fmt: skip

    made = done(request, form, admitted)
    if made is not None:
        notify(request, f"{made.organisation.name} is {title_of(row.kind, made.state).lower()}.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    return page(
        request, "care_form.html", here=HOME, form=form, back=f"{HOME}{pk}/", status=422 if form.errors else 200,
        crumbs=(_CRUMB, (row.title, f"{HOME}{pk}/"), ("Admit a provider", "")),
        title=f"Admit a provider to {row.title}", button="Admit it", intro=(JOINS[row.is_of.joins],),
    )  # fmt: skip


@does(SEE)
def lots(request: HttpRequest, pk: int) -> HttpResponse:
    """The lots of a list."""
    row = Vehicle.objects.reach(request.principal, SEE, pk=pk)
    return page(
        request, "care_list.html", here=HOME, crumbs=(_CRUMB, (row.title, f"{HOME}{pk}/"), ("Lots", "")),
        title=f"Lots of {row.title}", arranged=arrange(_lots(request, row), request.GET.dict()),
        intro="Each lot is a service, for somebody, somewhere. Providers are admitted to lots.",
        download=f"{HOME}{pk}/lots", add=("Add a lot", f"{HOME}{pk}/lots/add/") if desk_of(request).may(KEEP) else None,
    )  # fmt: skip


@does(SEE)
def lots_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The lots as a file."""
    row = Vehicle.objects.reach(request.principal, SEE, pk=pk)
    return download(arrange(_lots(request, row), request.GET.dict()), kind, "lots")


def _lots(request: HttpRequest, row: Vehicle) -> Listing:
    admitted = Count("members", filter=Q(members__state=Standing.ADMITTED.value))
    found = Lot.objects.reached(request.principal, SEE).filter(vehicle=row).annotate(admitted=admitted)
    rows = [
        {
            "number": one.number, "title": one.title, "service": care_words.service(one.service),
            "group": label_of("client_group", one.client_group) if one.client_group else "Everybody",
            "zone": label_of("zone", one.zone) if one.zone else "Every zone",
            "district": label_of("district", one.district) if one.district else "Every district",
            "admitted": one.admitted,
        }
        for one in found.order_by("number")
    ]  # fmt: skip
    columns = (
        Column("number", "Lot", numeric=True),
        Column("title", "Name"),
        Column("service", "Service", filtered=True),
        Column("group", "For", filtered=True),
        Column("zone", "Zone", filtered=True),
        Column("district", "District", filtered=True),
        Column("admitted", "Admitted", numeric=True),
    )
    return Listing(
        "lots", f"Lots of {row.title}", columns, rows, "It has no lots: each provider says for what it is on it."
    )


@does(KEEP, POST=KEEP)
def lot_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a lot."""
    row = Vehicle.objects.reach(request.principal, KEEP, pk=pk)
    back = f"{HOME}{pk}/lots/"
    return _form_page(
        request, row, PartForm(request.POST or None), lambda given: add_lot(request.principal, row, **given),
        title=f"Add a lot to {row.title}", button="Add it", back=back, said="The lot is added. Admit providers to it.",
    )  # fmt: skip


@does(KEEP, POST=KEEP)
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a round in which providers may join, or close the one that is open."""
    row = Vehicle.objects.reach(request.principal, KEEP, pk=pk)
    closes = row.rounds.filter(closes_on__isnull=True).exists()
    act = close_round if closes else open_round
    title = f"{'Close the round of' if closes else 'Open a round of'} {row.title}"
    intro = "The last day on which providers may join." if closes else "The first day on which providers may join."
    return _form_page(
        request, row, DayForm(request.POST or None), lambda given: act(request.principal, row, given["on"]),
        title=title, button="Close it" if closes else "Open it", intro=(intro,), said="The round is kept.",
    )  # fmt: skip


@does(KEEP, POST=KEEP)
def end_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a list its last day, or another."""
    row = Vehicle.objects.reach(request.principal, KEEP, pk=pk)

    def ended(given: dict[str, Any]) -> bool:
        end(request.principal, row, given["on"])
        return True

    return _form_page(
        request, row, DayForm(request.POST or None, initial={"on": row.ends_on}), ended,
        title=f"The last day of {row.title}", button="Keep it", said="Its last day is kept.",
        intro=("Nobody is asked from it for care that begins later. Packages go on.",),
    )  # fmt: skip


def _form_page(
    request: HttpRequest, row: Vehicle, form: Any, act: Any, *, title: str, button: str, said: str, back: str = "",
    intro: tuple[str, ...] = (),
) -> HttpResponse:  # fmt: skip
    back = back or f"{HOME}{row.pk}/"
    if done(request, form, act):
        notify(request, said)
        return HttpResponseRedirect(back)
    return page(
        request, "care_form.html", here=HOME, form=form, back=back, status=422 if form.errors else 200, title=title,
        crumbs=(_CRUMB, (row.title, f"{HOME}{row.pk}/"), (title, "")), button=button, intro=intro,
    )  # fmt: skip
