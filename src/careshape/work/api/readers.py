"""What programs may do about readers: follow, comment on a released edition, and answer what readers say."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router
from ninja.errors import HttpError

from careshape.policy.fields import seen
from careshape.readers.comment import answer, comment, kind_of, section_of, settle, withdraw, wrong
from careshape.readers.follow import Wish, follow, named, resume, stop
from careshape.readers.models import Comment, Follow, What
from careshape.readers.released import latest_says, released_here, what_it_says
from careshape.readers.said import Said
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand
from careshape.work.api.people_shapes import DoneOut
from careshape.work.api.reader_shapes import AnswerReaderIn, CommentIn, CommentOut, FollowIn, FollowOut
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged
from careshape.work.desk import desk_of

FOLLOW, COMMENT, ANSWER = (f"readers.{one}" for one in ("follow", "comment", "answer"))
State = Annotated[str, Field(max_length=20)]
router = Router()


@router.get("/following", response=Page[FollowOut], tags=["Following"], **doing(FOLLOW))
def following(request: HttpRequest, paging: Query[Paging]) -> Any:
    """What you follow of the council, with what you stopped."""
    titles = _titles(latest_says(request.principal.council))
    rows = Follow.objects.reached(desk_of(request).principal, FOLLOW).order_by("pk")
    return paged(rows, paging, lambda one: _followed(one, titles))


@router.post("/following", response={201: DoneOut}, tags=["Following"], **doing(FOLLOW))
@once
def follow_something(request: HttpRequest, asked: FollowIn) -> Any:
    """Follow something: you get a mail when an edition changes it. What you stopped goes on."""
    if asked.what not in [one.value for one in What]:
        raise HttpError(422, f"what: Choose one of {', '.join(one.value for one in What)}.")
    wish = Wish(**{**asked.model_dump(), "what": What(asked.what)})
    with as_things_stand():
        row = follow(request.principal, wish, _titles(latest_says(request.principal.council)))
    return 201, {"id": row.pk, "done": "followed"}


@router.post("/following/{int:pk}/stop", response=DoneOut, tags=["Following"], **doing(FOLLOW))
@once
def stop_following(request: HttpRequest, pk: int) -> Any:
    """Follow something no more."""
    stop(request.principal, Follow.objects.reach(request.principal, FOLLOW, pk=pk))
    return 200, {"id": pk, "done": "stopped"}


@router.post("/following/{int:pk}/resume", response=DoneOut, tags=["Following"], **doing(FOLLOW))
@once
def resume_following(request: HttpRequest, pk: int) -> Any:
    """Follow something again that you stopped."""
    resume(request.principal, Follow.objects.reach(request.principal, FOLLOW, pk=pk))
    return 200, {"id": pk, "done": "resumed"}


@router.get("/comments", response=Page[CommentOut], tags=["Comments"], **doing(COMMENT))
def own_comments(request: HttpRequest, paging: Query[Paging], state: State = "") -> Any:
    """What you said of released editions, with the council's answers, the latest first."""
    return _page(request, Comment.objects.reached(desk_of(request).principal, COMMENT), COMMENT, paging, state)


@router.post("/comments", response={201: DoneOut}, tags=["Comments"], **doing(COMMENT))
@once
def comment_on_edition(request: HttpRequest, asked: CommentIn) -> Any:
    """Say something of a section of a released edition. Nobody but the council reads it before it is published."""
    rows = released_here(request.principal.council)
    row = next((one for one in rows if asked.edition in (None, one.number)), None)
    if row is None:
        raise HttpError(404, "There is no such released edition.")
    says = what_it_says(row)
    if faults := wrong(says, asked.segment, asked.slot, asked.text):
        raise HttpError(422, "; ".join(f"{name}: {said}" for name, said in faults.items()))
    with as_things_stand():
        made = comment(request.principal, row, says, asked.segment, asked.slot, asked.text)
    return 201, {"id": made.pk, "done": "said"}


@router.get("/comments/{int:pk}", response=CommentOut, tags=["Comments"], **doing(COMMENT))
def own_comment(request: HttpRequest, pk: int) -> Any:
    """One of your comments with the council's answer."""
    row = Comment.objects.select_related("author").reach(request.principal, COMMENT, pk=pk)
    return _comment(request, row, COMMENT, latest_says(row.council))


