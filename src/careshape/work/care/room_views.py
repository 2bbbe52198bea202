"""Pages of places to live: which stand empty and since when, their void days and cost, who tells of them."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from careshape.catalogue.periods import financial_year_of, financial_year_start
from careshape.ledger.posting import uk_day
from careshape.paying.words import pounds
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.providers.capacity.standing import open_locations
from careshape.providers.models import Room
from careshape.providers.rooms.empty import Standing, room_of, rooms, standing, stays_of
from careshape.providers.rooms.keep import AGREE, KEEP, Description, agree, keep_room, last_of, move_in, move_out
from careshape.providers.rooms.words import features, parts, traits
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care.forms import done, hundredths
from careshape.work.care.room_forms import MoveInForm, MoveOutForm, RoomForm, VoidForm
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

HOME: Final = "/work/rooms/"
SEE: Final = "providers.rooms"
_CRUMB: Final = ("Places to live", HOME)


@does(SEE)
def rooms_page(request: HttpRequest) -> HttpResponse:
    """The places to live, with their void days of the financial year so far and what they cost."""
    stands = _stands(request)
    return page(
        request, "care_list.html", here=_here(request), arranged=arrange(_listing(stands), request.GET.dict()),
        title="Places to live", download=HOME.rstrip("/"), intro=_intro(stands),
        add=("Tell of a place", f"{HOME}add/") if desk_of(request).may(KEEP) else None,
    )  # fmt: skip


@does(SEE)
def rooms_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return download(arrange(_listing(_stands(request)), request.GET.dict()), kind, "places-to-live")


def _here(request: HttpRequest) -> str:
    """The entry of the navigation under which these pages stand."""
    return "/work/capacity/beds/" if desk_of(request).may("providers.capacity") else "/work/returns/"


def year_so_far(today: date) -> tuple[date, date]:
    """The first day of the financial year, and today."""
    return financial_year_start(financial_year_of(today)), today


def _stands(request: HttpRequest) -> list[Standing]:
    today = uk_day(timezone.now())
    return [standing(one, today, *year_so_far(today)) for one in rooms(request.principal, SEE)]


def _intro(stands: list[Standing]) -> str:
    """What stands empty, in sentences."""
    if not stands:
        return (
            "Beds, rooms, flats and places with a carer, one person each. A request for one is matched to them first."
        )
    empty = [one for one in stands if one.since is not None]
    days, available = (sum(getattr(one.voids, name) for one in stands) for name in ("days", "available"))
    share = f" of {available:,} ({days * 100 / available:.0f}%)" if available else ""
    weekly = sum(one.weekly for one in empty)
    pays = f" The council pays {pounds(weekly)} a week for those that are empty now." if weekly else ""
    cost = sum(one.cost for one in stands)
    paid = f", for which it paid {pounds(cost)}" if cost else ""
    return (
        f"{len(empty)} of {len(stands)} stand empty today. In the financial year so far there were {days:,} void days"
        f"{share}{paid}.{pays}"
    )


def stands_as(one: Standing, today: date) -> str:
    """How a place stands, in a few words."""
    room = one.room
    if room.closed_on is not None and today > room.closed_on:
        return "Given up"
    if today < room.begins_on:
        return "To come"
    if one.since is None:
        return "Taken, until a day that is known" if one.free_from is not None else "Taken"
    return "Empty" if one.free_from is not None and one.free_from <= today else "Empty, and promised"


def _listing(stands: list[Standing]) -> Listing:
    today = uk_day(timezone.now())
    shown = [
        {
            "name": one.room.name, "href": f"{HOME}{one.room.pk}/", "location": one.room.location.place.name,
            "provider": one.room.location.place.organisation.name, "part": parts()[one.room.part],
            "district": label_of("district", one.room.location.district) if one.room.location.district else "Not known",
            "stands": stands_as(one, today), "since": one.since or "", "days": one.voids.days, "paid": one.paid,
            "cost": one.cost / 100, "weekly": one.weekly / 100,
            "free": one.free_from or "",
        }
        for one in stands
    ]  # fmt: skip
    columns = (
        Column("name", "Place", link="href"),
        Column("location", "Location"),
        Column("provider", "Provider", filtered=True),
        Column("part", "What it is", filtered=True),
        Column("district", "Where", filtered=True),
        Column("stands", "Stands", filtered=True),
        Column("since", "Empty since", text=lambda value: day(value) if value else ""),
        Column("days", "Void days this financial year", numeric=True),
        Column("paid", "Of them paid for", numeric=True),
        Column("cost", "Paid for them, £", numeric=True, text=lambda value: f"{value:,.2f}"),
        Column("weekly", "Paid a week while empty, £", numeric=True, shown=False, text=lambda value: f"{value:,.2f}"),
        Column("free", "Free from", shown=False, text=lambda value: day(value) if value else ""),
    )
    return Listing("rooms", "Places to live", columns, shown, "No place to live is told of yet.")


@does(KEEP, POST=KEEP)
def add_page(request: HttpRequest) -> HttpResponse:
    """Tell of a place to live."""
    locations = list(open_locations(request.principal, KEEP))
    form = RoomForm(request.POST or None, locations=locations)
    made = done(request, form, lambda given: keep_room(request.principal, given.pop("location"), _told(given)))
    if made is not None:
        notify(request, f"{made.name} is told of. Say below who has it.")
        return HttpResponseRedirect(f"{HOME}{made.pk}/")
    said = "Write nothing by which anybody is known: brokers of the council read it." if locations else (
        "No location is in the register yet. Record one there first."
    )  # fmt: skip
    return _form(request, form, "Tell of a place to live", "Keep it", HOME, (said,))


@does(SEE)
def room_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One place: what is told of it, how it stands, and the times for which somebody had it."""
    row = room_of(request.principal, SEE, pk)
    today, desk = uk_day(timezone.now()), desk_of(request)
    one = standing(row, today, *year_so_far(today))
    named, stays = traits(), stays_of(row)
    now = next((stay for stay in reversed(stays) if stay.ends_on is None or stay.ends_on > today), None)
    return page(
        request, "room.html", here=_here(request), crumbs=(_CRUMB, (row.name, "")), row=row, day=day,
        stands=stands_as(one, today), empty=one.since is not None, may_keep=desk.may(KEEP), may_agree=desk.may(AGREE),
        stays=[(day(stay.starts_on), day(stay.ends_on) if stay.ends_on else "Not known",
                "By an award" if stay.reference else "Told") for stay in reversed(stays)],
        leaves=now is not None and not now.reference,
        facts=[
            ("Where", f"{row.location.name}, {row.location.organisation.name}"),
            ("What it is", parts()[row.part]),
            ("Has", _said(row.has, features())),
            ("For", ", ".join(label_of("client_group", name) for name in row.client_groups) or "Any group"),
            ("Only for", _said(row.only, named, "Anybody")),
            ("Not for", _said(row.not_for, named, "Nobody is ruled out")),
            ("Who lives there", _said(row.lives, named, "Nothing is told")),
            ("What they would like", _said(row.wishes, named, "Nothing is told")),
            ("Can be had", f"From {day(row.begins_on)}" + (f" to {day(row.closed_on)}" if row.closed_on else "")),
            ("Empty since", day(one.since) if one.since else "Somebody has it, or it cannot be had today"),
            ("Void days this financial year", f"{one.voids.days:,} of {one.voids.available:,}, {one.paid:,} paid for"),
            ("Paid for them", pounds(one.cost)),
            ("Paid a week while empty", _pays(row)),
        ],
    )  # fmt: skip


