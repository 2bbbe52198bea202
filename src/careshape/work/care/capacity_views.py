"""Pages of how full places are and what is free, by district, zone and type, with the age of each figure."""

from __future__ import annotations

from typing import Any, Final, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from careshape.accounts.times import moment
from careshape.ledger.posting import uk_day
from careshape.market.capacity.fields import PARTS, Kind, capacity
from careshape.market.capacity.occupancy import capacity_by
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.providers.capacity.standing import RETURNS, SEE, market_lines, returns_of, standing
from careshape.providers.models import Location
from careshape.providers.models.capacity import KINDS, WAYS
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care.return_forms import TITLES, label
from careshape.work.pages import page

HOME: Final = "/work/capacity/beds/"
NAMES: Final = dict(KINDS)
BY: Final[dict[str, tuple[str, ...]]] = {
    "beds": ("district", "bed_type", "provider_type", "provider", "location"),
    "hours": ("zone", "time_band", "provider_type", "provider", "location"),
    "staff": ("staff_group", "district", "provider_type", "provider", "location"),
}
"""Kind -> what its figures can be split by; the first where nothing is asked."""
SAID: Final = {
    **TITLES, "district": "District", "provider_type": "Type of provider", "provider": "Provider",
    "location": "Location", "zone": "Zone",
}  # fmt: skip
_FIGURES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "beds": (
        ("maximum", "Can be used"), ("in_use", "In use"), ("occupancy", "Occupancy, %"), ("void", "Empty"),
        ("void_rate", "Empty, %"), ("admittable", "Could be moved into"), ("reserved", "Reserved"),
        ("closed", "Closed"),
    ),
    "hours": (
        ("held", "Hours held"), ("free", "Hours that could begin"), ("in_use_share", "In use, %"), ("people", "People"),
    ),
    "staff": (
        ("employed", "Employed"), ("vacant_posts", "Vacant posts"), ("vacancy_rate", "Vacant, %"),
        ("absent", "Absent"), ("agency", "Agency"),
    ),
}  # fmt: skip
_ABOUT: Final = {
    "beds": "Of the newest return of each location. Empty is what is not in use; into some of that nobody can move.",
    "hours": "Of the newest return of each provider's branch: hours of home care a week.",
    "staff": "Of the newest return of each location.",
}


@does(SEE)
def capacity_page(request: HttpRequest, what: str) -> HttpResponse:
    """What is in use and what is free, of one kind, by one dimension."""
    kind, by = _asked(request, what)
    return page(
        request, "capacity.html", here=HOME, title=f"Capacity: {NAMES[kind].lower()}", intro=_ABOUT[kind], by=by,
        arranged=arrange(_listing(request, kind, by), request.GET.dict(), {"by": by}), kinds=KINDS, which=kind,
        splits=[(one, SAID[one]) for one in BY[kind]], download=f"/work/capacity/{kind}",
        stale=capacity().stale_after, gone=capacity().gone_after,
    )  # fmt: skip


@does(SEE)
def capacity_download(request: HttpRequest, what: str, kind: str) -> HttpResponse:
    """The same as a file."""
    asked, by = _asked(request, what)
    return download(arrange(_listing(request, asked, by), request.GET.dict(), {"by": by}), kind, f"capacity-{asked}")


def _asked(request: HttpRequest, what: str) -> tuple[Kind, str]:
    if what not in PARTS:
        raise Http404("There is no such return. There are beds, hours and staff.")
    by = request.GET.get("by", "")
    return cast("Kind", what), by if by in BY[what] else BY[what][0]


def _listing(request: HttpRequest, kind: Kind, by: str) -> Listing:
    found = standing(request.principal, SEE, kind)
    known = capacity_by(found.lines, kind, uk_day(timezone.now()), [by], found.places) if found.lines else []
    rows: list[dict[str, Any]] = [
        {**one, by: said(by, one[by], found.places), "href": _where(by, one[by], kind)} for one in known
    ]
    columns = (
        Column(by, SAID[by], link="href"),
        Column("locations", "Locations", numeric=True),
        *(Column(name, title, numeric=True, text=_number) for name, title in _FIGURES[kind]),
        Column("newest_days", "Newest figure, days old", numeric=True),
        Column("oldest_days", "Oldest figure, days old", numeric=True),
        Column("stale_locations", "Locations with old figures", numeric=True),
    )
    empty = "No provider has returned any yet, or what was returned is too old to count."
    return Listing(f"capacity-{kind}", NAMES[kind], columns, rows, empty, sort=by)


def said(by: str, value: str, places: dict[str, dict[str, str]]) -> str:
    """A part of a table in words."""
    if by == "location":
        return f"{places[value]['name']}, {places[value]['provider']}"
    if by in TITLES:
        return label(by, value)
    return value if by == "provider" else label_of(by, value)


def _where(by: str, value: str, kind: Kind) -> str:
    return f"/work/capacity/locations/{value}/{kind}/" if by == "location" else ""


def _number(value: Any) -> str:
    return f"{value:,}"


@does(RETURNS)
def location_page(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """What one location returned, the latest first."""
    location, kind = _location(request, pk, what)
    return page(
        request, "care_list.html", here=HOME, title=f"{NAMES[kind]}: {location.place.name}",
        crumbs=(("Capacity", f"/work/capacity/{kind}/"), (location.place.name, "")),
        arranged=arrange(_history(location, kind), request.GET.dict()),
        intro=f"Every return of {location.place.organisation.name} for this location. The newest counts.",
        download=f"/work/capacity/locations/{pk}/{kind}",
    )  # fmt: skip


@does(RETURNS)
def location_download(request: HttpRequest, pk: int, what: str, kind: str) -> HttpResponse:
    """The same as a file."""
    location, asked = _location(request, pk, what)
    return download(arrange(_history(location, asked), request.GET.dict()), kind, f"returns-{pk}-{asked}")


def _location(request: HttpRequest, pk: int, what: str) -> tuple[Location, Kind]:
    location = Location.objects.select_related("place__organisation").reach(request.principal, RETURNS, pk=pk)
    if what not in PARTS:
        raise Http404("There is no such return. There are beds, hours and staff.")
    return location, cast("Kind", what)


def _history(location: Location, kind: Kind) -> Listing:
    ways = dict(WAYS)
    given = returns_of(location, kind).prefetch_related("lines").order_by("-day", "-sent_at")
    rows = [
        {
            "day": one.day, "sent": one.sent_at, "way": ways[one.way], **line.figures,
            **{name: label(name, part) for name, part in zip(PARTS[kind], line.part, strict=True)},
            "closed_reason": label("closed_reason", line.closed_reason) if line.closed_reason else "",
        }
        for one in given
        for line in market_lines(one, "")
    ]  # fmt: skip
    columns = (
        Column("day", "Figures of", text=day),
        *(Column(name, TITLES[name], filtered=True) for name in PARTS[kind]),
        *(Column(one.id, one.label, numeric=True, text=_number) for one in capacity().of_kind(kind)),
        *((Column("closed_reason", "Why closed"),) if kind == "beds" else ()),
        Column("sent", "Sent", text=moment),
        Column("way", "How", filtered=True),
    )
    return Listing("history", f"Returns of {location.place.name}", columns, rows, "Nothing was returned yet.")
