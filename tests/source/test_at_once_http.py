"""Many brokers award the same places on pages at the same time, from processes of their own: each place goes to one."""

from __future__ import annotations

import json
import os
from typing import Final

from tests.installation import Installation

WRITERS: Final = 48
ROUNDS: Final = int(os.environ.get("CARESHAPE_TEST_PAGE_ROUNDS", "2"))
"""./soak asks for 40, as many as tests/source/test_at_once.py has without pages."""
PLACES: Final = 5
SCRIPT: Final = """
import json, time
from collections import Counter
from django.test import Client
from django.utils import timezone
from careshape.accounts.models import Account, Council, Membership, Organisation, OrganisationLocation
from careshape.accounts.signing_in import CONFIRMED
from careshape.ledger.posting import uk_day
from careshape.market.capacity.lines import Line
from careshape.people.models import Person
from careshape.policy import Principal
from careshape.providers.capacity.send import id_of, send
from careshape.providers.models import Location, Taking
from careshape.source.requests import award as awards
from careshape.source.requests.award import said_of
from careshape.source.models import Award, Member, Offer, Request, Vehicle
from tests.meeting import at_once

writers, rounds, places = {writers}, {rounds}, {places}
today = uk_day(timezone.now())
council = Council.objects.create(slug="worcestershire", name="Council")
account = Account.objects.create_user("broker@tests.example", None, name="Broker")
Membership.objects.create(account=account, council=council, role="broker")
vehicle = Vehicle.objects.create(council=council.slug, title="List", kind="spot", begins_on=today)
person = Person.objects.create(
    council=council.slug, reference="P", name="Synthetic person", born_on="1940-05-01", gender="female",
    client_group="older-people", support_reason="physical-personal-care", district="wychavon",
)

def wanted(member):
    request = Request.objects.create(
        person=person, service="nursing", units=100, starts_on=today, district="wychavon", state="sent", made_by=account
    )
    return Offer.objects.create(
        request=request, organisation=member.organisation, member=member, list_price=member.price, answer="yes",
        price=member.price, can_start_on=today,
    ).pk

def provider(number):
    organisation = Organisation.objects.create(council=council, kind="provider", name=f"Provider {{number}}")
    place = OrganisationLocation.objects.create(organisation=organisation, name="Home")
    home = Location.objects.create(place=place, kind="nursing-home", district="wychavon", registered_beds=40)
    figures = dict(maximum=20, in_use=20 - places, reserved=0, admittable=places)
    who = Principal(role="provider", account=account.pk, council=council.slug, organisation=organisation.pk)
    send(who, home, "beds", [Line(id_of(home), today, "beds", ("general-nursing",), figures, 1, {{}})], way="api")
    member = Member.objects.create(
        vehicle=vehicle, organisation=organisation, service="nursing", price=95_000, state="admitted", since=today
    )
    return [wanted(member) for _ in range(writers)]

def signed_in():
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    session = client.session
    session["factor"], session[CONFIRMED] = "code", timezone.now().isoformat()
    session.save()
    return client

def post(client, pk):
    offer = Offer.objects.get(pk=pk)
    return client.post(f"/work/offers/{{pk}}/award/", {{"why": "", "read": said_of(offer)}}).status_code

warm = provider(rounds)  # a server that has been asked before, as one that 48 use at once is
assert [post(signed_in(), pk) for pk in warm[: places + 1]] == [302] * places + [422]
offers = [provider(number) for number in range(rounds)]
careless = provider(rounds + 1)

def sign_in(number):
    global client
    client = signed_in()

def timed(of_round):
    def act(number):
        began = time.monotonic()
        code = post(client, of_round[number])
        return code, time.monotonic() - began
    return act

def careless_post(number):
    awards.take = lambda *given: None  # the control: who looks what is free, and promises nothing of it
    return post(client, careless[number])

found = [one for row in at_once(writers, [sign_in, *map(timed, offers)])[1:] for one in row]
at_once(2 * places, [sign_in, careless_post])
codes = Counter(one[0] if one else 500 for one in found)
took = sorted(one[1] for one in found if one)
held = [
    Taking.objects.filter(location__place__organisation__name=f"Provider {{number}}", given_back_at=None).count()
    for number in range(rounds)
]
made = Award.objects.exclude(offer__in=[*warm, *careless]).count()
beyond = Award.objects.filter(offer__in=careless).count() - places
print(json.dumps(dict(codes=codes, held=held, awards=made, beyond=beyond, p95=took[len(took) * 95 // 100],
    longest=took[-1])))
"""


def test_places_that_48_brokers_award_at_once_on_pages_are_awarded_once(installation: Installation, promise):
    run = installation.start(SCRIPT.format(writers=WRITERS, rounds=ROUNDS, places=PLACES))
    assert run.wait(600 + 30 * ROUNDS) == 0, run.err.read_text()
    found = json.loads(run.out.read_text().splitlines()[-1])
    assert found["codes"] == {"302": ROUNDS * PLACES, "422": ROUNDS * (WRITERS - PLACES)}, run.err.read_text()[-2000:]
    assert (found["held"], found["awards"]) == ([PLACES] * ROUNDS, ROUNDS * PLACES)
    assert found["beyond"] > 0  # the control
    promise(
        "R1 award on pages",
        f"{WRITERS} brokers at once, {ROUNDS} rounds of {PLACES} places: {found['awards']} awards, none beyond what "
        f"was returned, every other answered with the reason against it; p95 {found['p95']:.1f} s, longest "
        f"{found['longest']:.1f} s; control that promises nothing: {found['beyond']} beyond it ({installation.vendor})",
    )
