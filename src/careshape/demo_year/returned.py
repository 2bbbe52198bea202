"""What the locations of a demonstration return of their capacity: beds and places, hours of home care, staff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from careshape.demo_year.acting import Acting
from careshape.demo_year.lists import zones
from careshape.demo_year.market import Market
from careshape.demo_year.places import Placed, size
from careshape.market.capacity.fields import Kind
from careshape.market.capacity.lines import Line, Number
from careshape.providers.capacity.send import id_of, send
from careshape.source.models import Member

APART: Final = (-17, 6, 11, -4, 9, -12)
"""Percent by which the first of two locations is fuller or emptier than its plan; the second makes up for it."""
CLOSED_EACH, STAFF_EACH = 9, 3
"""One location in so many has a bed closed to admission, and returns its staff."""
HOURS_EACH: Final = 9
"""Hours a week of one person who has home care."""
STALE: Final = timedelta(days=15)
"""How old a return is that is too old to send a person by."""


def return_all(acting: Acting, market: Market, found: Iterable[Placed], today: date, *, stale: bool) -> None:
    """Send the return of each location on its day: those that stay old, or those of these days. Some say nothing."""
    of_zone = _zones(acting.council)
    for number, (one, used) in enumerate(_filled(list(found)), 1):
        if number % market.silent_each == 0 or (number % market.stale_each == 0) != stale:
            continue
        day = today - (STALE if stale else timedelta(days=number % 6))
        who = acting.for_provider(one.location.place.organisation_id)
        for kind, part, figures, reason in _lines(acting, one, used, number, of_zone):
            send(
                who,
                one.location,
                kind,
                [Line(id_of(one.location), day, kind, part, figures, 0, {}, reason)],
                way="form",
            )


Said = tuple[Kind, tuple[str, ...], dict[str, Number], str]


def _lines(acting: Acting, one: Placed, used: int, number: int, of_zone: dict[int, str]) -> Iterator[Said]:
    if one.plan.parts:
        yield _beds(one, used, number)
    if one.plan.hours is not None:
        held = size(one.plan.hours, one.number * 31)
        zone = of_zone.get(one.location.place.organisation_id, zones(acting.council)[0][1])
        figures: dict[str, Number] = {"held": held, "free": held * (number % 5) // 40, "people": held // HOURS_EACH}
        yield "hours", (zone, "any-time"), figures, ""
    if number % STAFF_EACH == 0 and (one.plan.hours is not None or one.plan.registered):
        staff = max(6, one.beds, size(one.plan.hours, one.number) // 25 if one.plan.hours else 0)
        yield "staff", ("care-staff",), {
            "employed": staff, "agency": number % 4, "absent": number % 3, "vacant_posts": staff * (number % 7) // 40
        }, ""  # fmt: skip


def _beds(one: Placed, used: int, number: int) -> Said:
    void = one.beds - used
    reserved = 1 if void > 2 and number % 2 else 0
    closed = 1 if void > 1 and number % CLOSED_EACH == 0 else 0
    figures: dict[str, Number] = {
        "maximum": one.beds, "in_use": used, "reserved": reserved, "closed": closed,
        "admittable": (void - reserved - closed) * 2 // 3 if one.plan.registered else void - reserved - closed,
    }  # fmt: skip
    return "beds", (one.plan.parts[one.number % len(one.plan.parts)],), figures, "staffing" if closed else ""


def _filled(found: list[Placed]) -> Iterator[tuple[Placed, int]]:
    """Each location with how many of its beds are in use: of two that follow each other, as many as their plan says."""
    kept = [one for one in found if one.plan.parts or one.plan.hours is not None]
    before: tuple[Placed, int] | None = None
    for number, one in enumerate(kept):
        share = one.plan.in_use
        if before is not None and before[0].plan is one.plan:
            used = round((before[0].beds + one.beds) * share / 100) - before[1]
            before = None
        else:
            used = round(one.beds * (share + APART[number % len(APART)] * (100 - share) // 26) / 100)
            before = (one, max(0, min(one.beds, used)))
        yield one, max(0, min(one.beds, used))


def _zones(council: str) -> dict[int, str]:
    """The home care zone for which each provider stands on a list."""
    rows = Member.objects.filter(vehicle__council=council).exclude(zone="").order_by("pk")
    return dict(rows.values_list("organisation", "zone"))
