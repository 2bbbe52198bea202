"""Pages on which a provider returns its capacity, and on which the council sees who has not."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from careshape.accounts.times import moment
from careshape.errors import CareshapeError
from careshape.ledger.posting import uk_day
from careshape.market.capacity.fields import PARTS, Kind
from careshape.market.faults import TOLD
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.providers.capacity.free import promised_since
from careshape.providers.capacity.send import ACT, FaultyReturnError, send
from careshape.providers.capacity.standing import RETURNS, kinds_of, monday, newest_of, newest_row, open_locations
from careshape.providers.models import Location, Newest, Return
from careshape.providers.models.capacity import KINDS
from careshape.statement.formatting import day
from careshape.work.care.return_forms import ReturnForm, label
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

HOME: Final = "/work/returns/"
NAMES: Final = dict(KINDS)
SENT, LATE, NEVER, FREELY = "Sent this week", "Not sent this week", "Never sent", "Sent as you like"
_CRUMB: Final = ("Returns of capacity", HOME)


@does(RETURNS)
def returns(request: HttpRequest) -> HttpResponse:
    """Which location has returned its capacity this week, and which has not."""
    own = desk_of(request).may(ACT)
    intro = (
        "How much care you could begin, once a week. Requests are sent by it, and no hour or place is promised twice."
        if own else "Each provider returns how much care it could begin, once a week."
    )  # fmt: skip
    return page(
        request, "care_list.html", here=HOME, arranged=arrange(_listing(request), request.GET.dict()),
        title="Returns of capacity", download="/work/returns", intro=intro,
        add=("Send a file instead", f"{HOME}files/add/") if own else None,
        links=(("Places to live that stand empty", "/work/rooms/"),),
    )  # fmt: skip


@does(RETURNS)
def returns_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return download(arrange(_listing(request), request.GET.dict()), kind, "returns")


def _listing(request: HttpRequest) -> Listing:
    locations = list(open_locations(request.principal, RETURNS))
    last = newest_of(locations)
    today, own = uk_day(timezone.now()), desk_of(request).may(ACT)
    rows = [
        _row(one, kind, last.get((one.pk, kind)), today, own=own)
        for one in locations
        for kind in (*kinds_of(one), *(("staff",) if own or (one.pk, "staff") in last else ()))
    ]
    columns = (
        Column("location", "Location", link="href"),
        Column("provider", "Provider", filtered=True, shown=not own),
        Column("kind", "Return", filtered=True),
        Column("state", "State", filtered=True),
        Column("last", "Figures of", text=day),
        Column("days", "Days old", numeric=True),
    )
    empty = "Your organisation has no location in the council's register yet. Ask the council to add it." if own else (
        "The register holds no location yet."
    )  # fmt: skip
    return Listing("returns", "Returns of capacity", columns, rows, empty)


def _row(location: Location, kind: Kind, last: Return | None, today: Any, *, own: bool) -> dict[str, Any]:
    fresh = last is not None and last.day >= monday(today)
    late = FREELY if kind == "staff" else LATE if last is not None else NEVER
    return {
        "location": location.place.name, "provider": location.place.organisation.name, "kind": NAMES[kind],
        "state": SENT if fresh else late, "last": last.day if last is not None else None,
        "days": (today - last.day).days if last is not None else None,
        "href": f"{HOME}{location.pk}/{kind}/" if own else f"/work/capacity/locations/{location.pk}/{kind}/",
    }  # fmt: skip


@does(ACT, POST=ACT)
def send_page(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Fill in the return of a location."""
    location = Location.objects.select_related("place__organisation").reach(request.principal, ACT, pk=pk)
    if what not in PARTS:
        raise Http404("There is no such return. There are beds, hours and staff.")
    kind = cast("Kind", what)
    newest = newest_row(location, kind)
    now = timezone.now()
    first = {"day": f"{uk_day(now):%d/%m/%Y}", "read_at": now.isoformat()}
    form = ReturnForm(
        request.POST or None,
        location=location,
        kind=kind,
        last=newest.given if newest else None,
        initial=first,
    )
    if request.method == "POST" and "add" not in request.POST and form.is_valid():
        made = _sent(request, form, location, kind)
        if made is not None:
            again = newest is not None and made.pk == newest.given_id
            told = "is what we have already: nothing changed." if again else "is in. It counts from now."
            notify(request, f"The return of {location.place.name} {told}")
            return HttpResponseRedirect(HOME)
    if "add" in request.POST:
        form.errors.clear()
    return page(
        request, "return.html", here=HOME, crumbs=(_CRUMB, (location.place.name, "")), form=form, back=HOME,
        title=f"{NAMES[kind]}: {location.place.name}", last=newest.given if newest else None, day=day, moment=moment,
        promised=_promised(newest, kind), status=422 if form.errors else 200, address=request.path,
    )  # fmt: skip


def _sent(request: HttpRequest, form: ReturnForm, location: Location, kind: Kind) -> Return | None:
    lines = form.read()
    if form.errors:
        return None
    try:
        return send(request.principal, location, kind, lines, way="form", read_at=_moment(form.cleaned_data["read_at"]))
    except FaultyReturnError as error:
        form.tell([one for one in error.faults if one.outcome != TOLD])
    except CareshapeError as error:
        form.add_error(None, str(error))
    return None


def _promised(newest: Newest | None, kind: Kind) -> list[str]:
    """What was promised since the last return, in words, so that its sender takes it off."""
    if newest is None or kind == "staff":
        return []
    unit = "hours a week" if kind == "hours" else "places"
    found = promised_since([newest], kind)
    return [f"{label(PARTS[kind][0], part)}: {many / 100:g} {unit}" for (_, part), many in sorted(found.items())]


def _moment(text: str) -> datetime | None:
    """The moment that the form says that it was read at; none where it says nothing that can be read."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
