"""Asks the site's addresses in every role, and compares what it answers with the table written by hand."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import now

import tests.policy.judged_objects
import tests.policy.objects  # noqa: F401  (declares how objects are made)
from careshape.accounts.models import Membership
from careshape.policy import roles
from careshape.policy.table import MISSING, OPEN_COUNCIL, OTHER_COUNCIL, addresses
from careshape.policy.views import act_of
from careshape.work.models import Token
from careshape.work.tokens import API, OFFERED, PREFIX, digest
from tests.accounts.signing import sign_in_at_once
from tests.once import SHARED
from tests.policy import who_may, who_sees
from tests.policy.world import HOME, JSON, World, body_of, outcome, path_of
from tests.reading import faults

METHODS = ("GET", "POST", "PUT", "DELETE")
PUBLIC = "public"
REFUSED_BY_ROLE = {"forbidden", "sign-in", "no-method"}
"""What the gate answers without looking at what an address names."""
UNREAD = ("/<slug:slug>/editions/<int:number>/<path:path>", "/<slug:slug>/latest/<path:path>",
          "/<slug:slug>/editions/<int:number>/", "/<slug:slug>/latest/")  # fmt: skip
"""Pages of editions, which are a line here: tests/browser/test_asking.py looks at some that were made."""
Answer = tuple[int, bytes, str, int]
"""Status, body, what it amounts to, and how often the database was asked."""


@dataclass
class Found:
    """What a sweep found."""

    requests: int = 0
    seen: set[tuple[str, str, str]] = field(default_factory=set)
    """Role, record and field of each canary that was seen."""
    wrong: list[str] = field(default_factory=list)
    most_queries: int = 0
    most_at: str = ""
    """The page that asked the database most often, and how often it did."""
    read: list[str] = field(default_factory=list)
    """Addresses whose page was read as a screen reader meets it: each once, for whoever is first shown it."""


@contextmanager
def _unlogged() -> Iterator[None]:
    """The line that the server writes of each request is not made: nobody reads tens of thousands."""
    requests = logging.getLogger("careshape.request")
    before = requests.level
    requests.setLevel(logging.WARNING)
    try:
        yield
    finally:
        requests.setLevel(before)


@_unlogged()
def sweep(
    world: World, urls: Collection[str] | None = None, only: Collection[str] | None = None, first: bool = False
) -> Found:
    """Ask in every role (or only some), every address (or only some); stop at the first fault where that is enough."""
    found, judge = Found(), who_may.rows()
    for role in only or roles():
        shown = who_sees.shown_to(role)
        client = Client(SERVER_NAME="localhost", raise_request_exception=False)
        asker = None if role == PUBLIC else world.people.memberships[HOME, role]
        refused: set[tuple[str, str | None, bool]] = set()
        for url, view, kinds in _asked(world, urls):
            asks, stated = _Asks(world, client, asker, url), who_may.rows_of(url, judge)
            wanted = {}
            for method in METHODS:
                answers = {who_may.expected(stated, method, role, one) for one in kinds}
                wanted[method] = _told_apart(kinds, method, answers)
                if connection.vendor != "sqlite" and answers <= REFUSED_BY_ROLE:
                    # As the gate refuses a role one act, it refuses it wherever the act is done: once for each act.
                    same = (method, act_of(view, method), url.startswith(API))
                    wanted[method] = [] if same in refused else wanted[method]
                    refused.add(same)
            refusals: dict[str, set[bytes]] = {method: set() for method in METHODS}
            for kind in kinds:
                methods = [method for method in METHODS if kind in wanted[method]]
                for method, (status, body, has, queries) in asks.answers(kind, methods):
                    if queries > found.most_queries:
                        found.most_queries, found.most_at = queries, f"{method} {url} as {role}"
                    found.requests += 1
                    should = who_may.expected(stated, method, role, kind)
                    if has == "no-method" and should in ("allowed", "not-found") and url.startswith(API):
                        has = should  # an address that is only written to says so to those who may write
                    if status >= 500 or has != should:
                        found.wrong.append(f"{method} {url} on {kind} as {role}: {status} {has}, should be {should}")
                    if method == "GET" and has == "allowed" and url not in (*found.read, *UNREAD) and is_page(body):
                        found.read.append(url)
                        found.wrong += [f"GET {url} as {role}, read aloud: {one}" for one in faults(body.decode())]
                    for record, name in (world.canaries[one] for one in world.canaries if one.encode() in body):
                        found.seen.add((role, record, name))
                        if (record, name) not in shown:
                            found.wrong.append(f"{method} {url} on {kind} shows {role} {name} of a {record}")
                    if kind in (OTHER_COUNCIL, MISSING):
                        refusals[method].add(body)
            for method, bodies in refusals.items():
                if len(bodies) > 1:
                    found.wrong.append(f"{method} {url} as {role}: another council's and a missing one differ")
            if first and found.wrong:
                return found
    return found


def is_page(body: bytes) -> bool:
    return body[:15].lower() == b"<!doctype html>"


def added_up(found: Found, part: int, parts: int, run: str) -> Found | None:
    """What all parts of a sweep found, for whoever brings the last of them; None for those before.

    Each process leaves its part where the others of its run find it.
    """
    root = Path(os.environ[SHARED]) / f"sweep-{run}"
    root.mkdir(exist_ok=True)
    with (root / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (root / f"{part}.json").write_text(json.dumps({**asdict(found), "seen": sorted(found.seen)}), "utf-8")
        there = [json.loads(one.read_text("utf-8")) for one in sorted(root.glob("*.json"))]
    if len(there) < parts:
        return None
    most = max(there, key=lambda one: one["most_queries"])
    return Found(
        sum(one["requests"] for one in there),
        {(role, record, name) for one in there for role, record, name in one["seen"]},
        [words for one in there for words in one["wrong"]],
        most["most_queries"],
        most["most_at"],
        [url for one in there for url in one["read"]],
    )


def _asked(world: World, urls: Collection[str] | None) -> Iterator[tuple[str, Callable[..., Any], list[str]]]:
    left_out = OTHER_COUNCIL if world.open_other else OPEN_COUNCIL
    for one in addresses():
        if urls is None or f"/{one.url}" in urls:
            yield f"/{one.url}", one.view, [kind for kind in one.objects if kind != left_out]


def _told_apart(kinds: list[str], method: str, answers: set[str]) -> list[str]:
    """The kinds of objects to ask an address for by a method: all, or one that stands for the others.

    answers: what a role is to meet there.
    """
    if connection.vendor != "sqlite":
        # Who may not do an act at all is refused by the gate from the role and the act, and a method without an act
        # from the view alone, before any row is looked for that the address names. That this is so at every address
        # and for every kind is shown on SQLite; no other database is asked anything by which they could come to differ
        # on it. What the gate lets through is asked at every address for every kind on each.
        if answers == {"no-method"} and method != "GET":
            return []
        if answers <= REFUSED_BY_ROLE:
            return kinds[:1]
    # A method for which no act is stated is refused before any object is looked for.
    return kinds if method in ("GET", "POST") else kinds[:1]


class Queries:
    """Counts what the database is asked. Its words are not kept, for which Django would ask the database once more."""

    count = 0

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        """Let one query through."""
        self.count += 1
        return execute(*asked)


@contextmanager
def taken_back() -> Iterator[None]:
    """What is changed in this block is taken back at its end."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


