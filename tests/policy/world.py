"""A world for the sweep of authorisation: two councils that are closed, or the second one open, and an object of every
kind in each.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from django.urls import resolve

from careshape.accounts.models import Account, IdentityProvider, Membership, OneTimeCodes, Organisation
from careshape.accounts.sealed import sealed
from careshape.audit.change import SYSTEM, tell
from careshape.ledger import Ledger
from careshape.policy.table import MISSING, NONE, OPEN_COUNCIL, OTHER_COUNCIL, OTHER_TEAM, OWN
from careshape.statement.council import open_council
from careshape.statement.export import council_paths
from careshape.statement.print.kept import keep_all
from tests.accounts.people import PASSWORD, People
from tests.accounts.signing import SECRET
from tests.once import copy_of
from tests.policy.editions import OF_ALL, make_edition, paths_of
from tests.policy.who_sees import Seen, plant
from tests.statement.sample import look_ahead_in, make_sample

HOME, OTHER = "worcestershire", "thurrock"


@dataclass
class World:
    """What the sweep asks for."""

    people: People
    data: Path
    open_other: bool
    """Whether the other council is open to everybody."""
    paths: dict[str, str] = field(default_factory=dict)
    """Pattern of the site -> a path of the council at home that answers."""
    open_paths: dict[str, str] = field(default_factory=dict)
    """The same for the other council, where it is open."""

    @property
    def figure(self) -> str:
        """Key of a figure of the statement at home."""
        return self.paths["/<slug:slug>/figures/<slug:key>/"].rstrip("/").rpartition("/")[2]

    @cached_property
    def provider(self) -> int:
        """Number of a provider of the council at home."""
        return next(iter(Ledger.open(self.data / "councils" / HOME).providers()))

    strangers: dict[str, Membership] = field(default_factory=dict)
    """For each role another member of the same council, of another team or organisation."""
    canaries: dict[str, Seen] = field(default_factory=dict)
    """Values that stand nowhere else, each with the record and field by which alone it can be seen."""

    def statement_path(self, url: str, kind: str) -> str | None:
        """A path of a statement's page for a kind of object; None where the council at home has no such page."""
        if kind == OPEN_COUNCIL:
            return self.open_paths.get(url)
        path = self.paths.get(url)
        council = {OWN: HOME, OTHER_COUNCIL: OTHER, MISSING: "no-such-council"}[kind]
        return path.replace(f"/{HOME}/", f"/{council}/", 1) if path else None


def make_data(folder: Path, *, open_other: bool) -> Path:
    """Two councils with the same records; the one at home is closed, the other one is a demonstration if it is open."""
    make = partial(_make_data, open_other=open_other)
    return copy_of(f"two-councils-{'open' if open_other else 'closed'}", folder, make)


def _make_data(folder: Path, *, open_other: bool) -> None:
    data = make_sample(folder)
    councils = data / "councils"
    shutil.rmtree(councils / OTHER)
    shutil.copytree(councils / HOME, councils / OTHER)
    for slug, demonstration in ((HOME, False), (OTHER, open_other)):
        about = councils / slug / "council.toml"
        text = about.read_text("utf-8").replace(f'authority = "{HOME}"', f'authority = "{slug}"')
        text = text.replace("demonstration = true", f"demonstration = {str(demonstration).lower()}")
        about.write_text(text, "utf-8")
    look_ahead_in(data)


def furnish(people: People) -> dict[str, Membership]:
    """Put in what pages need to have something to show; return for each role another member of the council at home."""
    for slug in people.councils:
        tell(SYSTEM, "accounts.sign_in", chain=slug)  # the first event of a chain asks more than others
    for member in people.memberships.values():
        OneTimeCodes.objects.create(account=member.account, secret=sealed(SECRET))
    for organisations in people.organisations.values():
        voluntary = organisations[2]
        voluntary.reference = "W-003"  # the records of care name a provider so
        voluntary.save()
    IdentityProvider.objects.create(slug="council", name="The council", issuer="http://127.0.0.1:9/", client_id="x")
    return strangers(people)


def strangers(people: People) -> dict[str, Membership]:
    """For each role another member of the council at home, of its other team or of another organisation."""
    found = {}
    council = people.councils[HOME]
    second = Organisation.objects.create(council=council, kind="voluntary", name="Second voluntary organisation")
    others = {"provider": people.organisations[HOME][1], "voluntary": second}
    for (slug, role), member in people.memberships.items():
        if slug == HOME:
            account = Account.objects.create_user(f"other-{role}@{HOME}.example", PASSWORD, name=f"Other {role}")
            team = people.teams[HOME][1] if member.team else None
            organisation = others.get(role)
            found[role] = Membership.objects.create(
                account=account, council=member.council, role=role, team=team, organisation=organisation
            )
    return found


