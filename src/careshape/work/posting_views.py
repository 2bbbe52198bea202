"""Pages of postings: what was imported when, by whom and with which result."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from careshape.accounts.times import moment
from careshape.ledger.posting import Posting, in_force
from careshape.ledger.readers import reader
from careshape.ledger.report import OUTCOMES, Report
from careshape.ledger.reversals import withdrawn_by
from careshape.policy import policy
from careshape.policy.fields import seen
from careshape.policy.listing import Column, Listing, arrange, download, listed
from careshape.policy.views import does
from careshape.work.desk import Desk, desk_of
from careshape.work.import_views import findings, read_report
from careshape.work.models import Import
from careshape.work.pages import page
from careshape.work.reversing import REVERSE, reversed_by
from careshape.work.tables import covered
from careshape.work.trail import Told, told_of

HOME = "/work/postings/"
ACT = "work.postings"
COMMAND_LINE = "The command line"
"""Who posted what no import of the place to work tells of."""


def listing(desk: Desk) -> Listing:
    """The postings of the council's ledger, the latest first."""
    who = posted_by(desk)
    rows = [
        {
            "number": one.number, "href": f"{HOME}{one.number}/", "recorded": one.recorded_at, "file": one.source,
            "kind": reader(one.kind).title, "who": who.get(one.number, COMMAND_LINE), "rows": one.rows,
            "state": state_of(desk.postings, one),
            **{outcome: one.counts.get(outcome, 0) for outcome in OUTCOMES},
        }
        for one in reversed(desk.postings)
    ]  # fmt: skip
    columns = (
        Column("number", "Posting", link="href"),
        Column("recorded", "Recorded", text=moment),
        Column("file", "File"),
        Column("kind", "Kind of records", filtered=True),
        Column("state", "State", filtered=True),
        Column("who", "Posted by", filtered=True),
        *(
            Column(name, name.replace("_", " ").capitalize(), numeric=True, text=lambda value: f"{value:,}")
            for name in OUTCOMES
        ),
        Column("rows", "Rows of the ledger", numeric=True, text=lambda value: f"{value:,}"),
    )
    return listed(
        desk.principal, ACT, "posting", columns, rows, id="postings", title="Postings",
        empty="Nothing has been posted yet.",
    )  # fmt: skip


def posted_by(desk: Desk) -> dict[int, str]:
    """Posting -> name of the account that posted it; nothing for who does not see that."""
    if "who" not in policy().fields(desk.principal, ACT, "posting"):
        return {}
    found = Import.objects.reached(desk.principal, ACT).filter(state="posted").order_by("-pk")
    return dict(found.values_list("posting", "posted_by__name")) | reversed_by(desk.principal, "work.postings")


def state_of(postings: Sequence[Posting], one: Posting) -> str:
    """Whether a posting stands, in words."""
    if one.reverses is not None:
        return f"Withdrawal of posting {one.reverses}"
    done = withdrawn_by(postings, one.number)
    return f"Withdrawn by posting {done.number}" if done else "Stands"


def poster_of(desk: Desk, number: int) -> str:
    """Who posted it; empty for who does not see that."""
    values = {"who": posted_by(desk).get(number, COMMAND_LINE)}
    return str(seen(desk.principal, ACT, "posting", values).get("who", ""))


def posting_of(desk: Desk, number: int) -> Posting:
    """One posting. Raises Http404 where the ledger has none of that number."""
    found = next((one for one in desk.postings if one.number == number), None)
    if found is None:
        raise Http404("There is no such posting.")
    return found


def kept_report(desk: Desk, number: int) -> Report | None:
    """The checking report that the ledger keeps with a posting."""
    if desk.council is None:
        return None
    path = desk.council.ledger.path / "reports" / f"{number:05}.json"
    try:
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return read_report(content)


def _outcomes(posting: Posting) -> list[tuple[str, str]]:
    """What a posting counts: rows of its file, or what it withdrew."""
    if posting.reverses is not None:
        return [
            ("withdrawn", "Lines taken out of every figure"), ("restored", "Lines that stand again as before"),
            ("deliveries", "Deliveries taken out"), ("kept", "Lines left as later postings say"),
        ]  # fmt: skip
    return [(name, name.replace("_", " ").capitalize()) for name in OUTCOMES]


def _told(desk: Desk, number: int) -> list[Told]:
    """What the audit log tells of a posting."""
    return told_of(desk.principal, desk.council.ledger, desk.council.ledger.path, number) if desk.council else []


@does(ACT)
def postings(request: HttpRequest) -> HttpResponse:
    """The postings."""
    arranged = arrange(listing(desk_of(request)), request.GET.dict())
    return page(request, "postings.html", here=HOME, arranged=arranged)


@does(ACT)
def postings_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The postings as a file."""
    return download(arrange(listing(desk_of(request)), request.GET.dict()), kind, "postings")


@does(ACT)
def posting_page(request: HttpRequest, number: int) -> HttpResponse:
    """One posting: its file, its counts, what it covers, and the report that was kept."""
    desk = desk_of(request)
    found = posting_of(desk, number)
    report = kept_report(desk, number)
    imports = Import.objects.reached(desk.principal, ACT).filter(posting=number, state="posted")
    return page(
        request, "posting.html", here=HOME, crumbs=(("Postings", HOME), (f"Posting {number}", "")), posting=found,
        moment=moment, kind=reader(found.kind).title, poster=poster_of(desk, number), report=report,
        covered=arrange(covered(found), {}),
        findings=arrange(findings(desk.principal, ACT, report), request.GET.dict()) if report else None,
        outcomes=[(title, found.counts.get(name, 0)) for name, title in _outcomes(found)],
        state=state_of(desk.postings, found), withdrawn=withdrawn_by(desk.postings, number),
        may_withdraw=desk.may(REVERSE) and found in in_force(desk.postings),
        told=_told(desk, number),
        brought=imports.first() if desk.may("work.import") else None, latest=number == desk.postings[-1].number,
    )  # fmt: skip


@does(ACT)
def table_download(request: HttpRequest, number: int, table: str, kind: str) -> HttpResponse:
    """What a posting covers, or what its check found, as a file."""
    desk = desk_of(request)
    found, report = posting_of(desk, number), kept_report(desk, number)
    if table == "covered":
        return download(arrange(covered(found), {}), kind, f"posting-{number}-covered")
    if table != "findings" or report is None:
        raise Http404("There is no such table.")
    return download(
        arrange(findings(desk.principal, ACT, report), request.GET.dict()), kind, f"posting-{number}-findings"
    )
