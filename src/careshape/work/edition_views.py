"""Pages on which editions are prepared, agreed by a second person, released and discarded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.times import moment
from careshape.editions.background import start_preparing
from careshape.editions.choose import ACT as CHOOSE
from careshape.editions.choose import SEE as SEE_RULE
from careshape.editions.folders import INPUTS, MANIFEST, REASONS, REPORT, edition_path, kept, stands
from careshape.editions.inputs import rule_of
from careshape.editions.models import Edition, State
from careshape.editions.released import released
from careshape.editions.settle import SupersededError, agree, discard, release, schedule
from careshape.errors import CallError, CareshapeError
from careshape.home import Home
from careshape.jobs.models import Job
from careshape.policy import Principal
from careshape.policy.fields import seen
from careshape.policy.listing import Column, Listing, arrange, download, listed
from careshape.policy.views import does
from careshape.readers.tell import followers_now
from careshape.statement.formatting import day
from careshape.work.desk import Desk, desk_of
from careshape.work.edition_made_by import MadeBy, made_by, rule_now
from careshape.work.edition_rules import said_of
from careshape.work.edition_since import told_since
from careshape.work.edition_waiting import HOME, prepared_now
from careshape.work.gate_words import attacked, counted, kept_back
from careshape.work.pages import notify, page
from careshape.work.refusal import of_rule, remedies


@does("editions.see")
def editions(request: HttpRequest) -> HttpResponse:
    """The editions of the council, the latest first."""
    return page(
        request, "editions.html", here=HOME, arranged=arrange(_listing(request), request.GET.dict()),
        may_prepare=desk_of(request).may("editions.prepare"), under_way=prepared_now(request.principal),
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
        job = start_preparing(principal)
        if Job.objects.reached(principal, "jobs.read").filter(pk=job.pk).exists():
            return HttpResponseRedirect(f"/work/jobs/{job.pk}/")
        notify(request, f"A colleague is having edition {job.arguments['number']} prepared already.")
    return HttpResponseRedirect(HOME)


@does("editions.see")
def edition_page(request: HttpRequest, number: int) -> HttpResponse:
    """One edition: how far it is, what the gate found, and what can be done with it."""
    return _page(request, _reach(request, "editions.see", number))


@does("editions.agree", POST="editions.agree")
def agree_page(request: HttpRequest, number: int) -> HttpResponse:
    """Agree it."""
    row = _reach(request, "editions.agree", number)
    if request.method != "POST":
        return HttpResponseRedirect(f"{HOME}{number}/")

    def step(principal: Principal, one: Edition) -> None:
        agree(principal, one, request.POST.get("aware", ""))

    return _step(request, row, step, "It is agreed. It can be released now.")


@does("editions.release", POST="editions.release")
def release_page(request: HttpRequest, number: int) -> HttpResponse:
    """Release it for good, after saying what that does."""
    row = _reach(request, "editions.release", number)
    if request.method != "POST":
        return _release_page(request, row)
    try:
        release(request.principal, row, request.POST.get("aware", ""))
    except SupersededError as error:
        return _release_page(request, row, aware=str(error), status=409)
    except CareshapeError as error:
        row.refresh_from_db()
        return _page(request, row, str(error), 409)
    notify(request, "It is released: everybody can read it.")
    return HttpResponseRedirect(f"{HOME}{number}/")


@does("editions.release", POST="editions.release")
def schedule_page(request: HttpRequest, number: int) -> HttpResponse:
    """Set the day on which it is released by itself, or take it away."""
    row = _reach(request, "editions.release", number)
    if request.method != "POST":
        return HttpResponseRedirect(f"{HOME}{number}/release/")
    text = request.POST.get("release_on", "").strip()
    try:
        on = day_of(text) if text else None
        schedule(request.principal, row, on, request.POST.get("aware", ""))
    except SupersededError as error:
        return _release_page(request, row, text, aware=str(error), status=409)
    except CareshapeError as error:
        row.refresh_from_db()
        return _release_page(request, row, text, str(error), 409)
    notify(request, f"It is released on {day(on)}, in the morning." if on else "No day is set any more.")
    return HttpResponseRedirect(f"{HOME}{number}/")


@does("editions.discard", POST="editions.discard")
def discard_page(request: HttpRequest, number: int) -> HttpResponse:
    """Discard it, after asking whether that is meant."""
    row = _reach(request, "editions.discard", number)
    if request.method == "POST":
        return _step(request, row, discard, "It is discarded. Its number is not used again.")
    if State(row.state) in (State.RELEASED, State.DISCARDED):
        return HttpResponseRedirect(f"{HOME}{number}/")
    return page(request, "edition_discard.html", here=HOME, crumbs=_crumbs(row, "Discard"), row=row)


def day_of(text: str) -> date:
    """A day that somebody wrote. Raises CallError where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CallError("Write the day as year-month-day, such as 2027-03-31.") from None


