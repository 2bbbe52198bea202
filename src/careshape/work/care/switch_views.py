"""Pages of a standard on a list, such as only gold and silver: what it would cost, and switching it on and off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from careshape.accounts.times import moment
from careshape.ledger.posting import uk_day
from careshape.market.capacity.fields import capacity
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.source.lists.losses import Loss, Part, from_json, losses, parts
from careshape.source.lists.shown import mark
from careshape.source.lists.standards import GOLD_AND_SILVER, standards, switching
from careshape.source.lists.switches import ACT, may_move, move, propose
from careshape.source.models import Lot, Switch, Vehicle
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care import words as care_words
from careshape.work.care.forms import done
from careshape.work.care.list_forms import SwitchForm, SwitchMoveForm
from careshape.work.care.list_views import HOME, SEE
from careshape.work.care.list_words import stands
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

SWITCHES: Final = "/work/switches/"
_CRUMB: Final = ("Lists we buy from", HOME)
_KEPT: Final = "They keep the packages that they have: nobody's care ends by it."


@does(SEE)
def grades_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What only gold and silver would cost on a list, whether it is switched on, and when it was."""
    row, title = _list(request, SEE, pk), standards()[GOLD_AND_SILVER].title
    found = parts(row, GOLD_AND_SILVER, uk_day(timezone.now()))
    may = desk_of(request).may(ACT)
    return page(
        request, "list_grades.html", here=HOME, title=f"{title} on {row.title}", download=f"{HOME}{pk}/grades",
        crumbs=(_CRUMB, (row.title, f"{HOME}{pk}/"), (title, "")), stands=stands(row), kept=_KEPT,
        arranged=arrange(_listing(found), request.GET.dict()), lost=told(losses(found)), history=_history(request, row),
        add=("Propose to switch it on", f"{HOME}{pk}/grades/switch/") if may else None,
    )  # fmt: skip


@does(SEE)
def grades_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The providers of a list with their grades and what each has, as a file."""
    row = _list(request, SEE, pk)
    found = parts(row, GOLD_AND_SILVER, uk_day(timezone.now()))
    return download(arrange(_listing(found), request.GET.dict()), kind, "grades")


@does(ACT, POST=ACT)
def switch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to switch it on, with what would be lost in sight."""
    row, title = _list(request, ACT, pk), standards()[GOLD_AND_SILVER].title
    lot = _lot(request, row)
    form = SwitchForm(request.POST or None)
    back = f"{HOME}{pk}/grades/"
    made = done(
        request, form,
        lambda given: propose(
            request.principal, row, given["begins_on"], given["why"], request.POST.get("read", ""), lot=lot
        ),
    )  # fmt: skip
    if made is not None:
        notify(request, "It is proposed. Somebody else has to agree before it changes anything.")
        return HttpResponseRedirect(f"{SWITCHES}{made.pk}/")
    lost = losses(parts(row, GOLD_AND_SILVER, uk_day(timezone.now()), lot))
    return page(
        request, "switch_new.html", here=HOME, form=form, back=back, lost=told(lost), read=mark(lost), kept=_KEPT,
        crumbs=(_CRUMB, (row.title, f"{HOME}{pk}/"), (title, back), ("Propose it", "")), lot=lot,
        lots=list(row.lots.order_by("number")), title=f"Propose: {title.lower()} on {lot.title if lot else row.title}",
        here_again=f"{back}switch/", status=422 if form.errors else 200,
    )  # fmt: skip


