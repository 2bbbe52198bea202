"""Pages on which a member follows what they choose, comments, and on which the council answers."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.times import moment
from careshape.catalogue import catalogue
from careshape.editions.released import released
from careshape.errors import CallError
from careshape.policy.fields import seen
from careshape.policy.listing import Column, Listing, arrange, download, listed
from careshape.policy.views import does
from careshape.readers.comment import answer, comment, kind_of, section_of, settle, withdraw, wrong
from careshape.readers.follow import Wish, areas_of, follow, named, resume, stop, titles_of
from careshape.readers.models import LONGEST, Comment, Follow, State, What
from careshape.readers.news import read, unread
from careshape.readers.part_views import contact_of
from careshape.readers.released import EDITIONS, latest_says, what_it_says
from careshape.readers.said import Said
from careshape.statement.slots import SLOTS
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

FOLLOWING: Final = "/work/following/"
OWN: Final = "/work/comments/"
ANSWERS: Final = "/work/answers/"
FOLLOW: Final = "readers.follow"
COMMENT: Final = "readers.comment"
ANSWER: Final = "readers.answer"
_NOT_HERE: Final = ("unknown", "not-applicable")


def latest(request: HttpRequest) -> Said | None:
    """What the latest released edition of the council says; None where there is none to be read."""
    return latest_says(request.principal.council)


@does(FOLLOW, POST=FOLLOW)
def following(request: HttpRequest) -> HttpResponse:
    """What one follows, and which editions touch it that one has not read of yet."""
    news = unread(request.principal)
    if request.method == "POST":
        read(request.principal, news)
        return HttpResponseRedirect(FOLLOWING)
    return page(
        request, "following.html", here=FOLLOWING, arranged=arrange(_followed(request), request.GET.dict()),
        council=None, slug=request.principal.council, may_comment=desk_of(request).may(COMMENT), news=news,
    )  # fmt: skip


@does(FOLLOW)
def following_download(request: HttpRequest, kind: str) -> HttpResponse:
    """What one follows as a file."""
    return download(arrange(_followed(request), request.GET.dict()), kind, "following")


def _followed(request: HttpRequest) -> Listing:
    titles = _titles(request)
    rows = [
        {
            "what": named(one, titles), "href": f"{FOLLOWING}{one.pk}/", "since": one.began_at,
            "state": "Stopped" if one.stopped_at else "Followed",
        }
        for one in Follow.objects.reached(request.principal, FOLLOW).order_by("pk")
    ]  # fmt: skip
    columns = (
        Column("what", "What you follow", link="href"),
        Column("since", "Since", text=moment),
        Column("state", "State", filtered=True),
    )
    return Listing("following", "What you follow", columns, rows, "You follow nothing yet.", sort="what")


def _titles(request: HttpRequest) -> dict[str, str]:
    """The sections that can be followed, by id: those of the latest edition, before it those of the statement."""
    said, desk = latest(request), desk_of(request)
    if said is not None and said.told:
        return titles_of(said)
    statement = desk.council.statement if desk.reads_statement and desk.council else None
    return {name: one.title for name, one in statement.segments.items()} if statement else {}


@does(FOLLOW, POST=FOLLOW)
def follow_page(request: HttpRequest) -> HttpResponse:
    """Choose something to follow."""
    titles, errors = _titles(request), {}
    given = {name: request.POST.get(name, request.GET.get(name, "")) for name in ("what", "segment", "service", "area")}
    if request.method == "POST":
        try:
            row = follow(request.principal, _wish(given), titles)
            notify(request, f"You follow it: {_lower(named(row, titles))}. You get a mail when it changes.")
            return HttpResponseRedirect(FOLLOWING)
        except CallError as error:
            errors = {_field(given): str(error)}
    lists = catalogue().lists
    return page(
        request, "follow.html", here=FOLLOWING, crumbs=(("What you follow", FOLLOWING), ("Follow something", "")),
        given=given, errors=errors, council=None, status=422 if errors else 200,
        segments=titles, released=latest(request) is not None, areas=areas_of(request.principal.council),
        services=[(one.id, one.label) for one in lists["service"].entries if one.id not in _NOT_HERE],
    )  # fmt: skip


def _wish(given: dict[str, str]) -> Wish:
    if given["what"] not in [one.value for one in What]:
        raise CallError("Choose what you wish to follow.")
    what = What(given["what"])
    of_service = what is What.WANTED
    return Wish(
        what, given["segment"][:100] if what is What.SEGMENT else "", given["service"] if of_service else "",
        given["area"] if of_service else "",
    )  # fmt: skip


def _field(given: dict[str, str]) -> str:
    return {"segment": "segment", "wanted": "service"}.get(given["what"], "what")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


@does(FOLLOW)
def followed_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing that one follows: stop it, or go on."""
    row = Follow.objects.reach(request.principal, FOLLOW, pk=pk)
    title = named(row, _titles(request))
    return page(
        request, "followed.html", here=FOLLOWING, crumbs=(("What you follow", FOLLOWING), (title, "")), row=row,
        title=title, council=None, moment=moment,
    )  # fmt: skip


