"""Pages of the audit log: what was done, by whom, and whether the log is whole."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.models import Account
from careshape.accounts.times import moment
from careshape.audit.change import tell
from careshape.audit.models import Event, Head
from careshape.audit.verify import verify
from careshape.audit.write import begun
from careshape.policy import policy
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

HOME: Final = "/work/audit/"
LATEST: Final = 5_000
"""Events that the page looks through, the latest; `careshape audit` reads all of them."""


def listing(request: HttpRequest) -> Listing:
    """The events that one may read, the latest first."""
    found = list(Event.objects.reached(desk_of(request).principal, "audit.read").order_by("-number")[:LATEST])
    names = dict(Account.objects.filter(pk__in={one.account for one in found}).values_list("pk", "name"))
    titles = {act.id: act.title for act in policy().acts.values()}
    rows = [
        {
            "number": one.number, "at": datetime.fromisoformat(one.at), "day": one.at[:10],
            "who": names.get(one.account, ""), "role": one.role, "act": one.act,
            "title": titles.get(one.act, one.act), "outcome": one.outcome,
            "object": one.object, "detail": one.detail, "digest": one.digest,
        }
        for one in found
    ]  # fmt: skip
    columns = (
        Column("number", "Event"),
        Column("at", "When", text=moment),
        Column("day", "Day", filtered=True, shown=False),
        Column("who", "Who", filtered=True),
        Column("role", "Role", filtered=True),
        Column("title", "What was done"),
        Column("act", "Act", filtered=True, shown=False),
        Column("outcome", "Outcome", filtered=True),
        Column("object", "To what"),
        Column("detail", "More"),
        Column("digest", "Digest", shown=False),
    )
    return Listing("events", "Audit log", columns, rows, "Nothing was done yet.")


@does("audit.read")
def events(request: HttpRequest) -> HttpResponse:
    """The audit log."""
    desk = desk_of(request)
    head = Head.objects.filter(chain=desk.principal.council).first()
    return page(
        request, "audit.html", here=HOME, arranged=arrange(listing(request), request.GET.dict()), head=head,
        latest=LATEST, may_verify=desk.may("audit.verify"),
    )  # fmt: skip


@does("audit.read")
def events_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The audit log as a file."""
    return download(arrange(listing(request), request.GET.dict()), kind, "audit")


@does("audit.verify", POST="audit.verify")
def verify_page(request: HttpRequest) -> HttpResponse:
    """Verify that the log is whole, and tell of it."""
    if request.method == "POST":
        chain = request.principal.council
        # Asked first, and of the events, not of the head: a chain that lost its head is broken, and not unbegun.
        had, verdict = begun(chain), verify(chain)
        tell(request.principal, "audit.verify", "audit.head", whole=verdict.whole or not had, events=verdict.events)
        said = f"{verdict.events:,} events were looked at"
        words = f"The log is whole: {said}." if verdict.whole else f"The log is BROKEN. {verdict.wrong} {said}."
        notify(request, words if had else "Nothing was done before: the log begins with this.")
    return HttpResponseRedirect(HOME)
