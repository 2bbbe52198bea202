"""Places to live in the demonstration: who has each when, and what the council pays for those that stand empty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from careshape.demo_year.acting import Acting
from careshape.demo_year.market import Paid
from careshape.demo_year.places import Placed
from careshape.providers.models import Room
from careshape.providers.rooms.keep import Description, agree, keep_room, move_in

EACH: Final = 4
"""Places of a location that are told, at most."""
SINCE: Final = timedelta(days=700)
LONG_SINCE: Final = timedelta(days=330)
"""How long places of the demonstration's own provider stand empty, unless an award of the year takes one."""
HAS: Final = (("ground-floor", "own-bathroom"), ("quiet", "garden"), ("wheelchair", "own-bathroom", "ground-floor"), ())


def tell_rooms(acting: Acting, found: Iterable[Placed], paid: Paid, today: date) -> None:
    """Tell of the places of the locations of which the plan says so, and who has them."""
    for one in found:
        own = one.location.place.organisation_id == acting.provider.pk
        if not one.plan.rooms or (one.number > one.plan.rooms and not own):
            continue
        part, called = one.plan.parts[one.number % len(one.plan.parts)], "Room" if one.plan.registered else "Flat"
        for place in range(min(EACH, one.beds)):
            given = Description(
                f"{called} {place + 1}", part, today - SINCE, has=HAS[(one.number + place) % len(HAS)],
                client_groups=one.plan.client_groups,
            )  # fmt: skip
            room = keep_room(acting.who("commissioner"), one.location, given)
            if place == 0 and not one.plan.registered and one.number % 2:
                agree(acting.who("commissioner"), room, paid.rent, paid.support, paid.after)
            since = LONG_SINCE if own else timedelta(days=18 + one.number * 23 % 120)
            _stays(acting, room, place, one.number, today, since)


def _stays(acting: Acting, room: Room, place: int, number: int, today: date, since: timedelta) -> None:
    """The first place stands empty for some time now, the second did between two people, and others are lived in."""
    broker, came = acting.who("broker"), today - SINCE + timedelta(days=place * 40)
    if place == 0:
        move_in(broker, room, came, today - since)
    elif place == 1:
        left = today - timedelta(days=210 + number % 12 * 5)
        move_in(broker, room, came, left)
        move_in(broker, room, left + timedelta(days=33), None)
    else:
        move_in(broker, room, came)