def _said(chosen: list[str], known: dict[str, str], none: str = "Nothing is told") -> str:
    said = "; ".join(known.get(one, one) for one in chosen)
    return said[:1].upper() + said[1:] or none


def _pays(row: Room) -> str:
    if not row.rent + row.support:
        return "Nothing"
    late = f", after {row.paid_after} days" if row.paid_after else ""
    return f"{pounds(row.rent)} of rent and {pounds(row.support)} of support{late}"


@does(KEEP, POST=KEEP)
def correct_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what is told of a place, or give it up."""
    row = _one(request, KEEP, pk)
    known = {one.name: getattr(row, one.name) for one in fields(Description)}
    known |= {name: f"{known[name]:%d/%m/%Y}" for name in ("begins_on", "closed_on") if known[name] is not None}
    form = RoomForm(request.POST or None, initial=known)
    if done(request, form, lambda given: keep_room(request.principal, row.location, _told(given), row)) is not None:
        notify(request, "It is put right.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    return _form(request, form, f"Put right what is told of {known['name']}", "Keep it", f"{HOME}{pk}/")


@does(AGREE, POST=AGREE)
def agree_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the council pays for a place while it stands empty."""
    row = _one(request, AGREE, pk)
    known = {"rent": _pounds(row.rent), "support": _pounds(row.support), "paid_after": row.paid_after}
    form = VoidForm(request.POST or None, initial=known)

    def agreed(given: dict[str, Any]) -> bool:
        agree(request.principal, row, hundredths(given["rent"]), hundredths(given["support"]), given["paid_after"] or 0)
        return True

    if done(request, form, agreed):
        notify(request, "It is recorded. Empty places that the council pays for are filled first.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    return _form(
        request, form, f"What does the council pay while {row.name} stands empty?", "Keep it", f"{HOME}{pk}/",
        ("By the agreement on voids: core rent and the charge for support.",),
    )  # fmt: skip


def _pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02}" if pence else ""


@does(KEEP, POST=KEEP)
def in_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that somebody moves in, whom no award brings."""
    row, form = _one(request, KEEP, pk), MoveInForm(request.POST or None)
    if done(request, form, lambda given: move_in(request.principal, row, given["on"], given["leaves_on"])) is not None:
        notify(request, "It is recorded.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    return _form(
        request, form, f"Somebody moves into {row.name}", "Record it", f"{HOME}{pk}/",
        ("Only where no award of the council brings them: an award takes the place by itself. Nobody is named.",),
    )  # fmt: skip


@does(KEEP, POST=KEEP)
def out_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say when who has a place leaves it."""
    row, form = _one(request, KEEP, pk), MoveOutForm(request.POST or None)
    stay = last_of(row)
    if stay is None:
        notify(request, "Nobody has it.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    if done(request, form, lambda given: move_out(request.principal, row, given["on"])) is not None:
        notify(request, "It is recorded. The place can be had from that day.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    return _form(
        request, form, f"Who has {row.name} leaves", "Record it", f"{HOME}{pk}/",
        (f"They came on {day(stay.starts_on)}.",),
    )  # fmt: skip


def _told(given: dict[str, Any]) -> Description:
    whole: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return Description(**whole)


def _one(request: HttpRequest, act: str, pk: int) -> Room:
    found: Room = Room.objects.select_related("location__place__organisation").reach(request.principal, act, pk=pk)
    return found


def _form(
    request: HttpRequest, form: Any, title: str, button: str, back: str, intro: tuple[str, ...] = ()
) -> HttpResponse:
    return page(
        request, "care_form.html", here=_here(request), form=form, back=back, title=title, button=button, intro=intro,
        crumbs=(_CRUMB, (title, "")), status=422 if form.errors else 200,
    )  # fmt: skip