class _Asks:
    """Who asks one address: signed in once for all its methods and objects, since what a request changes is taken back.

    The API is asked with a token, and without what the browser would send.
    """

    def __init__(self, world: World, client: Client, asker: Membership | None, url: str) -> None:
        self.world, self.client, self.asker, self.url = world, client, asker, url
        self.headers: dict[str, str] = {}
        self.session = ""
        if asker and url.startswith(API):
            self.headers = {"Authorization": f"Bearer {token_of(asker)}"}
        elif asker:
            sign_in_at_once(client, asker.account)
            self.session = client.cookies[settings.SESSION_COOKIE_NAME].value

    def answers(self, kind: str, methods: list[str]) -> list[tuple[str, Answer]]:
        """What an object of a kind answers to each method; nothing where the council at home has no such page.

        The object is made once. What each request changes is taken back, so that the next one meets the same world.
        """
        if not methods:
            return []
        with taken_back():
            path = path_of(self.world, self.url, kind, self.asker)
            return [] if path is None else [(method, self._answer(path, method)) for method in methods]

    def _answer(self, path: str, method: str) -> Answer:
        if self.session:  # an answer may have signed the asker out, or given another session
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        with taken_back():
            form = body_of(self.url, self.asker) if method == "POST" else {}
            queries = Queries()
            with connection.execute_wrapper(queries):
                made = self.client.post(path, form) if form else self._plain(method, path)
            body = b"" if made.streaming else made.content
            return made.status_code, body, outcome(made), queries.count

    def _plain(self, method: str, path: str) -> HttpResponse:
        """A request without a form; of an operation that reads its body first with one that it can read."""
        if method != "POST" or self.url not in JSON:
            return self.client.generic(method, path, headers=self.headers)
        content = json.dumps(JSON[self.url])
        return self.client.generic(method, path, content, "application/json", headers=self.headers)


def token_of(asker: Membership) -> str:
    """A token of a member for everything that the API does."""
    text = PREFIX + secrets.token_urlsafe(32)
    Token.objects.create(
        membership=asker,
        name="sweep",
        digest=digest(text),
        acts=list(OFFERED),
        expires_at=now() + timedelta(days=1),
        used_at=now(),
    )
    return text
