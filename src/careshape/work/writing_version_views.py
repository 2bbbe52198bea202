"""One version: what it changes, what colleagues say of it, and the steps to being in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.times import moment
from careshape.errors import CallError, CareshapeError
from careshape.home import Home
from careshape.policy import Principal
from careshape.policy.fields import seen
from careshape.policy.views import does
from careshape.statement.formatting import day
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page
from careshape.work.writing_remarks import remarks
from careshape.work.writing_views import CRUMB, HOME
from careshape.writing.comment import answer, comment, settle
from careshape.writing.contents import touched
from careshape.writing.effects import before, effect, parts_of
from careshape.writing.kinds import kind_of
from careshape.writing.models import Comment, State, Version
from careshape.writing.papers import paper_of_file
from careshape.writing.place import digest, in_force
from careshape.writing.settle import Faulty, agree, discard, need_taken, schedule, turn_back
from careshape.writing.write import standing, take_back


@does("writing.see")
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A version: what it does to the words and to the figures, and what can be done with it."""
    return _page(request, _reach(request, "writing.see", pk))


@does("writing.agree", POST="writing.agree")
def agree_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree it, at once or for a day."""

    def step(principal: Principal, row: Version) -> str:
        day_on = _day(request.POST.get("comes_on", ""))
        done = need_taken(agree(principal, row, day_on, request.POST.get("digest", "")))
        return (
            f"It is agreed, and is in force from {day(done.comes_on)}."
            if done.comes_on
            else "It is agreed and in force."
        )

    return _step(request, "writing.agree", pk, step, "agree")


@does("writing.agree", POST="writing.agree")
def turn_back_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn it back, with the reason."""

    def step(principal: Principal, row: Version) -> str:
        turn_back(principal, row, request.POST.get("answer", ""))
        return "It is turned back. Its writer is told why."

    return _step(request, "writing.agree", pk, step, "answer")


@does("writing.agree", POST="writing.agree")
def schedule_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Set another day for what is agreed, or have it in force at once."""

    def step(principal: Principal, row: Version) -> str:
        done = need_taken(schedule(principal, row, _day(request.POST.get("comes_on", ""))))
        return f"It is in force from {day(done.comes_on)}." if done.comes_on else "It is in force now."

    return _step(request, "writing.agree", pk, step, "comes_on")


@does("writing.write", POST="writing.write")
def take_back_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a draft of it again, and go on writing."""
    row = _reach(request, "writing.write", pk)
    if request.method == "POST":
        try:
            take_back(request.principal, row)
        except CareshapeError as error:
            row.refresh_from_db()
            return _page(request, row, {"version": str(error)}, 409)
        council = desk_of(request).council
        found = paper_of_file(council, row.file) if council is not None else None
        if found is not None and council is not None:
            changed = touched(council, row)
            part = f"?slot={changed[0]}" if len(changed) == 1 else ""
            return HttpResponseRedirect(f"{HOME}pages/{found.name}/edit/{part}")
    return HttpResponseRedirect(f"{HOME}versions/{pk}/")


@does("writing.write", POST="writing.write")
def discard_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Discard it, after the question whether that is meant."""
    row = _reach(request, "writing.write", pk)
    if request.method == "POST":

        def step(principal: Principal, found: Version) -> str:
            discard(principal, found)
            return "It is discarded. Its words can still be read here."

        return _step(request, "writing.write", pk, step, "version")
    return page(
        request, "writing_discard.html", here=HOME, crumbs=(CRUMB, ("Discard", "")), row=row,
        title=kind_of(row.file).name(row.council, row.file),
    )  # fmt: skip


@does("writing.comment", POST="writing.comment")
def comment_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something of it."""

    def step(principal: Principal, row: Version) -> str:
        comment(principal, row, request.POST.get("text", ""), request.POST.get("part", ""))
        return "Your comment is there. The writer is told."

    return _step(request, "writing.comment", pk, step, "text")


@does("writing.comment", POST="writing.comment")
def answer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a comment."""
    return _of_comment(request, pk, lambda who, row: answer(who, row, request.POST.get("text", "")), "It is answered.")


@does("writing.comment", POST="writing.comment")
def settle_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a comment needs nothing more."""
    return _of_comment(request, pk, settle, "It is settled.")


