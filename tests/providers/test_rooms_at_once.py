"""Many brokers take the same places to live at the same time, from processes of their own: each goes to one person."""

from __future__ import annotations

from typing import Final

from tests.installation import Installation

WRITERS: Final = 16
ROUNDS: Final = 12
SCRIPT = """
import time
from datetime import timedelta
from functools import partial
from django.utils import timezone
from careshape.accounts.models import Account, Council, Organisation, OrganisationLocation
from careshape.audit.change import change
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.policy import Principal
from careshape.providers.models import Location, Room, Stay
from careshape.providers.rooms.keep import occupy
from tests.meeting import at_once

writers, rounds = {writers}, {rounds}
today = uk_day(timezone.now())
council = Council.objects.create(slug="worcestershire", name="Council")
account = Account.objects.create_user("broker@tests.example", None, name="Broker")
broker = Principal(role="broker", account=account.pk, council=council.slug)
organisation = Organisation.objects.create(council=council, kind="provider", name="Provider")
place = OrganisationLocation.objects.create(organisation=organisation, name="Home")
location = Location.objects.create(place=place, kind="nursing-home", district="wychavon")
rooms = [
    Room.objects.create(
        location=location, name=f"Room {{n}}", part="general-nursing", begins_on=today, told_by=account
    ).pk
    for n in range(rounds + 3)
]

def ours(room, number):
    # Days that overlap and begin apart: no constraint of the database holds them asunder, the lock alone does.
    on = today + timedelta(days=number)
    try:
        with change(broker, "source.broker") as told:
            occupy(told, room, on, today + timedelta(days=100), f"award {{room}}-{{number}}")
    except CallError:
        return 0
    return 1

def looked_first(room, number):
    on = today + timedelta(days=number)
    free = not Stay.objects.filter(room=room).exists()
    time.sleep(0.02)  # as long as the award takes
    if free:
        Stay.objects.create(room_id=room, starts_on=on, ends_on=today + timedelta(days=100))
    return int(free)

acts = [partial(ours if at < rounds else looked_first, room) for at, room in enumerate(rooms)]
found = at_once(writers, acts)
faults = sum(row.count(None) for row in found)
got, careless = (sum(one or 0 for row in part for one in row) for part in (found[:rounds], found[rounds:]))
kept = Stay.objects.filter(room__in=rooms[:rounds])
print(got, faults, careless, kept.count(), kept.values("room").distinct().count())
"""


def test_twelve_places_that_16_brokers_take_at_once_go_to_one_each(installation: Installation, promise):
    run = installation.start(SCRIPT.format(writers=WRITERS, rounds=ROUNDS))
    assert run.wait(300) == 0, run.err.read_text()
    got, faults, careless, stays, taken = map(int, run.out.read_text().split())
    assert faults == 0, run.err.read_text()[-2000:]
    assert (got, stays, taken) == (ROUNDS,) * 3
    assert careless > 3  # the control: who looks first and locks nothing gives three places to several
    promise(
        "R1 places to live",
        f"{WRITERS} brokers at once, {ROUNDS} places: each goes to one, {faults} errors; control without the lock: "
        f"{careless} people in 3 places ({installation.vendor})",
    )