def make_world(people: People, data: Path, *, open_other: bool) -> World:
    """The world of a sweep in a folder."""
    make_data(data, open_other=open_other)
    for slug in (HOME, OTHER) if open_other else (HOME,):
        keep_all(data, slug)
    open_paths = statement_paths(data, OTHER) if open_other else {}
    home_paths = statement_paths(data, HOME) | paths_of(HOME)
    if open_other:
        open_paths[OF_ALL] = f"/{OTHER}/editions/"
    make_edition(data, HOME, "released")
    make_edition(data, OTHER, "prepared")
    made = World(people, data, open_other, home_paths, open_paths, furnish(people))
    made.canaries.update(plant(people, data, HOME))
    return made


def statement_paths(data: Path, slug: str) -> dict[str, str]:
    """For every pattern of a statement's addresses, the first path of a council."""
    council = open_council(data, slug)
    assert council is not None
    council.warm()
    found: dict[str, str] = {}
    for path in [*council_paths(council), f"/{slug}/search/"]:
        found.setdefault(f"/{resolve(path).route}", path)
    return found


def whose(world: World, kind: str, asker: Membership | None) -> Membership | None:
    """The member to whom an object of a kind belongs; None for one that does not exist."""
    if kind == MISSING:
        return None
    if kind == OTHER_COUNCIL:
        return world.people.memberships[OTHER, asker.role if asker else "analyst"]
    if kind == OTHER_TEAM:
        return world.strangers[asker.role if asker else "analyst"]
    return asker or world.people.memberships[HOME, "analyst"]


Make = Callable[[World, "Membership | None"], "int | None"]
"""From the world and a member to the key of an object that belongs to them; None where they can have none."""
OBJECTS: dict[str, Make] = {}
"""Beginning of a pattern -> how an object of its kind is made."""
NOBODY = 987_654_321
"""Key of an object that does not exist."""


def makes(*urls: str) -> Callable[[Make], Make]:
    """Declare what makes the objects that patterns with these beginnings name."""

    def declared(make: Make) -> Make:
        OBJECTS.update(dict.fromkeys(urls, lambda world, member: make(world, member) if member else NOBODY))
        return make

    return declared


def object_of(url: str) -> Make:
    """What makes the objects of a pattern. Fails, saying so, where nothing is declared."""
    found = [beginning for beginning in OBJECTS if url.startswith(beginning)]
    assert found, f"{url} names an object, and tests/policy/objects.py does not say how one is made"
    return OBJECTS[max(found, key=len)]


VALUES = {
    "kind": "csv", "table": "findings", "token": "no-such-token", "provider": "council", "which": "providers",
    "what": "beds", "rule": "home-first", "fact": "reablement-assessed", "segment": "shared-lives",
    "part": "outcome", "known": "dementia", "asked": "home-care-tender-decided",
}  # fmt: skip
"""What stands for the parts of an address that name no object of the database."""


OF_PAGE = {
    "/work/decisions/<int:pk>/set-aside/<slug:rule>/": {"rule": "setting-of-choice"},
    "/work/editions/<int:number>/set-aside/<slug:rule>/": {"rule": "working-ages"},
    "/work/packages/<int:pk>/tell/<slug:what>/": {"what": "change"},
}
"""And at the addresses where that is no such part."""


FIXED = {
    "/work/writing/intentions/<slug:name>/": "/work/writing/intentions/W-CI-001/",
    "/schemas/market-position-statement/<str:version>/": "/schemas/market-position-statement/1.1/",
    "/schemas/market-position-statement/<str:version>/<str:name>": "/schemas/market-position-statement/1.1/codes.json",
}
"""The paths of patterns whose parts name documents."""
ASKED = {"/work/search/": "?q=canary", "/api/v1/writing/text": "?file=statement/03-shared-lives.md"}
"""What is asked for at an address that shows nothing by itself."""


def filled(url: str, values: dict[str, Any]) -> str:
    """A path of a pattern."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str({**VALUES, **OF_PAGE.get(url, {}), **values}[match[1]]), url)


def body_of(url: str, asker: Membership | None) -> dict[str, Any]:
    """What a form must hold so that it names an object of the asker's."""
    return {"membership": asker.pk} if url == "/account/membership/" and asker else {}


