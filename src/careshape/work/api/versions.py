"""What programs may do about versions of what a council writes: read, agree, turn back, schedule, comment."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Query, Router

from careshape.home import Home
from careshape.policy.fields import seen
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand, as_written
from careshape.work.api.people_shapes import DoneOut
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged
from careshape.work.api.writing_shapes import (
    AgreeIn,
    AnswerIn,
    DayIn,
    RemarkOut,
    SayIn,
    SayOfFileIn,
    VersionOut,
    VersionWholeOut,
)
from careshape.work.desk import desk_of
from careshape.writing.comment import answer, comment, comment_on_file, settle
from careshape.writing.effects import before, effect
from careshape.writing.kinds import kind_of, title_of
from careshape.writing.models import Comment, Version
from careshape.writing.place import in_force
from careshape.writing.settle import agree, discard, need_taken, schedule, turn_back
from careshape.writing.write import take_back

SEE, WRITE, AGREE, COMMENT = (f"writing.{one}" for one in ("see", "write", "agree", "comment"))
Filter = Annotated[str, Field(max_length=120)]
router = Router(tags=["Writing"])


@router.get("/writing/versions", response=Page[VersionOut], **doing(SEE))
def versions(request: HttpRequest, paging: Query[Paging], file: Filter = "", state: Filter = "") -> Any:
    """Every version of what the council writes, the latest first; those of a `file`, or in a `state`."""
    rows = Version.objects.reached(desk_of(request).principal, SEE).select_related("written_by", "agreed_by")
    for name, value in (("file", file), ("state", state)):
        rows = rows.filter(**{name: value}) if value else rows
    found = rows.defer("content").order_by("-written_at", "-pk")
    return paged(found, paging, lambda one: _version(request, one))


@router.get("/writing/versions/{int:pk}", response=VersionWholeOut, **doing(SEE))
def version(request: HttpRequest, pk: int) -> Any:
    """One version: its words, what it changes, and what colleagues say of it."""
    row, desk = _reach(request, SEE, pk), desk_of(request)
    was, _ = before(desk.principal, row, in_force(Home(settings.CARESHAPE_DIR), row.council, row.file) or "")
    done = effect(desk.council, was, row.content, kind_of(row.file).differ(was, row.content))
    said = Comment.objects.reached(desk.principal, SEE).filter(version=row)
    return {
        **_version(request, row), "content": row.content, "digest": row.digest, "base": row.base,
        "changes": [
            {"heading": under.heading, "kind": one.kind, "before": _text(one.before), "after": _text(one.after)}
            for under in done.stretches for one in under.differences
        ],
        "figures_come": [one.expression for one in done.come], "figures_go": [one.expression for one in done.go],
        "comments": [_remark(request, one) for one in said.select_related("written_by")],
    }  # fmt: skip


@router.post("/writing/versions/{int:pk}/agree", response=DoneOut, **doing(AGREE))
@once
def agree_version(request: HttpRequest, pk: int, asked: AgreeIn) -> Any:
    """Agree the words of a colleague that you have read; they are in force at once, or from a day on."""
    row = _reach(request, AGREE, pk)
    with as_things_stand():
        done = need_taken(agree(request.principal, row, asked.comes_on, asked.digest))
    return 200, {"id": pk, "done": "scheduled" if done.comes_on else "in force"}


@router.post("/writing/versions/{int:pk}/turn-back", response=DoneOut, **doing(AGREE))
@once
def turn_back_version(request: HttpRequest, pk: int, asked: AnswerIn) -> Any:
    """Turn back what was proposed, or is agreed and not in force yet, with the reason. Its writer is told."""
    row = _reach(request, AGREE, pk)
    with as_things_stand():
        turn_back(request.principal, row, asked.answer)
    return 200, {"id": pk, "done": "turned back"}


@router.post("/writing/versions/{int:pk}/schedule", response=DoneOut, **doing(AGREE))
@once
def schedule_version(request: HttpRequest, pk: int, asked: DayIn) -> Any:
    """Set another day for what is agreed, or have it in force at once."""
    row = _reach(request, AGREE, pk)
    with as_things_stand():
        done = need_taken(schedule(request.principal, row, asked.comes_on))
    return 200, {"id": pk, "done": "scheduled" if done.comes_on else "in force"}


@router.post("/writing/versions/{int:pk}/take-back", response=DoneOut, **doing(WRITE))
@once
def take_back_version(request: HttpRequest, pk: int) -> Any:
    """Make a draft again of what you proposed, or what was turned back."""
    row = _reach(request, WRITE, pk)
    with as_things_stand():
        take_back(request.principal, row)
    return 200, {"id": pk, "done": "taken back"}


@router.post("/writing/versions/{int:pk}/discard", response=DoneOut, **doing(WRITE))
@once
def discard_version(request: HttpRequest, pk: int) -> Any:
    """Discard a version of your own that is not agreed. Its words can still be read."""
    row = _reach(request, WRITE, pk)
    with as_things_stand():
        discard(request.principal, row)
    return 200, {"id": pk, "done": "discarded"}


@router.post("/writing/versions/{int:pk}/comments", response={201: DoneOut}, **doing(COMMENT))
@once
def comment_on_version(request: HttpRequest, pk: int, asked: SayIn) -> Any:
    """Say something of a version, or of a part of it. Its writer is told."""
    row = _reach(request, COMMENT, pk)
    with as_written():
        made = comment(request.principal, row, asked.text, asked.part)
    return 201, {"id": made.pk, "done": "said"}


@router.get("/writing/comments", response=Page[RemarkOut], **doing(SEE))
def remarks(request: HttpRequest, paging: Query[Paging], file: Filter = "", settled: bool = False) -> Any:
    """What colleagues say of what is written, the first first; what is settled too where that is asked."""
    rows = Comment.objects.reached(desk_of(request).principal, SEE).select_related("written_by")
    rows = rows.filter(version__file=file) if file else rows
    found = rows if settled else rows.filter(settled_at__isnull=True)
    return paged(found.order_by("written_at", "pk"), paging, lambda one: _remark(request, one))


@router.post("/writing/comments", response={201: DoneOut}, **doing(COMMENT))
@once
def comment_on_text(request: HttpRequest, asked: SayOfFileIn) -> Any:
    """Say something of a file where it is read: of what was proposed last, else of what is in force."""
    with as_written():
        made = comment_on_file(request.principal, request.principal.council, asked.file, asked.text, asked.part)
    return 201, {"id": made.pk, "done": "said"}


@router.post("/writing/comments/{int:pk}/answer", response=DoneOut, **doing(COMMENT))
@once
def answer_remark(request: HttpRequest, pk: int, asked: AnswerIn) -> Any:
    """Answer a comment."""
    row = _remark_of(request, pk)
    with as_things_stand():
        answer(request.principal, row, asked.answer)
    return 200, {"id": pk, "done": "answered"}


@router.post("/writing/comments/{int:pk}/settle", response=DoneOut, **doing(COMMENT))
@once
def settle_remark(request: HttpRequest, pk: int) -> Any:
    """Say that a comment needs nothing more."""
    settle(request.principal, _remark_of(request, pk))
    return 200, {"id": pk, "done": "settled"}


def _reach(request: HttpRequest, act: str, pk: int) -> Version:
    found = Version.objects.select_related("written_by", "agreed_by", "ended_by")
    row: Version = found.reach(request.principal, act, pk=pk)
    return row


def _remark_of(request: HttpRequest, pk: int) -> Comment:
    row: Comment = Comment.objects.select_related("version").reach(request.principal, COMMENT, pk=pk)
    return row


def _version(request: HttpRequest, row: Version) -> dict[str, Any]:
    said = {
        "number": row.number, "page": title_of(row.council, row.file), "state": row.state, "why": row.why,
        "written": row.written_at, "by": row.written_by.name if row.written_by else "",
        "agreed": row.agreed_by.name if row.agreed_by else "", "comes_on": row.comes_on, "in_force": row.in_force_at,
        "answer": row.answer,
    }  # fmt: skip
    return {"id": row.pk, "file": row.file, **seen(request.principal, SEE, "version", said)}


def _remark(request: HttpRequest, row: Comment) -> dict[str, Any]:
    said = {
        "id": row.pk, "part": row.part, "text": row.text, "by": row.written_by.name, "at": row.written_at,
        "answer": row.answer, "answered": row.answered_at, "settled": row.settled_at,
    }  # fmt: skip
    return {"version": row.version_id, **seen(request.principal, SEE, "remark", said)}


def _text(pieces: Any) -> str:
    return "".join(one.text for one in pieces)