def _of_comment(
    request: HttpRequest, pk: int, step: Callable[[Principal, Comment], Comment], said: str
) -> HttpResponse:
    row: Comment = Comment.objects.select_related("version").reach(request.principal, "writing.comment", pk=pk)
    council = desk_of(request).council
    paper = paper_of_file(council, row.version.file) if council and request.POST.get("back") == "page" else None
    if request.method == "POST":
        try:
            step(request.principal, row)
        except CareshapeError as error:
            return _page(request, row.version, {f"answer-{row.pk}": str(error)}, 409)
        notify(request, said)
    if paper is not None:
        return HttpResponseRedirect(f"{HOME}pages/{paper.name}/#{row.part or 'comments'}")
    return HttpResponseRedirect(f"{HOME}versions/{row.version_id}/#comments")


def _step(
    request: HttpRequest, act: str, pk: int, step: Callable[[Principal, Version], str], field: str
) -> HttpResponse:
    row = _reach(request, act, pk)
    if request.method == "POST":
        try:
            notify(request, step(request.principal, row))
        except CareshapeError as error:
            row.refresh_from_db()
            several = error.faults[1:] if isinstance(error, Faulty) else []
            also = {f"version-{number}": str(one) for number, one in enumerate(several, start=2)}
            return _page(request, row, {field: str(error), **also}, 409)
    return HttpResponseRedirect(f"{HOME}versions/{pk}/")


def _reach(request: HttpRequest, act: str, pk: int) -> Version:
    found = Version.objects.select_related("written_by", "agreed_by", "ended_by")
    row: Version = found.reach(request.principal, act, pk=pk)
    return row


def _page(request: HttpRequest, row: Version, errors: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    desk = desk_of(request)
    kind = kind_of(row.file)
    now = in_force(Home(settings.CARESHAPE_DIR), row.council, row.file) or ""
    was, against = _before(request, row, now)
    paper = paper_of_file(desk.records, row.file) if desk.council else None
    way = ((paper.title, f"{HOME}pages/{paper.name}/"),) if paper else ()
    title = kind.name(row.council, row.file)
    own = row.written_by_id is not None and row.written_by_id == desk.principal.account
    waits = row.state == State.PROPOSED
    scheduled = row.state == State.AGREED and row.in_force_at is None
    open_still = row.state in (State.DRAFT, State.PROPOSED, State.TURNED_BACK)
    may = {
        "agree": desk.may("writing.agree") and waits and not own,
        "turn_back": desk.may("writing.agree") and ((waits and not own) or scheduled),
        "schedule": desk.may("writing.agree") and scheduled,
        "write": desk.may("writing.write") and own and row.state == State.DRAFT,
        "take_back": desk.may("writing.write") and own and row.state in (State.PROPOSED, State.TURNED_BACK),
        "discard": desk.may("writing.write") and own and open_still,
        "comment": desk.may("writing.comment"),
    }
    said = {
        "number": row.number, "page": title, "state": row.state_words, "why": row.why,
        "written": moment(row.written_at), "by": row.written_by.name if row.written_by else "",
        "agreed": row.agreed_by.name if row.agreed_by else "", "comes_on": row.comes_on,
        "in_force": moment(row.in_force_at), "answer": row.answer,
    }  # fmt: skip
    return page(
        request, "writing_version.html", here=HOME,
        crumbs=(CRUMB, *way, (f"Version {row.number}", "")),
        row=row, title=title, may=may, own=own, against=against, paper=paper, day=day, moment=moment,
        said=seen(desk.principal, "writing.see", "version", said), side=request.GET.get("view") == "side",
        found=effect(desk.council, was, row.content, kind.differ(was, row.content)),
        behind=row.state in (State.DRAFT, State.PROPOSED) and row.base != digest(now) and bool(now),
        is_in_force=bool(now) and standing(row.council, row.file, digest(now)) == row and row.in_force_at is not None,
        comments=remarks(request.principal, [row]), parts=parts_of(row.file, row.content), errors=errors or {},
        places={name: "version" for name in errors or {} if name == "agree" or name.startswith("version")},
        status=status,
        draft_text=request.POST.get("text", "") if errors else "",
    )  # fmt: skip


def _before(request: HttpRequest, row: Version, now: str) -> tuple[str, str]:
    """What a version is set against: what was in force before it, else what is now; with what that is called."""
    content, earlier = before(request.principal, row, now)
    if not earlier:
        return content, "There was no version before it" if row.in_force_at else "Against what is in force now"
    return content, f"Against version {earlier}, which was in force before it"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise CallError("Write the day as year-month-day, such as 2027-03-31.") from None
