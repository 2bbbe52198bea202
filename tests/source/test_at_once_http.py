"""Many brokers award the same places, and the same requests, on pages at the same time, and programs send the same with
one key, from processes of their own: each place and each request goes to one, and what comes again is done once.
"""

from __future__ import annotations

import json
import os
from typing import Any, Final

from tests.installation import Installation

WRITERS: Final = 48
ROUNDS: Final = int(os.environ.get("CARESHAPE_TEST_PAGE_ROUNDS", "2"))
"""./soak asks for 40, as many as tests/source/test_at_once.py has without pages."""
PLACES: Final = 5
PROGRAMS: Final = 16
SCRIPT: Final = """
import json, time
from collections import Counter
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from careshape.accounts.models import Account, Council, Membership, Organisation, OrganisationLocation
from careshape.accounts.pages import NOTICE
from careshape.accounts.signing_in import CONFIRMED
from careshape.ledger.posting import uk_day
from careshape.market.capacity.lines import Line
from careshape.people.models import Person
from careshape.policy import Principal
from careshape.providers.capacity.send import id_of, send
from careshape.providers.models import Location, Taking
from careshape.source.requests import award as awards
from careshape.source.requests.award import said_of
from careshape.source.models import Award, Member, Offer, Package, Request, Vehicle
from careshape.work.api import replay
from careshape.work.tokens import make, offered
from tests.meeting import at_once

writers, rounds, places, programs = {writers}, {rounds}, {places}, {programs}
today = uk_day(timezone.now())
council = Council.objects.create(slug="worcestershire", name="Council")
account = Account.objects.create_user("broker@tests.example", None, name="Broker")
Membership.objects.create(account=account, council=council, role="broker")
vehicle = Vehicle.objects.create(council=council.slug, title="List", kind="spot", begins_on=today)
person = Person.objects.create(
    council=council.slug, reference="P", name="Synthetic person", born_on="1940-05-01", gender="female",
    client_group="older-people", support_reason="physical-personal-care", district="wychavon",
)

def wanted(*members):
    request = Request.objects.create(
        person=person, service="nursing", units=100, starts_on=today, district="wychavon", state="sent", made_by=account
    )
    return [
        Offer.objects.create(
            request=request, organisation=one.organisation, member=one, list_price=one.price, answer="yes",
            price=one.price, can_start_on=today,
        ).pk
        for one in members
    ]

def listed(name):
    organisation = Organisation.objects.create(council=council, kind="provider", name=name)
    return Member.objects.create(
        vehicle=vehicle, organisation=organisation, service="nursing", price=95_000, state="admitted", since=today
    )

def provider(number):
    member = listed(f"Provider {{number}}")
    organisation = member.organisation
    place = OrganisationLocation.objects.create(organisation=organisation, name="Home")
    home = Location.objects.create(place=place, kind="nursing-home", district="wychavon", registered_beds=40)
    figures = dict(maximum=20, in_use=20 - places, reserved=0, admittable=places)
    home_of = Principal(role="provider", account=account.pk, council=council.slug, organisation=organisation.pk)
    send(home_of, home, "beds", [Line(id_of(home), today, "beds", ("general-nursing",), figures, 1, {{}})], way="api")
    return [pk for _ in range(writers) for pk in wanted(member)]

def signed_in():
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    session = client.session
    session["factor"], session[CONFIRMED] = "code", timezone.now().isoformat()
    session.save()
    return client

why = "It can begin sooner than the others can."

def answered(client, pk, why=""):
    return client.post(f"/work/offers/{{pk}}/award/", {{"why": why, "read": said_of(Offer.objects.get(pk=pk))}})

def post(client, pk):
    return answered(client, pk).status_code

warm = provider(rounds)  # a server that has been asked before, as one that 48 use at once is
assert [post(signed_in(), pk) for pk in warm[: places + 1]] == [302] * places + [422]
offers = [provider(number) for number in range(rounds)]
careless = provider(rounds + 1)
both = [listed(f"Without returns {{number}}") for number in range(2)]
same, careless_same, keyed = [wanted(*both) for _ in range(rounds)], wanted(*both), wanted(*both)

def program(role):
    owner = Account.objects.create_user(f"{{role}}@program.example", None, name="Owner")
    key = Membership.objects.create(account=owner, council=council, role=role).pk
    who = Principal(role=role, account=owner.pk, council=council.slug, membership=key)
    return make(who, "program", [act for act, _ in offered(who)], 30)[1]

tokens = {{role: program(role) for role in ("broker", "practitioner")}}

def sign_in(number):
    global client
    client = signed_in()

def timed(of_round):
    def act(number):
        began = time.monotonic()
        code = post(client, of_round[number])
        return code, time.monotonic() - began
    return act

def same_request(offers):
    def act(number):
        to = answered(client, offers[number % 2], why).url.split("/")[2]
        return to, client.session[NOTICE]
    return act

def looks_at_request(number):
    global looked
    offer = Offer.objects.get(pk=careless_same[0])
    looked = awards._answered(offer, said_of(offer))

def careless_request(number):
    awards._answered = lambda *given: looked  # the control: what was read before the lock was had
    return answered(client, careless_same[number % 2], why).status_code

def asked(role, key, path, body):
    headers = {{"Authorization": f"Bearer {{tokens[role]}}", "Idempotency-Key": key}}
    answer = Client(SERVER_NAME="localhost").post(f"/api/v1/{{path}}", body, "application/json", headers=headers)
    return answer.status_code, answer.headers.get("Idempotent-Replayed"), answer.content.decode()

def asks(words, key):
    body = dict(
        person=person.pk, service="nursing", units=100, starts_on=str(today + timedelta(days=7)), district="wychavon",
        long_term=True, words=words,
    )
    return asked("practitioner", key, "requests", body)

def awards_with_key(number):
    read = said_of(Offer(answer="yes", price=both[0].price, can_start_on=today))
    return asked("broker", "award", f"offers/{{keyed[0]}}/award", dict(read=read, why=why))

def asks_with_key(number):
    return asks("To be safe at night.", "ask")

class Nothing:
    pk = 0

    def delete(self):
        pass

def without_keys(number):
    replay._claimed = lambda *given: Nothing()  # the control: who takes no key before the work begins
    return asks("To sleep well.", "careless")

def careless_post(number):
    awards.take = lambda *given: None  # the control: who looks what is free, and promises nothing of it
    return post(client, careless[number])

meeting = at_once(writers, [sign_in, *map(timed, offers), *map(same_request, same)])
found = [one for row in meeting[1 : rounds + 1] for one in row]
of_same = [sorted(one or ("fault", "") for one in row) for row in meeting[rounds + 1 :]]
at_once(2 * places, [sign_in, careless_post])
# An award and a request each have their meeting: what both change of one person is not what is tried here.
with_key = [awards_with_key, awards_with_key, asks_with_key, asks_with_key]
_, *by_key, _, _, unlocked = at_once(programs, [sign_in, *with_key, without_keys, looks_at_request, careless_request])
codes = Counter(one[0] if one else 500 for one in found)
took = sorted(one[1] for one in found if one)
held = [
    Taking.objects.filter(location__place__organisation__name=f"Provider {{number}}", given_back_at=None).count()
    for number in range(rounds)
]
made = Award.objects.filter(offer__in=[pk for one in offers for pk in one]).count()
beyond = Award.objects.filter(offer__in=careless).count() - places
print(json.dumps(dict(codes=codes, held=held, awards=made, beyond=beyond, p95=took[len(took) * 95 // 100],
    longest=took[-1], same=of_same, by_key=by_key, unlocked=unlocked,
    awards_of_same=[Award.objects.filter(offer__in=one).count() for one in [*same, keyed]],
    packages_of_same=[Package.objects.filter(award__offer__in=one).count() for one in [*same, keyed]],
    requests=[Request.objects.filter(words=one).count() for one in ("To be safe at night.", "To sleep well.")])))
"""