@router.post("/comments/{int:pk}/withdraw", response=DoneOut, tags=["Comments"], **doing(COMMENT))
@once
def withdraw_comment(request: HttpRequest, pk: int) -> Any:
    """Take a comment of yours back: nobody else sees it any more."""
    with as_things_stand():
        withdraw(request.principal, Comment.objects.reach(request.principal, COMMENT, pk=pk))
    return 200, {"id": pk, "done": "withdrawn"}


@router.post("/comments/{int:pk}/restore", response=DoneOut, tags=["Comments"], **doing(COMMENT))
@once
def restore_comment(request: HttpRequest, pk: int) -> Any:
    """Have a comment that you took back wait for an answer again."""
    with as_things_stand():
        withdraw(request.principal, Comment.objects.reach(request.principal, COMMENT, pk=pk), back=True)
    return 200, {"id": pk, "done": "restored"}


@router.get("/readers", response=Page[CommentOut], tags=["Comments"], **doing(ANSWER))
def readers_comments(request: HttpRequest, paging: Query[Paging], state: State = "") -> Any:
    """What readers say, the latest first; with a `state` what is in it."""
    return _page(request, Comment.objects.reached(desk_of(request).principal, ANSWER), ANSWER, paging, state)


@router.get("/readers/{int:pk}", response=CommentOut, tags=["Comments"], **doing(ANSWER))
def readers_comment(request: HttpRequest, pk: int) -> Any:
    """One comment of a reader."""
    row = Comment.objects.select_related("author", "answered_by").reach(request.principal, ANSWER, pk=pk)
    return _comment(request, row, ANSWER, latest_says(row.council))


@router.post("/readers/{int:pk}/answer", response=DoneOut, tags=["Comments"], **doing(ANSWER))
@once
def answer_reader(request: HttpRequest, pk: int, asked: AnswerReaderIn) -> Any:
    """Answer a reader, alone or for everybody to read. They are told by mail."""
    row = Comment.objects.select_related("author").reach(request.principal, ANSWER, pk=pk)
    with as_things_stand():
        answer(request.principal, row, asked.answer, asked.publish)
    return 200, {"id": pk, "done": "published" if asked.publish else "answered"}


@router.post("/readers/{int:pk}/settle", response=DoneOut, tags=["Comments"], **doing(ANSWER))
@once
def settle_reader(request: HttpRequest, pk: int) -> Any:
    """Close a comment without an answer. What was published of it is public no longer."""
    with as_things_stand():
        settle(request.principal, Comment.objects.reach(request.principal, ANSWER, pk=pk))
    return 200, {"id": pk, "done": "settled"}


@router.post("/readers/{int:pk}/reopen", response=DoneOut, tags=["Comments"], **doing(ANSWER))
@once
def reopen_reader(request: HttpRequest, pk: int) -> Any:
    """Open a comment again that was settled."""
    with as_things_stand():
        settle(request.principal, Comment.objects.reach(request.principal, ANSWER, pk=pk), back=True)
    return 200, {"id": pk, "done": "reopened"}


def _page(request: HttpRequest, rows: Any, act: str, paging: Paging, state: str) -> dict[str, Any]:
    says = latest_says(request.principal.council)
    found = (rows.filter(state=state) if state else rows).select_related("author", "answered_by").order_by("-pk")
    return paged(found, paging, lambda one: _comment(request, one, act, says))


def _comment(request: HttpRequest, row: Comment, act: str, says: Said | None) -> dict[str, Any]:
    values = {
        "id": row.pk, "section": section_of(row, says), "edition": row.edition, "state": row.state, "made": row.made_at,
        "kind": kind_of(row.role), "text": row.text, "who": row.author.name, "answer": row.answer,
        "answered": row.answered_at, "by": row.answered_by.name if row.answered_by else "",
    }  # fmt: skip
    return {"segment": row.segment, "slot": row.slot, **seen(request.principal, act, "comment", values)}


def _followed(row: Follow, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row.pk, "what": row.what, "segment": row.segment, "service": row.service, "area": row.area,
        "title": named(row, titles), "since": row.began_at, "stopped": row.stopped_at,
    }  # fmt: skip


def _titles(says: Said | None) -> dict[str, str]:
    return {name: one["title"] for name, one in says.segments.items()} if says else {}