def _step(request: HttpRequest, row: Edition, step: Callable[[Principal, Edition], None], said: str) -> HttpResponse:
    try:
        step(request.principal, row)
    except CareshapeError as error:
        row.refresh_from_db()
        return _page(request, row, str(error), 409, "aware" if isinstance(error, SupersededError) else "edition")
    notify(request, said)
    return HttpResponseRedirect(f"{HOME}{row.number}/")


def _release_page(
    request: HttpRequest, row: Edition, text: str = "", problem: str = "", status: int = 200, aware: str = ""
) -> HttpResponse:
    """What a release does, before it is done; of what cannot be released, why not."""
    if State(row.state) is not State.AGREED:
        return HttpResponseRedirect(f"{HOME}{row.number}/") if status == 200 else _page(request, row, problem, status)
    before = next(iter(released(request.principal, "editions.read", row.council)), None)
    files = _kept(row, MANIFEST).get("pages", {})
    counts = {
        "pages": sum(one.endswith(".html") for one in files), "prints": sum(one.endswith(".pdf") for one in files),
        "others": sum(not one.endswith((".html", ".pdf")) and not one.startswith("static/") for one in files),
    }  # fmt: skip
    return page(
        request, "edition_release.html", here=HOME, crumbs=_crumbs(row, "Release"), row=row, before=before, day=day,
        counts=counts, report=_kept(row, REPORT), followers=followers_now(row.council), status=status,
        text=text or (row.release_on.isoformat() if row.release_on else ""),
        errors={"release_on": problem} if problem else {"aware": aware} if aware else {}, gone=_gone(row),
        told=told_since(desk_of(request), row), may_prepare=desk_of(request).may("editions.prepare"),
        **said_of(desk_of(request), row),
    )  # fmt: skip


def _crumbs(row: Edition, here: str) -> tuple[tuple[str, str], ...]:
    return (("Editions", HOME), (f"Edition {row.number}", f"{HOME}{row.number}/"), (here, ""))


def _gone(row: Edition) -> bool:
    """Whether the edition's folder is not there any more."""
    return not stands(Home(settings.CARESHAPE_DIR), row.council, row.number)


def _reach(request: HttpRequest, act: str, number: int) -> Edition:
    found = Edition.objects.select_related("prepared_by", "agreed_by", "released_by")
    row: Edition = found.reach(request.principal, act, council=request.principal.council, number=number)
    return row


def _page(
    request: HttpRequest, row: Edition, problem: str = "", status: int = 200, field: str = "edition"
) -> HttpResponse:
    desk = desk_of(request)
    report, reasons, gone = _kept(row, REPORT), _kept(row, REASONS), _gone(row)
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
        report=report, reasons=reasons, counts=counted(report, reasons) if report else "",
        attack=attacked(report) if report else "", kept_back=kept_back(reasons), may=may, moment=moment, day=day,
        waits_for_another=state is State.PREPARED and own and desk.may("editions.agree"),
        **(_mending(desk, row, reasons) if state is State.REFUSED else {}),
        readable=state not in (State.DISCARDED, State.REFUSED) and not gone, gone=gone,
        by_rule=_made_by(row) if desk.may(SEE_RULE) and not gone else None, may_choose=desk.may(CHOOSE),
        errors={field: problem} if problem else {}, status=status, may_prepare=desk.may("editions.prepare"),
        told=told_since(desk, row) if state in (State.PREPARED, State.AGREED) else None, **said_of(desk, row),
    )  # fmt: skip


def _made_by(row: Edition) -> MadeBy:
    home = Home(settings.CARESHAPE_DIR)
    return made_by(home, row, rule_now(home, row.council)[0])


def _mending(desk: Desk, row: Edition, reasons: dict[str, Any]) -> dict[str, Any]:
    """What can be done about a refused edition."""
    inputs = edition_path(Home(settings.CARESHAPE_DIR), row.council, row.number) / INPUTS
    return {
        "remedies": remedies(desk, reasons.get("faults", ())), "rule": of_rule(rule_of(inputs)),
    }  # fmt: skip


def _kept(row: Edition, name: str) -> dict[str, Any]:
    return kept(Home(settings.CARESHAPE_DIR), row.council, row.number, name)


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