@does(FOLLOW, POST=FOLLOW)
def stop_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop following something, or go on."""
    row = Follow.objects.reach(request.principal, FOLLOW, pk=pk)
    if request.method == "POST":
        back = "back" in request.POST
        (resume if back else stop)(request.principal, row)
        notify(request, "You follow it again." if back else "You follow it no more. You can follow it again below.")
    return HttpResponseRedirect(f"{FOLLOWING}{pk}/")


@does(COMMENT)
def own_comments(request: HttpRequest) -> HttpResponse:
    """One's own comments, with how far each is."""
    return page(
        request, "comments.html", here=FOLLOWING, arranged=arrange(_comments(request, COMMENT), request.GET.dict()),
        title="Your comments", address="/work/comments", council=None, own=True,
        crumbs=(("What you follow", FOLLOWING), ("Your comments", "")),
    )  # fmt: skip


@does(COMMENT)
def own_comments_download(request: HttpRequest, kind: str) -> HttpResponse:
    """One's own comments as a file."""
    return download(arrange(_comments(request, COMMENT), request.GET.dict()), kind, "comments")


@does(ANSWER)
def answers(request: HttpRequest) -> HttpResponse:
    """What readers said, what waits for an answer first."""
    return page(
        request, "comments.html", here=ANSWERS, arranged=arrange(_comments(request, ANSWER), request.GET.dict()),
        title="What readers say", address="/work/answers", council=None, own=False,
    )  # fmt: skip


@does(ANSWER)
def answers_download(request: HttpRequest, kind: str) -> HttpResponse:
    """What readers said as a file."""
    return download(arrange(_comments(request, ANSWER), request.GET.dict()), kind, "answers")


def _comments(request: HttpRequest, act: str) -> Listing:
    said, home = latest(request), ANSWERS if act == ANSWER else OWN
    found = Comment.objects.reached(request.principal, act).select_related("author", "answered_by").order_by("-pk")
    waits = State.WAITING.value
    rows = [
        {**_written(one, said), "href": f"{home}{one.pk}/"} for one in sorted(found, key=lambda row: row.state != waits)
    ]
    columns = (
        Column("section", "Section", link="href", filtered=True),
        Column("text", "Comment", wide=True),
        Column("kind", "From", filtered=True),
        Column("who", "Who"),
        Column("state", "State", filtered=True),
        Column("made", "Written", text=moment),
        Column("answer", "Answer", shown=False),
        Column("answered", "Answered", text=moment, shown=False),
        Column("by", "Answered by", shown=False),
        Column("edition", "Edition", shown=False),
        Column("id", "Number", shown=False),
    )
    empty = "Nobody has said anything yet." if act == ANSWER else "You have said nothing yet."
    return listed(
        request.principal, act, "comment", columns, rows, id="comments", title="Comments", empty=empty
    )  # fmt: skip


def _written(row: Comment, said: Said | None) -> dict[str, Any]:
    """A comment with every field that is said of it."""
    return {
        "id": row.pk, "section": section_of(row, said), "edition": row.edition, "state": row.state_words,
        "made": row.made_at, "kind": kind_of(row.role), "text": row.text, "who": row.author.name, "answer": row.answer,
        "answered": row.answered_at, "by": row.answered_by.name if row.answered_by else "",
    }  # fmt: skip


