"""Pages on which editions are prepared, agreed by a second person, released and discarded."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.times import moment
from careshape.editions.background import PREPARE
from careshape.editions.begin import next_number
from careshape.editions.folders import REASONS, REPORT, edition_path
from careshape.editions.models import Edition, State
from careshape.editions.settle import agree, discard, release, schedule
from careshape.errors import CallError, CareshapeError
from careshape.home import Home
from careshape.jobs.enqueue import enqueue
from careshape.policy import Principal
from careshape.policy.fields import seen
from careshape.policy.listing import Column, Listing, arrange, download, listed
from careshape.policy.views import does
from careshape.statement.formatting import day
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

HOME: Final = "/work/editions/"


@does("editions.see")
def editions(request: HttpRequest) -> HttpResponse:
    """The editions of the council, the latest first."""
    return page(
        request, "editions.html", here=HOME, arranged=arrange(_listing(request), request.GET.dict()),
        may_prepare=desk_of(request).may("editions.prepare"),
    )  # fmt: skip


@does("editions.see")
def editions_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The editions as a file."""
    return download(arrange(_listing(request), request.GET.dict()), kind, "editions")


@does("editions.prepare", POST="editions.prepare")
def prepare_page(request: HttpRequest) -> HttpResponse:
    """Have the next edition prepared in the background."""
    principal = request.principal
    if request.method == "POST":
        number = next_number(Home(settings.CARESHAPE_DIR), principal.council)
        job = enqueue(principal, PREPARE, {"number": number}, key=f"edition-{number}")
        return HttpResponseRedirect(f"/work/jobs/{job.pk}/")
    return HttpResponseRedirect(HOME)


@does("editions.see")
def edition_page(request: HttpRequest, number: int) -> HttpResponse:
    """One edition: how far it is, what the gate found, and what can be done with it."""
    return _page(request, _reach(request, "editions.see", number))


@does("editions.agree", POST="editions.agree")
def agree_page(request: HttpRequest, number: int) -> HttpResponse:
    """Agree it."""
    return _step(request, "editions.agree", number, agree, "It is agreed. It can be released now.")


@does("editions.release", POST="editions.release")
def release_page(request: HttpRequest, number: int) -> HttpResponse:
    """Release it for good."""
    return _step(request, "editions.release", number, release, "It is released: everybody can read it.")


@does("editions.release", POST="editions.release")
def schedule_page(request: HttpRequest, number: int) -> HttpResponse:
    """Set the day on which it is released by itself."""
    text = request.POST.get("release_on", "").strip()

    def set_day(principal: Principal, row: Edition) -> None:
        try:
            on = date.fromisoformat(text) if text else None
        except ValueError:
            raise CallError("Write the day as year-month-day, such as 2027-03-31.") from None
        schedule(principal, row, on)

    said = "It is released on the day that you set." if text else "No day is set any more."
    return _step(request, "editions.release", number, set_day, said)


@does("editions.discard", POST="editions.discard")
def discard_page(request: HttpRequest, number: int) -> HttpResponse:
    """Discard it."""
    return _step(request, "editions.discard", number, discard, "It is discarded. Its number is not used again.")


def _step(
    request: HttpRequest, act: str, number: int, step: Callable[[Principal, Edition], None], said: str
) -> HttpResponse:
    row = _reach(request, act, number)
    if request.method == "POST":
        try:
            step(request.principal, row)
        except CareshapeError as error:
            row.refresh_from_db()
            return _page(request, row, str(error), 409)
        notify(request, said)
    return HttpResponseRedirect(f"{HOME}{number}/")


def _reach(request: HttpRequest, act: str, number: int) -> Edition:
    found = Edition.objects.select_related("prepared_by", "agreed_by", "released_by")
    row: Edition = found.reach(request.principal, act, council=request.principal.council, number=number)
    return row


def _page(request: HttpRequest, row: Edition, problem: str = "", status: int = 200) -> HttpResponse:
    desk = desk_of(request)
    report = _kept(row, REPORT)
    state = State(row.state)
    own = row.prepared_by_id is not None and row.prepared_by_id == desk.principal.account
    may = {
        "agree": desk.may("editions.agree") and state is State.PREPARED and not own,
        "release": desk.may("editions.release") and state is State.AGREED,
        "discard": desk.may("editions.discard") and state not in (State.RELEASED, State.DISCARDED),
    }
    return page(
        request, "edition.html", here=HOME, crumbs=(("Editions", HOME), (f"Edition {row.number}", "")), row=row,
        hands=seen(
            desk.principal, "editions.see", "edition", {"by": _name(row.prepared_by), "agreed": _name(row.agreed_by)}
        ),
        report=report, reasons=_kept(row, REASONS), may=may, moment=moment, day=day,
        waits_for_another=state is State.PREPARED and own and desk.may("editions.agree"),
        readable=state not in (State.DISCARDED, State.REFUSED), errors={"edition": problem} if problem else {},
        status=status,
    )  # fmt: skip


def _kept(row: Edition, name: str) -> dict[str, Any]:
    file = edition_path(Home(settings.CARESHAPE_DIR), row.council, row.number) / name
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return found


def _listing(request: HttpRequest) -> Listing:
    found = Edition.objects.reached(request.principal, "editions.see").select_related("prepared_by", "agreed_by")
    rows = [
        {
            "number": one.number, "href": f"{HOME}{one.number}/", "state": one.state_words, "known_on": one.known_on,
            "prepared": one.prepared_at, "by": _name(one.prepared_by), "agreed": _name(one.agreed_by),
            "released": one.released_at,
        }
        for one in found.order_by("-number")
    ]  # fmt: skip
    columns = (
        Column("number", "Edition", link="href"),
        Column("state", "State", filtered=True),
        Column("known_on", "Figures as known on", text=day),
        Column("prepared", "Prepared", text=moment),
        Column("by", "Prepared by", filtered=True),
        Column("agreed", "Agreed by", filtered=True),
        Column("released", "Released", text=moment),
    )
    return listed(
        request.principal, "editions.see", "edition", columns, rows, id="editions", title="Editions",
        empty="No edition has been prepared yet.",
    )  # fmt: skip


def _name(account: Any) -> str:
    return account.name if account else ""
