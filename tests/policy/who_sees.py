"""The second table of who sees which fields, written by hand, and the canaries by which the site is held to it.

Each row of ``who_sees.csv`` shows some fields of a record, by an act, to some roles; what no row shows is hidden. For
an act that changes, the fields are those that it may change.
"""

from __future__ import annotations

import csv
import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils.timezone import now

from careshape.accounts.models import Account, Invitation, Membership, Organisation, OrganisationLocation, Session
from careshape.audit.change import tell
from careshape.audit.models import Event
from careshape.policy import Principal
from careshape.work.models import Import, Token
from tests.accounts.people import People
from tests.policy.who_may import GROUPS

FILE = Path(__file__).with_name("who_sees.csv")
DAY = timedelta(days=1)
DEVICES = 7
"""Devices on which a canary is signed in."""
Seen = tuple[str, str]
"""A record and a field."""


def rows() -> Iterator[tuple[str, str, str, str]]:
    """The table: act, record, field and role, one of each."""
    with FILE.open(encoding="utf-8", newline="") as file:
        for raw in csv.DictReader(file):
            for role in (role for name in raw["roles"].split() for role in GROUPS.get(name, (name,))):
                for field in raw["fields"].split():
                    yield raw["act"], raw["record"], field, role


def shown_to(role: str) -> set[Seen]:
    """The fields that somebody sees by an act that reads."""
    changes = ("accounts.invite", "accounts.change", "accounts.end", "accounts.reset")
    return {(record, field) for act, record, field, who in rows() if who == role and act not in changes}


def plant(people: People, data: Path, home: str) -> dict[str, Seen]:
    """Put values in that stand nowhere else; each with the field by which alone it can be seen."""
    council, north = people.councils[home], people.teams[home][0]
    mark = now()
    watched = canary_account()
    Membership.objects.create(account=watched, council=council, role="broker", team=north)
    for name, place in (("provider", 0), ("voluntary", 2)):
        organisation = people.organisations[home][place]
        limited = Membership.objects.create(
            account=canary_account(), council=council, role=name, organisation=organisation
        )
        limited.locations.set([canary_location(organisation)])
    poster = Account.objects.create_user("canary.poster@tests.example", None, name="Canary Posting Who")
    bringer = Account.objects.create_user("canary.bringer@tests.example", None, name="Canary Import Who")
    doer = Account.objects.create_user("canary.doer@tests.example", None, name="Canary Event Who")
    Invitation.objects.create(
        council=council, email="canary.invitation.email@tests.example", role="broker", token_digest="c" * 64,
        expires_at=mark + DAY,
    )  # fmt: skip
    Import.objects.create(
        council=council, account=bringer, posted_by=poster, file_name="canary-import-file.csv", folder="c" * 32, size=1,
        checksum="0" * 64, state="posted", posting=1,
    )  # fmt: skip
    holder = Account.objects.create_user("canary.holder@tests.example", None, name="Canary Token Who")
    Token.objects.create(
        # Who has left stands in no list of people unless they are asked for.
        membership=Membership.objects.create(account=holder, council=council, role="broker", ended_at=now() + DAY),
        digest="c" * 64, name="canary token name", acts=["work.home"], expires_at=mark + DAY,
    )  # fmt: skip
    mine = [one.account for one in people.memberships.values() if one.council == council]
    for account in (doer, *mine):  # the head of the chain is shown to all: the doer's event is not it
        who = Principal(role="broker", account=account.pk, council=home)
        tell(who, "accounts.own", "canary.event.object:1", outcome="done", canary="canary.event.detail")
    digest = Event.objects.filter(chain=home, account=doer.pk).latest("number").digest
    _plant_finding(data / "councils" / home / "reports" / "00001.json")
    return {
        "Canary Person Name": ("person", "name"),
        "canary.person.email": ("person", "email"),
        "7 March 2019, 2:23pm": ("person", "last_login"),
        f"On {DEVICES} devices": ("person", "devices"),
        "Canary Location": ("person", "locations"),
        "canary.invitation.email": ("invitation", "email"),
        "Canary Posting Who": ("posting", "who"),
        "canary-import-file": ("import", "file"),
        "Canary Import Who": ("import", "who"),
        "Canary Event Who": ("event", "who"),
        "canary.event.object:1": ("event", "object"),
        "canary.event.detail": ("event", "detail"),
        "canary token name": ("token", "name"),
        "Canary Token Who": ("token", "who"),
        digest: ("event", "digest"),
        "canary finding value": ("finding", "value"),
        "canary finding message": ("finding", "message"),
        "canary finding remedy": ("finding", "remedy"),
        "Canary Supported Name": ("supported", "name"),
        "Canary Request Who": ("request", "who"),
        "Canary Decision Who": ("decision", "who"),
        "Canary Package Who": ("package", "who"),
        "thurrock.example": ("another council", "whatever"),
    }


def canary_account() -> Account:
    """An account whose particulars are canaries."""
    email = f"canary.person.email.{secrets.token_hex(8)}@tests.example"
    made = Account.objects.create_user(email, None, name="Canary Person Name")
    Account.objects.filter(pk=made.pk).update(last_login=datetime(2019, 3, 7, 14, 23, tzinfo=UTC))
    Session.objects.bulk_create(
        Session(session_key=secrets.token_hex(20), account=made.pk, session_data="", expire_date=now() + DAY)
        for _ in range(DEVICES)
    )
    return made


def canary_location(organisation: Organisation) -> OrganisationLocation:
    """A location that is a canary."""
    name = f"Canary Location {secrets.token_hex(4)}"
    return OrganisationLocation.objects.create(organisation=organisation, name=name)


def _plant_finding(report: Path) -> None:
    """Let the report that is kept with the posting say one thing more."""
    content = json.loads(report.read_text("utf-8"))
    content["findings"].insert(
        0,
        {"line": 0, "column": "gender", "value": "canary finding value", "rule": "canary", "outcome": "refuse",
         "message": "canary finding message", "remedy": "canary finding remedy"}
    )  # fmt: skip
    report.write_text(json.dumps(content), "utf-8")
