"""Many at once send a request, end a package, settle a tender and accept a round, from processes of their own: each is
done whole.

The controls look first and write in the next act, for which all wait: each of them has looked before any has written,
however busy the machine is.
"""

from __future__ import annotations

import json
from typing import Final

from tests.installation import Installation

WRITERS: Final = 16
PROPOSED: Final = 4
SCRIPT: Final = """
import json
from datetime import timedelta
from careshape.errors import CallError
from careshape.providers.standing import begin_tender
from careshape.source.lists import vehicles
from careshape.source.lists.outcome import Placed, as_rows
from careshape.source.lists.settling import follows, settle
from careshape.source.lists.shown import mark
from careshape.source.models import (
    Award, Line, Member, Offer, Package, Placing, Proposal, Request, Settlement, Telling, Vehicle
)
from careshape.source.packages.lines import standing
from careshape.source.packages.package import end
from careshape.source.packages.tellings import in_force, told_of
from careshape.source.requests.steps import send
from careshape.source.together.accept import accept
from careshape.source.together.propose import begin, work_out
from careshape.source.together.weeks import week_of_day
from tests.accounts.people import make_people
from tests.meeting import at_once
from tests.source.arranged import arranged
from tests.source.place import make_place, today
from tests.source.test_together import offered

writers = {writers}
place = make_place(make_people())
broker, commissioner, on = place.who("broker"), place.who("commissioner"), today()
first, second = place.people.organisations["worcestershire"][:2]
seen = {{}}

wanted, careless_wanted = place.ask(), place.ask()
place.clear(wanted)
package, careless_package = (arranged(place, on=on, number=number) for number in range(2))

ranked = vehicles.begin(commissioner, "Zones", "zone-list", on - timedelta(days=9), on + timedelta(days=300))
vehicles.add_lot(commissioner, ranked, "Evesham", "home-care", zone="evesham-zone")
tender, careless_tender = (begin_tender(commissioner, f"Home care {{n}}", "home-care") for n in range(2))

asked = offered(place, {proposed})
placing = work_out(begin(broker, week_of_day(on + timedelta(days=7))))
mine = list(placing.proposals.filter(request__in=asked).values_list("pk", flat=True))

def outcome(number):
    return [Placed((first, second)[number % 2], ranked.lots.get(), 1, 2_050)]

def tried(act):
    try:
        act()
    except CallError:
        return 0
    return 1

def sends(number):
    return tried(lambda: send(broker, Request.objects.get(pk=wanted.pk)))

def looks_at_request(number):
    seen["request"] = Request.objects.get(pk=careless_wanted.pk).state == "open"

def sends_all_the_same(number):
    return int(seen["request"] and Request.objects.filter(pk=careless_wanted.pk).update(state="sent"))

def ends(number):
    last = on + timedelta(days=20 + number)
    return tried(lambda: end(broker, Package.objects.get(pk=package.pk), last, "Moved to family."))

def looks_at_package(number):
    seen["package"] = [one for one in in_force(told_of(careless_package)) if one.kind == "ending"]

def ends_all_the_same(number):
    if not seen["package"]:
        body = json.dumps({{"on": (on + timedelta(days=20 + number)).isoformat()}})
        Telling.objects.create(package=careless_package, number=100 + number, kind="ending", known=on, body=body)

def reads(number):
    seen["mark"] = mark(follows(tender, ranked, outcome(number)))
    seen["undecided"] = not careless_tender.settlements.exists()

def settles(number):
    return tried(lambda: settle(commissioner, tender, ranked, on, outcome(number), seen["mark"]))

def settles_all_the_same(number):
    if seen["undecided"]:
        Settlement.objects.create(
            tender=careless_tender, vehicle=ranked, rows=as_rows(outcome(number)), shown="[]",
            by_id=commissioner.account,
        )

def looks_at_round(number):
    seen["round"] = list(Proposal.objects.filter(pk__in=mine, became="proposed").values_list("pk", flat=True))

def accepts(number):
    return accept(broker, Placing.objects.get(pk=placing.pk), mine)

def accepts_all_the_same(number):
    return sum(Proposal.objects.filter(pk=one).update(became="awarded") for one in seen["round"])

acts = [
    sends, looks_at_request, sends_all_the_same, ends, looks_at_package, ends_all_the_same, reads, settles,
    settles_all_the_same, looks_at_round, accepts, accepts_all_the_same,
]
answers = dict(zip([one.__name__ for one in acts], at_once(writers, acts)))

def endings(one):
    return [telling for telling in in_force(told_of(one)) if telling.kind == "ending"]

(ending,) = endings(package)
recorded = set(tender.settlements.values_list("rows", flat=True))
holder = Member.objects.get(vehicle=ranked, rank=1)
print(json.dumps({{
    "faults": sum(answers[one].count(None) for one in ("sends", "ends", "settles", "accepts")),
    "sent": sum(answers["sends"]), "offers": Offer.objects.filter(request=wanted).count(),
    "sent carelessly": sum(answers["sends_all_the_same"]),
    "ended": sum(answers["ends"]), "tellings": Telling.objects.filter(package=package, kind="ending").count(),
    "last days": [str(one.ends_on) for one in standing(package)], "told": json.loads(ending.body)["on"],
    "ended carelessly": len(endings(careless_package)),
    "settled": sum(answers["settles"]), "settlements": tender.settlements.count(), "outcomes": len(recorded),
    "stands": as_rows([Placed(holder.organisation, holder.lot, 1, holder.price)]) in recorded,
    "ranked": Member.objects.filter(vehicle=ranked, rank__isnull=False).count(),
    "proposed": len(mine), "accepted": sum(answers["accepts"]),
    "awards": Award.objects.filter(request__in=asked).count(),
    "packages": Package.objects.filter(award__request__in=asked).count(),
    "what it was not": sorted(set(Proposal.objects.filter(pk__in=mine).values_list("why", flat=True))),
    "accepted carelessly": sum(answers["accepts_all_the_same"]),
    "outcomes carelessly": careless_tender.settlements.values("rows").distinct().count(),
}}))
"""


def test_what_many_send_end_settle_and_accept_at_once_is_done_whole_and_by_one_word(installation: Installation):
    run = installation.start(SCRIPT.format(writers=WRITERS, proposed=PROPOSED))
    assert run.wait(600) == 0, run.err.read_text()
    found = json.loads(run.out.read_text())
    assert found["faults"] == 0, run.err.read_text()[-2000:]
    assert (found["sent"], found["offers"]) == (1, 2), "one of them sends it, to each provider of the list once"
    assert found["ended"] == found["tellings"] == WRITERS
    assert found["last days"] == [found["told"]], "each puts the end before it right, and the last one's day counts"
    assert found["settled"] == found["settlements"] > 0
    assert (found["outcomes"], found["stands"], found["ranked"]) == (1, True, 1), "who read another outcome is refused"
    assert found["accepted"] == found["proposed"] == found["awards"] == found["packages"] == PROPOSED
    assert found["what it was not"] == [""], "nobody says of what another did that it could not be done"
    careless = [found[f"{name} carelessly"] for name in ("sent", "ended", "outcomes", "accepted")]
    assert careless == [WRITERS, WRITERS, 2, WRITERS * PROPOSED], (
        "the controls: who looks first and locks nothing does it again"
    )