@does(SEE, POST=ACT)
def one_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One switch: what it asks from when, what was shown before it, and agreeing to it or switching it off."""
    act = ACT if request.method == "POST" else SEE
    row: Switch = Switch.objects.select_related("vehicle", "lot").reach(request.principal, act, pk=pk)
    form = _form(request, row)

    def moved(given: dict[str, Any]) -> bool:
        move(request.principal, row, given["move"], given["why"])
        return True

    if form is not None and done(request, form, moved):
        notify(request, f"{standards()[row.standard].title}: {switching().state(row.state).title.lower()}.")
        return HttpResponseRedirect(f"{SWITCHES}{pk}/")
    title, home = standards()[row.standard].title, f"{HOME}{row.vehicle_id}/"
    state = switching().state(row.state)
    own = row.made_by_id == request.principal.account and row.agreed_at is None and row.ended_at is None
    return page(
        request, "switch.html", here=HOME, form=form, state=state, lines=_lines(row), kept=_KEPT, back=f"{home}grades/",
        title=f"{title} on {row.lot.title if row.lot else row.vehicle.title}", shown=told(from_json(row.loss)),
        crumbs=(_CRUMB, (row.vehicle.title, home), (title, f"{home}grades/"), ("Switch", "")), own=own,
        now=told(losses(parts(row.vehicle, row.standard, uk_day(timezone.now()), row.lot))) if not row.ended_at else [],
        status=422 if form is not None and form.errors else 200,
    )  # fmt: skip


def told(rows: Iterable[Loss]) -> list[tuple[str, ...]]:
    """What would be lost as a table: a row a service and place."""
    return [
        (
            care_words.service(one.service), where_of(one.service, one.place), f"{one.lost} of {one.providers}",
            _amount(one.service, one.in_use, one), _amount(one.service, one.free, one),
            f"{one.people} in {one.packages} package{'' if one.packages == 1 else 's'}", str(one.elsewhere),
        )
        for one in rows
    ]  # fmt: skip


def _amount(service: str, units: int, one: Loss) -> str:
    """A sum of what the lost have, with how many of them no fresh return tells of."""
    if one.unknown == one.lost:
        return "Not known"
    known = care_words.amount(service, units)
    return f"{known}; of {one.unknown} not known" if one.unknown else known


def where_of(service: str, place: str) -> str:
    """A place by its label."""
    if not place:
        return "Everywhere, or not known"
    zone = capacity().kind_of(service) == "hours"
    return label_of("zone" if zone else "district", place)


def _listing(found: Iterable[Part]) -> Listing:
    rows = [
        {
            "provider": one.organisation.name, "service": care_words.service(one.service),
            "where": where_of(one.service, one.place), "grade": one.grade.capitalize() or "None recorded",
            "lost": "No new work" if one.lost else "As now", "in_use": None if one.in_use is None else one.in_use / 100,
            "free": None if one.free is None else one.free / 100, "packages": one.packages, "people": one.people,
            "elsewhere": "; ".join(one.elsewhere) if one.lost else "",
        }
        for one in found
    ]  # fmt: skip
    columns = (
        Column("provider", "Provider"),
        Column("service", "Service", filtered=True),
        Column("where", "Where", filtered=True),
        Column("grade", "Grade", filtered=True),
        Column("lost", "With the rule", filtered=True),
        Column("in_use", "In use", numeric=True, text=lambda value: f"{value:g}"),
        Column("free", "Free", numeric=True, text=lambda value: f"{value:g}"),
        Column("packages", "Packages it keeps", numeric=True),
        Column("people", "People", numeric=True),
        Column("elsewhere", "Still asked from", many=True),
    )
    return Listing("grades", "Providers by grade", columns, rows, "Nobody may be asked from this list yet.")


def _history(request: HttpRequest, row: Vehicle) -> list[tuple[dict[str, str], str, str, str, str]]:
    """The switches of a list, the latest first: when (with its address), which lot, from when, its state, and why."""
    found = Switch.objects.reached(request.principal, SEE).filter(vehicle=row).select_related("lot")
    return [
        ({"href": f"{SWITCHES}{one.pk}/", "text": moment(one.made_at)}, one.lot.title if one.lot else "The whole list",
         day(one.begins_on), switching().state(one.state).title, one.ended_why or one.why)
        for one in found.order_by("-pk")
    ]  # fmt: skip


def _lines(row: Switch) -> list[tuple[str, str]]:
    found = [
        ("Asked of", f"Lot {row.lot.number}, {row.lot.title}" if row.lot else "The whole list"),
        ("From", day(row.begins_on)), ("Why", row.why), ("Proposed", moment(row.made_at)),
        ("Agreed", moment(row.agreed_at) if row.agreed_at else ""),
        ("Ended", f"{moment(row.ended_at)}: {row.ended_why}" if row.ended_at else ""),
    ]  # fmt: skip
    return [(name, text) for name, text in found if text]


def _form(request: HttpRequest, row: Switch) -> SwitchMoveForm | None:
    if not desk_of(request).may(ACT):
        return None
    moves = may_move(request.principal, row)
    return SwitchMoveForm(request.POST or None, moves=moves) if moves else None


def _list(request: HttpRequest, act: str, pk: int) -> Vehicle:
    found: Vehicle = Vehicle.objects.reach(request.principal, act, pk=pk)
    return found


def _lot(request: HttpRequest, row: Vehicle) -> Lot | None:
    """The lot that the address names; none where it names none of the list."""
    given = request.GET.get("lot", "")
    return row.lots.filter(pk=int(given)).first() if given.isascii() and given.isdigit() and len(given) < 10 else None