@does(COMMENT, POST=COMMENT)
def comment_page(request: HttpRequest) -> HttpResponse:
    """Write a comment on a section of a released edition."""
    rows = released(request.principal, EDITIONS, request.principal.council)
    given = {name: request.POST.get(name, request.GET.get(name, "")) for name in ("edition", "section", "text")}
    row = next((one for one in rows if str(one.number) == given["edition"]), rows[0] if rows else None)
    said, errors = what_it_says(row) if row else None, {}
    if request.method == "POST" and row is not None and said is not None:
        segment, _, slot = given["section"].partition("/")
        errors = wrong(said, segment, slot, given["text"])
        try:
            if not errors:
                made = comment(request.principal, row, said, segment, slot, given["text"])
                notify(request, "Your comment is with the council. You get a mail when it answers.")
                return HttpResponseRedirect(f"{OWN}{made.pk}/")
        except CallError as error:
            errors = {"text": str(error)}
    return page(
        request, "comment_new.html", here=FOLLOWING, given=given, errors=errors, row=row, council=None, most=LONGEST,
        places=_sections(said) if said else [], status=422 if errors else 200,
        contact=None if row else contact_of(request, request.principal.council, None),
        crumbs=(("What you follow", FOLLOWING), ("Your comments", OWN), ("Comment", "")),
    )  # fmt: skip


def _sections(said: Said) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each segment with the sections that can be commented on."""
    return [
        (one["title"], [(f"{name}/{slot['id']}", slot["title"]) for slot in one["slots"]])
        for name, one in said.segments.items()
    ]


@does(COMMENT)
def own_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own comment with the council's answer."""
    row = Comment.objects.select_related("author").reach(request.principal, COMMENT, pk=pk)
    return _page(request, row, COMMENT)


@does(COMMENT, POST=COMMENT)
def withdraw_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own comment back, or let it wait again."""
    row = Comment.objects.select_related("author").reach(request.principal, COMMENT, pk=pk)
    if request.method == "POST":
        back = "back" in request.POST
        try:
            withdraw(request.principal, row, back)
        except CallError as error:
            return _page(request, row, COMMENT, {"comment": str(error)})
        notify(request, "It waits for an answer again." if back else "You have taken it back: nobody else sees it.")
    return HttpResponseRedirect(f"{OWN}{pk}/")


@does(ANSWER, POST=ANSWER)
def answer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A reader's comment, and the form by which the council answers."""
    row = Comment.objects.select_related("author", "answered_by").reach(request.principal, ANSWER, pk=pk)
    if request.method == "POST":
        text, publish = request.POST.get("answer", ""), request.POST.get("publish", "")
        try:
            if publish not in ("yes", "no"):
                raise CallError("Choose who may read it.")
            answer(request.principal, row, text, publish == "yes")
        except CallError as error:
            row.refresh_from_db()
            field = "publish" if publish not in ("yes", "no") else "answer"
            return _page(request, row, ANSWER, {field: str(error)}, text, publish)
        notify(request, "It is published with your answer." if publish == "yes" else "They have your answer.")
    return _page(request, row, ANSWER) if request.method != "POST" else HttpResponseRedirect(f"{ANSWERS}{pk}/")


@does(ANSWER, POST=ANSWER)
def settle_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a comment without an answer, or open it again."""
    row = Comment.objects.select_related("author", "answered_by").reach(request.principal, ANSWER, pk=pk)
    if request.method == "POST":
        back = "back" in request.POST
        try:
            settle(request.principal, row, back)
        except CallError as error:
            return _page(request, row, ANSWER, {"answer": str(error)})
        notify(request, "It is open again." if back else "It is settled. Nothing of it is public.")
    return HttpResponseRedirect(f"{ANSWERS}{pk}/")


def _page(
    request: HttpRequest,
    row: Comment,
    act: str,
    errors: dict[str, str] | None = None,
    text: str = "",
    publish: str = "",
) -> HttpResponse:
    staff, said = act == ANSWER, latest(request)
    crumbs = (("What readers say", ANSWERS),) if staff else (("What you follow", FOLLOWING), ("Your comments", OWN))
    found = seen(request.principal, act, "comment", _written(row, said))
    there = row.slot in SLOTS or not row.slot
    return page(
        request, "comment.html", here=ANSWERS if staff else FOLLOWING, crumbs=(*crumbs, ("Comment", "")), row=row,
        found=found, staff=staff, moment=moment, errors=errors or {}, status=409 if errors else 200, council=None,
        text=text or row.answer, publish=publish, most=LONGEST, slug=row.council,
        readable=there and said is not None and row.segment in said.segments,
    )  # fmt: skip