def test_places_that_48_brokers_award_at_once_on_pages_are_awarded_once(installation: Installation, promise):
    run = installation.start(SCRIPT.format(writers=WRITERS, rounds=ROUNDS, places=PLACES, programs=PROGRAMS))
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
    _goes_to_one(found, run.err.read_text()[-2000:])
    promise(
        "R1 same award on pages",
        f"{WRITERS} brokers at once, {ROUNDS} rounds of one request: {sum(found['awards_of_same'][:-1])} awards, every "
        f"other told that it is awarded; {PROGRAMS} programs with one key: one award, one request, one answer; "
        f"controls: {len(found['unlocked']) - 1} stopped by the database alone without the lock, "
        f"{found['requests'][1]} requests without the key ({installation.vendor})",
    )


def _goes_to_one(found: dict[str, Any], errors: str) -> None:
    """One request that many award at once goes to one of them, and what is sent again with its key is done once."""
    for (to, said), *others in found["same"]:
        assert (to, said.startswith("It is awarded to ")) == ("packages", True), errors
        assert others == [["requests", "The request is awarded already."]] * (WRITERS - 1), errors
    assert found["awards_of_same"] == found["packages_of_same"] == [1] * (ROUNDS + 1)
    assert sorted(map(str, found["unlocked"])) == ["302", *["None"] * (PROGRAMS - 1)], "the control: as if not locked"
    for place in range(2):  # an award, and a request for care
        firsts, agains = found["by_key"][2 * place : 2 * place + 2]
        given = {body for status, _, body in firsts if status == 201}
        assert len(given) == 1
        assert all(status in (201, 409) for status, _, _ in firsts), firsts
        assert all("is under way" in body for status, _, body in firsts if status == 409)
        assert [status for status, how, _ in firsts if (status, how) == (201, None)] == [201], "the others are replayed"
        assert agains == [[201, "true", *given]] * PROGRAMS
    assert found["requests"] == [1, PROGRAMS], "the second is the control"
