"""Pages of the audit log: what was done, by whom, and whether the log is whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.models import Account
from careshape.accounts.times import moment
from careshape.audit.change import reading, tell
from careshape.audit.models import Event, Head
from careshape.audit.postings import borne_out
from careshape.audit.verify import verify_and_tell
from careshape.home import Home
from careshape.jobs.kinds import kinds
from careshape.policy import policy
from careshape.policy.listing import Column, Listing, arrange, download, listed
from careshape.policy.views import does
from careshape.work.desk import desk_of
from careshape.work.naming import names_of
from careshape.work.pages import notify, page

HOME: Final = "/work/audit/"
ACT: Final = "audit.read"
LATEST: Final = 5_000
"""Events that the page looks through, the latest; `careshape audit` reads all of them."""
SHOWN: Final = ("number", "at", "account", "role", "act", "object", "outcome", "detail", "digest")
SIZE: Final = 15
"""Events on a page."""


class Acted(Protocol):
    """What tells who did something: an event, or the part of one that is shown."""

    @property
    def account(self) -> int | None:
        """Key of the account; None where it was none."""

    @property
    def role(self) -> str:
        """In which role."""


def listing(request: HttpRequest) -> Listing:
    """The events that one may read, the latest first."""
    principal = desk_of(request).principal
    # Thousands are looked through while the reading holds SQLite's one write lock: rows of what is shown, no models.
    found = list(Event.objects.reached(principal, ACT).order_by("-number").values_list(*SHOWN, named=True)[:LATEST])
    people = dict(Account.objects.filter(pk__in={one.account for one in found}).values_list("pk", "name"))
    titles = {act.id: act.title for act in policy().acts.values()}
    names = names_of(principal, (one.object for one in found))
    rows = [
        {
            "number": one.number, "at": datetime.fromisoformat(one.at), "day": one.at[:10],
            "who": who_of(one, people), "role": one.role, "act": one.act,
            "title": titles.get(one.act, one.act), "outcome": one.outcome, "row": names[one.object][0],
            "href": names[one.object][1], "object": one.object, "detail": one.detail, "digest": one.digest,
        }
        for one in found
    ]  # fmt: skip
    columns = (
        Column("number", "Event"),
        Column("at", "When", text=moment),
        Column("day", "Day", filtered=True, shown=False),
        Column("who", "Who", filtered=True),
        Column("role", "Role", filtered=True, shown=False),
        Column("title", "What was done", filtered=True),
        Column("act", "Act", shown=False),
        Column("outcome", "Outcome", filtered=True),
        Column("row", "To what", link="href"),
        Column("object", "Table and key", shown=False),
        Column("detail", "More", text=in_words),
        Column("digest", "Digest", shown=False),
    )
    return listed(
        principal, ACT, "event", columns, rows, id="events", title="Audit log", empty="Nothing was done yet.", size=SIZE
    )


def in_words(detail: str) -> str:
    """What an event tells more, without the signs of JSON."""
    said = json.loads(detail)
    return "; ".join(f"{name.replace('_', ' ')}: {_called(name, value)}" for name, value in said.items())


def _called(name: str, value: Any) -> str:
    """A value in words: a kind of background work and an act by their titles."""
    titled: dict[str, Mapping[str, Any]] = {"kind": kinds(), "act": policy().acts}
    known = titled.get(name, {})
    return known[value].title if isinstance(value, str) and value in known else _value(value)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def who_of(event: Acted, people: dict[int, str]) -> str:
    """Who did it: the name of the account, or in words that it was none."""
    if event.account is not None:
        return people.get(event.account, f"Account {event.account}")
    return "The installation" if event.role == "system" else "Nobody signed in"


def told_reading(request: HttpRequest, rows: int, **more: str) -> None:
    """Tell that somebody read what others did; who reads what they did themselves reads nothing of others."""
    if "council" in policy().scopes(request.principal, ACT):
        tell(request.principal, ACT, "audit.event", rows=rows, **more)


@does(ACT)
@reading
def events(request: HttpRequest) -> HttpResponse:
    """The audit log."""
    desk = desk_of(request)
    head = Head.objects.filter(chain=desk.principal.council).first()
    arranged = arrange(listing(request), request.GET.dict())
    told_reading(request, len(arranged.cells))
    return page(
        request, "audit.html", here=HOME, arranged=arranged, head=head, latest=LATEST,
        may_verify=desk.may("audit.verify"),
    )  # fmt: skip


@does(ACT)
@reading
def events_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The audit log as a file."""
    arranged = arrange(listing(request), request.GET.dict())
    answer = download(arranged, kind, "audit")
    told_reading(request, len(arranged.rows), file=kind)
    return answer


@does("audit.verify", POST="audit.verify")
def verify_page(request: HttpRequest) -> HttpResponse:
    """Verify that the log is whole and that it and the ledger tell the same of each other, and tell of it."""
    if request.method == "POST":
        had, verdict = verify_and_tell(request.principal)
        said = f"{verdict.events:,} events were looked at"
        words = f"The log is whole: {said}." if verdict.whole else f"The log is BROKEN. {verdict.wrong} {said}."
        words = f"{words} {said_of_ledger(request)}".rstrip()
        notify(request, words if had else "Nothing was done before: the log begins with this.")
    return HttpResponseRedirect(HOME)


def said_of_ledger(request: HttpRequest) -> str:
    """Whether the log and the council's ledger tell the same of each other, in words; empty where it has no records."""
    if desk_of(request).council is None:
        return ""
    return borne_out(Home(settings.CARESHAPE_DIR).ledger(request.principal.council))