_SOMEBODY = {
    "reference": "P-9", "name": "Somebody", "born_on": "1950-01-01", "gender": "female",
    "client_group": "older-people", "support_reason": "physical-personal-care", "district": "wychavon",
}  # fmt: skip
_FILE = "statement/03-shared-lives.md"
JSON = {
    "/api/v1/providers": {"name": "New"},
    "/api/v1/providers/<int:pk>": {"name": "New"},
    "/api/v1/providers/<int:pk>/locations": {"name": "New", "kind": "office"},
    "/api/v1/provider-locations/<int:pk>": {"name": "New"},
    "/api/v1/providers/<int:pk>/evidence": {"kind": "accounts", "begins_on": "2026-04-01"},
    "/api/v1/evidence/<int:pk>/withdraw": {"why": "A mistake"},
    "/api/v1/providers/<int:pk>/grades": {"grade": "gold", "on": "2026-04-01", "why": "Visited."},
    "/api/v1/rooms": {"location": 1, "name": "Room 1", "part": "general-nursing", "begins_on": "2026-04-01"},
    "/api/v1/rooms/<int:pk>/in": {"on": "2026-04-01"},
    "/api/v1/rooms/<int:pk>/out": {"on": "2026-04-01"},
    "/api/v1/people/<int:pk>/role": {"role": "broker"},
    "/api/v1/invitations": {"role": "broker", "email": "new@tests.example"},
    "/api/v1/teams": {"name": "New"},
    "/api/v1/teams/<int:pk>": {"name": "New"},
    "/api/v1/organisations": {"name": "New"},
    "/api/v1/organisations/<int:pk>": {"name": "New"},
    "/api/v1/organisations/<int:pk>/locations": {"name": "New"},
    "/api/v1/locations/<int:pk>": {"name": "New"},
    "/api/v1/requests": {
        "person": 1,
        "service": "nursing",
        "units": 100,
        "starts_on": "2027-01-01",
        "district": "wychavon",
        "long_term": True,
    },
    "/api/v1/requests/<int:pk>/send": {},
    "/api/v1/rounds/<int:pk>/accept": {},
    "/api/v1/lists/<int:pk>/prices": {"rows": "service,price"},
    "/api/v1/lists/<int:pk>/switches": {"begins_on": "2026-04-01", "why": "So it is."},
    "/api/v1/switches/<int:pk>/move": {"move": "take-back", "why": "So it is."},
    "/api/v1/tenders": {"title": "New", "service": "home-care"},
    "/api/v1/tenders/<int:pk>/settle": {"vehicle": 1, "on": "2026-04-01", "rows": "lot,provider,place"},
    "/api/v1/lists/<int:pk>/applications": {"parts": []},
    "/api/v1/applications/<int:pk>/send": {"parts": []},
    "/api/v1/applications/<int:pk>/consider": {"move": "ask", "words": "The accounts."},
    "/api/v1/members/<int:pk>/move": {"move": "suspend", "reason": "So it is."},
    "/api/v1/packages/<int:pk>/tellings": {"kind": "change"},
    "/api/v1/offers/<int:pk>/award": {"read": "yes/1//0"},
    "/api/v1/asked/<int:pk>/answer": {"answer": "no", "reason_code": "no-capacity"},
    "/api/v1/supported": _SOMEBODY,
    "/api/v1/supported/<int:pk>/correct": {**_SOMEBODY, "why": "So it is."},
    "/api/v1/supported/<int:pk>/entries": {"kind": "outcome", "on": "2026-01-01", "values": {"words": "To see."}},
    "/api/v1/supported/<slug:part>/<int:pk>/correct": {"values": {"words": "To see."}, "why": "So it is."},
    "/api/v1/needs/<int:pk>/decisions": {"long_term": True, "words": "At home."},
    "/api/v1/decisions/<int:pk>/set-aside": {"rule": "home-first", "reason": "So it is."},
    "/api/v1/requests/<int:pk>/set-aside": {"rule": "home-first", "reason": "So it is."},
    "/api/v1/privacy/access": {},
    "/api/v1/privacy/holds": {"why": "An inquiry"},
    "/api/v1/following": {"what": "statement"},
    "/api/v1/comments": {"segment": "care-homes", "text": "Something is said."},
    "/api/v1/readers/<int:pk>/answer": {"answer": "Something is answered.", "publish": False},
    "/api/v1/writing/drafts": {"file": _FILE, "content": "No page."},
    "/api/v1/writing/proposals": {"file": _FILE, "content": "No page."},
    "/api/v1/writing/comments": {"file": _FILE, "text": "Say where."},
    "/api/v1/writing/versions/<int:pk>/agree": {"digest": "0" * 64},
    "/api/v1/writing/versions/<int:pk>/schedule": {},
    "/api/v1/writing/versions/<int:pk>/turn-back": {"answer": "Say where."},
    "/api/v1/writing/versions/<int:pk>/comments": {"text": "Say where."},
    "/api/v1/writing/comments/<int:pk>/answer": {"answer": "There."},
    "/api/v1/editions/<int:number>/agree": {"manifest": "0" * 64},
    "/api/v1/editions/<int:number>/release": {},
    "/api/v1/editions/<int:number>/schedule": {},
}
"""What an operation of the API must be given before it looks for the row that its address names."""


def path_of(world: World, url: str, kind: str, asker: Membership | None) -> str | None:
    """A path of a pattern for a kind of object; None where the council at home has no such page."""
    if url in FIXED:
        return FIXED[url]
    if "/<slug:slug>/" in url:
        return world.statement_path(url, kind)
    if kind == NONE and "<" not in url:
        return url + ASKED.get(url, "")
    if kind == NONE:
        return filled(url, {"number": world.provider, "key": world.figure, "name": "bed_nights"})
    key = object_of(url)(world, whose(world, kind, asker))
    return None if key is None else filled(url, {"pk": key, "number": key})


def outcome(response: Any) -> str:
    """What a response amounts to."""
    if response.status_code == 302 and response.headers["Location"].startswith("/sign-in/"):
        return "sign-in"
    return {403: "forbidden", 404: "not-found", 405: "no-method", 401: "sign-in"}.get(response.status_code, "allowed")
