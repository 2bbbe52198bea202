"""A page as a whole: a new one, one that is taken out or brought back, and what is said of it where it stands."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from careshape.errors import CareshapeError, InputError
from careshape.home import Home
from careshape.policy.views import does
from careshape.statement.easy_read import SUMMARY
from careshape.statement.lint import Fault
from careshape.work.desk import Desk, desk_of
from careshape.work.pages import notify, page
from careshape.work.writing_views import CRUMB, HOME, paper_or_404, paper_page
from careshape.writing.comment import comment_on_file
from careshape.writing.others import ABOUT
from careshape.writing.papers import EASY, THE_STATEMENT, Paper, begun, paper_of_file
from careshape.writing.particulars import with_out
from careshape.writing.place import in_force
from careshape.writing.texts import statement_of
from careshape.writing.write import Refused, own_draft, propose, save

KINDS = {
    "segment": "A page about a service or a group of people, with the usual parts",
    "context": "A page of background, as one text",
    "easy-read": "A page in easy read, of a page that there is",
}


@does("writing.comment", POST="writing.comment")
def comment_here(request: HttpRequest, segment: str) -> HttpResponse:
    """Say something of a page, or of a part of it, where it is read."""
    one = paper_or_404(desk_of(request), segment)
    if request.method == "POST":
        part = request.POST.get("part", "")
        try:
            comment_on_file(request.principal, request.principal.council, one.file, request.POST.get("text", ""), part)
        except CareshapeError as error:
            return paper_page(request, one, {f"text-{part or 'whole'}": str(error)})
        notify(request, "Your comment is there. Whoever writes on this page is told.")
        return HttpResponseRedirect(f"{HOME}pages/{segment}/#{part or 'comments'}")
    return HttpResponseRedirect(f"{HOME}pages/{segment}/")


@does("writing.write", POST="writing.write")
def add_page(request: HttpRequest) -> HttpResponse:
    """Begin a new page: it is a draft of whoever begins it."""
    desk = desk_of(request)
    sent = {name: request.POST.get(name, "").strip() for name in ("kind", "title", "name", "part", "of")}
    if request.method != "POST":
        return _add(request, desk, sent, {})
    if sent["kind"] not in KINDS:
        return _add(request, desk, sent, {"kind": "Choose what kind of page it is."})
    easy = sent["kind"] == "easy-read"
    name = sent["of"] if easy else sent["name"] or _short(sent["title"])
    try:
        file, content = begun(desk.records, name, sent["title"], sent["kind"], sent["part"])
        if own_draft(desk.principal, desk.principal.council, file) is None:
            save(desk.principal, desk.principal.council, file, content, f"A new page: {sent['title'] or name}")
    except CareshapeError as error:
        return _add(request, desk, sent, {_field(str(error), easy): str(error)})
    notify(request, "Your page is begun, as a draft. Nobody reads it as the statement before it is agreed.")
    return HttpResponseRedirect(f"{HOME}pages/{EASY if easy else ''}{name}/edit/")


def _add(request: HttpRequest, desk: Desk, sent: dict[str, str], errors: dict[str, str]) -> HttpResponse:
    try:
        statement = statement_of(desk.records)
    except CareshapeError as error:
        raise Http404(str(error)) from None
    shown = desk.records.statement or statement
    missing = [(SUMMARY, "The statement in brief")] if SUMMARY not in statement.easy else []
    missing += [(one.id, one.title) for one in shown.segments.values() if one.id not in statement.easy]
    return page(
        request, "writing_add.html", here=HOME, crumbs=(CRUMB, ("Add a page", "")), kinds=KINDS, sent=sent,
        errors=errors, missing=missing, status=400 if errors else 200,
        groups=[(raw.title, group.title) for raw, group in zip(statement.groups, shown.groups, strict=True)],
    )  # fmt: skip


def _short(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-")


def _field(said: str, easy: bool) -> str:
    """The field to which a fault belongs."""
    if easy:
        return "of"
    return "part" if "part of the contents" in said else "name" if "short name" in said else "title"


@does("writing.write", POST="writing.write")
def take_out_page(request: HttpRequest, segment: str) -> HttpResponse:
    """Take a page out of the statement, or bring it back, after the question whether that is meant."""
    desk = desk_of(request)
    one = paper_or_404(desk, segment)
    if not one.may_go or not (one.stands or one.out):
        raise Http404("This is not a page that is taken out.")
    council = desk.principal.council
    now = in_force(Home(settings.CARESHAPE_DIR), council, one.file) or ""
    content = with_out(now, None if one.out else timezone.localdate())
    draft = own_draft(desk.principal, council, one.file)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            if draft is not None and draft.content != content:
                raise InputError(
                    "You have a draft of this page. Propose or discard it first, so that none of it is lost."
                )
            row = propose(desk.principal, council, one.file, content, request.POST.get("why", ""))
            notify(request, "It waits for the agreement of a second person, who is told.")
            return HttpResponseRedirect(f"{HOME}versions/{row.pk}/")
        except Refused:
            errors = {"broken": "It cannot be taken out yet: what is named below would break."}
        except CareshapeError as error:
            errors = {"why": str(error)}
    return page(
        request, "writing_take_out.html", here=HOME,
        crumbs=(CRUMB, (one.title, f"{HOME}pages/{one.name}/"), ("Take out" if not one.out else "Bring back", "")),
        paper=one, draft=draft, errors=errors, status=400 if errors else 200, why=request.POST.get("why", ""),
        broken=_broken(desk, one, content), easy=not one.out and one.name in statement_of(desk.records).easy,
    )  # fmt: skip


def _broken(desk: Desk, one: Paper, content: str) -> list[tuple[str, str, Fault]]:
    """What would break, with the page on which it stands and where that is written."""
    found = []
    for fault in one.kind.check(desk.principal.council, one.file, content):
        if fault.rule == "form":  # of the file of the statement as a whole, which names the page
            said = fault.message.removeprefix("statement.toml, ")
            whole = f"{HOME}pages/{THE_STATEMENT}/edit/?slot=statement"
            found.append((ABOUT.title, whole, Fault("statement.toml", 0, "form", said)))
            continue
        where = paper_of_file(desk.records, f"statement/{fault.file}")
        place = f"{HOME}pages/{where.name}/edit/" if where else ""
        found.append((where.title if where else fault.file, place, fault))
    return found
